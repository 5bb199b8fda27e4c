"""Settings: the file, the environment, and what is refused."""

import os
from pathlib import Path

import pytest

from scraper.errors import SettingsError
from settings import load_settings


def settings_file(folder: Path, text: str) -> Path:
    """Write coopwatch.toml into the folder and return the folder."""
    (folder / "coopwatch.toml").write_text(text, "utf-8")
    return folder


def test_defaults_keep_to_this_machine(tmp_path: Path) -> None:
    """Without settings the web pages listen on loopback and the database is a file in the data folder."""
    settings = load_settings(tmp_path)

    assert settings.web_host == "127.0.0.1"
    assert settings.database_url == f"sqlite:///{tmp_path / 'coopwatch.db'}"
    assert settings.contact == ""


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting in the environment beats the same one in coopwatch.toml."""
    settings_file(tmp_path, 'contact = "file@example.org"\nsmtp_port = 2525\n')
    monkeypatch.setitem(os.environ, "COOPWATCH_CONTACT", "environment@example.org")

    settings = load_settings(tmp_path)

    assert (settings.contact, settings.smtp_port) == ("environment@example.org", 2525)


def test_addresses_for_mail_servers_have_their_domain_in_ascii(tmp_path: Path) -> None:
    """A mail server need not know letters beyond ASCII for the sake of our own mailboxes."""
    text = "archive_to = 'copie@perché.it'\narchive_at = 'maildir:/copies'\nbounces_to = 'rese@perché.it'"
    settings = load_settings(settings_file(tmp_path, text))

    assert settings.archive_to == "copie@xn--perch-fsa.it"
    assert settings.bounces_to == "rese@xn--perch-fsa.it"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("contact = ", "coopwatch.toml"),
        ("contatc = 'x'", "contatc"),
        ("smtp_port = 'many'", "smtp_port"),
        ("web_host = 'elsewhere'", "web_host"),
        ("trusted_proxies = '10.0.0.300'", "trusted_proxies"),
        ("public_url = 'example.org'", "public_url"),
        ("bounces_to = 'nobody'", "bounces_to"),
        ("bounces_password = 'secret'", "does not belong"),
        ("archive_password = 'secret'", "does not belong"),
        ("smtp_password = 'secret'", "does not belong"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    """A broken, unknown or secret setting is named in the error."""
    with pytest.raises(SettingsError, match=complaint) as caught:
        load_settings(settings_file(tmp_path, text))

    assert "'secret'" not in str(caught.value)
    assert caught.value.hint


def test_every_mistake_is_named_where_it_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator corrects all of them at once; one in the environment is also called as there."""
    wrong = (
        "contact = 'me'\nsmtp_port = 0\nweb_host = 'elsewhere'\nalerts_to = ['a@example.org', 'nobody']\n"
        "smtp_security = 'ssl'\nmail_gap = 'long'\nmail_name = 3\nshiped_sources = false\n"
        "timestamp_url = 'tsa'\nxyzzy = 1\n"
    )
    monkeypatch.setitem(os.environ, "COOPWATCH_HOLD_REMOVED", "five")
    monkeypatch.setitem(os.environ, "COOPWATCH_TRUSTED_PROXIES", "10.0.0.1,10.0.0.300")

    with pytest.raises(SettingsError) as caught:
        load_settings(settings_file(tmp_path, wrong))

    assert set(str(caught.value).split("; ")) == {
        "contact must be an e-mail or web address",
        "smtp_port must be at least 1",
        "web_host must be an IP address of this machine, or localhost",
        "alerts_to 2 must be an e-mail address: An email address must have an @-sign.",
        "smtp_security must be one of 'none', 'starttls' or 'tls'",
        "mail_gap must be a number",
        "mail_name must be text",
        "shiped_sources is unknown, perhaps shipped_sources is meant",
        "timestamp_url must be a web address that begins with http:// or https://",
        "xyzzy is unknown",
        "hold_removed (COOPWATCH_HOLD_REMOVED) must be a whole number",
        "trusted_proxies 2 (COOPWATCH_TRUSTED_PROXIES) must be an IP address or a network",
    }
    assert str(tmp_path) in caught.value.hint


def test_the_password_comes_from_its_file(tmp_path: Path) -> None:
    """The file's last line break is no part of the password, and the password is not shown."""
    (tmp_path / "password").write_text("hunter2\n", "utf-8")
    settings_file(tmp_path, f"smtp_password_file = '{tmp_path / 'password'}'")

    settings = load_settings(tmp_path)

    assert settings.password() == "hunter2"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("box", ["bounces", "archive"])
def test_the_password_of_a_mailbox_comes_from_its_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, box: str
) -> None:
    """Each mailbox has its own; a file that is not there is named, and no password is ever shown."""
    (tmp_path / "password").write_text("hunter2\n", "utf-8")
    settings_file(tmp_path, f"{box}_password_file = '{tmp_path / 'password'}'")
    settings = load_settings(tmp_path)
    assert getattr(settings, f"password_for_{box}")() == "hunter2" and "hunter2" not in repr(settings)
    assert settings.password() == ""

    settings_file(tmp_path, f"{box}_password_file = '{tmp_path / 'gone'}'")
    with pytest.raises(SettingsError, match=f"{box}_password"):
        getattr(load_settings(tmp_path), f"password_for_{box}")()

    settings_file(tmp_path, "")
    monkeypatch.setitem(os.environ, f"COOPWATCH_{box.upper()}_PASSWORD", "hunter3")
    settings = load_settings(tmp_path)
    assert getattr(settings, f"password_for_{box}")() == "hunter3" and "hunter3" not in repr(settings)


def test_bounces_have_their_place_and_their_key(tmp_path: Path) -> None:
    """Nothing is set at first; the key lies with the others, outside the database."""
    settings = load_settings(tmp_path)
    assert (settings.bounces_to, settings.bounces_at) == (None, "")
    assert settings.bounces_key == tmp_path / "keys" / "bounces.key"


def test_links_lead_to_where_the_pages_listen(tmp_path: Path) -> None:
    """Without a public address links begin with the address on which the web pages listen."""
    assert load_settings(settings_file(tmp_path, "web_port = 8123")).readers_url == "http://127.0.0.1:8123"
    settings_file(tmp_path, "public_url = 'https://coop.example.org/'")
    assert load_settings(tmp_path).readers_url == "https://coop.example.org"
