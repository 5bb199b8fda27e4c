"""An outline read from top to bottom: headings, prose, pairs, lists, tables and cards, chapter by chapter."""
