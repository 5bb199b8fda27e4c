"""What an import reads, file by file: WARC archives, saved answers with a manifest, folders of either."""

from collections.abc import Iterable, Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Any, NamedTuple

from exports.saved_answers import saved_answer, saved_entries
from exports.warc_reading import read_warc
from scraper.archived import Archived, Damage
from scraper.errors import UnreadableError

ARCHIVES = (".warc", ".warc.gz")
MANIFEST = ".json"


class Piece(NamedTuple):
    """What one record of an archive gave, and up to which byte of its file it is read with that."""

    found: Archived | Damage
    read: int


def archive_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files that these paths stand for, a folder for the archives and manifests right in it.

    Raises UnreadableError where one is missing or is nothing that can be imported.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.is_file() and _is_known(each))
            if not inside:
                raise UnreadableError(
                    f"{path}: neither a WARC archive nor a manifest lies there",
                    "docs/operators.md shows what the manifest of saved files looks like.",
                )
            files += inside
        elif not path.exists():
            raise UnreadableError(f"{path}: there is no such file", "Name archives, manifests, or folders.")
        elif not _is_known(path):
            raise UnreadableError(
                f"{path}: neither a WARC archive nor a manifest", "Name files in .warc, .warc.gz or .json."
            )
        else:
            files.append(path)
    return tuple(dict.fromkeys(files))


def read_archive(path: Path, largest: int) -> Iterator[Piece]:
    """Yield what every record of a file gives, and what of it is damaged.

    Bodies are read up to `largest` inflated bytes, as on a visit. Raises UnreadableError where the file as
    such cannot be read.
    """
    try:
        with path.open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}", "Name a file that can be read.") from error
    if path.name.endswith(MANIFEST):
        entries = saved_entries(path)
        for place, entry in enumerate(entries):
            yield Piece(_saved(path, sha256, entry, place, largest), size * (place + 1) // len(entries))
        return
    for record in read_warc(path, largest):
        if record.capture is None:
            yield Piece(Damage(path.name, record.name, record.problem), record.read)
        else:
            archived = Archived(record.capture, path.name, sha256, record.name, record.repeats)
            yield Piece(archived, record.read)


def _saved(path: Path, sha256: str, entry: Any, place: int, largest: int) -> Archived | Damage:
    name = f"entry {place + 1}"
    try:
        answer = saved_answer(path, entry, place)
        name = str(answer.path or name)
        return Archived(answer.capture(path.parent, largest), path.name, sha256, name)
    except UnreadableError as error:
        return Damage(path.name, name, str(error))


def _is_known(path: Path) -> bool:
    return path.name.lower().endswith((*ARCHIVES, MANIFEST))
