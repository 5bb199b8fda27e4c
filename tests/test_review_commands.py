"""Reviews and tracks on the command line: seen, answered and taken back, with who and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from store.database import create_database
from tests.commands import Run, coopwatch
from tests.test_reviews import DOUBTFUL, NEW, TORN, history
from tests.watched_history import ADDRESS, BLEU, FIRST, PLASTIC


def kept(folder: Path, *visits: Any) -> Path:
    """Return a data folder with these visits."""
    db = create_database(f"sqlite:///{folder / 'coopwatch.db'}")
    with db.writing() as session:
        history(session, *visits)
    db.close()
    return folder


def run(data: Path, *words: str) -> Run:
    """Run a command on that data folder."""
    return coopwatch(*words, "--data", data)


def printed(data: Path, *words: str) -> Any:
    """Return the JSON that a command prints."""
    done = run(data, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_hold_is_listed_shown_and_released(tmp_path: Path) -> None:
    """What `show` foresees is what `release` publishes; then the list is empty and the past tells why."""
    data = kept(tmp_path, FIRST, TORN)
    (listed,) = printed(data, "review", "list")
    assert (listed["kind"], listed["page"], listed["capture"]) == ("capture", ADDRESS, 2)
    shown = printed(data, "review", "show", "1")
    assert [change["kind"] for change in shown["answers"]["released"]] == ["removed"] * 3
    released = run(data, "review", "release", "1", "--why", "the office says so", "--by", "ada")
    assert "3 changes published" in released.stdout
    assert printed(data, "review", "list") == []
    (past,) = printed(data, "review", "list", "--past")
    assert (past["ending"], past["decision"]) == ("released", 1)
    decided = printed(data, "review", "show", "1")["decided"]
    assert (decided["by"], decided["why"], decided["action"]) == ("ada", "the office says so", "release")
    assert len(printed(data, "changes")) == 3
    assert "the office says so" in run(data, "explain", "1").stdout


def test_a_maintenance_page_is_shown_with_why_it_cannot_be_released(tmp_path: Path) -> None:
    """Rejecting is the answer that is left."""
    data = kept(tmp_path, FIRST, None)
    assert "cannot be released" in run(data, "review", "show", "1").stdout
    refused = run(data, "review", "release", "1", "--why", "x")
    assert (refused.returncode, "nothing in it to believe" in refused.stderr) == (1, True)
    assert "hint:" in refused.stderr
    assert run(data, "review", "reject", "1", "--why", "still down").returncode == 0
    assert "Nothing waits" in run(data, "review", "list").stdout


@pytest.mark.parametrize(("answer", "kinds"), [("same", {"retitled"}), ("different", {"added", "removed"})])
def test_a_pair_is_decided(tmp_path: Path, answer: str, kinds: set[str]) -> None:
    """Both titles are shown with what each answer would publish."""
    data = kept(tmp_path, DOUBTFUL, (NEW, PLASTIC, BLEU))
    shown = run(data, "review", "show", "1").stdout
    assert f"known: torino/1 {DOUBTFUL[0].title}" in shown
    assert f"found: {NEW.title}" in shown
    assert run(data, "review", answer, "1", "--why", "asked").returncode == 0
    assert {change["kind"] for change in printed(data, "changes")} == kinds
    assert run(data, "review", answer, "1", "--why", "again").returncode == 1


def test_tracks_are_merged_split_and_parted_again(tmp_path: Path) -> None:
    """Each act has a number by which it can be undone once, and all of them are listed."""
    data = kept(tmp_path, FIRST)
    assert run(data, "tracks", "merge", "torino/1", "torino/2", "--why", "one").returncode == 0
    assert [entry["id"] for entry in printed(data, "projects")] == ["torino/1", "torino/3", "torino/4"]
    assert run(data, "tracks", "undo", "1", "--why", "two").returncode == 0
    assert run(data, "tracks", "undo", "1", "--why", "two").returncode == 1
    assert run(data, "tracks", "split", "torino/3", "--why", "another").returncode == 0
    found = [entry["id"] for entry in printed(data, "projects")]
    assert found == ["torino/1", "torino/2", "torino/4", "torino/5"]
    listed = [(entry["action"], entry["undone_by"]) for entry in printed(data, "tracks", "decisions")]
    assert listed == [("split", None), ("undo", None), ("merge", 2)]
    assert printed(data, "changes") == []


def test_a_decision_needs_a_reason(tmp_path: Path) -> None:
    """Without one the command is used wrongly, and nothing happens."""
    data = kept(tmp_path, FIRST, TORN)
    assert run(data, "review", "release", "1").returncode == 2
    assert run(data, "review", "release", "1", "--why", " ").returncode == 2
    assert len(printed(data, "review", "list")) == 1


def test_a_release_says_which_capture_was_looked_at(tmp_path: Path) -> None:
    """Another one than is held by now is refused."""
    data = kept(tmp_path, FIRST, TORN)
    refused = run(data, "review", "release", "1", "--why", "x", "--capture", "1")
    assert (refused.returncode, "about capture 2 by now" in refused.stderr) == (1, True)
    assert run(data, "review", "release", "1", "--why", "x", "--capture", "2").returncode == 0
