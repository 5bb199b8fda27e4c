"""The command of retention: what old bodies would go, and, when told so, dropping them."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer
from rich.progress import Progress

from cli.console import err, out, print_json
from cli.house import open_house
from cli.options import Data, Json
from cli.printed import counted, local
from schedules.present import Present
from scraper.errors import DecisionError
from store.dropping import Retirement, drop_bodies, retirement
from store.pages import find_page

app = typer.Typer()


@app.command(
    epilog="Examples: coopwatch retention --bodies-older-than 3650 · "
    'coopwatch retention --bodies-older-than 3650 --drop --why "Schedule of 2026"'
)
def retention(
    days: Annotated[
        int,
        typer.Option(
            "--bodies-older-than", metavar="DAYS", min=1, help="Bodies that only older visits brought."
        ),
    ],
    page: Annotated[
        str | None, typer.Option(help="Of this page alone: its number, address or words of its title.")
    ] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Do it; without this it is only said.")] = False,
    why: Annotated[str, typer.Option(help="Why, for whoever asks later; it is logged.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Drop the bodies of old visits; their digests, headers, verdicts and readings stay, and the log says so.

    Never dropped: the accepted state of a page, and what waits for a decision.
    """
    house, now = open_house(data), Present().now()
    if drop and not why.strip():
        raise DecisionError("dropping needs a reason", 'Add --why "…": it goes into the log.')
    before = now - timedelta(days=days)
    with house.db.reading() as session:
        chosen = None if page is None else [find_page(session, page).id]
        leaving = retirement(session, before, chosen)
    if drop:
        with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
            task = progress.add_task("dropping", total=None)
            with house.db.writing() as session:
                leaving = drop_bodies(
                    session,
                    before,
                    chosen,
                    now,
                    why.strip(),
                    lambda done, total: progress.update(task, completed=done, total=total),
                )
    if as_json:
        print_json({**asdict(leaving), "dropped": drop})
        return
    _show(leaving, local(before), drop)


def _show(leaving: Retirement, before: str, dropped: bool) -> None:
    one, more = ("was", "were") if dropped else ("would be", "would be")
    bodies = counted(len(leaving.names), f"body {one}", f"bodies {more}")
    visits = counted(leaving.captures, "visit", "visits")
    others = counted(leaving.rewritten, f"other that rests on them {one}", f"others that rest on them {more}")
    out.print(
        f"{bodies} dropped ({visits}, all before {before}),"
        f" {leaving.freed / 1e6:.1f} MB; {others} packed anew.",
        soft_wrap=True,
    )
    if not dropped and leaving.names:
        out.print('Nothing was changed. Add --drop --why "…" to do it; take a backup first.')
