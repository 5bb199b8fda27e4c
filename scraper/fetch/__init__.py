"""One polite conditional visit, address to Capture; the only place that speaks HTTP."""

from scraper.fetch.coding import Inflated, inflate
from scraper.fetch.posting import ask_authority, ask_provider
from scraper.fetch.visitor import Validators, Visitor, validators

__all__ = ["Inflated", "Validators", "Visitor", "ask_authority", "ask_provider", "inflate", "validators"]
