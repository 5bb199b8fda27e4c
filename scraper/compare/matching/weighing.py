"""How strongly evidence says that a record is a known project: each piece with its weight and words."""

from dataclasses import dataclass
from itertools import pairwise
from math import exp, log

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from scraper.compare.matching.naming import Name, is_common, spells
from scraper.compare.matching.traits import Evidence, Rarity

SAME = 3.0
"""The weight from which a pair is taken for the same project."""

DOUBTFUL = 1.3
"""The weight from which a pair below SAME is put to staff rather than called two projects."""

_EDITION = -6.0  # from here down a title names another edition of a series
_TRANSLATED = 0.31  # titles in two languages say next to nothing against their being one project's
_TITLE_WEIGHTS = ((0.0, -3.0), (0.25, -1.5), (0.4, -0.3), (0.5, 0.7), (0.65, 2.2), (0.8, 3.6), (1.0, 5.0))


@dataclass(frozen=True, slots=True)
class Ground:
    """One piece of evidence in words, and what it weighs: above zero for the same project, below against."""

    weight: float
    words: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """All grounds of one pair; a veto rules the pair out whatever else agrees."""

    grounds: tuple[Ground, ...]
    vetoed: bool = False
    ceiling: float = 99.0

    @property
    def weight(self) -> float:
        """The sum of the grounds, no higher than the ceiling."""
        return min(self.ceiling, sum(ground.weight for ground in self.grounds))

    @property
    def words(self) -> tuple[str, ...]:
        """The grounds in words, the weightiest first."""
        ranked = sorted(self.grounds, key=lambda ground: -abs(ground.weight))
        return tuple(ground.words for ground in ranked)


def confidence(weight: float) -> float:
    """Return how sure a weight makes us, from 0 to 1; SAME makes about 0.9."""
    return round(1 / (1 + exp(-1.8 * (weight - 1.8))), 4) if weight < 20 else 1.0


def weigh(old: Evidence, new: Evidence, rarity: Rarity) -> Weighed:
    """Return what the facts of a track and a record say about their being one project."""
    certain = [*_cup(old, new), *_link(old, new, rarity)]
    phase, vetoed, ceiling = _phase(old, new)
    title = _title(old, new, rarity)
    if any(ground.weight <= _EDITION for ground in title):
        ceiling = SAME - 0.1  # another year or number: never more than a question
    if any(ground.weight > 2 for ground in certain):
        ceiling = 99.0
    grounds = [
        *certain,
        *phase,
        *title,
        *_facts(old, new, rarity),
        *_dates_and_amount(old, new),
        *_note(old, new, rarity),
    ]
    return Weighed(tuple(grounds), vetoed, ceiling)


def _cup(old: Evidence, new: Evidence) -> list[Ground]:
    if not old.cups or not new.cups:
        return []
    if old.cups & new.cups:
        return [Ground(8.0, "the same CUP")]
    return [Ground(-6.0, "another CUP")]


def _link(old: Evidence, new: Evidence, rarity: Rarity) -> list[Ground]:
    shared = old.links & new.links
    if shared:
        sharers = min(rarity.sharers("link", link) for link in shared)
        return [Ground(6.5 / sharers**2, "the same link" if sharers == 1 else "a link that several share")]
    slugs = {slug for slug in old.slugs & new.slugs if len(slug) > 3}
    if slugs and min(rarity.sharers("slug", slug) for slug in slugs) == 1:
        return [Ground(4.0, "a link with the same ending in another folder")]
    return [Ground(-0.5, "another link")] if old.links and new.links else []


def _phase(old: Evidence, new: Evidence) -> tuple[list[Ground], bool, float]:
    if old.phases and new.phases:
        if old.phases & new.phases:
            return [Ground(0.7, f"the same phase {min(old.phases & new.phases)}")], False, 99.0
        return [Ground(-20.0, "another phase")], True, 99.0
    stated = old.phases | new.phases
    if not stated or max(stated) == 1 or not old.names or not new.names:
        return [], False, 99.0
    if any(Levenshtein.distance(past.plain, new.names[0].plain) < 3 for past in old.names):
        return [], False, 99.0  # a slip of the pen in the ordinal itself
    return [Ground(-2.0, f"phase {max(stated)} is stated on one side only")], False, SAME - 0.3


def _title(old: Evidence, new: Evidence, rarity: Rarity) -> list[Ground]:
    if not old.names or not new.names:
        return [Ground(1.5, "one of the two has no title")]
    current = new.names[0]
    if not _tells(current) or not any(_tells(past) for past in old.names):
        return [Ground(0.0, "one of the two titles tells nothing")]
    likeness, words = max(
        (_likeness(past, current, rarity) for past in old.names), key=lambda found: found[0]
    )
    code = _spelt(old, new) if likeness < 0.9 else None
    if code:
        likeness, words = 0.9 if len(code) > 3 else 0.7, f"{code.upper()} spells the other title"
    return [
        Ground(_title_weight(likeness), words),
        *_codes(old, new, rarity, likeness),
        *_clashes(old, new, likeness),
    ]


def _codes(old: Evidence, new: Evidence, rarity: Rarity, likeness: float) -> list[Ground]:
    shared = old.codes & new.codes
    if shared:
        code = min(shared, key=lambda each: (rarity.sharers("code", each), each))
        return [Ground(3.0 / rarity.sharers("code", code), f"the same code {code.upper()}")]
    return [Ground(-1.0, "another code")] if old.codes and new.codes and likeness < 0.8 else []


def _clashes(old: Evidence, new: Evidence, likeness: float) -> list[Ground]:
    grounds = []
    if 0.3 < likeness < 0.9 and not old.codes & new.codes and _renames(old.names[0], new.names[0]):
        same_country = set(old.project.countries) & set(new.project.countries)
        grounds.append(Ground(-1.0 if same_country else -2.0, "another name in the title"))
    if old.years and new.years and not old.years & new.years:
        grounds.append(Ground(-9.5, "another year in the title"))
    if old.numbers and new.numbers and not old.numbers & new.numbers:
        grounds.append(Ground(-6.0, "another number in the title"))
    return grounds


def _renames(past: Name, current: Name) -> bool:
    """Tell whether a name of a place or person stands where another one stood."""
    ours, theirs = past.proper - set(current.words), current.proper - set(past.words)
    return bool(ours and theirs) and not any(_alike(one, other) for one in ours for other in theirs)


def _tells(title: Name) -> bool:
    return bool(title.codes) or not all(is_common(word) for word in title.words)


def _title_weight(likeness: float) -> float:
    for (low, under), (high, over) in pairwise(_TITLE_WEIGHTS):
        if likeness <= high:
            return under + (over - under) * (likeness - low) / (high - low)
    return _TITLE_WEIGHTS[-1][1]


def _likeness(past: Name, current: Name, rarity: Rarity) -> tuple[float, str]:
    if past.plain == current.plain:
        return 1.0, "the same title"
    if past.plain.replace(" ", "") == current.plain.replace(" ", ""):
        return 1.0, "the titles differ in a space"
    for one, other in ((past, current), (current, past)):
        shorter = one.plain.rstrip(" .")
        if len(shorter) > 9 and other.plain.startswith(shorter):
            return 0.85, "one title begins the other"
    likeness, shared = _shared_words(past.words, current.words, rarity)
    spelt = [word for folded, word in zip(current.words, current.spelt, strict=True) if folded in shared]
    if spelt:
        return likeness, f"the titles share {', '.join(dict.fromkeys(spelt))}"
    if past.language and current.language and past.language != current.language:
        return _TRANSLATED, "the titles are in two languages"
    return 0.0, "the titles share no word"


def _spelt(old: Evidence, new: Evidence) -> str | None:
    """Return the code of one side that the words of the other side's title spell."""
    for one, other in ((old, new), (new, old)):
        for code in sorted(one.codes - other.codes):
            if any(spells(code, each.letters) for each in other.names):
                return code
    return None


def _shared_words(
    ours: tuple[str, ...], theirs: tuple[str, ...], rarity: Rarity
) -> tuple[float, tuple[str, ...]]:
    left, right = list(dict.fromkeys(ours)), list(dict.fromkeys(theirs))
    shared: list[str] = []
    for word in tuple(left):
        twin = word if word in right else next((each for each in right if _alike(word, each)), None)
        if twin is not None:
            shared.append(twin)
            left.remove(word)
            right.remove(twin)
    both, only_left, only_right = (
        sum(_worth(each, rarity) for each in side) for side in (shared, left, right)
    )
    if not both:
        return 0.0, ()
    dice = 2 * both / (2 * both + only_left + only_right)
    lesser = min(
        only_left, only_right
    )  # what is replaced on both sides tells more than what one side leaves out
    contained = both / (both + 2 * lesser)
    return 0.55 * dice + 0.45 * contained, tuple(shared)


def _alike(one: str, other: str) -> bool:
    """Tell whether two words are one in two spellings: nearly all letters in order, or two swapped."""
    if min(len(one), len(other)) < 4 or one[0] != other[0]:
        return False
    return fuzz.ratio(one, other) >= 83 or (sorted(one) == sorted(other) and OSA.distance(one, other) == 1)


def _worth(word: str, rarity: Rarity) -> float:
    return (0.2 if is_common(word) else 1.0) / (1 + log(rarity.sharers("word", word)))


def _facts(old: Evidence, new: Evidence, rarity: Rarity) -> list[Ground]:
    grounds = []
    if old.area and new.area:
        same = old.area == new.area
        worth = 0.7 / (1 + 0.5 * log(rarity.sharers("area", old.area)))
        grounds.append(Ground(worth, "the same area") if same else Ground(-0.7, "another area"))
    for kind, best, against, ours, theirs, words in (
        ("programme", 1.2, -0.4, old.programmes, new.programmes, ("the same funder", "another funder")),
        ("partner", 1.0, -0.8, old.partners, new.partners, ("the same partners", "other partners")),
        ("country", 1.0, -4.0, set(old.project.countries), set(new.project.countries),
         ("the same countries", "other countries")),
    ):  # fmt: skip
        if ours and theirs:
            worth = sum(best / (1 + log(rarity.sharers(kind, each))) for each in set(ours) & set(theirs))
            grounds.append(Ground(min(worth, 2 * best), words[0]) if worth else Ground(against, words[1]))
    return grounds


def _dates_and_amount(old: Evidence, new: Evidence) -> list[Ground]:
    grounds = []
    before, after = old.project, new.project
    if before.start and after.start:
        agree = before.start.startswith(after.start) or after.start.startswith(before.start)
        grounds.append(Ground(1.0, "the same start") if agree else Ground(-1.5, "another start"))
    if before.end and after.end and before.end == after.end:
        grounds.append(Ground(0.8, "the same end"))
    if before.amount is not None and after.amount is not None:
        agree = abs(before.amount - after.amount) < 0.01
        grounds.append(Ground(2.0, "the same amount") if agree else Ground(-0.5, "another amount"))
    return grounds


def _note(old: Evidence, new: Evidence, rarity: Rarity) -> list[Ground]:
    ours, theirs = old.note_words, new.note_words
    if min(len(ours), len(theirs)) < 5:
        return []
    shared, all_words = (
        sum(1 / rarity.sharers("note", word) for word in words) for words in (ours & theirs, ours | theirs)
    )
    overlap = shared / all_words
    if overlap > 0.4:
        return [Ground(3 * min(overlap, 0.8), "much the same description")]
    return [Ground(-0.5, "another description")] if overlap < 0.1 else []
