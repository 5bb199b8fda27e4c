"""How one text became another, word by word."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from notifier.word_diffs import Piece, after_side, before_side, clip, shortened, word_diff, word_steps

TEXTS = st.lists(
    st.sampled_from(["avvio", "corso", "in", "fase", ".", ",", "2°", "l'ente", "–", "città"]), max_size=30
).map(" ".join)


def spelt(pieces: tuple[Piece, ...], without: str = "") -> str:
    """Return the text of all pieces but those of one kind."""
    return "".join(piece.text for piece in pieces if piece.kind != without)


@given(TEXTS, TEXTS)
def test_each_side_is_its_text(before: str, after: str) -> None:
    """The sides spell the texts to the letter, with marks of their own kind only, in turns."""
    steps = word_steps(before, after)
    assert (spelt(before_side(steps)), spelt(after_side(steps))) == (before, after)
    assert {piece.kind for piece in before_side(steps)} <= {"same", "removed"}
    assert {piece.kind for piece in after_side(steps)} <= {"same", "added"}
    assert all(one.same != other.same for one, other in pairwise(steps))


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_their_difference(before: str, after: str) -> None:
    """In the one flow of both nothing is lost; only blanks may differ, and no word runs into another."""
    pieces = word_diff(word_steps(before, after))
    words = re.compile(r"\w+")
    assert words.findall(spelt(pieces, "added")) == words.findall(before)
    assert words.findall(spelt(pieces, "removed")) == words.findall(after)


def test_words_are_never_cut_in_half() -> None:
    """ "avvio" becomes "corso" as a whole, though the two share letters."""
    pieces = word_diff(word_steps("approvato e in fase di avvio.", "in corso."))
    assert [(piece.kind, piece.text.strip()) for piece in pieces] == [
        ("removed", "approvato e"),
        ("same", "in"),
        ("removed", "fase di avvio"),
        ("added", "corso"),
        ("same", "."),
    ]


def test_equal_texts_have_one_piece_and_empty_ones_none() -> None:
    """Where nothing changed, nothing is marked."""
    assert word_diff(word_steps("a b", "a b")) == (Piece("same", "a b"),) and word_steps("", "") == ()


def test_a_comparison_that_would_take_long_is_not_made() -> None:
    """Very long texts are shown as replaced whole, at once."""
    pieces = word_diff(word_steps("a " * 3000, "b " * 3000))
    assert [piece.kind for piece in pieces] == ["removed", "added"]


def test_mails_show_only_the_surroundings_of_a_change() -> None:
    """A long unchanged stretch is cut to the words next to the changes, a long change is clipped."""
    same = " ".join(f"parola{i}" for i in range(200))
    pieces = shortened(word_diff(word_steps(f"inizio {same} vecchio", f"inizio {same} {'nuovo ' * 300}")))
    assert pieces[0].text.startswith("… ") and pieces[0].text.rstrip().endswith("parola199")
    assert len(pieces[0].text.split()) == 9
    assert pieces[-1].text.endswith("nuovo…") and len(pieces[-1].text) <= 600


def test_mails_show_no_endless_row_of_changes() -> None:
    """After many pieces an ellipsis says that more follow."""
    before = " ".join(f"a{i} x" for i in range(60))
    after = " ".join(f"b{i} x" for i in range(60))
    pieces = shortened(word_diff(word_steps(before, after)))
    assert len(pieces) == 25 and pieces[-1] == Piece("same", " …")


@given(st.text(max_size=80), st.integers(5, 40))
def test_clipped_texts_fit_and_end_at_a_word(text: str, most: int) -> None:
    """A clipped text is never longer than asked, and keeps whole words where it can."""
    short = clip(text, most)
    assert len(short) <= most
    assert short == text or re.fullmatch(r".*…", short, re.DOTALL)
