"""Text to outline: what a page shows, whatever its markup."""
