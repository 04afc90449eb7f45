-- An id of a list is text, unlike p_sid: it needs no conversion to compare its characters.
LENGTH(asked.id) BETWEEN 1 AND 255 AND asked.id NOT REGEXP '[^!-~]'
