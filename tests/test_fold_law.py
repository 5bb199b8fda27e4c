"""Check 25: state at sign-up plus all digests is the published state, whatever readers and page do."""

import os

import pytest

from notifier.digest import digest
from scraper.records import ChangeKind
from store.subscriptions import Filters
from tests.digest_samples import reader
from tests.fold_law import History, histories

SOAK = bool(os.environ.get("COOPWATCH_SOAK"))
ALL = 10_000
SHARE = ALL if SOAK else 150
PARTS = 10


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_check_25_the_fold_law(part: int) -> None:
    """From any sign-up on, through switches of frequency and filter, rests and lost mails, nothing is missed.

    Nor is anything told twice, told from what nobody knew, or told of what is none of the reader's.
    """
    told = 0
    for history in histories(range(part * SHARE // PARTS, (part + 1) * SHARE // PARTS)):
        told += history.digests
    assert told > SHARE // PARTS


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_check_25_kinds_share_the_news_among_them(part: int) -> None:
    """Readers of one kind of change each are told together what a reader of all is told, each line once."""
    for history in histories(range(part * SHARE // PARTS, (part + 1) * SHARE // PARTS)):
        start = history.dice.randint(0, history.head)
        shared = sorted(
            piece for kind in ChangeKind for piece in pieces(history, Filters(kinds=(kind,)), start)
        )
        assert shared == sorted(pieces(history, Filters(), start))


def pieces(history: History, filters: Filters, start: int) -> list[tuple[int, str]]:
    """Return what a reader with these filters is told after `start`, project by project and line by line."""
    owed = digest(reader(cursor=start, kinds=filters.kinds), history.ledger)
    return [
        (news.number, line)
        for news in (owed.news if owed else ())
        for line in ([one.field for one in news.lines] or [str(news.kind)])
    ]
