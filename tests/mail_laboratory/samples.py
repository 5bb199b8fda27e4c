"""Digests for the laboratory's receivers: of every size and language, signed, each with a link of its own."""

from dataclasses import replace
from datetime import UTC, datetime

from notifier.dkim import DkimKey
from notifier.editions import Editions
from notifier.message import Sender, message_id
from notifier.render import Origins
from notifier.stencil import printed
from scraper.records import ChangeKind
from tests.digest_samples import GAMBIA, changed, happened, ledger, reader

SIZES = (1, 2, 3, 5, 8, 12, 20, 30, 45, 60)
LANGUAGES = ("it", "en", "fr")
TITLES = (
    "Città sostenibili: acqua e servizi igienici a Ouagadougou",
    "ReTe – Rete territoriale per l'agricoltura familiare",
    "Énergie solaire pour les écoles rurales",
    "Women's cooperatives in the Bekaa valley",
)


def sender(key: DkimKey) -> Sender:
    """Return who writes: a municipality on a domain of its own, with people who read the answers."""
    return Sender(
        "avvisi@example.org",
        "Città metropolitana – cooperazione",
        "https://coopwatch.example.org",
        reply_to="cooperazione@example.org",
        dkim=key,
    )


def digest_message(number: int, recipient: str, sender: Sender) -> bytes:
    """Return the digest of that number: sizes and languages take turns."""
    language, size = LANGUAGES[number % 3], SIZES[number // 3 % len(SIZES)]
    projects = [replace(GAMBIA, title=f"{TITLES[n % 4]} {n + 1}", area="AFRICA") for n in range(size)]
    news = ledger(
        *(
            changed("status", "evaluation", "ongoing", project=one, track=n)
            for n, one in enumerate(projects, 10)
        ),
        happened(ChangeKind.ADDED, replace(GAMBIA, title=f"Nuovo progetto {number}"), 9),
    )
    edition = Editions(sender, Origins({"torino": "Città metropolitana di Torino"}), news).edition(
        reader(language), news[-1].pub_seq
    )
    assert edition is not None
    return printed(
        edition.stencil,
        recipient=recipient,
        identifier=message_id("digest", str(number), sender.domain),
        at=datetime.now(UTC),
        token=f"token{number:017d}",
    )
