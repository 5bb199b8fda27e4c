"""One polite, conditional visit: an address becomes a Capture. The only HTTP client of the house."""
