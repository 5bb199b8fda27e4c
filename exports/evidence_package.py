"""The evidence package: one zip that an outsider can verify offline with docs/verify_package.py.

captures.warc.gz   the visits, bodies and headers
evidence.json      the log's entries about them, each with its proof, and earlier checkpoints with theirs
checkpoint.txt     the signed head of the log under which the proofs stand
checkpoint.tsr     an authority's RFC 3161 time stamp on it, where there is one
public_key.pem     the log's public key, for openssl
report.XX.html     the same in words, for people
SHA256SUMS         the digests of all these files
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from exports.dossier import Dossier
from exports.evidence_report import Seal, report_html
from exports.report_words import LANGUAGES
from exports.warc import record_id, write_warc
from scraper.errors import NotFoundError
from store.database import Session
from store.evidence.canonical import instant
from store.evidence.extracts import EarlierCheckpoint, Exhibit, earlier_checkpoints, exhibits
from store.evidence.notes import VerifierKey, checked_head, public_pem, verifier_text
from store.evidence.seals import Checkpoint, last_checkpoint

FORMAT = "coopwatch evidence package 1"
CAPTURE = "capture"


def write_package(
    session: Session, out: BinaryIO, dossier: Dossier, *, verifier: VerifierKey, software: str, at: datetime
) -> int:
    """Write the package about a page or project, and return how many of its entries are not yet sealed.

    Raises NotFoundError where the log was never sealed, and NoteError where its last checkpoint is not
    signed with the key of `verifier`.
    """
    last = last_checkpoint(session)
    if last is None:
        raise NotFoundError(
            "the evidence log was never sealed", "Seal it first, so that there is something to prove."
        )
    seal = Seal(checked_head(last.note, [verifier]), last.at, {})
    told = exhibits(session, (visit.id for visit in dossier.captures), last.size)
    seal = Seal(
        seal.head, seal.at, {int(e.entry.key): e.entry.index for e in told if e.entry.kind == CAPTURE}
    )
    files = {
        "captures.warc.gz": _warc(session, dossier, verifier.name, software, at),
        "evidence.json": _evidence(dossier, told, earlier_checkpoints(session, last), verifier, at),
        **_checkpoint_files(last, verifier),
        **{
            f"report.{language}.html": report_html(dossier, seal, language, software, at).encode()
            for language in LANGUAGES
        },
    }
    _write_zip(out, files, at)
    return sum(exhibit.proof is None for exhibit in told)


def _warc(session: Session, dossier: Dossier, origin: str, software: str, at: datetime) -> bytes:
    archive = BytesIO()
    title = f"{dossier.source}: {dossier.title}"
    write_warc(session, archive, dossier.captures, origin=origin, software=software, title=title, at=at)
    return archive.getvalue()


def _evidence(
    dossier: Dossier,
    told: Sequence[Exhibit],
    earlier: Sequence[EarlierCheckpoint],
    verifier: VerifierKey,
    at: datetime,
) -> bytes:
    content = {
        "format": FORMAT,
        "made_at": instant(at),
        "subject": {"name": dossier.name, "title": dossier.title, "source": dossier.source},
        "verifier_key": verifier_text(verifier),
        "exhibits": [_exhibit(exhibit, verifier.name) for exhibit in told],
        "earlier_checkpoints": [
            {
                "note": before.checkpoint.note,
                "proof": _encoded(before.proof),
                "stamp": _stamp(before.checkpoint),
            }
            for before in earlier
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _exhibit(exhibit: Exhibit, origin: str) -> dict[str, object]:
    entry = exhibit.entry
    told: dict[str, object] = {
        "index": entry.index,
        "entry": entry.text,
        "proof": None if exhibit.proof is None else _encoded(exhibit.proof),
        "texts": exhibit.texts,
    }
    return told | ({"record": record_id(origin, int(entry.key))} if entry.kind == CAPTURE else {})


def _stamp(checkpoint: Checkpoint) -> str | None:
    return None if checkpoint.timestamp is None else b64encode(checkpoint.timestamp).decode()


def _encoded(hashes: Sequence[bytes]) -> list[str]:
    return [b64encode(value).decode() for value in hashes]


def _checkpoint_files(last: Checkpoint, verifier: VerifierKey) -> dict[str, bytes]:
    files = {"checkpoint.txt": last.note.encode(), "public_key.pem": public_pem(verifier).encode()}
    return files | ({"checkpoint.tsr": last.timestamp} if last.timestamp is not None else {})


def _write_zip(out: BinaryIO, files: Mapping[str, bytes], at: datetime) -> None:
    """Write the files and their digests; the same files give the same bytes."""
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, content in {**files, "SHA256SUMS": sums.encode()}.items():
            package.writestr(ZipInfo(name, at.timetuple()[:6]), content, ZIP_DEFLATED)
