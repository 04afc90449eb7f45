-- The id arrives as bytes, because the server converts a parameter in the caller's sql_mode. A mode
-- that is not strict cuts a long id, or turns letters into question marks. Both hit other sessions.
-- The parameter has 256 bytes, one more than the longest id: so a cut id equals none.
-- The index compares ids in ascii and ignores trailing blanks. So the bytes must be equal too: that
-- costs less than a check of the id.
{{sid}} = CONVERT(p_sid USING ascii) COLLATE ascii_bin
  AND CONVERT({{sid}} USING binary) = p_sid
