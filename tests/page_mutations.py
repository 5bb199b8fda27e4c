"""Golden pages gone wrong: bytes flipped, tags torn out or put in, pages cut, doubled and nested, all from a
seed."""

from collections.abc import Callable
from random import Random

_TAGS = (
    b"<table>", b"</table>", b"<tr>", b"<td>", b"</td>", b"<td rowspan=0>", b"<td colspan=99999>", b"<ul>",
    b"<li>", b"</li>", b"</ul>", b"<p>", b"</p>", b"<b>", b"</b>", b"<div>", b"</div>", b"<h2>", b"</h2>",
    b"<br>", b"<dl><dt>", b"<dd>", b"<!--", b"-->", b"<script>", b"</script>", b"<a href='", b"<form>",
    b"<main>", b"</body>", b"<template>", b"<style>", b"<![CDATA[", b"<?php ", b"&#0;", b"&#xD800;",
    b"&#99999999;", b"&nbsp", b"\x00", b"\xc3", b"\xff\xfe", b"\xe2\x80\x8b", b"<svg><table>",
    b"<select><option>", b"<textarea>", b"<frameset>", b"<plaintext>", b"<base href='//['>",
    b"<meta charset=utf-16>",
)  # fmt: skip
_WORDS = (
    b"Progetti in corso", b"Capofila: ", b"\xe2\x82\xac 1.000.000", b"dal 1\xc2\xb0 giugno 2018",
    b"((((((", b"\"\"\"\"", b"....", b"\n" * 40, b"1" * 400, b"a" * 5000, b" - " * 200,
    b"Partner: A, B, C e D; ", b"Titolo: ", b"(Kenya)", b"2015/2018", b"\xc2\xa0" * 50, b"\xcc\x81" * 30,
    b"AREA GEOGRAFICA", b": " * 100, b"e ed e " * 60,
)  # fmt: skip


def mutated(body: bytes, random: Random) -> bytes:
    """Return `body` after one to six mishaps."""
    for _ in range(random.randint(1, 6)):
        body = random.choice(_MISHAPS)(body, random)
    return body


def _place(body: bytes, random: Random) -> int:
    return random.randint(0, len(body))


def _flip(body: bytes, random: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(random.randint(1, 30)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _insert(body: bytes, random: Random) -> bytes:
    place = _place(body, random)
    return body[:place] + random.choice(_TAGS + _WORDS) * random.choice((1, 1, 1, 3, 50)) + body[place:]


def _delete(body: bytes, random: Random) -> bytes:
    start = _place(body, random)
    return body[:start] + body[start + random.choice((1, 1, 10, 200)) :]


def _tear(body: bytes, random: Random) -> bytes:
    """Tear one tag out."""
    start = body.find(b"<", _place(body, random))
    end = body.find(b">", start)
    return body[:start] + body[end + 1 :] if 0 <= start < end else body


def _truncate(body: bytes, random: Random) -> bytes:
    return body[: _place(body, random)]


def _double(body: bytes, random: Random) -> bytes:
    start = _place(body, random)
    end = min(len(body), start + random.randint(1, 4000))
    return body[:end] + body[start:end] * random.choice((1, 2, 20)) + body[end:]


def _swap(body: bytes, random: Random) -> bytes:
    first, second = sorted((_place(body, random), _place(body, random)))
    size = random.randint(1, 500)
    return (
        body[:first]
        + body[second : second + size]
        + body[first + size : second]
        + body[first : first + size]
        + body[second + size :]
    )


def _nest(body: bytes, random: Random) -> bytes:
    place = _place(body, random)
    tag = random.choice(
        (
            b"<div>",
            b"<table><tr><td>",
            b"<ul><li>",
            b"<b>",
            b"<font size=1>",
            b"<dl><dd>",
            b"<div class=card>",
        )
    )
    return body[:place] + tag * random.choice((20, 300, 3000)) + body[place:]


def _recode(body: bytes, random: Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(
        random.choice(("utf-16", "windows-1252", "latin-1", "utf-8-sig", "utf-16-be", "iso8859-2")), "replace"
    )


_MISHAPS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip, _insert, _insert, _insert, _delete, _tear, _tear, _truncate, _double, _swap, _nest, _recode,
)  # fmt: skip
