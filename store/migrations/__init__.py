"""The steps by which a database of any earlier version reaches the declared schema."""
