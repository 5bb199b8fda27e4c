"""Whom do we tell? Digests, their rendering and their delivery; the only SMTP of the house."""
