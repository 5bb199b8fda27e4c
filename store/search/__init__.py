"""Search over everything ever said: an index derived from history, the same answers on every database."""
