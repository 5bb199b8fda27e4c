"""The scenario of 22 visits on which change monitors were measured: five changes, silence otherwise."""

from dataclasses import replace

from scraper.records import Capture, Decision, Layout, PageState, Project
from tests.compare_story import LIST, Story, project, snapshot, told

SIX = (
    project("SMART - Sanitation and Rural Development", area="AFRICA", programmes=("AICS",)),
    project("100% Plastica: riciclo dei rifiuti", area="AFRICA", programmes=("Bando dell'AICS",)),
    project("Sostegno idrico ai rifugiati", area="MEDIO ORIENTE", programmes=("UNDP", "ATO3")),
    project("Scuole d'acqua", area="TRASVERSALE", programmes=("ATO3",)),
    project("BleuTour - Turismo costiero", area="AREA MEDITERRANEA", programmes=("Interreg MED",)),
    project("MC2CM 2a fase - Migration", area="AREA MEDITERRANEA", programmes=("Commissione europea",)),
)
MAINTENANCE = snapshot((), PageState.MAINTENANCE, reason="the page says that it is under maintenance")
EMPTY = snapshot((), PageState.EMPTY, reason="the body is empty")


def test_subscribers_hear_the_five_changes_and_nothing_else() -> None:
    """Of 22 visits five bring one told change each, with project, field, before and after; 17 bring none."""
    heard = [told(outcome.changes) for outcome in _twenty_two().outcomes]
    loud = {number: changes for number, changes in enumerate(heard, start=1) if changes}
    assert loud == {
        5: [
            (
                "retitled",
                "Sostegno idrico ai rifugiate",
                "title",
                SIX[2].title,
                "Sostegno idrico ai rifugiate",
            )
        ],
        6: [("added", "Orti in Benin", None, None, None)],
        17: [("changed", SIX[0].title, "programmes", ("AICS",), ("Regione Piemonte",))],
        18: [("changed", SIX[0].title, "programmes", ("Regione Piemonte",), ("AICS",))],
        21: [("removed", SIX[3].title, None, None, None)],
    }


def test_bad_answers_are_held_or_failed() -> None:
    """Maintenance, an empty body and a table without rows are held, HTTP 503 is failed, all else believed."""
    decisions = [outcome.verdict.decision for outcome in _twenty_two().outcomes]
    assert [number for number, each in enumerate(decisions, start=1) if each is Decision.HELD] == [7, 9, 13]
    assert [number for number, each in enumerate(decisions, start=1) if each is Decision.FAILED] == [11]


def _twenty_two() -> Story:
    story = Story()
    corrected = (*SIX[:2], replace(SIX[2], title="Sostegno idrico ai rifugiate"), *SIX[3:])
    seven = (*corrected, project("Orti in Benin", area="AFRICA", programmes=("AICS",), countries=("BJ",)))
    cards = tuple(replace(each, layout=Layout.CARDS, section=None) for each in seven)
    changed = (replace(seven[0], programmes=("Regione Piemonte",)), *seven[1:])
    story.shows(*SIX)
    story.shows(*SIX, fingerprint="another footer")
    story.shows(*reversed(SIX))
    story.shows(*SIX)
    story.shows(*corrected)
    story.shows(*seven)
    story.sees(MAINTENANCE)
    story.shows(*seven)
    story.sees(EMPTY)
    story.shows(*seven)
    story.sees(None, status=503)
    story.shows(*seven)
    story.shows()
    story.shows(*seven)
    story.shows(*cards)
    story.shows(*seven)
    story.shows(*changed)
    story.shows(*seven)
    story.shows(*(_retyped(each) for each in seven))
    story.shows(*seven)
    story.shows(*(each for each in seven if each is not SIX[3]))
    story.visits(Capture(LIST, story.now, 304), None)
    assert len(story.outcomes) == 22
    return story


def _retyped(plain: Project) -> Project:
    title = (plain.title or "").replace(" ", "\u00a0", 1).replace("d'a", "d’ a").replace(" - ", " – ")
    programmes = tuple(each.replace("l'A", "l’A") + "." for each in plain.programmes)
    return replace(plain, title=f"{title}.", programmes=programmes, area=(plain.area or "").title())
