"""What staff are told by mail: pages that go wrong and recover, doubtful pairs, old holds, a full disk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifier.links import Links
from notifier.message import Sender, message_id
from notifier.render import plain_letter
from notifier.stencil import printed, stencil
from notifier.timing import told_until
from notifier.words import Words, words
from scraper.clock import Clock
from store.database import Database, Session
from store.deliveries import DeliveryKind, is_owed, owe
from store.digest_runs import RunState, runs
from store.disk_alarms import disk_alarms
from store.imports import imported_among
from store.kinds import Frequency
from store.outages import Turn, turns
from store.outbox import doubts
from store.pages import PageEntry, pages
from store.returns import faults_of_ours
from store.reviews import Review, ReviewKind, open_reviews

AN_HOUR = timedelta(hours=1)
"""How long a mail may be in doubt before staff are told: most doubts are settled by then."""

LOOK_BACK = timedelta(days=7)
"""How old news may be for staff to be told of it: for so long nothing may have been delivered."""

PATIENCE = timedelta(days=3)
"""How long a hold may wait for a decision before staff are reminded of it every morning."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to tell staff once: `key` names it for ever, `template` and `values` say it."""

    key: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)


def owe_alerts(db: Database, clock: Clock, sender: Sender) -> int:
    """Owe the staff's addresses all alerts that they do not have yet; return how many mails that made."""
    if not sender.alerts_to:
        return 0
    now, tongue = clock.now(), words(sender.alerts_language)
    with db.reading() as session:
        news = [
            (alert, address, identifier)
            for alert in _alerts(session, now)
            for address in sender.alerts_to
            if not is_owed(session, identifier := _identifier(alert, address, sender))
        ]
    for alert, address, identifier in news:
        _owe(db, alert, address, identifier, sender, tongue, now)
    return len(news)


def _identifier(alert: Alert, address: str, sender: Sender) -> str:
    return message_id(DeliveryKind.ALERT, f"{alert.key}/{address}", sender.domain)


def _owe(
    db: Database, alert: Alert, address: str, identifier: str, sender: Sender, tongue: Words, now: datetime
) -> None:
    links = Links(sender.public_url)
    letter = plain_letter(alert.template, tongue, links=links, sender=sender.name, **alert.values)
    message = printed(stencil(letter, sender), recipient=address, identifier=identifier, at=now)
    with db.writing() as session:
        owe(
            session,
            kind=DeliveryKind.ALERT,
            recipient=address,
            message_id=identifier,
            message=message,
            at=now,
        )


def _alerts(session: Session, now: datetime) -> Iterator[Alert]:
    known = {page.id: page for page in pages(session)}
    opened = open_reviews(session)
    old = imported_among(session, (review.capture_id for review in opened))
    asked = tuple(review for review in opened if review.capture_id not in old)  # archives mail nobody
    for turn in turns(session, now - LOOK_BACK):
        yield _turn_alert(turn, known[turn.page_id], asked)
    for review in asked:
        if review.kind is ReviewKind.PAIR and review.opened_at >= now - LOOK_BACK:
            values = {"review": review, "question": review.question, "page": known[review.page_id]}
            yield Alert(f"pair/{review.id}/{review.opened_at.isoformat()}", "alert_pair", values)
    yield from _reminder(asked, known, now)
    for held in runs(session, RunState.HELD):
        yield Alert(f"run/{held.id}/{held.moved_at.isoformat()}", "alert_run", {"run": held})
    for doubted in doubts(session):
        if doubted.doubted_at is not None and now - doubted.doubted_at >= AN_HOUR:
            yield Alert(f"doubt/{doubted.id}", "alert_doubt", {"doubted": doubted})
    for alarm in disk_alarms(session, now - LOOK_BACK):
        yield Alert(f"disk/{alarm.id}/{alarm.began_at.isoformat()}", "alert_disk_began", {"alarm": alarm})
        if alarm.ended_at is not None:
            yield Alert(f"disk/{alarm.id}/ended", "alert_disk_ended", {"alarm": alarm})
    for fault in faults_of_ours(session, now - LOOK_BACK):
        yield Alert(f"refused/{fault.domain}/{fault.day.isoformat()}", "alert_refused", {"fault": fault})


def _turn_alert(turn: Turn, page: PageEntry, asked: tuple[Review, ...]) -> Alert:
    begun = (one.id for one in asked if one.kind is ReviewKind.CAPTURE and one.capture_id == turn.capture_id)
    values = {"turn": turn, "page": page, "review": next(begun, None)}
    what = "ended" if turn.ended else "began"
    return Alert(f"{what}/{page.address}/{turn.at.isoformat()}", f"alert_{what}", values)


def _reminder(asked: tuple[Review, ...], known: Mapping[int, PageEntry], now: datetime) -> Iterator[Alert]:
    morning = told_until(Frequency.DAILY, now)
    waiting = [
        (one, known[one.page_id], (morning - one.since).days)
        for one in asked
        if one.kind is ReviewKind.CAPTURE and morning - one.since >= PATIENCE
    ]
    if waiting:
        yield Alert(f"waiting/{morning.date().isoformat()}", "alert_waiting", {"waiting": waiting})
