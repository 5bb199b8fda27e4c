"""Content by its SHA-256, each packed against a related one, any of them read through a short chain."""

from hashlib import sha256
from typing import Any

import sqlalchemy as sa
import zstandard

from scraper.errors import BodyDroppedError, DatabaseError
from store.database import Session, insert_new
from store.tables import BODY, CHAIN

IS_KEPT = sa.func.length(BODY.c.packed) > 0
"""Retention leaves a body's row with its digest and length and takes what was packed; no frame is empty."""

LEVEL = 19
"""With the page's previous version as dictionary a 55 KB page takes 440 bytes (git after gc: 689)."""


def keep_body(session: Session, content: bytes, related: str | None) -> str:
    """Keep content, packed against the content of `related` (a SHA-256) where given; return its SHA-256.

    Content that is there already is not written again; where retention had dropped it, it is filled in.
    """
    name = sha256(content).hexdigest()
    known = session.execute(sa.select(IS_KEPT).where(BODY.c.sha256 == name)).scalar()
    if not known:
        values = _packed_row(session, content, related)
        # Two pages may bring the same new body at the same instant (PostgreSQL has several writers).
        if insert_new(session, BODY, {"sha256": name, "length": len(content), **values}) is None:
            session.execute(sa.update(BODY).where(BODY.c.sha256 == name, ~IS_KEPT).values(values))
    return name


def body_content(session: Session, name: str) -> bytes:
    """Return the content of that SHA-256.

    Raises BodyDroppedError where retention dropped it, DatabaseError where what is stored does not make it.
    """
    content, chain = b"", _chain(session, name)
    if chain and not chain[0]:
        raise BodyDroppedError(
            f"the body is no longer kept, its digest is {name}",
            "Retention dropped it on purpose; what was read in it, and all about the visit, is kept.",
        )
    for packed in reversed(chain):
        content = _unpacked(packed, content, name)
    if sha256(content).hexdigest() != name:
        raise _damaged(name)
    return content


def chain_length(session: Session, name: str) -> int:
    """Return how many bodies are unpacked to read this one."""
    return len(_chain(session, name))


def packed_against(session: Session, content: bytes, base: str | None) -> bytes:
    """Return content as it is stored on the content of `base`, or by itself."""
    return _packed(content, body_content(session, base) if base else b"")


def _packed_row(session: Session, content: bytes, related: str | None) -> dict[str, Any]:
    depth = _next_depth(session, related)
    base = related if depth else None
    return {"depth": depth, "base": base, "packed": packed_against(session, content, base)}


def _next_depth(session: Session, related: str | None) -> int:
    if related is None:
        return 0
    depth = session.execute(sa.select(BODY.c.depth).where(BODY.c.sha256 == related, IS_KEPT)).scalar()
    return 0 if depth is None else (int(depth) + 1) % CHAIN


def _chain(session: Session, name: str) -> list[bytes]:
    """Return the packed bodies from this one down to the whole one that it rests on."""
    links = sa.select(BODY.c.sha256, BODY.c.base, sa.literal(0).label("step")).where(BODY.c.sha256 == name)
    chain = links.cte("chain", recursive=True)
    below = sa.select(BODY.c.sha256, BODY.c.base, chain.c.step + 1).join(chain, BODY.c.sha256 == chain.c.base)
    chain = chain.union_all(below)
    packed = sa.select(BODY.c.packed).join(chain, BODY.c.sha256 == chain.c.sha256).order_by(chain.c.step)
    return list(session.execute(packed).scalars())


def _dictionary(content: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _packed(content: bytes, dictionary: bytes) -> bytes:
    # The window must span both, or the far end of a large body finds nothing in the dictionary.
    window = max(10, (len(content) + len(dictionary)).bit_length())
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, source_size=len(content), dict_size=len(dictionary), window_log=window
    )
    return zstandard.ZstdCompressor(
        compression_params=parameters, dict_data=_dictionary(dictionary)
    ).compress(content)


def _unpacked(packed: bytes, dictionary: bytes, name: str) -> bytes:
    try:
        return zstandard.ZstdDecompressor(dict_data=_dictionary(dictionary)).decompress(packed)
    except zstandard.ZstdError as error:
        raise _damaged(name) from error


def _damaged(name: str) -> DatabaseError:
    return DatabaseError(
        f"the stored body {name} is damaged",
        "Stop coopwatch, keep the database, and restore the last backup.",
    )
