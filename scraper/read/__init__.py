"""What a capture says: a pure reading of its bytes into a Snapshot. The only BeautifulSoup of the house."""
