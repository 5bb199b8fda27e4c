#!/usr/bin/env python3
"""Verify an evidence package of coopwatch, offline and without trusting the program that made it.

    python3 verify_package.py PACKAGE.zip [--key KEY] [--kept CHECKPOINT]... [--time-root ROOT.pem]

PACKAGE.zip     the package, or a folder into which it was unpacked
--key           the log's public key (name+id+base64) as you know it from elsewhere; without it the key in the
                package is used, and you must compare it yourself
--kept          a file with a checkpoint that you kept, say from a digest: the log must continue it
--time-root     the root certificate of the time-stamping authority

The tree, the digests and the archive are checked with Python's standard library alone (3.9 or later); the
signature and the time stamp through `openssl` where it is installed, else they are "not checked".
Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage. What this proves: see docs/evidence.md.
"""

import argparse
import base64
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import zipfile
import zlib
from pathlib import Path

PLAIN_FILES = ("captures.warc.gz", "evidence.json", "checkpoint.txt", "public_key.pem")
CODING = ("content-encoding", "transfer-encoding")
PARENTS = {
    "ledger_grounds": ("pub_seq", "ledger", "pub_seq"),
    "retold": ("pub_seq", "ledger", "pub_seq"),
    "review_end": ("review_id", "review", "id"),
}
"""To what a row belongs where that is no capture: its field, the other kind, and the field there."""


class BrokenError(Exception):
    """Something in the package is not what it must be."""


UNREADABLE = (
    BrokenError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    EOFError,
    OSError,
    zlib.error,
    zipfile.BadZipFile,
)


def say(words):
    """Write a line for people."""
    sys.stdout.write(f"{words}\n")


class Report:
    """Collects what was found, and says it."""

    def __init__(self):
        self.faults = []  # (index of the log entry or None, words)

    def good(self, words):
        """Say what was checked and holds."""
        say(f"ok           {words}")

    def unknown(self, words):
        """Say what could not be checked."""
        say(f"not checked  {words}")

    def bad(self, words, index=None):
        """Keep what is wrong, to be said at the end."""
        self.faults.append((index, words))

    def close(self):
        """Say what is wrong, the first bad entry first; return the exit status."""
        for index, words in sorted(self.faults, key=lambda fault: (fault[0] is None, fault[0] or 0)):
            say(f"WRONG        {words}" if index is None else f"WRONG        entry {index}: {words}")
        known = [index for index, _ in self.faults if index is not None]
        if known:
            say(f"First bad entry: {min(known)}")
        say("The package does NOT verify." if self.faults else "The package verifies.")
        return 1 if self.faults else 0


# --- the tree (RFC 9162 section 2.1) ------------------------------------------------------------------


def node_hash(left, right):
    """Return the hash above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_inclusion(leaf, index, size, proof):
    """Return the root to which a proof leads from a leaf, or None (section 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def is_consistent(old, new, proof, old_root, new_root):
    """Say whether the tree of `new` leaves begins with that of `old` (section 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new:
        return False
    path = ([old_root] if old & (old - 1) == 0 else []) + list(proof)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


# --- signed notes (C2SP signed-note and tlog-checkpoint) ----------------------------------------------


def decoded(text):
    """Return what base64 text stands for; only its one canonical spelling is taken."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BrokenError("there is something that is not base64") from error
    if base64.b64encode(content).decode() != text:
        raise BrokenError("there is base64 that nobody would have written so")
    return content


def checkpoint_parts(note):
    """Return a checkpoint's text, origin, size, root, and its signatures as (name, key id, signature)."""
    text, gap, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) != 3 or not re.fullmatch("0|[1-9][0-9]*", lines[1]):
        raise BrokenError("the checkpoint is malformed")
    root = decoded(lines[2])
    if len(root) != 32 or not signatures.endswith("\n"):
        raise BrokenError("the checkpoint is malformed")
    signed = []
    for line in signatures[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014":
            raise BrokenError("the checkpoint's signature line is malformed")
        material = decoded(parts[2])
        signed.append((parts[1], material[:4], material[4:]))
    return text + "\n", lines[0], int(lines[1]), root, signed


def key_parts(key):
    """Return the name, id and 32 bytes of a public key's text."""
    parts = key.split("+", 2)
    if len(parts) != 3:
        raise BrokenError("the public key is malformed")
    material = decoded(parts[2])
    key_id = hashlib.sha256(parts[0].encode() + b"\n" + material).digest()[:4]
    if material[:1] != b"\x01" or len(material) != 33 or key_id.hex() != parts[1]:
        raise BrokenError("the public key is malformed")
    return parts[0], key_id, material[1:]


def public_pem(public):
    """Return an Ed25519 public key for openssl (RFC 8410)."""
    der = bytes.fromhex("302a300506032b6570032100") + public
    return b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(der) + b"\n-----END PUBLIC KEY-----\n"


def run_openssl(files, arguments):
    """Run openssl among these files; return whether it agreed and what it said, None where there is none."""
    program = shutil.which("openssl")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S603
    return done.returncode == 0, done.stdout.decode("utf-8", "replace")


def can_ed25519():
    """Say whether the installed openssl knows Ed25519 (some do not)."""
    seed = bytes.fromhex("302e020100300506032b657004220420") + bytes(32)
    pem = b"-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(seed) + b"\n-----END PRIVATE KEY-----\n"
    arguments = ["pkeyutl", "-sign", "-inkey", "key", "-rawin", "-in", "text", "-out", "signature"]
    answer = run_openssl({"key": pem, "text": b"text"}, arguments)
    return answer is not None and answer[0]


def check_signature(report, note, key, what):
    """Check that a checkpoint is signed with this key."""
    text, origin, _, _, signed = checkpoint_parts(note)
    name, key_id, public = key_parts(key)
    ours = [signature for signer, signer_id, signature in signed if (signer, signer_id) == (name, key_id)]
    if not ours or origin != name:
        report.bad(f"{what} is not signed by {name}")
        return
    if not can_ed25519():
        report.unknown(f"the signature of {what}: there is no openssl with Ed25519")
        return
    options = ["-verify", "-pubin", "-inkey", "key", "-rawin", "-in", "text", "-sigfile", "signature"]
    for signature in ours:
        files = {"key": public_pem(public), "text": text.encode(), "signature": signature}
        if not run_openssl(files, ["pkeyutl", *options])[0]:
            report.bad(f"the signature of {what} does not hold")
            return
    report.good(f"the signature of {what} holds for the key {key}")


# --- the archive (WARC 1.1) ---------------------------------------------------------------------------


def field_lines(block):
    """Return header lines as (name, value)."""
    pairs = (line.partition(":") for line in block.split("\r\n") if line)
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def warc_records(content):
    """Yield the records of an archive as (fields, block)."""
    stream = io.BytesIO(gzip.decompress(content))
    while True:
        line = stream.readline()
        if not line:
            return
        if line != b"WARC/1.1\r\n":
            raise BrokenError("the archive is malformed")
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                raise BrokenError("the archive ends within a record")
            head += line if head or line != b"\r\n" else b"\r\n\r\n"
        fields = {name.lower(): value for name, value in field_lines(head.decode())}
        block = stream.read(int(fields["content-length"]))
        if stream.read(4) != b"\r\n\r\n":
            raise BrokenError("a record of the archive has another length than it says")
        yield fields, block


def answer_parts(block):
    """Return an HTTP answer's status, headers and payload."""
    head, _, payload = block.partition(b"\r\n\r\n")
    status, _, headers = head.decode("ascii").partition("\r\n")
    return int(status.split(" ")[1]), field_lines(headers), payload


def sha256_digest(content):
    """Return a digest as archives write it."""
    return "sha256:" + base64.b32encode(hashlib.sha256(content).digest()).decode()


def plain(text):
    """Return text as an archive's HTTP headers hold it."""
    return "".join(letter if " " <= letter <= "~" else urllib.parse.quote(letter) for letter in text)


def archived(headers, length):
    """Return headers as the archive must have them: what told of the undone coding is renamed."""
    told = []
    for name, value in headers:
        low = name.lower()
        wrong_length = low == "content-length" and value.strip() != str(length)
        renamed = length is not None and (low in CODING or wrong_length)
        told.append((plain(f"X-Archive-Orig-{name}" if renamed else name), plain(value).strip()))
    return told


def told_in_words(redirects, failure):
    """Return what the archive must say where there are no bytes to show."""
    lines = [f"redirect: {hop['status']} {hop['location']}" for hop in redirects]
    if failure:
        lines += [f"failure: {failure['kind']}", f"message: {' '.join(failure['message'].split())}"]
    return "".join(f"{line}\r\n" for line in lines).encode()


class Archive:
    """The records of the package by their name, their own digests checked."""

    def __init__(self, content, dropped):
        self.dropped = dropped  # digests of bodies that the log says were dropped on purpose
        self.without = 0
        self.records = {}
        self.payloads = {}  # digest -> length
        self.told = set()
        for fields, block in warc_records(content):
            name = fields["warc-record-id"]
            if name in self.records:
                raise BrokenError(f"the archive has two records {name}")
            self.records[name] = (fields, block)
            if fields.get("warc-block-digest") != sha256_digest(block):
                raise BrokenError(f"record {name} of the archive is damaged")
            if fields["warc-type"] == "response":
                payload = answer_parts(block)[2]
                if fields.get("warc-payload-digest", sha256_digest(payload)) != sha256_digest(payload):
                    raise BrokenError(f"record {name} of the archive has another payload than it says")
                self.payloads[sha256_digest(payload)] = len(payload)

    def capture_fault(self, row, headers, redirects, failure, name):
        """Return what is wrong with the record of a capture, or None."""
        if name not in self.records:
            return "its record is missing in the archive"
        self.told.add(name)
        fields, block = self.records[name]
        address = redirects[-1]["location"] if redirects and not failure else row["url"]
        if (fields["warc-date"], fields["warc-target-uri"]) != (row["at"], address):
            return "its record has another date or address"
        if failure:
            told = fields["warc-type"] == "metadata" and block == told_in_words(redirects, failure)
            return None if told else "its record tells of another failure"
        if redirects and not self._has_way(name, redirects):
            return "the record of its redirects is missing or another one"
        return self._answer_fault(row, headers, fields, block)

    def _has_way(self, name, redirects):
        beside = {
            other: block
            for other, (fields, block) in self.records.items()
            if fields.get("warc-concurrent-to") == name and fields["warc-type"] == "metadata"
        }
        self.told |= set(beside)
        return list(beside.values()) == [told_in_words(redirects, None)]

    def _answer_fault(self, row, headers, fields, block):
        if fields["warc-type"] not in ("response", "revisit"):
            return "its record is of another kind"
        status, found, payload = answer_parts(block)
        length = None
        if row["body_sha256"] is not None:
            wanted = "sha256:" + base64.b32encode(bytes.fromhex(row["body_sha256"])).decode()
            if row["body_sha256"] in self.dropped and fields.get("coopwatch-dropped-digest") == wanted:
                length, self.without = 0, self.without + 1
                if payload:
                    return "its record has a body that was dropped"
            elif fields.get("warc-payload-digest") != wanted or wanted not in self.payloads:
                return "its body is not in the archive"
            else:
                length = self.payloads[wanted]
        elif payload:
            return "its record has a body, but none came"
        if status != row["status"] or found != archived(headers, length):
            return "its record has another status or other headers"
        return None

    def strays(self):
        """Return the records that no entry speaks of."""
        about = {name for name, (fields, _) in self.records.items() if fields["warc-type"] == "warcinfo"}
        return sorted(set(self.records) - self.told - about)


# --- the package --------------------------------------------------------------------------------------


def read_package(path):
    """Return the files of a package, packed or not."""
    if Path(path).is_dir():
        return {file.name: file.read_bytes() for file in sorted(Path(path).iterdir())}
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        if len(names) != len(set(names)):
            raise BrokenError("the package holds a file twice")
        return {name: package.read(name) for name in names}


def check_files(report, files):
    """Check the digests of all files."""
    told = {}
    sums = files.get("SHA256SUMS", b"").decode("utf-8", "replace")
    for line in sums.removesuffix("\n").split("\n"):
        digest, _, name = line.partition("  ")
        told[name] = digest
    before = len(report.faults)
    for name in sorted(set(told) | set(files) - {"SHA256SUMS"}):
        if name not in files:
            report.bad(f"the file {name} is missing")
        elif name not in told:
            report.bad(f"the file {name} is not listed in SHA256SUMS")
        elif hashlib.sha256(files[name]).hexdigest() != told[name]:
            report.bad(f"the file {name} was altered")
    missing = [name for name in PLAIN_FILES if name not in files]
    if missing:
        raise BrokenError("the package lacks " + ", ".join(missing))
    if len(report.faults) == before:
        report.good(f"{len(told)} files are as listed")


def texts_fault(row, texts):
    """Return what is wrong with the texts of which an entry has digests, or None."""
    for name, text in sorted(texts.items()):
        digest = hashlib.sha256(text.encode()).hexdigest()
        if row.get(name) not in (digest, "sha256:" + digest):
            return f"its {name} is not what was logged"
    for name, value in sorted(row.items()):
        if name not in texts and isinstance(value, str) and re.fullmatch("sha256:[0-9a-f]{64}", value):
            return f"its {name} is missing"
    return None


def exhibit_fault(exhibit, size, root, archive):
    """Return what is wrong with an entry, or None; what is not sealed has no proof."""
    text = exhibit["entry"]
    entry = json.loads(text)
    if exhibit["proof"] is None:
        if exhibit["index"] < size:
            return "it is sealed, but its proof is missing"
    else:
        leaf = hashlib.sha256(b"\x00" + text.encode()).digest()
        proof = [decoded(value) for value in exhibit["proof"]]
        if root_of_inclusion(leaf, exhibit["index"], size, proof) != root:
            return "it is not in the log under this checkpoint"
    if entry["index"] != exhibit["index"]:
        return "it stands in another place than it says"
    row, texts = entry["row"], exhibit["texts"]
    fault = texts_fault(row, texts)
    if fault is None and entry["kind"] == "snapshot" and "content_sha256" not in texts:
        return "its content is missing"
    if fault is not None or entry["kind"] != "capture":
        return fault
    headers, redirects, failure = (
        json.loads(texts.get(name, row[name]) or "null") for name in ("headers", "redirects", "failure")
    )
    return archive.capture_fault(row, headers, redirects, failure, exhibit["record"])


def check_exhibits(report, evidence, size, root, archive):
    """Check every entry, its texts and its record in the archive."""
    before, unsealed, seen = len(report.faults), 0, set()
    for exhibit in evidence["exhibits"]:
        index = exhibit["index"]
        try:
            fault = exhibit_fault(exhibit, size, root, archive)
        except (BrokenError, KeyError, TypeError, ValueError, IndexError) as error:
            fault = f"it cannot be read ({error})"
        if index in seen:
            fault = "it is there twice"
        seen.add(index)
        unsealed += exhibit["proof"] is None
        if fault is not None:
            report.bad(fault, index)
    for name in archive.strays():
        report.bad(f"no entry speaks of record {name} of the archive")
    if len(report.faults) == before:
        report.good(f"{len(seen) - unsealed} entries are in the log, with their texts and bodies")
    if archive.without:
        report.unknown(
            f"{archive.without} bodies: as the log says they are no longer kept, their digests are"
        )
    if unsealed:
        report.unknown(f"{unsealed} entries are not yet sealed: ask again after the next checkpoint")


def readable_entries(evidence):
    """Yield kind, index and row of the entries; one that cannot be read is named where each is checked."""
    for exhibit in evidence["exhibits"]:
        try:
            entry = json.loads(exhibit["entry"])
            yield entry["kind"], entry["index"], dict(entry["row"])
        except (KeyError, TypeError, ValueError):
            continue


def dropped_bodies(evidence):
    """Return the digests of the bodies that entries, checked like all others, say were dropped."""
    rows = (row for kind, _, row in readable_entries(evidence) if kind == "removal")
    return {
        key
        for row in rows
        if (row.get("table"), row.get("what")) == ("body", "packed")
        for key in row.get("keys", ())
    }


def check_missing(report, evidence):
    """Check that nothing stands alone: each capture has a verdict, each row the one that it belongs to."""
    rows, entries = {}, list(readable_entries(evidence))
    if len(entries) < len(evidence["exhibits"]):
        return  # one that cannot be read may be the very one that would be missed
    for kind, index, row in entries:
        rows.setdefault(kind, []).append((index, row))
    judged = {row["capture_id"] for _, row in rows.get("verdict", [])}
    for index, row in rows.get("capture", []):
        if row["id"] not in judged:
            report.bad(f"the verdict on capture {row['id']} is missing", index)
    for kind, told in rows.items():
        field, parent, key = PARENTS.get(kind, ("capture_id", "capture", "id"))
        known = {row[key] for _, row in rows.get(parent, [])}
        for index, row in told:
            if kind not in ("capture", "removal") and row[field] not in known:
                report.bad(f"the {parent} that its {kind} belongs to is missing", index)


def check_continuity(report, evidence, note, kept, key):
    """Check that the log only grew since each earlier checkpoint, and since those that somebody kept."""
    _, origin, size, root, _ = checkpoint_parts(note)
    before, proven = len(report.faults), {size: root}
    for earlier in evidence["earlier_checkpoints"]:
        _, named, old, old_root, _ = checkpoint_parts(earlier["note"])
        proof = [decoded(value) for value in earlier["proof"]]
        if named != origin or not is_consistent(old, size, proof, old_root, root):
            report.bad(f"the log does not continue its checkpoint of {old} entries")
        proven[old] = old_root
    if len(report.faults) == before:
        report.good(f"the log continues its {len(proven) - 1} earlier checkpoints")
    for path in kept:
        kept_note = Path(path).read_text("utf-8").strip("\n") + "\n"
        _, named, old, old_root, _ = checkpoint_parts(kept_note)
        check_signature(report, kept_note, key, f"the kept checkpoint {path}")
        if old > size:
            report.bad(f"the kept checkpoint {path} covers {old} entries, the package {size}")
        elif named == origin and proven.get(old) == old_root:
            report.good(f"the log continues the kept checkpoint {path}")
        else:
            report.bad(f"the log does not continue the kept checkpoint {path}")
    if not kept:
        report.unknown("whether others saw the same log: compare a checkpoint that you kept (--kept)")


def stamped_notes(files, evidence):
    """Return the checkpoints that bear a time stamp, as (name, note, stamp)."""
    if "checkpoint.tsr" in files:
        yield "the checkpoint", files["checkpoint.txt"], files["checkpoint.tsr"]
    for earlier in evidence["earlier_checkpoints"]:
        if earlier.get("stamp") is not None:
            _, _, size, _, _ = checkpoint_parts(earlier["note"])
            yield f"the checkpoint of {size} entries", earlier["note"].encode(), decoded(earlier["stamp"])


def check_time(report, files, evidence, root):
    """Check the time stamps on the checkpoints."""
    stamped = list(stamped_notes(files, evidence))
    if not stamped:
        report.unknown("the time: nobody but the observer attests it")
    elif root is None:
        report.unknown("the time stamps: name the root of their authority (--time-root)")
    else:
        for what, note, stamp in stamped:
            check_stamp(report, what, {"stamp": stamp, "note": note, "root": Path(root).read_bytes()})


def check_stamp(report, what, stamp):
    """Check one time stamp."""
    answer = run_openssl(stamp, ["ts", "-verify", "-in", "stamp", "-data", "note", "-CAfile", "root"])
    if answer is None:
        report.unknown(f"the time stamp on {what}: there is no openssl")
    elif answer[0]:
        _, text = run_openssl(stamp, ["ts", "-reply", "-in", "stamp", "-text"])
        when = re.search("Time stamp: (.*)", text)
        report.good(f"the authority had seen {what} by {when.group(1) if when else 'its time'}")
    else:
        report.bad(f"the time stamp does not hold for {what}")


def check_package(report, files, options):
    """Check everything; raises BrokenError where going on makes no sense."""
    check_files(report, files)
    evidence = json.loads(files["evidence.json"])
    note = files["checkpoint.txt"].decode()
    key = options.key or evidence["verifier_key"]
    _, _, size, root, _ = checkpoint_parts(note)
    check_signature(report, note, key, "the checkpoint")
    if options.key is None:
        report.unknown("whose key it is: compare it with the one that the observer publishes (--key)")
    if files["public_key.pem"].split() != public_pem(key_parts(key)[2]).split():
        report.bad("public_key.pem holds another key")
    archive = Archive(files["captures.warc.gz"], dropped_bodies(evidence))
    check_exhibits(report, evidence, size, root, archive)
    check_missing(report, evidence)
    check_continuity(report, evidence, note, options.kept, key)
    check_time(report, files, evidence, options.time_root)


def main():
    """Verify one package and say so."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("package")
    parser.add_argument("--key")
    parser.add_argument("--kept", action="append", default=[])
    parser.add_argument("--time-root")
    options = parser.parse_args()
    report = Report()
    try:
        check_package(report, read_package(options.package), options)
    except UNREADABLE as error:
        report.bad(str(error) or type(error).__name__)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
