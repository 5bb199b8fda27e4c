"""Undoing Content-Encoding with a bound, so that no bomb goes off."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.errors import UnreadableError

_GZIP_WINDOW = 31  # zlib: 15 window bits, gzip wrapper
_ZLIB_WINDOW = 15
_RAW_WINDOW = -15


@dataclass(frozen=True, slots=True)
class Inflated:
    """A body with its coding undone; `cut` at the cap, `complete` unless the coded stream breaks off."""

    body: bytes
    cut: bool
    complete: bool


class Inflater:
    """Takes a coded body piece by piece and never holds more than `largest` bytes of what it stands for."""

    def __init__(self, codings: Sequence[str], largest: int) -> None:
        """Raises UnreadableError for a coding that we do not undo, or for more than one (a known bomb)."""
        self._coding = _single_coding(codings)
        self._stream = zlib.decompressobj(_GZIP_WINDOW) if self._coding == "gzip" else None
        self._largest = largest
        self._body = bytearray()
        self._ended = False
        self._fed = False

    @property
    def cut(self) -> bool:
        """Whether the body is larger than the cap; feeding more is pointless then."""
        return len(self._body) > self._largest

    def feed(self, coded: bytes) -> None:
        """Take the next piece; raises UnreadableError where it is not what its coding says."""
        self._fed = self._fed or bool(coded)
        try:
            while coded and not self.cut and not self._ended:
                coded = self._take(coded)
        except zlib.error as error:
            raise UnreadableError(f"the {self._coding} coding of the body is broken") from error

    def inflated(self) -> Inflated:
        """Return what has been taken so far."""
        return Inflated(
            body=bytes(self._body[: self._largest]),
            cut=self.cut,
            complete=self.cut or self._stream is None or self._stream.eof or not self._fed,
        )

    def _take(self, coded: bytes) -> bytes:
        room = self._largest + 1 - len(self._body)
        if self._coding == "identity":
            self._body += coded[:room]
            return b""
        if self._stream is None or (self._stream.eof and _another_member(self._coding, coded)):
            self._stream = zlib.decompressobj(_window(self._coding, coded))
        elif self._stream.eof:  # what follows the stream is padding, as gzip(1) treats it
            self._ended = True
            return b""
        self._body += self._stream.decompress(coded, room)
        return self._stream.unused_data or self._stream.unconsumed_tail


def inflate(coded: bytes, content_encoding: str | None, largest: int) -> Inflated:
    """Return a whole body with the coding that `content_encoding` names undone, as a visit does it.

    Raises UnreadableError for a coding that we do not undo, for more than one, and for a broken one.
    """
    inflater = Inflater((content_encoding or "").split(","), largest)
    inflater.feed(coded)
    return inflater.inflated()


def _single_coding(codings: Sequence[str]) -> str:
    named = [coding.strip().lower() for coding in codings]
    named = [coding for coding in named if coding not in {"", "identity"}]
    if len(named) > 1:
        raise UnreadableError(f"more than one content-encoding ({', '.join(named)[:60]})")
    coding = named[0].removeprefix("x-") if named else "identity"
    if coding not in {"gzip", "deflate", "identity"}:
        raise UnreadableError(f"content-encoding {coding[:40]!r}, which was not asked for")
    return coding


def _another_member(coding: str, coded: bytes) -> bool:
    return coding == "gzip" and coded.startswith(b"\x1f")


def _window(coding: str, coded: bytes) -> int:
    """Return zlib's window bits; "deflate" comes with a zlib header, or, from some servers, without."""
    if coding == "gzip":
        return _GZIP_WINDOW
    return _ZLIB_WINDOW if coded[0] & 0x0F == zlib.DEFLATED else _RAW_WINDOW
