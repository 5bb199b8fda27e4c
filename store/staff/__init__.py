"""The staff: their accounts, passwords and sessions, what they note down, and what they did."""
