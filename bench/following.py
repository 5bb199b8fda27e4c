"""How well projects are followed through generated histories, beside methods that look at titles alone."""

from bench.rows import Row
from tests.history_generator import history
from tests.history_scores import Board, boards

HISTORIES = 100


def run() -> list[Row]:
    """Return pair F1, IDF1, switches and false alarms of ours and the rivals, then ours edit by edit."""
    made = boards(history(seed) for seed in range(HISTORIES))
    rows = [row for name, board in made.items() for row in _rows(name, board)]
    ours = made["coopwatch"]
    rows += [
        Row(f"coopwatch after {name}", tally.recall, f"recall of {tally.right + tally.missed} pairs")
        for name, tally in sorted(ours.edits.items())
        if tally.right + tally.missed
    ]
    return rows


def _rows(name: str, board: Board) -> list[Row]:
    total = board.total
    hundred = max(1, total.versions) / 100
    rows = [
        Row(f"{name}: pairs", total.f1, "F1"),
        Row(f"{name}: identities", total.idf1, "IDF1"),
        Row(f"{name}: identity switches", total.switches / hundred, "per 100 versions"),
    ]
    if name != "coopwatch":
        return rows
    return [
        *rows,
        Row("coopwatch: false added", total.false_added / hundred, "per 100 versions"),
        Row("coopwatch: false removed", total.false_removed / hundred, "per 100 versions"),
        Row("coopwatch: put to a person", 100 * total.review, "% of records"),
        Row("coopwatch: healthy versions held", 100 * total.held / max(1, total.versions), "%"),
    ]
