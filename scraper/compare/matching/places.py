"""Where leftover tracks and records stand between those that are already paired."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Gap = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Places:
    """For each leftover its gap between paired neighbours and its rank in that gap.

    `level` holds the pairs (track, record) of one gap and rank.
    """

    tracks: Mapping[int, tuple[Gap, int]]
    records: Mapping[int, tuple[Gap, int]]
    crowd: Mapping[Gap, tuple[int, int]]
    level: frozenset[tuple[int, int]]

    def nearness(self, number: int, record: int) -> float:
        """Return what the places of a track and a record weigh for their being the same."""
        if number not in self.tracks or self.tracks[number][0] != self.records[record][0]:
            return 0.0
        gap, rank = self.tracks[number]
        if self.crowd[gap] == (1, 1):
            return 0.8
        return 0.4 if rank == self.records[record][1] else 0.1


def places(slots: Mapping[int, int], tracks: Mapping[int, int | None], records: Iterable[int]) -> Places:
    """Return the places of leftovers; `slots` maps paired records to their old slots."""
    ordered = sorted(slots)
    old = sorted(slots.values())
    track_gaps = {number: _gap(old, slot) for number, slot in tracks.items() if slot is not None}
    record_gaps = {
        record: (
            slots[ordered[at - 1]] if (at := bisect_left(ordered, record)) else -1,
            slots[ordered[at]] if at < len(ordered) else -2,
        )
        for record in records
    }
    by_slot = {number: tracks[number] or 0 for number in track_gaps}
    ranked_tracks = _ranked(sorted(track_gaps, key=lambda number: by_slot[number]), track_gaps)
    ranked_records = _ranked(sorted(record_gaps), record_gaps)
    theirs, ours = Counter(track_gaps.values()), Counter(record_gaps.values())
    crowd = {gap: (theirs[gap], ours[gap]) for gap in {*theirs, *ours}}
    seats: dict[tuple[Gap, int], int] = {seat: number for number, seat in ranked_tracks.items()}
    level = {(seats[seat], record) for record, seat in ranked_records.items() if seat in seats}
    return Places(ranked_tracks, ranked_records, crowd, frozenset(level))


def _gap(old: list[int], slot: int) -> Gap:
    at = bisect_left(old, slot)
    return (old[at - 1] if at else -1, old[at] if at < len(old) else -2)


def _ranked(order: Iterable[int], gaps: Mapping[int, Gap]) -> dict[int, tuple[Gap, int]]:
    seen: dict[Gap, int] = defaultdict(int)
    ranked = {}
    for each in order:
        ranked[each] = (gaps[each], seen[gaps[each]])
        seen[gaps[each]] += 1
    return ranked
