"""What a capture says: a pure reading of its bytes into a Snapshot. The only BeautifulSoup of the house."""

from scraper.read.reader import READER_VERSION, outline, read, visible_lines

__all__ = ["READER_VERSION", "outline", "read", "visible_lines"]
