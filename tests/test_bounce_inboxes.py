"""The mailbox for bounces as a maildir: mails are taken out one by one, and what people should read stays."""

from pathlib import Path

import pytest

from notifier.bounces.inboxes import LARGEST, Maildir, open_inbox
from notifier.bounces.mark_key import mark_key
from scraper.errors import MailError, SettingsError


def maildir(folder: Path, **mails: bytes) -> Path:
    """Make a maildir with these mails in `new`."""
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    for name, content in mails.items():
        (folder / "new" / name).write_bytes(content)
    return folder


def test_every_mail_is_seen_until_it_is_dropped_or_put_aside(tmp_path: Path) -> None:
    """A mail dropped is gone; one put aside stays, flagged and read, and is not seen again."""
    folder = maildir(tmp_path / "box", a=b"first", b=b"second", c=b"third" + b"x" * LARGEST)
    (folder / "new" / "c").rename(folder / "cur" / "c:2,S")
    inbox = Maildir(folder)

    seen = dict(inbox.waiting())
    assert set(seen) == {"new/a", "new/b", "cur/c:2,S"}
    assert len(seen["cur/c:2,S"]) == LARGEST

    inbox.drop("new/a")
    inbox.drop("new/a")
    inbox.put_aside("cur/c:2,S")
    inbox.put_aside("new/gone")
    assert [name for name, _ in inbox.waiting()] == ["new/b"]
    assert [file.name for file in (folder / "cur").iterdir()] == ["c:2,FS"]


def test_what_is_no_mailbox_is_told_in_one_line(tmp_path: Path) -> None:
    """A folder that is none, an address without a user, a server that is not there: an error with a hint."""
    with pytest.raises(MailError, match="no maildir"), open_inbox(str(tmp_path / "none")) as inbox:
        list(inbox.waiting())
    for place in ("imaps://mail.example.org/INBOX", "pop3://me@mail.example.org", "imaps:///x"):
        with pytest.raises(SettingsError, match="no mailbox"), open_inbox(place):
            pass
    with pytest.raises(MailError, match="cannot be read"), open_inbox("imap://me@127.0.0.1:1/INBOX"):
        pass


def test_the_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    """The same file gives the same key; one that others can read, or that is broken, is refused."""
    file = tmp_path / "keys" / "bounces.key"
    key = mark_key(file)

    assert len(key) == 32
    assert mark_key(file) == key
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="other users"):
        mark_key(file)
    file.chmod(0o600)
    for broken in ("", "zz", "abcd"):
        file.write_text(broken)
        with pytest.raises(SettingsError):
            mark_key(file)
