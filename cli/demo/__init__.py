"""The demonstration: a replica of the watched page, its history and a local mailbox."""
