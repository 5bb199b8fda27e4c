"""How long something took or lasts, in words."""

from datetime import datetime, timedelta

from notifier.words import Words


def lasting(span: timedelta, words: Words) -> str:
    """Return a span in whole days; one below two days in hours, below two hours in minutes."""
    if span >= timedelta(days=2):
        return words.count("staff.lasting.days", span.days)
    if span >= timedelta(hours=2):
        return words.count("staff.lasting.hours", span // timedelta(hours=1))
    return words.count("staff.lasting.minutes", span // timedelta(minutes=1))


def age(since: datetime, now: datetime, words: Words) -> str:
    """Return how long ago an instant was."""
    return lasting(max(now - since, timedelta(0)), words)
