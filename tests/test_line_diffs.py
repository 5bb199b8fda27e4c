"""How the text of a page became another: lines that went, came or changed, with their neighbours."""

from hypothesis import given
from hypothesis import strategies as st

from notifier.line_diffs import LineStep, line_diff

lines = st.lists(st.sampled_from(("uno", "due parole", "due parole e altre", "tre", "quattro")), max_size=12)


def shown(steps: tuple[LineStep, ...]) -> list[tuple[str, str]]:
    """Return each step's kind with its text, changed words in brackets."""
    sign = {"same": "{}", "removed": "[-{}]", "added": "[+{}]"}
    return [
        (
            step.kind,
            "".join(
                sign[piece.kind].format(piece.text) if step.kind == "changed" else piece.text
                for piece in step.pieces
            )
            or str(step.count),
        )
        for step in steps
    ]


def test_a_changed_line_shows_its_words_between_its_neighbours() -> None:
    """Far lines that stayed are only counted."""
    before = ["uno", "due", "tre", "Progetto in avvio nel comune di Torino", "quattro", "cinque", "sei"]
    after = [*before[:3], "Progetto in corso nel comune di Torino", *before[4:]]
    assert shown(line_diff(before, after)) == [
        ("skipped", "2"),
        ("same", "tre"),
        ("changed", "Progetto in [-avvio ][+corso ]nel comune di Torino"),
        ("same", "quattro"),
        ("skipped", "2"),
    ]


def test_a_line_with_other_words_is_another_line() -> None:
    """Where most words differ one line went and one came."""
    steps = line_diff(["Acqua pulita a Bamako"], ["Scuole aperte in Senegal"])
    assert [kind for kind, _ in shown(steps)] == ["removed", "added"]


def test_equal_texts_have_no_steps() -> None:
    """Nothing differs."""
    assert line_diff(["a", "b"], ("a", "b")) == ()


@given(lines, lines)
def test_both_texts_can_be_read_from_the_steps(before: list[str], after: list[str]) -> None:
    """No line is lost, none is made up: counted lines stand for as many of each text."""
    steps = line_diff(before, after)
    if before == after:
        assert steps == ()
        return
    for side, text in (("removed", before), ("added", after)):
        kept = [step for step in steps if step.kind in {"same", "changed", "skipped", side}]
        assert sum(step.count for step in kept) == len(text)
        said = ["".join(p.text for p in s.pieces if p.kind in {"same", side}) for s in kept if s.pieces]
        known = [line.split() for line in text]
        assert all(line.split() in known for line in said)


def test_very_long_texts_are_shown_as_replaced() -> None:
    """Texts whose comparison would cost seconds are not compared line by line."""
    count = 2500
    steps = line_diff([f"a{n}" for n in range(count)], [f"b{n}" for n in range(count + 1)])
    assert [step.kind for step in steps] == ["removed"] * count + ["added"] * (count + 1)
