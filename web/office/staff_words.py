"""The words of the staff's pages, in Italian and English, beside those of the public pages."""

from functools import cache
from importlib import resources

from notifier.words import Words, words_with

STAFF_LANGUAGES = ("it", "en")
"""The languages of the staff's pages; whoever prefers another one of ours reads the second."""


@cache
def staff_words(language: str) -> Words:
    """Return the words of the staff's pages, with all those of the public ones."""
    chosen = language if language in STAFF_LANGUAGES else STAFF_LANGUAGES[1]
    more = resources.files("web").joinpath("locale", chosen, "staff.po").read_text("utf-8")
    return words_with(chosen, more)
