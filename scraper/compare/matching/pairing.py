"""Which project of a snapshot is which known track: certain pairs first, then the best weighed assignment."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scraper.compare.matching.assignment import best_assignment
from scraper.compare.matching.places import Places, places
from scraper.compare.matching.traits import Evidence, Rarity, evidence
from scraper.compare.matching.weighing import DOUBTFUL, SAME, Ground, Weighed, confidence, weigh
from scraper.compare.plain_text import plain
from scraper.compare.sameness import content, contradict, echoes, repeats
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
    everyone: Sequence[Evidence]  # of the records
    rulings: Mapping[tuple[int, str], bool]
    free: dict[int, Candidate]
    alone: dict[int, None]  # a set that keeps its order
    sure: list[Pair] = field(default_factory=list)
    doubtful: list[Pair] = field(default_factory=list)
    slots: dict[int, int] = field(default_factory=dict)  # record -> slot of the pairs made for certain

    def pair(self, number: int, record: int, sureness: float, *grounds: str) -> None:
        """Note a sure pair."""
        candidate = self.free.pop(number)
        del self.alone[record]
        self.sure.append(Pair(number, record, sureness, grounds))
        if candidate.slot is not None:
            self.slots[record] = candidate.slot

    def known(self, number: int) -> Project:
        """Return what is known of a track that is still free."""
        return self.free[number].evidence.project

    def ruled(self, number: int, record: int) -> bool | None:
        """Return what staff decided of a pair."""
        return self.rulings.get((number, plain(self.records[record].title or "")))


def matching(
    candidates: Iterable[Candidate],
    records: Sequence[Project],
    rulings: Mapping[tuple[int, str], bool] | None = None,
    own: str | None = None,
) -> Matching:
    """Return which record is which track.

    `rulings` are staff's decisions by (track, plain title), `own` is the page's address where that is the
    link of its only project.
    """
    known = {candidate.number: candidate for candidate in candidates}
    links = (own,) if own else ()
    everyone = [evidence(project, links=links) for project in records]
    desk = _Desk(records, everyone, rulings or {}, known, dict.fromkeys(range(len(records))))
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
    rarity = Rarity((desk.everyone, [candidate.evidence for candidate in desk.free.values()]))
    weighed = _weighed_pairs(desk, rarity)
    chosen = best_assignment({pair: each.weight for pair, each in weighed.items()})
    contested = _contested(desk, weighed, chosen)
    for number, record in sorted(chosen.items(), key=lambda pair: pair[1]):
        each = weighed[number, record]
        sureness = confidence(each.weight)
        if (number, record) in contested:
            rivalled = (*each.words, "another pair fits nearly as well")
            desk.doubtful.append(Pair(number, record, min(sureness, 0.5), rivalled))
        elif each.weight < SAME:
            desk.doubtful.append(Pair(number, record, sureness, each.words))
        else:
            desk.sure.append(Pair(number, record, sureness, each.words))


def _weighed_pairs(desk: _Desk, rarity: Rarity) -> dict[tuple[int, int], Weighed]:
    where = places(desk.slots, {c.number: c.slot for c in desk.free.values()}, desk.alone)
    repeated = _repeated(desk)
    weighed = {}
    for number, record in _pairs_worth_weighing(desk, where):
        candidate = desk.free[number]
        if desk.ruled(number, record) is False:
            continue
        if record in repeated and candidate.slot is None:
            continue  # rather one project printed twice than one known from elsewhere
        each = _with_place(weigh(candidate.evidence, desk.everyone[record], rarity), candidate, record, where)
        if not each.vetoed and each.weight >= DOUBTFUL:
            weighed[number, record] = each
    return weighed


def _repeated(desk: _Desk) -> set[int]:
    """Return the records that state a settled project once more."""
    settled: dict[str, list[Project]] = defaultdict(list)
    for pair in desk.sure:
        settled[plain(desk.records[pair.record].title or "")].append(desk.records[pair.record])
    everywhere = [project for projects in settled.values() for project in projects]
    return {
        record
        for record in desk.alone
        if any(
            repeats(desk.records[record], twin) for twin in settled[plain(desk.records[record].title or "")]
        )
        or any(echoes(desk.records[record], other) for other in everywhere)
    }


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


def _pairs_worth_weighing(desk: _Desk, where: Places) -> Iterable[tuple[int, int]]:
    if len(desk.free) * len(desk.alone) <= _ALL_PAIRS:
        return [(number, record) for number in sorted(desk.free) for record in desk.alone]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, candidate in sorted(desk.free.items()):
        for key in candidate.evidence.keys:
            holders[key].append(number)
    pairs = {
        (number, record)
        for record in desk.alone
        for key in desk.everyone[record].keys
        if len(holders.get(key, ())) <= _COMMONEST
        for number in holders.get(key, ())
    }
    return sorted(pairs | {pair for pair in where.level if pair[0] in desk.free})


def _contested(
    desk: _Desk, weighed: Mapping[tuple[int, int], Weighed], chosen: Mapping[int, int]
) -> set[tuple[int, int]]:
    """Return the chosen pairs in whose place another assignment would be nearly as good."""
    holder = {record: number for number, record in chosen.items()}
    contested: set[tuple[int, int]] = set()
    for (number, record), each in weighed.items():
        if chosen.get(number) == record:
            continue
        given_up = [(number, chosen[number])] if number in chosen else []
        given_up += [(holder[record], record)] if record in holder else []
        freed = (holder.get(record, 0), chosen.get(number, -1))
        instead = each.weight + (weighed[freed].weight if freed in weighed else 0.0)
        short = sum(weighed[pair].weight for pair in given_up) - instead
        if short < _MARGIN and not _harmless(desk, (number, record), given_up):
            contested.update(given_up)
    return contested


def _harmless(desk: _Desk, pair: tuple[int, int], given_up: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a pair only exchanges tracks or records that nothing tells apart."""
    number, record = pair
    return any(
        (other != number and content(desk.known(other)) == content(desk.known(number)))
        or (stated != record and content(desk.records[stated]) == content(desk.records[record]))
        for other, stated in given_up
    )
