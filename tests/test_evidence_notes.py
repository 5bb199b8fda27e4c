"""Signed notes, tree heads and canonical JSON: what is written is read back, and nothing else is believed."""

import base64
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from store.evidence.canonical import canonical_json, digest, instant, short_or_digest
from store.evidence.notes import (
    NoteError,
    SignerKey,
    TreeHead,
    checked_head,
    checkpoint,
    new_signer,
    note_text,
    parse_signer,
    parse_tree_head,
    parse_verifier,
    public_pem,
    signed_note,
    signer_text,
    tree_head_text,
    verifier_text,
)

NAME = "coopwatch.example/log"
SIGNER = SignerKey(NAME, bytes(range(32)))
HEAD = TreeHead(NAME, 20_852, bytes(range(32, 64)))


def test_a_checkpoint_has_the_form_of_the_specification() -> None:
    """Origin, size and root on a line each, an empty line, a dash, the key's name, its id and signature."""
    note = checkpoint(HEAD, SIGNER)
    text, signature = note.split("\n\n")

    assert text.split("\n") == [NAME, "20852", base64.b64encode(HEAD.root).decode()]
    dash, name, encoded = signature.rstrip("\n").split(" ")
    assert (dash, name) == ("\u2014", NAME)
    decoded = base64.b64decode(encoded)
    assert decoded[:4] == SIGNER.verifier.id
    assert len(decoded) == 4 + 64
    assert checked_head(note, [SIGNER.verifier]) == HEAD


def test_keys_are_read_back_from_their_text() -> None:
    """A private and a public key survive being written; the private one is not shown by repr."""
    signer = new_signer(NAME)

    assert parse_signer(signer_text(signer)) == signer
    assert parse_verifier(verifier_text(signer.verifier)) == signer.verifier
    assert signer.seed.hex() not in repr(signer)
    assert repr(signer.seed) not in repr(signer)


def test_one_flipped_bit_makes_a_note_worthless() -> None:
    """Whatever bit of a checkpoint is flipped, nobody believes it any more."""
    note = checkpoint(HEAD, SIGNER)
    for place, character in enumerate(note):
        for bit in range(7):
            spoilt = note[:place] + chr(ord(character) ^ 1 << bit) + note[place + 1 :]
            with pytest.raises(NoteError):
                checked_head(spoilt, [SIGNER.verifier])


def test_a_signature_of_somebody_else_is_passed_over_and_not_enough() -> None:
    """A witness's line beside ours does no harm; its line alone convinces nobody who does not know it."""
    witness = new_signer("witness.example")
    text = tree_head_text(HEAD)
    theirs = signed_note(text, witness)
    both = checkpoint(HEAD, SIGNER) + theirs.split("\n\n")[1]

    assert checked_head(both, [SIGNER.verifier]) == HEAD
    assert note_text(both, [SIGNER.verifier, witness.verifier]) == text
    with pytest.raises(NoteError, match="no known key"):
        checked_head(theirs, [SIGNER.verifier])


def test_a_broken_signature_of_a_known_key_spoils_the_note() -> None:
    """A good signature beside a bad one of a known key does not rescue the note."""
    witness = new_signer("witness.example")
    wrong = signed_note("something else\n", witness).split("\n\n")[1]

    with pytest.raises(NoteError, match="does not hold"):
        note_text(checkpoint(HEAD, SIGNER) + wrong, [SIGNER.verifier, witness.verifier])


def test_a_checkpoint_of_another_log_is_refused() -> None:
    """Our key under another log's origin does not pass for this log."""
    strange = signed_note(tree_head_text(TreeHead("other.example", 1, bytes(32))), SIGNER)

    with pytest.raises(NoteError, match="another log"):
        checked_head(strange, [SIGNER.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{NAME}\n1\n",
        f"{NAME}\n01\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{NAME}\n-1\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{NAME}\n1\n{base64.b64encode(bytes(31)).decode()}\n",
        f"{NAME}\n1\n{base64.b64encode(bytes(32)).decode()}\nmore\n",
        f"\n1\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{NAME}\n1\nno base64!\n",
    ],
)
def test_a_malformed_tree_head_is_refused(text: str) -> None:
    """Missing lines, odd sizes, short roots and extension lines are no tree head."""
    with pytest.raises(NoteError):
        parse_tree_head(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "bell\x07"])
def test_a_name_that_no_note_can_carry_is_refused(name: str) -> None:
    """Spaces, plus signs and control characters would make a note ambiguous."""
    with pytest.raises(NoteError):
        new_signer(name)


@pytest.mark.parametrize(
    "text",
    ["", "a+b", f"{NAME}+00000000+{base64.b64encode(bytes(33)).decode()}", f"{NAME}+x+AQ==", "PRIVATE+KEY+a"],
)
def test_malformed_keys_are_refused(text: str) -> None:
    """Half a key, another kind of key, or one that does not fit its id is no key."""
    with pytest.raises(NoteError):
        parse_verifier(text)
    with pytest.raises(NoteError):
        parse_signer(text)
    with pytest.raises(NoteError):
        parse_signer(signer_text(SIGNER).replace(NAME, "other.example"))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees_with_the_signature(tmp_path: Path) -> None:
    """The signature of a checkpoint holds for a program that shares no code with us."""
    text, signature = checkpoint(HEAD, SIGNER).split("\n\n")
    (tmp_path / "key.pem").write_text(public_pem(SIGNER.verifier))
    (tmp_path / "text").write_text(f"{text}\n")
    (tmp_path / "signature").write_bytes(base64.b64decode(signature.split(" ")[2])[4:])
    options = ["-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "text", "-sigfile", "signature"]

    run = subprocess.run(["openssl", "pkeyutl", *options], cwd=tmp_path, capture_output=True, check=False)
    assert run.returncode == 0, run


def test_canonical_json_is_one_text_for_one_value() -> None:
    """Keys are sorted, nothing is padded, letters stay letters, control characters are escaped."""
    fields = {"b": "é€😀", "a": 1, "c": None, "d": True, "e": ["x", "y"], "f": 'q"\\\n\x1f\x7f'}

    text = canonical_json(dict(reversed(list(fields.items()))))  # type: ignore[arg-type]

    assert text == ('{"a":1,"b":"é€😀","c":null,"d":true,"e":["x","y"],"f":"q\\"\\\\\\n\\u001f\x7f"}')
    assert json.loads(text) == fields


def test_only_long_texts_are_hidden_behind_a_digest() -> None:
    """What is shorter than a digest is logged as it is, the rest by digest; neither passes for the other."""
    assert short_or_digest("[]") == "[]"
    assert short_or_digest("è" * 35) == "è" * 35
    assert short_or_digest("è" * 36) == digest(("è" * 36).encode())
    assert short_or_digest(digest(b"")) == digest(digest(b"").encode())


def test_instants_are_written_in_utc_with_six_decimals() -> None:
    """An instant has one spelling, whatever zone it came in."""
    rome = datetime(2018, 11, 12, 8, 30, 0, 5, tzinfo=timezone(timedelta(hours=1)))

    assert instant(rome) == instant(rome.astimezone(UTC)) == "2018-11-12T07:30:00.000005Z"
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
