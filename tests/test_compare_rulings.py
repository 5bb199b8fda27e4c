"""What staff decide: doubtful pairs, merges, splits, and their undoing."""

from dataclasses import replace

import pytest

from scraper.compare import (
    Question,
    decide,
    merge,
    published,
    rebase,
    rebase_hold,
    split,
    undo_merge,
    undo_split,
    withdraw,
)
from scraper.records import Decision, PageState
from tests.compare_story import LIST, Story, project, snapshot, told

OLD = project("Rete delle scuole rurali", area="AFRICA", programmes=("AICS",))
NEW = project("Rete delle scuole rurali - fase 2", area="AFRICA", programmes=("AICS",))
REST = (
    project("Acqua per Mopti", area="AFRICA", programmes=("ATO3",)),
    project("Orti di Kandi", area="AFRICA", programmes=("Regione Piemonte",)),
    project("Energia a Tiro", area="MEDIO ORIENTE", programmes=("UNDP",)),
)


def _doubt() -> tuple[Story, Question]:
    story = Story()
    story.shows(OLD, *REST)
    outcome = story.shows(NEW, *REST)
    (question,) = outcome.questions
    return story, question


def test_a_phase_stated_on_one_side_only_is_a_question() -> None:
    """Neither a retitle nor a removal with an addition: a person is asked, in words."""
    story, question = _doubt()
    assert story.outcomes[-1].verdict.decision is Decision.ACCEPTED
    assert story.outcomes[-1].changes == ()
    assert (question.kind, question.track, question.project.title) == ("pair", 1, NEW.title)
    assert "phase 2 is stated on one side only" in question.grounds
    assert published(story.state)[1].title == OLD.title


def test_a_question_withholds_its_two_projects_alone() -> None:
    """Other changes of the same visit are told at once."""
    story = Story()
    story.shows(OLD, *REST)
    outcome = story.shows(NEW, replace(REST[0], programmes=("AICS",)), *REST[1:])
    assert len(outcome.questions) == 1
    assert told(outcome.changes) == [("changed", REST[0].title, "programmes", ("ATO3",), ("AICS",))]


def test_a_question_is_asked_again_until_decided() -> None:
    """The next visit that finds the pair asks the same question, by the same key."""
    story, question = _doubt()
    outcome = story.shows(*reversed(REST), NEW)
    assert [each.key for each in outcome.questions] == [question.key]
    assert outcome.changes == ()


def test_a_question_goes_when_the_old_title_is_back() -> None:
    """Evidence may settle what nobody decided."""
    story, _ = _doubt()
    outcome = story.shows(OLD, *REST)
    assert (outcome.questions, outcome.changes) == ((), ())


def test_two_that_fit_equally_are_a_question() -> None:
    """Where a record could as well be one project as another, a person is asked."""
    north, south = (project(f"Rete delle scuole rurali {place}", area="AFRICA") for place in ("nord", "sud"))
    story = Story()
    story.shows(north, south, *REST)
    outcome = story.shows(project("Rete delle scuole rurali", area="AFRICA"), *REST)
    (question,) = outcome.questions
    assert "another pair fits nearly as well" in question.grounds
    assert question.confidence <= 0.5


def test_a_decision_leaves_other_decisions_alone() -> None:
    """Deciding one pair keeps what was decided of another."""
    other = project("Biblioteche di strada", area="AFRICA", programmes=("UE",))
    phase = replace(other, title="Biblioteche di strada - fase 2")
    story = Story()
    story.shows(OLD, other, *REST)
    first, second = story.shows(NEW, phase, *REST).questions
    story.state, _ = decide(story.state, first, True, story.now)
    story.state, _ = decide(story.state, second, False, story.now)
    assert len(story.state.rulings) == 2
    assert story.shows(phase, NEW, *REST).questions == ()


def test_decided_the_same() -> None:
    """The withheld changes come out as a retitle, and the next visit asks nothing."""
    story, question = _doubt()
    story.state, outcome = decide(story.state, question, True, story.now)
    assert told(outcome.changes) == [("retitled", NEW.title, "title", OLD.title, NEW.title)]
    again = story.shows(*reversed(REST), NEW)
    assert (again.questions, again.changes) == ((), ())


def test_decided_different() -> None:
    """The withheld changes come out as an addition and a removal, and the next visit asks nothing."""
    story, question = _doubt()
    story.state, outcome = decide(story.state, question, False, story.now)
    assert [change[:2] for change in told(outcome.changes)] == [("added", NEW.title), ("removed", OLD.title)]
    assert story.shows(*reversed(REST), NEW).questions == ()


def test_a_decision_ends_no_outage() -> None:
    """A pair that is decided while the page is down leaves the open hold and the trouble as they are."""
    story, question = _doubt()
    story.sees(snapshot((), PageState.MAINTENANCE, reason="under maintenance"))
    (before,) = story.state.pages
    story.state, _ = decide(story.state, question, True, story.now)
    (after,) = story.state.pages
    assert before.hold is not None
    assert (after.hold, after.trouble) == (before.hold, before.trouble)


def test_a_new_reader_version_decides_no_open_pair() -> None:
    """What staff are asked is still asked once the page was read again, and its changes still wait."""
    story, question = _doubt()
    story.state = rebase(story.state, LIST, replace(snapshot((NEW, *REST)), reader_version="2"))
    (page,) = story.state.pages
    assert [each.key for each in page.questions] == [question.key]
    story.state, outcome = decide(story.state, question, True, story.now)
    assert told(outcome.changes) == [("retitled", NEW.title, "title", OLD.title, NEW.title)]


def test_a_held_answer_can_be_read_again() -> None:
    """A hold keeps its reasons and age; what it would publish is read by the new reader."""
    story, _ = _doubt()
    story.shows(OLD)
    again = replace(snapshot((OLD,)), reader_version="2")
    (page,) = rebase_hold(story.state, LIST, again).pages
    assert page.hold is not None
    assert page.hold.snapshot == again
    assert rebase_hold(story.state, "https://www.example.org/else", again) == story.state


def test_a_decision_can_be_withdrawn() -> None:
    """Where the pair comes up again after the withdrawal it is asked about again."""
    story, question = _doubt()
    before = story.state
    story.state, _ = decide(story.state, question, False, story.now)
    assert withdraw(story.state, question).rulings == before.rulings == ()


def test_merged_tracks_are_one_project() -> None:
    """Two tracks that staff merge bear the older number; nothing is announced, then or later."""
    story, question = _doubt()
    story.state, _ = decide(story.state, question, False, story.now)
    story.state = merge(story.state, 1, 5)
    assert published(story.state)[1].title == NEW.title
    assert 5 not in published(story.state)
    outcome = story.shows(NEW, *reversed(REST))
    assert outcome.changes == ()
    changed = story.shows(replace(NEW, programmes=("UE",)), *REST)
    assert [(each.track, each.field) for each in changed.changes] == [(1, "programmes")]


def test_a_merge_can_be_undone() -> None:
    """Undoing a merge gives both tracks back as they would be without it."""
    story, question = _doubt()
    story.state, _ = decide(story.state, question, False, story.now)
    before = published(story.state)
    story.state = undo_merge(merge(story.state, 1, 5), 5)
    assert published(story.state) == before
    assert story.shows(*REST, NEW).changes == ()


def test_a_split_makes_two_tracks_that_never_join_again() -> None:
    """What the page now states is a new track; the old one is gone and does not take it back."""
    story, question = _doubt()
    story.state, _ = decide(story.state, question, True, story.now)
    story.state, new = split(story.state, 1, LIST)
    assert new == 5
    assert published(story.state)[5].title == NEW.title
    assert 1 not in published(story.state)
    assert story.shows(*reversed(REST), NEW).changes == ()
    back = story.shows(*REST, NEW, OLD)
    assert [(each.kind.value, each.track) for each in back.changes] == [("reappeared", 1)]


def test_a_split_can_be_undone() -> None:
    """Undoing a split makes one project of the two again, under the old number."""
    story, question = _doubt()
    story.state, _ = decide(story.state, question, True, story.now)
    before = published(story.state)
    story.state, new = split(story.state, 1, LIST)
    story.state = undo_split(story.state, 1, new)
    assert published(story.state) == before


@pytest.mark.parametrize("number", [0, 9])
def test_a_track_that_does_not_exist_cannot_be_merged(number: int) -> None:
    """Wrong numbers are refused by name."""
    story, _ = _doubt()
    with pytest.raises(ValueError, match=f"no track {number}"):
        merge(story.state, number, 2)


def test_a_track_cannot_be_merged_into_itself() -> None:
    """Neither directly nor through an earlier merge."""
    story, _ = _doubt()
    story.state = merge(story.state, 1, 2)
    with pytest.raises(ValueError, match="already part"):
        merge(story.state, 2, 1)


def test_a_decision_is_no_visit() -> None:
    """Deciding a pair neither reads the page nor ends the round in which removals wait."""
    story, question = _doubt()
    after, _ = decide(story.state, question, False, story.now)
    assert after.round == story.state.round
    assert after.pages[0].read_at == story.state.pages[0].read_at
