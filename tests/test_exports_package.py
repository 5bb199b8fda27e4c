"""The evidence package, and the script with which an outsider verifies it, run as the outsider would."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.utils import Digester  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from exports.dossier import Dossier, page_dossier, project_dossier
from exports.evidence_package import write_package
from scraper.errors import NotFoundError
from store.database import Database, create_database
from store.evidence.notes import NoteError, new_signer, verifier_text
from store.evidence.seals import Checkpoint, keep_timestamp
from store.evidence.stamps import timestamp_request
from store.pages import pages
from store.tracks import find_project
from tests.evidence_world import SIGNER, history, visit
from tests.export_world import GAMBIA, archive_history
from tests.store_visits import day
from tests.time_authority import TimeAuthority

SCRIPT = Path(__file__).parent.parent / "docs" / "verify_package.py"
KEY = verifier_text(SIGNER.verifier)
HAS_OPENSSL = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
EVIDENCE = "evidence.json"


def package(db: Database, about: str = "page") -> dict[str, bytes]:
    """Write a package about the page or its project, and return its files."""
    out = BytesIO()
    with db.reading() as session:
        dossier: Dossier = (
            page_dossier(session, pages(session)[0])
            if about == "page"
            else project_dossier(session, find_project(session, "torino/1"))
        )
        write_package(session, out, dossier, verifier=SIGNER.verifier, software="coopwatch 0", at=day(20))
    with ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def verified(
    folder: Path, files: Mapping[str, bytes], *options: str, path: str | None = None
) -> tuple[int, str]:
    """Run the script on these files, with nothing but the standard library; return its status and words."""
    packed = folder / "package.zip"
    with ZipFile(packed, "w") as out:
        for name, content in files.items():
            out.writestr(name, content)
    environment = {**os.environ, "PATH": path if path is not None else os.environ["PATH"]}
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(packed), *options]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.stderr == ""
    return run.returncode, run.stdout


def summed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files with digests that fit, as a forger would."""
    told = {name: content for name, content in files.items() if name != "SHA256SUMS"}
    lines = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in told.items())
    return told | {"SHA256SUMS": "".join(lines).encode()}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], tuple[Database, list[Checkpoint]]]:
    """Make a sealed history, once."""
    db = create_database(f"sqlite:///{tmp_path_factory.mktemp('sealed') / 'coopwatch.db'}")
    made = archive_history(db)
    return lambda: (db, made)


@pytest.fixture
def files(sealed: Callable[[], tuple[Database, list[Checkpoint]]]) -> dict[str, bytes]:
    """The files of a package about the page."""
    return package(sealed()[0])


@HAS_OPENSSL
@pytest.mark.parametrize("about", ["page", "project"])
def test_a_package_verifies(sealed: Any, tmp_path: Path, about: str) -> None:
    """An outsider finds nothing wrong, packed or unpacked, with the key known from elsewhere."""
    files = package(sealed()[0], about)
    status, words = verified(tmp_path, files, "--key", KEY)

    assert status == 0, words
    assert "The package verifies." in words
    assert f"the signature of the checkpoint holds for the key {KEY}" in words
    assert "WRONG" not in words

    folder = tmp_path / "unpacked"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(folder)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_without_openssl_the_signature_is_not_checked(files: dict[str, bytes], tmp_path: Path) -> None:
    """Where there is no openssl the script says so and checks all the rest."""
    status, words = verified(tmp_path, files, path=str(tmp_path))

    assert status == 0
    assert "not checked  the signature of the checkpoint" in words
    assert "entries are in the log, with their texts and bodies" in words


@HAS_OPENSSL
def test_another_key_is_told(files: dict[str, bytes], tmp_path: Path) -> None:
    """A package that was signed with another key than the one known from elsewhere does not verify."""
    stranger = verifier_text(new_signer(SIGNER.name).verifier)
    status, words = verified(tmp_path, files, "--key", stranger)

    assert status == 1
    assert "is not signed by" in words


def test_one_flipped_bit_in_any_file_is_told(files: dict[str, bytes], tmp_path: Path) -> None:
    """Every file of the package is covered by a digest, the list of digests included."""
    for name, content in files.items():
        for place in (0, len(content) // 2, len(content) - 1):
            spoilt = bytearray(content)
            spoilt[place] ^= 1
            status, words = verified(tmp_path, {**files, name: bytes(spoilt)}, path=str(tmp_path))
            assert status == 1, (name, place, words)


def test_a_missing_or_added_file_is_told(files: dict[str, bytes], tmp_path: Path) -> None:
    """No file can be taken out or put in unnoticed."""
    for name in files:
        left = {other: content for other, content in files.items() if other != name}
        assert verified(tmp_path, left, path=str(tmp_path))[0] == 1, name
    assert verified(tmp_path, {**files, "more.txt": b""}, path=str(tmp_path))[0] == 1


def exhibits_of(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Return the exhibits of a package."""
    found: list[dict[str, Any]] = json.loads(files[EVIDENCE])["exhibits"]
    return found


def forged(files: Mapping[str, bytes], change: Callable[[dict[str, Any]], None]) -> dict[str, bytes]:
    """Return the package with its evidence changed and digests that fit."""
    evidence = json.loads(files[EVIDENCE])
    change(evidence)
    return summed({**files, EVIDENCE: json.dumps(evidence).encode()})


def test_a_changed_entry_is_named(files: dict[str, bytes], tmp_path: Path) -> None:
    """Whoever changes what an entry says, and all digests, is found by the tree; the entry is named."""
    for place, exhibit in enumerate(exhibits_of(files)):

        def change(evidence: dict[str, Any], place: int = place) -> None:
            entry = evidence["exhibits"][place]["entry"]
            evidence["exhibits"][place]["entry"] = entry.replace('"capture_id":', '"capture_id": ').replace(
                '"status":', '"status": '
            )

        if '"capture_id":' in exhibit["entry"] or '"status":' in exhibit["entry"]:
            status, words = verified(tmp_path, forged(files, change), path=str(tmp_path))
            assert (status, f"First bad entry: {exhibit['index']}\n" in words) == (1, True), words


def test_a_changed_text_is_named(files: dict[str, bytes], tmp_path: Path) -> None:
    """A text that is no longer what the entry has the digest of names that entry, as does a missing one."""
    for place, exhibit in enumerate(exhibits_of(files)):
        for name in exhibit["texts"]:
            for drop in (True, False):

                def change(
                    evidence: dict[str, Any], place: int = place, name: str = name, drop: bool = drop
                ) -> None:
                    texts = evidence["exhibits"][place]["texts"]
                    text = texts.pop(name)
                    if not drop:
                        texts[name] = text.replace("a", "b", 1)

                status, words = verified(tmp_path, forged(files, change), path=str(tmp_path))
                assert (status, f"First bad entry: {exhibit['index']}\n" in words) == (1, True), words


def test_exchanged_and_dropped_entries_are_named(files: dict[str, bytes], tmp_path: Path) -> None:
    """Two entries that swap their places, and a visit without its capture or verdict, are found."""
    told = exhibits_of(files)

    def exchange(evidence: dict[str, Any]) -> None:
        one, other = evidence["exhibits"][0], evidence["exhibits"][9]
        one["entry"], other["entry"] = other["entry"], one["entry"]

    status, words = verified(tmp_path, forged(files, exchange), path=str(tmp_path))
    assert (status, f"First bad entry: {told[0]['index']}\n" in words) == (1, True)
    for place, exhibit in enumerate(told):

        def drop(evidence: dict[str, Any], place: int = place) -> None:
            del evidence["exhibits"][place]

        if json.loads(exhibit["entry"])["kind"] in {"capture", "verdict"}:
            status, words = verified(tmp_path, forged(files, drop), path=str(tmp_path))
            assert status == 1
            assert "First bad entry" in words


def test_an_archive_of_another_visit_is_told(files: dict[str, bytes], tmp_path: Path, sealed: Any) -> None:
    """A body, header, date or record that is not the one of the entry names the entry."""
    archive = gzip.decompress(files["captures.warc.gz"])
    changes = [
        (b"Progetto \xc2\xabGambia\xc2\xbb", b"Progetto \xc2\xabGanbia\xc2\xbb"),
        (b'ETag: "1"', b'ETag: "2"'),
        (b"HTTP/1.1 503", b"HTTP/1.1 200"),
        (b"WARC-Date: 2026-01-05", b"WARC-Date: 2026-01-25"),
        (b"was refused", b"was reduced"),
        (b"redirect: 301", b"redirect: 302"),
        (b"nuova/progetti\r\n\r\n", b"altra/progetti\r\n\r\n"),
    ]
    for before, after in changes:
        assert before in archive
        for honest in (False, True):
            spoilt = archive.replace(before, after, 1)
            spoilt = rehashed(spoilt) if honest else spoilt
            forgery = summed({**files, "captures.warc.gz": gzip.compress(spoilt)})
            status, words = verified(tmp_path, forgery, path=str(tmp_path))
            assert status == 1, (before, words)
            assert "First bad entry" in words or not honest, (before, words)


def rehashed(archive: bytes) -> bytes:
    """Return the archive with lengths and digests that fit its contents again."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    writer._create_digester = lambda: Digester("sha256")
    for record in ArchiveIterator(BytesIO(archive)):
        content = record.content_stream().read()
        told = dict(record.rec_headers.headers)
        del told["WARC-Block-Digest"]
        if record.rec_type == "response":
            told.pop("WARC-Payload-Digest", None)
        copy = writer.create_warc_record(
            told.get("WARC-Target-URI", ""),
            record.rec_type,
            payload=BytesIO(content),
            length=len(content),
            warc_content_type=told["Content-Type"],
            http_headers=record.http_headers,
            warc_headers_dict=told,
        )
        writer.write_record(copy)
    return out.getvalue()


@HAS_OPENSSL
def test_a_kept_checkpoint_is_held_against_the_package(sealed: Any, tmp_path: Path) -> None:
    """A checkpoint from a digest is continued by the package's log; one of another history is not."""
    db, made = sealed()
    kept, other = tmp_path / "kept.txt", tmp_path / "other.txt"
    kept.write_text(made[0].note.rstrip("\n"), "utf-8")
    lines = made[0].note.split("\n")
    lines[2] = b64encode(bytes(32)).decode()
    other.write_text("\n".join(lines), "utf-8")

    status, words = verified(tmp_path, package(db), "--key", KEY, "--kept", str(kept))
    assert status == 0, words
    assert "the log continues the kept checkpoint" in words
    status, words = verified(tmp_path, package(db), "--key", KEY, "--kept", str(other))
    assert status == 1
    assert "does not continue the kept checkpoint" in words


def test_a_false_consistency_proof_is_told(files: dict[str, bytes], tmp_path: Path) -> None:
    """The earlier checkpoints have to be continued, each by its proof."""

    def change(evidence: dict[str, Any]) -> None:
        evidence["earlier_checkpoints"][0]["proof"].pop()

    status, words = verified(tmp_path, forged(files, change), path=str(tmp_path))
    assert status == 1
    assert "does not continue its checkpoint" in words


@HAS_OPENSSL
def test_a_time_stamp_is_checked_with_openssl(sqlite_db: Database, tmp_path: Path) -> None:
    """The stamp on the checkpoint holds under its authority's root, and for nothing else."""
    authority = TimeAuthority(tmp_path)
    made = archive_history(sqlite_db)
    response = authority.answer(timestamp_request(made[-1].note).as_bytes())
    with sqlite_db.writing() as session:
        keep_timestamp(session, made[-1].size, response, day(12))
    files, root = package(sqlite_db), str(tmp_path / "root.pem")

    status, words = verified(tmp_path, files, "--time-root", root)
    assert status == 0, words
    assert "the authority had seen the checkpoint by" in words
    assert "not checked  the time stamp" in verified(tmp_path, files)[1]
    wrong = authority.answer(timestamp_request(made[0].note).as_bytes())
    forgery = summed({**files, "checkpoint.tsr": wrong})
    assert verified(tmp_path, forgery, "--time-root", root)[0] == 1


def test_what_is_not_sealed_says_so(sqlite_db: Database, tmp_path: Path) -> None:
    """Without a checkpoint there is no package; entries after the last one have no proof yet."""
    with pytest.raises(NotFoundError, match="never sealed"), sqlite_db.reading() as session:
        write_package(
            session,
            BytesIO(),
            Dossier("page 1", "", "", (), (), ()),
            verifier=SIGNER.verifier,
            software="",
            at=day(1),
        )
    archive_history(sqlite_db)
    with sqlite_db.writing() as session:
        visit(session, 1, 15, {1: GAMBIA})

    status, words = verified(tmp_path, package(sqlite_db), path=str(tmp_path))
    assert status == 0, words
    assert "entries are not yet sealed" in words


def test_a_package_is_not_made_with_another_key(sealed: Any) -> None:
    """The key that goes into the package is the one under which the log is sealed."""
    with pytest.raises(NoteError), sealed()[0].reading() as session:
        dossier = page_dossier(session, pages(session)[0])
        stranger = new_signer(SIGNER.name).verifier
        write_package(session, BytesIO(), dossier, verifier=stranger, software="", at=day(1))


def test_the_report_says_it_in_words(sealed: Any) -> None:
    """Italian and English, with what is proven and what is not, nothing remote, the page's words escaped."""
    files = package(sealed()[0], "project")
    italian, english = files["report.it.html"].decode(), files["report.en.html"].decode()

    assert "Che cosa non prova" in italian
    assert "What it does not prove" in english
    for report in (italian, english):
        assert "Gambia due" in report
        assert "Gambia &lt;script&gt;" in report
        assert "<script" not in report
        assert "src=" not in report
        assert "@import" not in report


def test_the_same_history_gives_the_same_package(sealed: Any) -> None:
    """Two packages made at the same time are the same files."""
    assert package(sealed()[0]) == package(sealed()[0])


def test_an_entry_of_any_kind_is_named(sqlite_db: Database, tmp_path: Path) -> None:
    """Flipped or exchanged, whatever an entry speaks of, the script names the first bad one."""
    history(sqlite_db, wide=True)
    files = package(sqlite_db)
    assert verified(tmp_path, files, path=str(tmp_path))[0] == 0
    places: dict[str, list[int]] = {}
    for place, exhibit in enumerate(exhibits_of(files)):
        if exhibit["proof"] is not None:
            places.setdefault(json.loads(exhibit["entry"])["kind"], []).append(place)
    assert {"capture", "imported", "retold", "ledger", "review", "staff_decision", "snapshot"} <= set(places)
    for first, *_, last in places.values():

        def flip(evidence: dict[str, Any], place: int = last) -> None:
            entry = evidence["exhibits"][place]["entry"]
            evidence["exhibits"][place]["entry"] = entry[:-3] + chr(ord(entry[-3]) ^ 1) + entry[-2:]

        def exchange(evidence: dict[str, Any], one: int = first, other: int = last) -> None:
            found = evidence["exhibits"]
            found[one]["entry"], found[other]["entry"] = found[other]["entry"], found[one]["entry"]

        for change, place in ((flip, last), (exchange, first)):
            status, words = verified(tmp_path, forged(files, change), path=str(tmp_path))
            index = exhibits_of(files)[place]["index"]
            assert (status, f"First bad entry: {index}\n" in words) == (1, True), words
