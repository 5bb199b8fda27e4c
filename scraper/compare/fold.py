"""The fold over visits: a state and one visit make the next state and what the visit comes to."""

from dataclasses import replace

from scraper.compare.absorbing import Absorbed, absorb, absorb_silently, awaited
from scraper.compare.belief import USUAL_TOLERANCE, Tolerance, reasons_to_hold
from scraper.compare.memory import page_of, public, remember
from scraper.compare.state import Hold, Outcome, PageMemory, SourceState, Trouble
from scraper.records import Capture, Decision, PageState, Project, Snapshot, Verdict

_BLOCKED = frozenset({401, 403, 429})
_NOT_FOUND = frozenset({404, 410})
_PERMANENT = frozenset({301, 308})


def step(
    state: SourceState,
    capture: Capture,
    snapshot: Snapshot | None,
    tolerance: Tolerance = USUAL_TOLERANCE,
) -> tuple[SourceState, Outcome]:
    """Return the state after a visit, and what it comes to; `snapshot` is None where no body came.

    Raises ValueError where the accepted snapshot of the page is by another reader version: `rebase` it first.
    """
    page = page_of(state, capture.url)
    failure = _failure(capture)
    if failure:
        return _trouble(state, page, capture, Verdict(Decision.FAILED, failure))
    if capture.status == 304:
        return _not_modified(state, page, capture, tolerance)
    unbelievable = _unbelievable(snapshot)
    if unbelievable or snapshot is None:
        return _held(state, page, capture, snapshot, Outcome(Verdict(Decision.HELD, unbelievable)))
    after, outcome = _readable(_joined(state, capture), capture, snapshot, tolerance)
    if outcome.verdict.decision is Decision.HELD:
        return _held(state, page, capture, snapshot, outcome)
    return after, outcome


def rebase(state: SourceState, url: str, snapshot: Snapshot) -> SourceState:
    """Return the state after the accepted capture of a page was read again by another reader version.

    Nothing is announced. Where the new reader cannot read the capture at all the old facts stay.
    """
    page = page_of(state, url)
    if page.snapshot is None:
        return state
    if snapshot.page_state is not PageState.OK and not snapshot.states_none:
        kept = replace(page.snapshot, reader_version=snapshot.reader_version, fingerprint="")
        return remember(state, replace(page, snapshot=kept))
    return absorb_silently(state, page, snapshot)


def rebase_hold(state: SourceState, url: str, snapshot: Snapshot) -> SourceState:
    """Return the state after the held capture of a page was read again by another reader version."""
    page = page_of(state, url)
    if page.hold is None:
        return state
    return remember(state, replace(page, hold=replace(page.hold, snapshot=snapshot)))


def published(state: SourceState) -> dict[int, Project]:
    """Return the public record of every present project by its track number."""
    return public(state)


def accepted(state: SourceState, url: str) -> Snapshot | None:
    """Return the accepted snapshot of a page, or None before the first."""
    return page_of(state, url).snapshot


def release(state: SourceState, hold: Hold) -> tuple[SourceState, Outcome]:
    """Return the state after staff believed a held capture, and the changes that it brings."""
    if hold.snapshot is None:
        raise ValueError("a capture that could not be read cannot be released")
    absorbed = absorb(state, page_of(state, hold.url), hold.snapshot, hold.at, USUAL_TOLERANCE.patience)
    verdict = Verdict(Decision.ACCEPTED, ("released by staff", *hold.reasons))
    return replace(absorbed.state, round=state.round), _outcome(verdict, absorbed)


def reject(state: SourceState, hold: Hold) -> SourceState:
    """Return the state after staff called a held capture wrong; the same answer opens no new review."""
    page = page_of(state, hold.url)
    return remember(state, replace(page, hold=replace(hold, rejected=True)))


def _failure(capture: Capture) -> tuple[str, ...]:
    if capture.failure:
        return (capture.failure.message,)
    status = capture.status
    if status is None:
        return ("no answer came",)
    if status == 304 or 200 <= status < 300:
        return ()
    if status in _NOT_FOUND:
        return (f"HTTP {status}: the page was not found",)
    if status in _BLOCKED:
        return (f"HTTP {status}: the site refuses the visit",)
    return (f"HTTP {status}: the site is out of order" if status >= 500 else f"HTTP {status}: no page came",)


def _unbelievable(snapshot: Snapshot | None) -> tuple[str, ...]:
    if snapshot is None:
        return ("the answer has no body",)
    if snapshot.page_state is PageState.OK or (
        snapshot.page_state is PageState.EMPTY and snapshot.states_none
    ):
        return ()
    return (snapshot.reason or f"the page is not as usual: {snapshot.page_state.replace('_', ' ')}",)


def _readable(
    state: SourceState, capture: Capture, snapshot: Snapshot, tolerance: Tolerance
) -> tuple[SourceState, Outcome]:
    page = page_of(state, capture.url)
    if page.snapshot is None and not snapshot.projects and not snapshot.states_none:
        reason = "no project was found on the first visit, and the page does not say that there are none"
        return state, Outcome(Verdict(Decision.HELD, (reason,)))
    if page.snapshot is not None and page.snapshot.reader_version != snapshot.reader_version:
        raise ValueError(f"{capture.url}: the accepted snapshot must be rebased to {snapshot.reader_version}")
    if page.snapshot is not None and _is_unchanged(page.snapshot, snapshot):
        return _unchanged(state, page, capture, tolerance)
    absorbed = absorb(state, page, snapshot, capture.at, tolerance.patience)
    if absorbed.comparison is None:
        return absorbed.state, _outcome(
            Verdict(Decision.ACCEPTED, ("the first visit is the baseline",)), absorbed
        )
    reasons = reasons_to_hold(absorbed.comparison, tolerance)
    if not reasons:
        return absorbed.state, _outcome(Verdict(Decision.ACCEPTED), absorbed)
    verdict = Verdict(Decision.HELD, reasons)
    return state, Outcome(verdict, matches=absorbed.matches, withheld=absorbed.changes)


def _outcome(verdict: Verdict, absorbed: Absorbed) -> Outcome:
    return Outcome(verdict, absorbed.changes, absorbed.matches, absorbed.questions)


def _is_unchanged(before: Snapshot, after: Snapshot) -> bool:
    if before is after or (before.fingerprint and before.fingerprint == after.fingerprint):
        return True
    layouts = [project.layout for project in before.projects] == [
        project.layout for project in after.projects
    ]
    return layouts and before.projects == after.projects and before.unread == after.unread


def _unchanged(
    state: SourceState, page: PageMemory, capture: Capture, tolerance: Tolerance
) -> tuple[SourceState, Outcome]:
    absorbed = awaited(state, page, capture.at, tolerance.patience)
    return absorbed.state, Outcome(Verdict(Decision.UNCHANGED), absorbed.changes, questions=page.questions)


def _not_modified(
    state: SourceState, page: PageMemory, capture: Capture, tolerance: Tolerance
) -> tuple[SourceState, Outcome]:
    if page.snapshot is None:
        reason = "HTTP 304 though nothing was accepted yet"
        return _trouble(state, page, capture, Verdict(Decision.FAILED, (reason,)))
    return _unchanged(state, page, capture, tolerance)


def _held(
    state: SourceState, page: PageMemory, capture: Capture, snapshot: Snapshot | None, outcome: Outcome
) -> tuple[SourceState, Outcome]:
    last = page.hold
    same = last is not None and last.snapshot is not None and last.snapshot == snapshot
    hold = Hold(
        url=page.url,
        at=capture.at,
        since=last.since if last else capture.at,
        reasons=outcome.verdict.reasons,
        snapshot=snapshot,
        rejected=last.rejected if last and same else False,
    )
    state, _ = _trouble(state, replace(page, hold=hold), capture, outcome.verdict)
    return state, outcome


def _trouble(
    state: SourceState, page: PageMemory, capture: Capture, verdict: Verdict
) -> tuple[SourceState, Outcome]:
    last = page.trouble
    trouble = Trouble(
        since=last.since if last else capture.at,
        decision=verdict.decision,
        reasons=verdict.reasons,
        visits=last.visits + 1 if last else 1,
    )
    return remember(state, replace(page, trouble=trouble)), Outcome(verdict)


def _joined(state: SourceState, capture: Capture) -> SourceState:
    """Join the address that a permanent redirect names to the page that was asked for (RFC 9110, 15.4)."""
    target = capture.url
    for hop in capture.redirects:
        if hop.status not in _PERMANENT:
            break
        target = hop.location
    page, other = page_of(state, capture.url), page_of(state, target)
    if target in (page.url, *page.addresses):
        return state
    if other.snapshot is None:
        return remember(state, replace(page, addresses=(*page.addresses, target)))
    pages = tuple(each for each in state.pages if each.url != page.url)
    joined = replace(other, addresses=(*other.addresses, page.url, *page.addresses))
    return remember(replace(state, pages=pages), joined)
