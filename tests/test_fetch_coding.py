"""Undoing content codings with a bound."""

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UnreadableError
from scraper.fetch import Inflated, inflate
from scraper.fetch.coding import Inflater


def _raw_deflate(body: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(body) + squeeze.flush()


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    " GZip ": lambda body: gzip.compress(body[:3]) + gzip.compress(body[3:]) + b"\0\0",
    "deflate": zlib.compress,
    "Deflate": _raw_deflate,
    "identity": bytes,
    "": bytes,
}


@given(st.sampled_from(sorted(CODERS)), st.binary(max_size=400), st.integers(1, 500), st.integers(1, 50))
def test_any_split_of_a_coded_body_inflates_to_its_beginning(
    coding: str, body: bytes, largest: int, piece: int
) -> None:
    """However it is cut into pieces, out comes the body, or its first `largest` bytes marked as cut."""
    inflater = Inflater([coding], largest)
    coded = CODERS[coding](body)
    for start in range(0, len(coded), piece):
        inflater.feed(coded[start : start + piece])
    assert inflater.inflated() == Inflated(body[:largest], len(body) > largest, True)


def test_a_stream_that_breaks_off_is_not_complete() -> None:
    """What came is kept, and that it is not all is said; nothing at all is complete."""
    whole = gzip.compress(b"progetti" * 1000)
    assert not inflate(whole[:-9], "gzip", 100_000).complete
    assert not inflate(whole[:5], "gzip", 100_000).complete
    assert inflate(b"", "gzip", 100_000) == Inflated(b"", False, True)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "gzip,identity,deflate", "compress"])
def test_other_codings_and_several_are_refused(coding: str) -> None:
    """A coding that nobody asked for, or one within another, is not undone."""
    with pytest.raises(UnreadableError):
        inflate(b"x", coding, 100)


def test_a_broken_stream_is_named() -> None:
    """Bytes that are not what their coding says are no body."""
    with pytest.raises(UnreadableError, match="gzip coding of the body is broken"):
        inflate(b"not gzip at all", "gzip", 100)
