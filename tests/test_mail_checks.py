"""What every digest must be, check by check: headers, subjects, parts, sizes, links, and its very bytes."""

import base64
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from notifier.bounces.return_paths import ReturnPaths
from notifier.headers import subject_value
from notifier.message import message_id
from notifier.render import LARGEST_HTML, TOKEN_PLACE, Envelope
from notifier.stencil import printed, stencil
from notifier.words import LANGUAGES, words
from scraper.records import ChangeKind
from store.ledger import LedgerEntry
from tests.digest_samples import MC2CM, START, changed, happened, ledger
from tests.mail_samples import (
    CASES,
    GOLDEN,
    PAGE,
    PUBLIC,
    SENDER,
    TOKEN,
    WEEKLY,
    entered,
    letter,
    many,
    message,
    one,
    projects,
)

SOAK = bool(os.environ.get("COOPWATCH_SOAK"))
ALL = [(name, language) for name in CASES for language in LANGUAGES]


def parts(raw: bytes) -> tuple[EmailMessage, str, str]:
    """Return a message and what its text and its HTML say."""
    found = message_from_bytes(raw, policy=default)
    text, html = found.get_body(("plain",)), found.get_body(("html",))
    assert text is not None and html is not None
    return found, *(part.get_content().replace("\r\n", "\n") for part in (text, html))


class Seen(HTMLParser):
    """What a mail's HTML shows where styles are ignored: its words by element, its tags and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, list[str]] = {}
        self.all = ""
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Keep a tag, and begin a new stretch of words for it."""
        self.tags.append((tag, dict(attributes)))
        if tag not in {"br", "meta"}:
            self._open.append(tag)
            self.words.setdefault(tag, []).append("")
        self.all += "" if tag in {"span", "a", "del", "ins"} else " "

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep words with every element that holds them."""
        for tag in set(self._open):
            self.words[tag][-1] += data
        if not {"style", "title"} & set(self._open):
            self.all += data

    @property
    def links(self) -> set[str]:
        """Every address that can be followed."""
        return {str(attributes["href"]) for tag, attributes in self.tags if tag == "a"}


def flat(text: str) -> str:
    """Return text in one line."""
    return " ".join(text.split())


def raw_fields(raw: bytes) -> list[tuple[str, str]]:
    """Return header fields by RFC 5322 alone: unfolded, undecoded."""
    head = raw.partition(b"\r\n\r\n")[0].decode("utf-8")
    lines = re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n")
    return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]


@pytest.mark.parametrize("length", [1, 22, 43, 75, 76, 77, 200, 500, 900])
def test_check_03_the_link_to_leave_is_one_raw_address(length: int) -> None:
    """Byte-equal, never an encoded word, no line above 998 bytes, for tokens of any permitted length."""
    token = ("aB3-_" * 200)[:length]
    raw = printed(
        stencil(letter(many()), SENDER), recipient="a@b.it", identifier="<x@y>", at=START, token=token
    )
    (line,) = [line for line in raw.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert line == f"List-Unsubscribe: <{PUBLIC}/unsubscribe/{token}>".encode()
    head = raw.partition(b"\r\n\r\n")[0]
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert [name for name, value in raw_fields(head) if "=?" in value] == ["From", "Subject"]
    _, text, html = parts(raw)
    assert text.count(f"/unsubscribe/{token}\n") == html.count(f'/unsubscribe/{token}"') == 2
    assert TOKEN_PLACE not in text + html


def test_check_03_a_link_longer_than_a_line_is_refused() -> None:
    """Better no mail than one that nobody can leave."""
    with pytest.raises(ValueError, match="List-Unsubscribe"):
        printed(
            stencil(letter(many()), SENDER), recipient="a@b", identifier="<x@y>", at=START, token="x" * 999
        )


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_check_03_other_pythons_write_the_same_header(version: str) -> None:
    """Our writer does not depend on what a Python's e-mail package does this year."""
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode:
        pytest.skip(f"no Python {version} here")
    script = (
        "import sys\nfrom notifier.headers import *\n"
        "sys.stdout.buffer.write(header_block([('Subject', subject_value(sys.argv[1])),"
        "('From', address_value(sys.argv[1], 'a@b.it')), ('List-Unsubscribe', sys.argv[2])]))"
    )
    arguments = ["-c", script, "5 novità: «Acqua è vita» – été 🌍 " * 6, f"<https://x.org/{'t' * 400}>"]
    root = Path(__file__).parent.parent
    ours, theirs = (
        subprocess.run([which, *arguments], cwd=root, check=True, capture_output=True).stdout
        for which in (sys.executable, python)
    )
    assert ours == theirs


_ENCODED_WORD = re.compile(r"=\?([^?]+)\?([bBqQ])\?([^? ]*)\?=")


def decoded(value: str) -> str:
    """Decode an unstructured field by the letter of RFC 2047, without Python's e-mail package.

    Each encoded word must be whole by itself; blanks between two neighbours do not count.
    """
    unfolded = re.sub(r"\r\n(?=[ \t])", "", value)
    joined = re.sub(r"(\?=)[ \t]+(?==\?[^?]+\?[bBqQ]\?[^? ]*\?=)", r"\1", unfolded)

    def word(match: re.Match[str]) -> str:
        charset, encoding, text = match.groups()
        if encoding in "bB":
            octets = base64.b64decode(text, validate=True)
        else:
            spaced = text.replace("_", " ").encode("ascii")
            octets = re.sub(rb"=([0-9A-F]{2})", lambda hexed: bytes([int(hexed[1], 16)]), spaced)
        return octets.decode(charset, "strict")

    return _ENCODED_WORD.sub(word, joined)


def subjects(count: int) -> Iterator[str]:
    """Yield subjects of 1 to 300 characters as our pages and others could make them."""
    chance = random.Random(1)
    stock = "città l’attività «in corso» perché été, où – — “quoted” 100% MC2CM (2018) ñ ß 🌍 👩‍🌾 "
    stock += "e\u0301 =? ?= =?utf-8?q?x?= _ = ? \t a"
    words = [*stock.split(" "), "Progetto", "acqua:", "naïve", "sœur", "x" * 90, "à" * 90]
    for _ in range(count):
        chosen = " ".join(chance.choices(words, k=chance.randint(1, 60)))
        yield chosen[: chance.randint(1, 300)]


@pytest.mark.soak
def test_check_04_subjects_survive_two_decoders() -> None:
    """What was meant comes out of Python's decoder and of one that is not Python's, letter by letter."""
    for subject in subjects(50_000 if SOAK else 1_000):
        value = subject_value(subject)
        meant = " ".join(re.sub("[\u200b-\u200f\u202a-\u202e]", "", subject).split())
        assert decoded(value) == meant == str(make_header(decode_header(value.replace("\r\n", ""))))
        assert "?==?" not in value and value.isascii()
        assert max(map(len, value.split("\r\n"))) <= 78
        assert all(len(word) <= 75 for word in value.split() if word.startswith("=?"))


INJECTIONS = [
    f"x{break_}Bcc: victim@example.org"
    for break_ in (
        "\r\n",
        "\n",
        "\r",
        "\0",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\u2028",
        "\u2029",
        "\r\n ",
        "\n\t",
    )
] + [
    "=?utf-8?q?x=0D=0ABcc:_victim=40example.org?=",
    "=?utf-8?b?eA0KQmNjOiB2aWN0aW1AZXhhbXBsZS5vcmc=?=",
    "à =?utf-8?q?x=0D=0ABcc:_victim=40example.org?=",
    "a\u202egnp.exe",
    "\u2066x\u2069",
    '"><x@evil.example>, y',
    "x" * 5000,
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_check_05_no_scraped_word_adds_or_changes_a_field(text: str) -> None:
    """Titles, our own name, sources' names: the set of fields and all other values stay as they were."""
    entries = ledger(
        changed("title", "altro", text, project=replace(MC2CM, title=text, acronym=text, area=text))
    )
    calm = ledger(changed("title", "altro", "y", project=replace(MC2CM, title="y", acronym="y", area="y")))
    named = replace(SENDER, name=text)
    raws = [
        printed(stencil(letter(told), who), recipient="a@b.it", identifier="<x@y>", at=START, token=TOKEN)
        for told, who in ((calm, SENDER), (entries, named))
    ]
    benign, hostile = (raw_fields(raw) for raw in raws)
    assert [name for name, _ in hostile] == [name for name, _ in benign]
    touched = {name for (name, old), (_, new) in zip(benign, hostile, strict=True) if old != new}
    assert touched <= {"From", "Subject", "Content-Type"}  # the last one has another boundary
    read = message_from_bytes(raws[1], policy=default)
    assert list(read.keys()) == [name for name, _ in hostile]
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", read["Subject"])
    assert [str(one.addr_spec) for one in read["From"].addresses] == [SENDER.address]


@pytest.mark.parametrize(("name", "language"), ALL)
def test_check_06_the_text_says_all_that_the_html_says(name: str, language: str) -> None:
    """Text first, in lines of at most 78 columns; the same addresses, and every title and value in it."""
    entries, envelope = CASES[name]
    found, text, html = parts(message(entries, language, envelope))
    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert [line for line in text.splitlines() if len(line) > 78 and "://" not in line] == []
    seen, said = Seen(html), flat(text)
    assert seen.links == set(re.findall(r"https?://\S+", text))
    marks = (
        f"{words(language).text(key)}{words(language).text('colon')} "
        for key in ("table.before", "table.after")
    )
    cells = [cell for cell in seen.words["td"] if "<table" not in cell]
    for mark in marks:
        cells = [cell.removeprefix(mark) for cell in cells]
    told = [*seen.words["h1"], *seen.words["h2"], *seen.words["h3"], *seen.words["h4"], *seen.words["del"]]
    assert [value for value in [*told, *seen.words["ins"]] if flat(value) not in said] == []
    assert len(seen.words["h4"]) == len(re.findall(r"^\[", text, re.MULTILINE))
    rows = [cell for cell in cells if len(cell) < 400 and "\n" not in cell]
    assert rows and [cell for cell in rows if not all(flat(part) in said for part in cell.split("; "))] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 100, 2000])
def test_check_07_a_digest_has_a_largest_size(count: int, language: str) -> None:
    """At most 80 KB of HTML and 200 KB in all; what is left out is counted and stands on a page."""
    raw = message(projects(count), language)
    _, text, html = parts(raw)
    assert len(html.encode()) <= LARGEST_HTML == 80_000 and len(raw) <= 200_000
    shown = html.count("<h4")
    left_out = words(language).count("digest.more", count - shown)
    assert (flat(left_out) in flat(text) and left_out in html) == (shown < count)
    assert (f"{PUBLIC}/changes?after=0&upto={3 * count}" in text) == (shown < count)
    assert html.index("/unsubscribe/") < 20_000 and text.index("/unsubscribe/") < 20_000
    assert [line for line in text.splitlines() if len(line) > 78 and "://" not in line] == []


@pytest.mark.parametrize(("name", "language"), ALL)
def test_check_08_nothing_is_loaded_and_nobody_is_followed(name: str, language: str) -> None:
    """No element or style that loads; links lead to us and to the watched page, alike for all readers."""
    entries, envelope = CASES[name]
    html = letter(entries, language, envelope).html
    seen = Seen(html)
    loading = {
        "img",
        "link",
        "script",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "source",
        "form",
        "base",
    }
    assert loading & {tag for tag, _ in seen.tags} == set()
    assert not [one for _, attributes in seen.tags for one in attributes if one in {"src", "background"}]
    assert not re.search(r"url\(|@import|@font-face", html)
    assert {urlsplit(link)._replace(path="", query="").geturl() for link in seen.links} == {
        PUBLIC,
        "https://www.example.org",
    }
    assert [link for link in seen.links if TOKEN_PLACE in link] == [f"{PUBLIC}/unsubscribe/{TOKEN_PLACE}"]
    assert all(set(re.findall(r"[?&](\w+)=", link)) <= {"after", "upto"} for link in seen.links)
    set_once = stencil(letter(entries, language, envelope), SENDER)
    both = [
        printed(set_once, recipient=f"{who}@b.it", identifier="<x@y>", at=START, token=token)
        for who, token in (("a", "1" * 22), ("b", "2" * 22))
    ]
    assert both[0].replace(b"a@b.it", b"b@b.it").replace(b"1" * 22, b"2" * 22) == both[1]


@pytest.mark.parametrize(("name", "language"), ALL)
def test_check_10_the_words_suffice(name: str, language: str) -> None:
    """Without any style each project still says what happened to it, and each value which one it was."""
    entries, envelope = CASES[name]
    bare = re.sub(
        r'<style>.*?</style>| style="[^"]*"| class="[^"]*"', "", letter(entries, language, envelope).html
    )
    seen, t = Seen(bare), words(language).text
    kinds = {t(f"kind.{kind}") for kind in ChangeKind}
    cards = re.split("(?=<p>[^<]*</p>\\s*<h4)", bare)[1:]
    assert len(cards) == len(seen.words["h4"])
    for card in cards:
        assert Seen(card).words["p"][0] in kinds
        _, _, changes = card.partition(f"<caption>{t('table.changes')}</caption>")
        for row in re.findall(r"<tr><th scope=.row.>.*?</tr>", changes.partition("</table>")[0]):
            before, after = Seen(row).words["td"]
            assert before.startswith(t("table.before")) and after.startswith(t("table.after"))


@pytest.mark.parametrize("mailbox", [None, "bounces@coopwatch.example.org", f"{'b' * 60}@{'c' * 60}.example"])
def test_check_03_leaving_by_mail_stands_behind_the_https_address(mailbox: str | None) -> None:
    """The https address comes first and whole; there is a second only where bounces have a mailbox."""
    sender = replace(SENDER, paths=ReturnPaths(b"k" * 32, mailbox))
    raw = printed(
        stencil(letter(one()), sender),
        recipient="ong@example.org",
        identifier="<1@coopwatch.example.org>",
        at=START,
        token=TOKEN,
        subscription=7,
    )
    (value,) = [value for name, value in raw_fields(raw) if name == "List-Unsubscribe"]
    found = re.findall(r"<([^<>]*)>", value)
    leave = sender.paths.leave_address(7) if sender.paths else None
    assert found == [f"{PUBLIC}/unsubscribe/{TOKEN}", *([f"mailto:{leave}"] if mailbox else [])]
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 998 and "=?" not in value


@pytest.mark.parametrize(("name", "language"), ALL)
def test_check_11_every_field_stands_once(name: str, language: str) -> None:
    """The fields of a list, the marks of a machine, and an address for answers that people read."""
    entries, envelope = CASES[name]
    fields = raw_fields(message(entries, language, envelope))
    names = [name for name, _ in fields]
    assert sorted(names) == sorted(set(names))
    told = dict(fields)
    assert told["List-Id"] == "coopwatch <digest.coopwatch.coopwatch.example.org>"
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (told["List-Help"], told["List-Archive"]) == (f"<{PUBLIC}/>", f"<{PUBLIC}/changes>")
    assert (told["List-Owner"], told["Reply-To"]) == ("<mailto:persone@example.org>", "persone@example.org")
    assert (told["List-Post"], told["Precedence"]) == ("NO", "bulk")
    assert (told["Auto-Submitted"], told["Feedback-ID"]) == ("auto-generated", "digest:coopwatch")
    assert told["Message-ID"] == message_id("digest", "1/8", SENDER.domain)
    assert told["Message-ID"].endswith("@coopwatch.example.org>") and told["Date"].endswith("+0000")
    assert ("In-Reply-To" in told) == (name == "correction") == ("References" in told)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<a href='https://evil.example/'>premi</a>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "{name} {0} %s",
    "<style>*{display:none}</style>",
    "<!--",
    "</td></tr></table>",
    "&lt;b&gt; &amp; &#x3c;i&#x3e;",
    "]]><svg onload=alert(1)>",
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE)
def test_check_13_hostile_words_stay_words(text: str, language: str) -> None:
    """Markup, templates and placeholders anywhere in a record are shown in both parts, never obeyed."""
    project = replace(
        MC2CM, title=text, acronym=None, area=text, link=text, note=text, programmes=(text,), partners=(text,)
    )
    entries = ledger(
        changed("title", "x", text, project=project),
        changed("note", "x y", f"x {text}", project=project),
        changed("link", None, text, project=project),
        happened(ChangeKind.ADDED, project, 9),
    )
    _, said, html = parts(message(entries, language))
    seen, calm = Seen(html), Seen(letter(many(), language).html)
    assert {tag for tag, _ in seen.tags} <= {tag for tag, _ in calm.tags}
    names = {name for _, attributes in seen.tags for name in attributes}
    assert names <= {name for _, attributes in calm.tags for name in attributes}
    assert all(address.startswith((PUBLIC, PAGE)) for address in seen.links)
    assert text in said and text in seen.all


@pytest.mark.parametrize(("name", "language"), ALL)
def test_check_14_the_bytes_are_the_golden_ones(name: str, language: str) -> None:
    """The same row makes the same bytes, today and in every later version, unless someone means it.

    `python -m tests.mail_samples` writes them anew; then look at what has changed.
    """
    entries, envelope = CASES[name]
    assert message(entries, language, envelope) == (GOLDEN / f"{name}_{language}.eml").read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_check_14_who_sees_a_project_enter_gets_the_golden_bytes(language: str) -> None:
    """A project that came into a reader's filters says so, with its whole record in both parts."""
    made = entered(language)
    assert made == (GOLDEN / f"entered_{language}.eml").read_bytes()
    _, text, html = parts(made)
    said = words(language)
    sentence = flat(said.text("sentence.entered", what="").removesuffix(")"))
    for part in (flat(text), flat(html)):
        assert sentence in part and flat(said.text("kind.entered")) in part
        assert "AREA MEDITERRANEA" in part and flat(said.text("role.stakeholder")) in part
    assert flat(text).count("Agenzia nazionale Svizzera") == 1


def test_check_14_another_process_makes_the_same_bytes() -> None:
    """Nothing in a message depends on the process: no chance, no order of a set, no address in memory."""
    script = "import sys; from tests.mail_samples import *; sys.stdout.buffer.write(message(many(), 'fr'))"
    other = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        check=True,
        capture_output=True,
    )
    assert other.stdout == message(many(), "fr")


def test_a_first_digest_and_a_correction_say_what_they_are() -> None:
    """Where a reader's news begin; which digest is corrected and what was wrong with it."""
    for language, begun, corrected in (
        ("it", "9 novembre 2018", "Correzione"),
        ("en", "9 November 2018", "Correction"),
    ):
        first = letter(*_case("first", language))
        assert begun in flat(first.text) and begun in first.html
        again = letter(*_case("correction", language))
        assert again.subject.startswith(corrected) and CASES["correction"][1].reason in flat(again.text)
        assert CASES["correction"][1].reason in again.html
    assert "registro delle prove: coopwatch.example.org/log, 1234" in flat(letter(*_case("first", "it")).text)
    plain = letter(many(), "it", WEEKLY)
    assert "primo riepilogo" not in flat(plain.text) and "registro delle prove" not in plain.text


def _case(name: str, language: str) -> tuple[list[LedgerEntry], str, Envelope]:
    entries, envelope = CASES[name]
    return entries, language, envelope
