"""Which project is which: evidence weighed, and the best one-to-one assignment of records to tracks."""
