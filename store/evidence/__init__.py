"""The tamper-evident log: what history said is hashed into one growing tree whose head is signed daily."""
