"""Which project of a snapshot is which known track: certain pairs first, then the best weighed assignment."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scraper.compare.assignment import best_assignment
from scraper.compare.evidence import Evidence, Rarity, evidence
from scraper.compare.places import Places, places
from scraper.compare.sameness import content, contradict, repeats
from scraper.compare.typography import plain
from scraper.compare.weighing import DOUBTFUL, SAME, Ground, Weighed, confidence, weigh
from scraper.records import Project

_ALL_PAIRS = 10_000  # up to here every leftover pair is weighed, beyond only those that share something rare
_COMMONEST = 40  # a key that more tracks share does not make a pair
_MARGIN = 0.8  # by how much the best assignment must beat the next best one


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track that a record may be; `slot` is its place on this page, None where it was not on it."""

    number: int
    evidence: Evidence
    slot: int | None = None
    present: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """A record and the track that it is, or may be."""

    number: int
    record: int
    confidence: float
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs that are sure, those that staff must judge, and records that repeat another of the page."""

    sure: tuple[Pair, ...] = ()
    doubtful: tuple[Pair, ...] = ()


@dataclass
class _Desk:
    """The work in hand: the candidates and records still alone, and the pairs made so far."""

    records: Sequence[Project]
    rulings: Mapping[tuple[int, str], bool]
    free: dict[int, Candidate]
    alone: list[int]
    sure: list[Pair] = field(default_factory=list)
    doubtful: list[Pair] = field(default_factory=list)
    slots: dict[int, int] = field(default_factory=dict)  # record -> slot of the pairs made for certain

    def pair(self, number: int, record: int, sureness: float, *grounds: str) -> None:
        """Note a sure pair."""
        candidate = self.free.pop(number)
        self.alone.remove(record)
        self.sure.append(Pair(number, record, sureness, grounds))
        if candidate.slot is not None:
            self.slots[record] = candidate.slot

    def ruled(self, number: int, record: int) -> bool | None:
        """Return what staff decided of a pair."""
        return self.rulings.get((number, plain(self.records[record].title or "")))


def matching(
    candidates: Iterable[Candidate],
    records: Sequence[Project],
    rulings: Mapping[tuple[int, str], bool] | None = None,
) -> Matching:
    """Return which record is which track; `rulings` are staff's decisions by (track, plain title)."""
    known = {candidate.number: candidate for candidate in candidates}
    desk = _Desk(records, rulings or {}, known, list(range(len(records))))
    _pair_ruled(desk)
    _pair_equal(desk)
    _pair_titles(desk, lambda candidate: candidate.slot is not None)
    _pair_titles(desk, lambda candidate: candidate.present)
    _pair_titles(desk, lambda candidate: True)
    _pair_weighed(desk)
    return Matching(tuple(sorted(desk.sure, key=lambda pair: pair.record)), tuple(desk.doubtful))


def _pair_ruled(desk: _Desk) -> None:
    for number, title in [key for key, same in desk.rulings.items() if same]:
        for record in tuple(desk.alone):
            if number in desk.free and plain(desk.records[record].title or "") == title:
                desk.pair(number, record, 1.0, "staff said so")


def _pair_equal(desk: _Desk) -> None:
    """Pair what nothing tells apart, by count: equal untitled records are never a change."""
    waiting: dict[Hashable, list[Candidate]] = defaultdict(list)
    for candidate in sorted(desk.free.values(), key=lambda each: (each.slot is None, each.slot or 0)):
        if candidate.slot is not None:
            waiting[content(candidate.evidence.project)].append(candidate)
    for record in tuple(desk.alone):
        queue = waiting.get(content(desk.records[record]), [])
        if queue and desk.ruled(queue[0].number, record) is None:
            desk.pair(queue.pop(0).number, record, 1.0, "nothing differs")


def _pair_titles(desk: _Desk, wanted: Callable[[Candidate], bool]) -> None:
    """Pair titles that stand once on either side and whose facts do not contradict each other."""
    ours: dict[str, list[int]] = defaultdict(list)
    theirs: dict[str, list[Candidate]] = defaultdict(list)
    for record in desk.alone:
        ours[plain(desk.records[record].title or "")].append(record)
    for candidate in desk.free.values():
        if wanted(candidate):
            theirs[plain(candidate.evidence.project.title or "")].append(candidate)
    for title in ours.keys() & theirs.keys() - {""}:
        if len(ours[title]) == len(theirs[title]) == 1:
            record, candidate = ours[title][0], theirs[title][0]
            agree = not contradict(candidate.evidence.project, desk.records[record])
            if agree and desk.ruled(candidate.number, record) is None:
                desk.pair(candidate.number, record, 0.99, "the same title", "no fact contradicts it")


def _pair_weighed(desk: _Desk) -> None:
    if not desk.alone or not desk.free:
        return
    everyone = [evidence(project) for project in desk.records]
    rarity = Rarity((everyone, [candidate.evidence for candidate in desk.free.values()]))
    weighed = _weighed_pairs(desk, everyone, rarity)
    chosen = best_assignment({pair: each.weight for pair, each in weighed.items()})
    for number, record in sorted(chosen.items(), key=lambda pair: pair[1]):
        each = weighed[number, record]
        rivals = _rivals(desk, (number, record), weighed, chosen)
        if each.weight >= SAME and not rivals:
            desk.sure.append(Pair(number, record, confidence(each.weight), each.words))
        else:
            sureness = min(confidence(each.weight), 0.5) if rivals else confidence(each.weight)
            desk.doubtful.append(Pair(number, record, sureness, (*each.words, *rivals)))


def _weighed_pairs(
    desk: _Desk, everyone: Sequence[Evidence], rarity: Rarity
) -> dict[tuple[int, int], Weighed]:
    where = places(desk.slots, {c.number: c.slot for c in desk.free.values()}, desk.alone)
    settled = [desk.records[pair.record] for pair in desk.sure]
    repeated = {record for record in desk.alone if _is_repeated(desk.records[record], settled)}
    weighed = {}
    for number, record in _pairs_worth_weighing(desk, everyone, where):
        candidate = desk.free[number]
        if desk.ruled(number, record) is False:
            continue
        if record in repeated and not repeats(candidate.evidence.project, desk.records[record]):
            continue
        each = _with_place(weigh(candidate.evidence, everyone[record], rarity), candidate, record, where)
        if not each.vetoed and each.weight >= DOUBTFUL:
            weighed[number, record] = each
    return weighed


def _is_repeated(record: Project, settled: Sequence[Project]) -> bool:
    return any(repeats(record, other) for other in settled)


def _with_place(each: Weighed, candidate: Candidate, record: int, where: Places) -> Weighed:
    if not candidate.present:
        ground = Ground(-1.0, "gone from the page before")
    elif candidate.slot is None:
        ground = Ground(-0.5, "known from another page")
    else:
        nearness = where.nearness(candidate.number, record)
        if not nearness:
            return each
        ground = Ground(nearness, "the same place in the list")
    return Weighed((*each.grounds, ground), each.vetoed, each.ceiling)


def _pairs_worth_weighing(
    desk: _Desk, everyone: Sequence[Evidence], where: Places
) -> Iterable[tuple[int, int]]:
    if len(desk.free) * len(desk.alone) <= _ALL_PAIRS:
        return [(number, record) for number in sorted(desk.free) for record in desk.alone]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, candidate in sorted(desk.free.items()):
        for key in candidate.evidence.keys:
            holders[key].append(number)
    pairs = {
        (number, record)
        for record in desk.alone
        for key in everyone[record].keys
        if len(holders.get(key, ())) <= _COMMONEST
        for number in holders.get(key, ())
    }
    return sorted(pairs | {pair for pair in where.level if pair[0] in desk.free})


def _rivals(
    desk: _Desk,
    pair: tuple[int, int],
    weighed: Mapping[tuple[int, int], Weighed],
    chosen: Mapping[int, int],
) -> tuple[str, ...]:
    """Return in words why another assignment is nearly as good, or nothing."""
    number, record = pair
    holder = {taken: owner for owner, taken in chosen.items()}
    for other_number, other_record in weighed:
        if (other_number == number) == (other_record == record):
            continue
        if other_number == number:
            loser = (holder[other_record], other_record) if other_record in holder else None
            winner = (loser[0], record) if loser else None
            harmless = content(desk.records[record]) == content(desk.records[other_record])
        else:
            loser = (other_number, chosen[other_number]) if other_number in chosen else None
            winner = (number, loser[1]) if loser else None
            harmless = _interchangeable(desk, number, other_number)
        now = weighed[pair].weight + (weighed[loser].weight if loser else 0.0)
        then = weighed[other_number, other_record].weight + (
            weighed[winner].weight if winner and winner in weighed else 0.0
        )
        if now - then < _MARGIN and not harmless:
            return ("another pair fits nearly as well",)
    return ()


def _interchangeable(desk: _Desk, number: int, other: int) -> bool:
    ours, theirs = desk.free[number].evidence.project, desk.free[other].evidence.project
    return content(ours) == content(theirs)
