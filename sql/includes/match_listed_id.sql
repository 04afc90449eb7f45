-- The index compares ids in ascii. It ignores trailing blanks, and turns other letters into
-- question marks. HEX compares the bytes.
ON {{table}}.{{sid}} = CONVERT(asked.id USING ascii) COLLATE ascii_bin
  AND HEX({{table}}.{{sid}}) = HEX(asked.id)
