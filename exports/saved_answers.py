"""Saved answers as `replay` and `import` take them: files of bodies, and a JSON list of what each one is."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from scraper.errors import UnreadableError
from scraper.fetch.coding import inflate
from scraper.records import Capture, Failure, FailureKind

TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".shtml": "text/html",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
}
"""What a file's suffix says about it; anything else is taken for HTML."""

LARGEST = 10_000_000
"""The most bytes of an inflated body that are read, as in a source's default."""


class SavedAnswer(BaseModel):
    """One entry of a manifest: a saved answer, or an `error` where none came (`path` null)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    path: Path | None = None
    url: str
    at: AwareDatetime
    status: int | None = 200
    headers: dict[str, str] = {}
    error: str | None = None

    def capture(self, folder: Path, largest: int = LARGEST) -> Capture:
        """Return the capture that this entry stands for, its file sought in `folder`.

        Raises UnreadableError.
        """
        at, headers = self.at.astimezone(UTC), list(self.headers.items())
        if self.path is not None:
            return saved_capture(folder / self.path, self.url, at, self.status or 200, headers, largest)
        if self.error is None:
            return Capture(self.url, at, self.status, tuple(headers))
        return Capture(self.url, at, failure=Failure(FailureKind.NETWORK, self.error))


class _Manifest(BaseModel):
    """What holds the entries; each is looked at by itself."""

    captures: list[Any]


def saved_sequence(path: Path) -> tuple[SavedAnswer, ...]:
    """Return the saved answers of a manifest, in the order of their visits; raises UnreadableError."""
    return tuple(saved_answer(path, entry, place) for place, entry in enumerate(saved_entries(path)))


def saved_entries(path: Path) -> list[Any]:
    """Return the entries of a manifest as they stand there; raises UnreadableError."""
    try:
        return _Manifest.model_validate_json(path.read_bytes()).captures
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}", "Name the JSON file of a sequence.") from error
    except ValidationError as error:
        raise _unlike_a_manifest(path, error, ()) from error


def saved_answer(path: Path, entry: Any, place: int) -> SavedAnswer:
    """Return the saved answer of one entry of the manifest `path`; raises UnreadableError."""
    try:
        return SavedAnswer.model_validate(entry)
    except ValidationError as error:
        raise _unlike_a_manifest(path, error, ("captures", place)) from error


def _unlike_a_manifest(path: Path, error: ValidationError, place: tuple[str | int, ...]) -> UnreadableError:
    first = error.errors()[0]
    where = ".".join(str(part) for part in (*place, *first["loc"]))
    return UnreadableError(
        f"{path}: {where}: {first['msg']}", "docs/operators.md shows what such a file looks like."
    )


def saved_capture(
    file: Path, url: str, at: datetime, status: int, headers: list[tuple[str, str]], largest: int = LARGEST
) -> Capture:
    """Return the capture that a saved answer stands for; raises UnreadableError."""
    try:
        coded = file.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{file}: {error.strerror}", "Name the file of a saved answer.") from error
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = [*headers, ("Content-Type", TYPES.get(file.suffix.lower(), "text/html"))]
    inflated = inflate(coded, Capture(url, at, status, tuple(headers)).header("content-encoding"), largest)
    return Capture(
        url,
        at,
        status,
        tuple(headers),
        body=inflated.body,
        cut=inflated.cut,
        coded_sha256=sha256(coded).hexdigest(),
        coded_length=len(coded),
    )
