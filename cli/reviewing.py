"""The commands with which staff answer reviews, and say which tracks are one project."""

import getpass
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from cli.console import out, print_json
from cli.explaining import decision_sentence, decision_shape
from cli.house import open_house
from cli.options import Data, Json
from cli.printed import change_sentence, change_shape, counted, instant, local, project_shape, words
from cli.whole_tables import whole_table
from schedules.present import Present
from scraper.errors import DecisionError
from scraper.records import Change
from store import pages, regrouping, reviews, tracks
from store.database import Session
from store.decisions import StaffDecision, decision, decisions
from store.reviews import Review, Signature

app = typer.Typer()
review = typer.Typer(no_args_is_help=True, help="What waits for a decision, and what was decided.")
tracks_app = typer.Typer(no_args_is_help=True, help="Which records are one project: merge, split, undo.")
app.add_typer(review, name="review")
app.add_typer(tracks_app, name="tracks")

Number = Annotated[int, typer.Argument(metavar="REVIEW", help="The review's number.")]
Project = Annotated[str, typer.Argument(help="A project's id, torino/3, or words of its title.")]
Why = Annotated[str, typer.Option(help="Why, for whoever asks later; name no persons.")]
By = Annotated[str | None, typer.Option(help="Who decides; else the user of this machine.")]


@review.command("list", epilog="Example: coopwatch review list --past")
def list_reviews(
    past: Annotated[bool, typer.Option("--past", help="Those that have ended.")] = False,
    source: Annotated[str | None, typer.Option(help="Of this source alone.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the reviews that wait for a decision, oldest first, or those that have ended."""
    house = open_house(data)
    with house.db.reading() as session:
        found = (reviews.past_reviews if past else reviews.open_reviews)(session, source)
        shapes = [_shape(session, asked) for asked in found]
    if as_json:
        print_json(shapes)
        return
    table = whole_table("review", "kind", "page", "since (Rome)", "ended", "why it is asked")
    for asked, shape in zip(found, shapes, strict=True):
        ended = f"{local(asked.ended_at)} {asked.ending}" if asked.ending else ""
        table.add_row(str(asked.id), asked.kind, shape["page"], local(asked.since), ended, _gist(asked))
    out.print(
        table if found else "Nothing has been reviewed yet." if past else "Nothing waits for a decision."
    )


@review.command(epilog="Example: coopwatch review show 3")
def show(number: Number, data: Data = None, as_json: Json = False) -> None:
    """Show what is asked, and what each answer would publish."""
    house = open_house(data)
    with house.db.reading() as session:
        asked = reviews.review(session, number)
        shape = _shape(session, asked)
        decided = decision(session, asked.decision_id) if asked.decision_id is not None else None
        if asked.ending is None:
            shape["answers"], refusal = _answers(session, asked)
            shape["cannot"] = refusal
        shape["decided"] = decision_shape(decided) if decided else None
    if as_json:
        print_json(shape)
        return
    _show(asked, shape)
    if decided:
        out.print(decision_sentence(decided), markup=False, soft_wrap=True)


@review.command(epilog='Example: coopwatch review release 3 --why "The office confirmed it"')
def release(
    number: Number,
    why: Why,
    by: By = None,
    capture: Annotated[
        int | None, typer.Option(help="Only if it is still about this capture, which you looked at.")
    ] = None,
    data: Data = None,
) -> None:
    """Believe a held capture: its changes are published, and it is compared with from now on."""
    with open_house(data).db.writing() as session:
        _published(reviews.release(session, number, signature_of(by, why), capture))


@review.command(epilog='Example: coopwatch review reject 3 --why "Half of the page is missing"')
def reject(number: Number, why: Why, by: By = None, data: Data = None) -> None:
    """Call a held capture wrong: nothing is published, and the same answer is not asked about again."""
    with open_house(data).db.writing() as session:
        reviews.reject(session, number, signature_of(by, why))
    out.print(f"Review {number} is rejected; nothing was published.")


@review.command(epilog='Example: coopwatch review same 4 --why "The second phase goes on under this title"')
def same(number: Number, why: Why, by: By = None, data: Data = None) -> None:
    """Say that a doubtful pair is one project."""
    with open_house(data).db.writing() as session:
        _published(reviews.decide_pair(session, number, True, signature_of(by, why)))


@review.command(epilog='Example: coopwatch review different 4 --why "A project of its own, with its own CUP"')
def different(number: Number, why: Why, by: By = None, data: Data = None) -> None:
    """Say that a doubtful pair is two projects."""
    with open_house(data).db.writing() as session:
        _published(reviews.decide_pair(session, number, False, signature_of(by, why)))


@tracks_app.command(epilog='Example: coopwatch tracks merge torino/3 torino/9 --why "One project"')
def merge(
    keep: Project,
    other: Annotated[str, typer.Argument(help="The project that becomes a part of it.")],
    why: Why,
    by: By = None,
    data: Data = None,
) -> None:
    """Make two projects one, under the number of the first; nobody is told."""
    with open_house(data).db.writing() as session:
        kept, gone = tracks.find_project(session, keep), tracks.find_project(session, other)
        if kept.source != gone.source:
            raise DecisionError("projects of two sources cannot be one", "Name two of the same source.")
        _done(regrouping.merge(session, kept.source, kept.number, gone.number, signature_of(by, why)))


@tracks_app.command(epilog='Example: coopwatch tracks split torino/3 --why "Two projects share this title"')
def split(
    project: Project,
    why: Why,
    page: Annotated[
        str | None, typer.Option(help="The page whose record is another project; else the project's page.")
    ] = None,
    by: By = None,
    data: Data = None,
) -> None:
    """Make what a page now states of a project a project of its own; nobody is told."""
    with open_house(data).db.writing() as session:
        found = tracks.find_project(session, project)
        stated = pages.find_page(session, page) if page else pages.page(session, found.page_id)
        _done(regrouping.split(session, found.source, found.number, stated.address, signature_of(by, why)))


@tracks_app.command(epilog='Example: coopwatch tracks undo 5 --why "They are two after all"')
def undo(
    number: Annotated[int, typer.Argument(metavar="DECISION", help="The number of a merge or a split.")],
    why: Why,
    by: By = None,
    data: Data = None,
) -> None:
    """Take a merge or a split back."""
    with open_house(data).db.writing() as session:
        _done(regrouping.undo(session, number, signature_of(by, why)))


@tracks_app.command("decisions", epilog="Example: coopwatch tracks decisions --json")
def list_decisions(data: Data = None, as_json: Json = False) -> None:
    """List what staff decided, reviews included, newest first: who, when and why."""
    house = open_house(data)
    with house.db.reading() as session:
        found = decisions(session)
    if as_json:
        print_json([decision_shape(decided) for decided in found])
        return
    for decided in found:
        undone = f"  (undone by {decided.undone_by})" if decided.undone_by else ""
        out.print(f"{decided.id:>5}  {decision_sentence(decided)}{undone}", markup=False, soft_wrap=True)
    if not found:
        out.print("Nothing has been decided yet.")


def signature_of(by: str | None, why: str) -> Signature:
    """Return who decides, why and when; raises BadParameter without a reason."""
    if not why.strip():
        raise typer.BadParameter("say why, for whoever asks later", param_hint="--why")
    return Signature(by or getpass.getuser(), why.strip(), Present().now())


def _published(changes: Iterable[Change]) -> None:
    lines = [change_sentence(change) for change in changes]
    published = f"{counted(len(lines), 'change', 'changes')} published."
    out.print(published if lines else "Decided; there was nothing to publish.")
    for line in lines:
        out.print(f"  {line}", markup=False, soft_wrap=True)


def _done(decided: StaffDecision) -> None:
    out.print(f"Decision {decided.id}: {decision_sentence(decided)}", markup=False, soft_wrap=True)


def _gist(asked: Review) -> str:
    if asked.question is None:
        return "; ".join(asked.reasons)
    return f"is {words(asked.question.project.title)!r} the known {words(asked.question.known.title)!r}?"


def _shape(session: Session, asked: Review) -> dict[str, Any]:
    question = asked.question
    return {
        "review": asked.id,
        "kind": asked.kind,
        "source": asked.source,
        "page": pages.page(session, asked.page_id).address,
        "since": instant(asked.since),
        "opened_at": instant(asked.opened_at),
        "capture": asked.about,
        "reasons": list(asked.reasons),
        "question": None
        if question is None
        else {
            "project": f"{asked.source}/{question.track}",
            "known": project_shape(question.known),
            "found": project_shape(question.project),
            "confidence": question.confidence,
        },
        "ending": asked.ending,
        "ended_at": instant(asked.ended_at),
        "decision": asked.decision_id,
    }


def _answers(session: Session, asked: Review) -> tuple[dict[str, Any], str | None]:
    """Return what each answer would publish, and why one cannot be given."""
    try:
        foreseen = reviews.forecast(session, asked.id)
    except DecisionError as error:
        return {reviews.ReviewEnd.REJECTED.value: []}, str(error)
    return {
        ending.value: [change_shape(change) | {"sentence": change_sentence(change)} for change in changes]
        for ending, changes in foreseen.items()
    }, None


def _show(asked: Review, shape: dict[str, Any]) -> None:
    out.print(f"[bold]review {asked.id}[/], kind {asked.kind}, since {local(asked.since)} (Rome)")
    lines = [shape["page"], f"capture {shape['capture']}", *(f"  {reason}" for reason in asked.reasons)]
    if asked.question is not None:
        lines.append(f"known: {asked.source}/{asked.question.track} {words(asked.question.known.title)}")
        lines.append(f"found: {words(asked.question.project.title)} ({asked.question.confidence:.2f})")
    if shape.get("cannot"):
        lines.append(f"cannot be released: {shape['cannot']}")
    for answer, changes in shape.get("answers", {}).items():
        brought = counted(len(changes), "change", "changes") if changes else "no changes"
        lines.append(f"if {answer}: {brought}")
        lines += [f"    {change['sentence']}" for change in changes]
    if asked.ending:
        lines.append(f"ended {local(asked.ended_at)}: {asked.ending}")
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)
