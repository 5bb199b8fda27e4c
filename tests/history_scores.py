"""How well projects are followed through histories: pairs, identities, false alarms, simple rivals."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from scraper.compare import EMPTY_STATE, decide, release, step
from scraper.records import Change, ChangeKind, Decision, Project
from tests.history_generator import Visit


@dataclass(frozen=True)
class Followed:
    """The identities that a method gives to the records of a visit; `asked` are those a person decided."""

    numbers: Sequence[int | None]
    asked: frozenset[int] = frozenset()  # places of records


@dataclass
class Tally:
    """Counts over histories; pairs are of one project in two accepted visits that follow each other."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    asked: int = 0
    switches: int = 0
    together: int = 0
    recorded: int = 0
    shown: int = 0
    given: int = 0
    false_added: int = 0
    false_removed: int = 0
    held: int = 0
    alarms_in_outage: int = 0
    versions: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of the pairs made that are right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the true pairs that were made; those put to a person count apart."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    @property
    def idf1(self) -> float:
        """Ristani's identity measure: how much of all records bear the identity that fits best."""
        return 2 * self.together / max(1, self.shown + self.given)

    @property
    def review(self) -> float:
        """The share of records that a person is asked about."""
        return self.asked / max(1, self.recorded)


class Board:
    """The tallies of one method: all histories together, and each edit by name."""

    def __init__(self) -> None:
        self.total = Tally()
        self.edits: dict[str, Tally] = defaultdict(Tally)

    def add(self, visits: Sequence[Visit], followed: Sequence[Followed | None]) -> None:
        """Count one history; `followed` is None for visits that the method does not believe."""
        before: dict[int, int | None] | None = None
        seen: dict[int, int] = {}
        counts: Counter[tuple[int, int]] = Counter()
        for visit, given in zip(visits, followed, strict=True):
            if given is None or not visit.healthy:
                continue
            now = dict(zip(visit.truth, given.numbers, strict=True))
            self._recorded(now, seen, counts)
            if before is not None:
                self._pairs(before, now, visit, {visit.truth[at] for at in given.asked})
            before = now
        self.total.together += _together(counts)

    def report(self) -> str:
        """Return the figures as lines of text: the total, then each edit."""
        total = self.total
        hundred = max(1, total.versions) / 100
        lines = [
            f"pairs P {total.precision:.4f} R {total.recall:.4f} F1 {total.f1:.4f}, IDF1 {total.idf1:.4f}, "
            f"{total.switches} identity switches, false added {total.false_added / hundred:.3f} and removed "
            f"{total.false_removed / hundred:.3f} per 100 versions, {total.review:.2%} put to a person, "
            f"{total.held} of {total.versions} versions held"
        ]
        lines += [
            f"    {name:24} P {tally.precision:.4f} R {tally.recall:.4f} "
            f"{tally.right} right {tally.wrong} wrong {tally.missed} missed {tally.asked} asked"
            for name, tally in sorted(self.edits.items())
        ]
        return "\n".join(lines)

    def _recorded(
        self, now: dict[int, int | None], seen: dict[int, int], counts: Counter[tuple[int, int]]
    ) -> None:
        self.total.versions += 1
        self.total.shown += len(now)
        for key, number in now.items():
            if number is not None:
                self.total.given += 1
                counts[key, number] += 1
                self.total.switches += seen.get(key, number) != number
                seen[key] = number

    def _pairs(
        self, before: dict[int, int | None], now: dict[int, int | None], visit: Visit, asked: set[int]
    ) -> None:
        names = defaultdict(list)
        for name, key in visit.edits:
            names[key].append(name)
        was = {number: key for key, number in before.items()}
        for key, number in now.items():
            for tally in (self.total, *(self.edits[name] for name in names[key])):
                tally.recorded += 1
                if key in asked:
                    tally.asked += 1
                elif key in before and before[key] == number:
                    tally.right += 1
                else:
                    tally.missed += key in before
                    tally.wrong += number in was


def _together(counts: Counter[tuple[int, int]]) -> int:
    keys, numbers, together = set(), set(), 0
    for (key, number), count in counts.most_common():
        if key not in keys and number not in numbers:
            keys.add(key)
            numbers.add(number)
            together += count
    return together


def followed_by_us(visits: Sequence[Visit], tally: Tally) -> list[Followed | None]:
    """Return the tracks that the comparison gives, staff deciding as is true; count its false alarms."""
    state = EMPTY_STATE
    followed: list[Followed | None] = []
    identity: dict[int, int] = {}
    for visit in visits:
        state, outcome = step(state, visit.capture, visit.snapshot)
        if visit.healthy and outcome.verdict.decision is Decision.HELD:
            tally.held += 1
            _note(tally, visit, "held", str(outcome.verdict.reasons))
            hold = state.pages[0].hold
            assert hold is not None
            state, outcome = release(state, hold)
        if outcome.verdict.decision in {Decision.FAILED, Decision.HELD}:
            followed.append(None)
            continue
        changes, asked = list(outcome.changes), set()
        for question in outcome.questions:
            assert visit.snapshot is not None
            at = next(i for i, each in enumerate(visit.snapshot.projects) if each is question.project)
            asked.add(at)
            same = identity.get(question.track) == visit.truth[at]
            about = f"{question.known.title!r} = {question.project.title!r}? {same} {question.grounds}"
            _note(tally, visit, "asked", about)
            state, decided = decide(state, question, same, visit.capture.at)
            changes.extend(decided.changes)
        numbers = state.pages[0].numbers
        _count_alarms(visit, changes, identity, tally)
        identity.update({n: key for n, key in zip(numbers, visit.truth, strict=True) if n is not None})
        followed.append(Followed(numbers, frozenset(asked)))
    return followed


def _count_alarms(visit: Visit, changes: Iterable[Change], identity: dict[int, int], tally: Tally) -> None:
    """Count what was announced though it did not happen; `identity` says which project each track was."""
    known = set(identity.values())
    for change in changes:
        if not visit.healthy:
            tally.alarms_in_outage += 1
            _note(tally, visit, "in an outage", f"{change.kind} {change.title!r} {change.field}")
        if change.kind is ChangeKind.REMOVED and identity[change.track] in visit.truth:
            tally.false_removed += 1
            _note(tally, visit, "removed", repr(change.title))
        at = next((i for i, each in enumerate(_projects(visit)) if each is change.project), None)
        if change.kind is ChangeKind.ADDED and at is not None and visit.truth[at] in known:
            tally.false_added += 1
            _note(tally, visit, "added", repr(change.title))


def _note(tally: Tally, visit: Visit, what: str, about: str) -> None:
    edits = sorted({name for name, _ in visit.edits})
    tally.notes.append(f"{visit.capture.at:%Y-%m-%d} {what} {about} after {', '.join(edits)}")


def _projects(visit: Visit) -> tuple[Project, ...]:
    return visit.snapshot.projects if visit.snapshot else ()


def followed_by_titles(
    visits: Sequence[Visit], likeness: Callable[[str, str], float], bar: float
) -> list[Followed | None]:
    """Return the identities that a greedy comparison of titles alone gives to healthy visits."""
    before: list[tuple[str, int]] = []
    followed: list[Followed | None] = []
    made = 0
    for visit in visits:
        if not visit.healthy or visit.snapshot is None:
            followed.append(None)
            continue
        titles = [project.title or "" for project in visit.snapshot.projects]
        pairs = sorted(
            ((likeness(old, new), at, number) for old, number in before for at, new in enumerate(titles)),
            reverse=True,
        )
        taken: dict[int, int] = {}
        for score, at, number in pairs:
            if score >= bar and at not in taken and number not in taken.values():
                taken[at] = number
        for at in range(len(titles)):
            if at not in taken:
                made += 1
                taken[at] = made
        before = [(title, taken[at]) for at, title in enumerate(titles)]
        followed.append(Followed(tuple(taken[at] for at in range(len(titles)))))
    return followed


RIVALS: dict[str, tuple[Callable[[str, str], float], float]] = {
    "exact title": (lambda old, new: float(old == new), 1.0),
    "difflib 0.6": (lambda old, new: SequenceMatcher(None, old, new).ratio(), 0.6),
    "token_set 80": (lambda old, new: float(fuzz.token_set_ratio(old, new)), 80.0),
}
"""Simple methods that follow projects by their titles."""


def boards(histories: Iterable[Sequence[Visit]], rivals: Iterable[str] = tuple(RIVALS)) -> dict[str, Board]:
    """Return the boards of ours and of the named rivals."""
    made: dict[str, Board] = defaultdict(Board)
    for visits in histories:
        made["coopwatch"].add(visits, followed_by_us(visits, made["coopwatch"].total))
        for name in rivals:
            made[name].add(visits, followed_by_titles(visits, *RIVALS[name]))
    return made
