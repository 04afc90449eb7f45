-- For the index, 'bob' equals 'bob ', and 7 equals '007'. HEX compares the bytes.
{{attribute}} = v_value AND HEX(CONVERT({{attribute}} USING utf8mb4)) = HEX(p_value)
