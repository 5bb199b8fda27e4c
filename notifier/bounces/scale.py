"""When a reader's mails rest because they come back: Mailman's scale with our rhythm, as pure functions."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from store.kinds import Refusal
from store.returns import Failure, Troubled

STALE = timedelta(days=30)
"""After this time a failure counts no more."""

APART = timedelta(hours=24)
"""Two failures nearer than this may be one outage of the reader's mail server."""

SOFT_LIMIT = 5
"""So many failures that may pass, within STALE, are worth a question."""

PROBE_WAIT = timedelta(days=5)
"""How long a mail server may take to give up (RFC 5321, 4.5.4.1): a probe silent for longer arrived."""

NOTICE_AFTER = (timedelta(days=7), timedelta(days=30), timedelta(days=80))
"""When, after a suspension, the reader is told of it: a mailbox that was full may be read again by then."""

ERASE_AFTER = timedelta(days=90)
"""How long after its suspension an address is kept."""


class Step(StrEnum):
    """What is to be done about a reader."""

    PROBE = "probe"  # ask by mail whether mail arrives
    SUSPEND = "suspend"  # the probe came back: send nothing more
    NOTICE = "notice"  # tell that nothing is sent, and how to go on
    ERASE = "erase"
    FORGIVE = "forgive"  # it was nothing, or the reader is back: begin anew


def is_worth_asking(failed: Iterable[Failure], now: datetime) -> bool:
    """Say whether failures weigh enough to ask the reader: dead twice, a day apart, or soft five times.

    A day counts once, by its gravest failure, and so does each run: it has at most one mail for a reader.
    What is ours never counts, and nothing does after STALE.
    """
    fresh = list(_by_day(one for one in failed if now - one.made_at < STALE))
    dead = sorted(one.made_at for one in fresh if one.refusal is Refusal.ADDRESS)
    return len(fresh) >= SOFT_LIMIT or (len(dead) > 1 and dead[-1] - dead[0] >= APART)


def next_step(trouble: Troubled, failed: Iterable[Failure], now: datetime) -> Step | None:
    """Return what is to be done now about a reader whose mails came back; None for nothing."""
    if trouble.probed_at is None:
        fresh = (one for one in failed if trouble.forgiven_at is None or one.made_at > trouble.forgiven_at)
        return Step.PROBE if is_worth_asking(fresh, now) else None
    if trouble.suspended_at is None:
        return _after_probe(trouble.probed_at, trouble.probe, now)
    if not trouble.resting:
        return Step.FORGIVE
    if now - trouble.suspended_at >= ERASE_AFTER:
        return Step.ERASE
    due = sum(now - trouble.suspended_at >= wait for wait in NOTICE_AFTER)
    return Step.NOTICE if due > trouble.notices else None


def _after_probe(asked_at: datetime, probe: Refusal | None, now: datetime) -> Step | None:
    if probe in {Refusal.ADDRESS, Refusal.SOFT}:
        return Step.SUSPEND
    return Step.FORGIVE if now - asked_at >= PROBE_WAIT or probe is Refusal.OURS else None


def _by_day(failed: Iterable[Failure]) -> Iterable[Failure]:
    gravest: dict[date, Failure] = {}
    for one in failed:
        known = gravest.get(one.made_at.date())
        if one.refusal is not Refusal.OURS and (known is None or known.refusal is Refusal.SOFT):
            gravest[one.made_at.date()] = one
    return gravest.values()
