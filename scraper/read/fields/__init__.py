"""Pure finders on strings: what a title, a cell or a sentence says of one field, and where it says it."""
