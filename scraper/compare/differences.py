"""What changed between two public records of a project, one change a field."""

from collections.abc import Iterator

from scraper.compare.plain_text import plain, plain_set, says_the_same
from scraper.compare.sameness import FACTS, value
from scraper.records import Change, ChangeKind, Project, Value

_KINDS = {"title": ChangeKind.RETITLED, "section": ChangeKind.MOVED}


def differences(track: int, before: Project, after: Project, same_layout: bool) -> tuple[Change, ...]:
    """Return the changes of one project.

    `same_layout` is false where the page states the project in another shape than before (or no longer):
    there a value that is no longer stated is recorded and not told, nor is another link.
    """
    return tuple(_differences(track, before, after, same_layout))


def _differences(track: int, before: Project, after: Project, same_layout: bool) -> Iterator[Change]:
    retitled = not says_the_same("title", before.title, after.title)
    for field in FACTS:
        old, new = value(before, field), value(after, field)
        if says_the_same(field, old, new) or (
            field == "acronym" and not retitled and _in_title(after, old, new)
        ):
            continue
        yield Change(
            kind=_KINDS.get(field, ChangeKind.CHANGED),
            track=track,
            project=after,
            field=field,
            before=old,
            after=new,
            previous_title=before.title if field == "title" else None,
            told=_is_told(field, old, new, same_layout, retitled)
            and not (retitled and field == "countries" and _in_the_title(before) and _in_the_title(after)),
        )


def _in_the_title(project: Project) -> bool:
    """Tell whether all countries were read in the title: its own change says it already."""
    title = [span for span in project.spans if span.field == "title"]
    places = [span for span in project.spans if span.field == "countries"]
    inside = [
        any(t.block == p.block and t.start <= p.start and p.end <= t.end for t in title) for p in places
    ]
    return all(inside) if inside else not project.countries


def _in_title(project: Project, *acronyms: Value) -> bool:
    """Tell whether acronyms stand in a title that stayed the same: then only their recognition changed."""
    title = plain(project.title or "").replace(".", "")
    return all(plain(str(each)).replace(".", "") in title for each in acronyms if each is not None)


def _is_told(field: str, old: Value, new: Value, same_layout: bool, retitled: bool) -> bool:
    if field == "section" or (field == "link" and not same_layout):  # a redesign moves every address
        return False
    if field == "acronym" and retitled:  # the title says it already
        return False
    if field == "title" and (new is None or _is_cut(old, new)):
        return False
    return same_layout or not _no_longer_stated(old, new)


def _no_longer_stated(old: Value, new: Value) -> bool:
    if isinstance(old, tuple) and isinstance(new, tuple):
        return plain_set(new) < plain_set(old)
    return new is None


def _is_cut(old: Value, new: Value) -> bool:
    """Tell whether one title is the other cut short with an ellipsis, as teasers do."""
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    shorter, longer = sorted((old, new), key=len)
    stem = shorter.rstrip().removesuffix("…").removesuffix("...").rstrip()
    return stem != shorter.rstrip() and longer.startswith(stem)
