"""Whether stored bodies are what their names say, each unpacked once however many rest upon it."""

from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import zstandard

from store.database import Session
from store.evidence.raw_rows import raw_rows
from store.tables import BODY

REMEMBERED = 64 * 1024 * 1024
"""How many bytes of contents are kept at hand: a page's next body usually rests upon its last one."""


class ContentError(Exception):
    """A stored body is not what its name says; the message says how."""


class Body(NamedTuple):
    """A body's content, and how many others it rests upon."""

    content: bytes
    depth: int


class Contents:
    """Unpacks bodies, and remembers those unpacked lately."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: OrderedDict[str, Body] = OrderedDict()
        self._size = 0

    def body(self, name: str, depth: int | None = None) -> Body:
        """Return the body of that SHA-256, which rests upon `depth` others; raises ContentError."""
        found = self._known.get(name) or self._read(name, depth)
        if depth not in {None, found.depth}:
            raise _odd_depth(name)
        self._known.move_to_end(name)
        return found

    def _read(self, name: str, depth: int | None) -> Body:
        row = self._row(name)
        # A depth that falls by one with every base also makes sure that there is an end.
        if depth not in {None, row["depth"]} or (row["depth"] == 0) != (row["base"] is None):
            raise _odd_depth(name)
        base = self.body(row["base"], row["depth"] - 1).content if row["base"] else b""
        found = Body(_unpacked(name, row, base), row["depth"])
        self._remember(name, found)
        return found

    def is_dropped(self, name: str) -> bool:
        """Say whether a body's row is there but its content was taken, as retention does."""
        row = raw_rows(self._session, BODY, [name]).get(name)
        if row is None or row.problem:
            return False
        return (row.values["packed"], row.values["base"], row.values["depth"]) == (b"", None, 0)

    def _row(self, name: str) -> Mapping[str, Any]:
        row = raw_rows(self._session, BODY, [name]).get(name)
        if row is None:
            raise ContentError(f"body {name} is missing")
        if row.problem:
            raise ContentError(f"body {name} {row.problem}")
        return row.values

    def _remember(self, name: str, found: Body) -> None:
        self._known[name] = found
        self._size += len(found.content)
        while self._size > REMEMBERED and len(self._known) > 1:
            _, forgotten = self._known.popitem(last=False)
            self._size -= len(forgotten.content)


def _unpacked(name: str, row: Mapping[str, Any], base: bytes) -> bytes:
    packed = row["packed"]
    # RFC 8878 section 3.1.1.1.1.3: the one bit of a frame that no reader looks at. We always write it as 0.
    if len(packed) < 5 or packed[4] & 0b0001_0000:
        raise ContentError(f"body {name} is packed as it never was")
    dictionary = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    try:
        # Looked at first: a frame may claim any size, and the room for it is made before it is unpacked.
        if zstandard.frame_content_size(packed) != row["length"]:
            raise ContentError(f"body {name} has another length than it says")
        content = zstandard.ZstdDecompressor(dict_data=dictionary).decompress(packed, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise ContentError(f"body {name} cannot be unpacked") from error
    if sha256(content).hexdigest() != name:
        raise ContentError(f"body {name} holds something else")
    return content


def _odd_depth(name: str) -> ContentError:
    return ContentError(f"body {name} rests on another body than it did")
