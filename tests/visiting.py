"""How tests visit the hostile server: a source that allows loopback, and one visit with the real clock."""

import ssl

from schedules.present import Present
from scraper.clock import Clock
from scraper.fetch import Validators, Visitor
from scraper.records import Capture
from scraper.sources import Source, WatchedPage

AGENT = "coopwatch/0.1 (+mailto:watch@example.org)"


def source(**settings: object) -> Source:
    """Return a source that may visit loopback without a gap, save for what `settings` say."""
    defaults: dict[str, object] = {
        "name": "test",
        "title": "Test",
        "publisher": "Ente di prova",
        "pages": (WatchedPage(address="http://127.0.0.1/"),),
        "gap": 0.0,
        "deadline": 5.0,
        "private": ("127.0.0.1", "localhost"),
    }
    return Source.model_validate(defaults | settings)


def visit(
    address: str,
    validators: Validators | None = None,
    clock: Clock | None = None,
    trust: ssl.SSLContext | None = None,
    **settings: object,
) -> Capture:
    """Visit one address with a Visitor of its own."""
    with Visitor(source(**settings), clock or Present(), AGENT, trust=trust) as visitor:
        return visitor.visit(address, validators)
