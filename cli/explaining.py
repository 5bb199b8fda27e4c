"""The command that says why a change was published."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cli.console import out, print_json
from cli.house import open_house
from cli.options import Data, Json
from cli.printed import change_sentence, counted, instant, ledger_shape, local, plain, stated
from store.decisions import StaffDecision
from store.explanations import Explanation, Judged, Side, explanation
from store.telling import Telling, told_of

app = typer.Typer()

MOST = 20
"""Mails that are named on the terminal."""


@app.command(epilog="Example: coopwatch explain 7")
def explain(
    change: Annotated[int, typer.Argument(help="The change's number, as `coopwatch changes` shows it.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say why a change was published (captures, places, match, verdict), and who was told of it by mail."""
    house = open_house(data)
    with house.db.reading() as session:
        why = explanation(session, change)
        told = told_of(session, [change])
    if as_json:
        print_json({**_shape(why), "told_to": [_telling_shape(one) for one in told]})
    else:
        for line in (*_lines(why), *_told_lines(told)):
            out.print(line, markup=False, soft_wrap=True)


def _telling_shape(told: Telling) -> dict[str, Any]:
    return {
        "delivery": told.delivery_id,
        "run": told.run_id,
        "kind": told.kind,
        "recipient": told.recipient,
        "message_id": told.message_id,
        "state": told.state,
        "composed_at": instant(told.created_at),
        "settled_at": instant(told.settled_at),
        "response": told.response,
    }


def _told_lines(told: Sequence[Telling]) -> list[str]:
    """Return how many mails told the change and in which states, then the first of them."""
    if not told:
        return ["told by mail", "  nobody"]
    states = ", ".join(f"{count} {state}" for state, count in Counter(one.state for one in told).items())
    lines = ["told by mail", f"  {counted(len(told), 'mail', 'mails')}: {states}"]
    for one in told[:MOST]:
        when = local(one.settled_at or one.created_at)
        said = one.response or "no answer yet"
        lines.append(f"  {one.recipient}: {one.kind} {one.state} {when}, delivery {one.delivery_id}: {said}")
    return lines if len(told) <= MOST else [*lines, f"  … and {len(told) - MOST} more: --json lists them all"]


def _shape(why: Explanation) -> dict[str, Any]:
    match = why.match
    return {
        **ledger_shape(why.entry),
        "match": None if match is None else {"confidence": match.confidence, "grounds": list(match.grounds)},
        "capture_before": _side_shape(why.before) if why.before else None,
        "capture_after": _side_shape(why.after),
        "verdicts": [_verdict_shape(verdict) for verdict in why.verdicts],
        "decision": decision_shape(why.decided) if why.decided else None,
    }


def decision_shape(decided: StaffDecision) -> dict[str, Any]:
    """Return what staff decided as JSON."""
    return {
        "decision": decided.id,
        "at": instant(decided.at),
        "by": decided.by,
        "action": decided.action,
        "why": decided.why,
        "source": decided.source,
        "capture": decided.capture_id,
        "review": decided.review_id,
        "track": decided.track,
        "other": decided.other,
        "undoes": decided.undoes,
        "undone_by": decided.undone_by,
    }


def _side_shape(side: Side) -> dict[str, Any]:
    return {
        "capture": side.capture.id,
        "at": instant(side.capture.at),
        "url": side.capture.url,
        "sha256": side.capture.sha256,
        "reader_version": side.reader_version,
        "states_project": side.project is not None,
        "value": plain(side.value),
        "spans": [
            {
                "field": span.field,
                "block": span.block,
                "start": span.start,
                "end": span.end,
                "quote": span.quote,
            }
            for span in side.spans
        ],
    }


def _verdict_shape(verdict: Judged) -> dict[str, Any]:
    return {"at": instant(verdict.at), "verdict": verdict.decision, "reasons": list(verdict.reasons)}


def _lines(why: Explanation) -> list[str]:
    entry = why.entry
    told = "news for subscribers" if entry.change.told else "recorded, not told"
    lines = [
        f"change {entry.pub_seq}, project {entry.source}/{entry.change.track}",
        f"  {change_sentence(entry.change)}",
        f"  public since {local(entry.at)} (Rome), {told}",
        *_side_lines("before", why.before, entry.change.field),
        *_side_lines("after", why.after, entry.change.field),
        "match",
    ]
    if why.match is None:
        lines.append("  none: the project was not paired with another record")
    else:
        lines.append(f"  confidence {why.match.confidence:.2f}: {'; '.join(why.match.grounds)}")
    for verdict in why.verdicts:
        reasons = "; ".join(verdict.reasons) or "nothing spoke against it"
        lines += ["verdict", f"  {local(verdict.at)} {verdict.decision}: {reasons}"]
    if why.decided:
        lines += ["decision", f"  {decision_sentence(why.decided)}"]
    return lines


def decision_sentence(decided: StaffDecision) -> str:
    """Return what staff decided as an English sentence for the terminal."""
    about = "" if decided.track is None else f" {decided.source}/{decided.track}"
    other = "" if decided.other is None else f" and {decided.source}/{decided.other}"
    return (
        f"{local(decided.at)} {decided.by or '(name erased)'}: {decided.action}{about}{other}: {decided.why}"
    )


def _side_lines(name: str, side: Side | None, field: str | None) -> list[str]:
    if side is None:
        return [f"{name}: nothing had been accepted yet"]
    capture = side.capture
    lines = [
        f"{name}: capture {capture.id} of {local(capture.at)} (Rome)",
        f"  {capture.url}",
        f"  SHA-256 {capture.sha256 or '(no body)'}",
    ]
    if side.project is None:
        return [*lines, "  does not state the project"]
    if field is not None:
        lines.append(f"  {field}: {stated(field, side.value, side.project)}")
    return lines + [
        f"  {span.field} in block {span.block}, characters {span.start}–{span.end}: “{span.quote}”"
        for span in side.spans
    ]
