"""The doctor's look at mail: settings, server, and what the DNS says of the sender's domain."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.health import Finding
from cli.mail_health import domain_findings, server_findings, settings_findings
from cli.name_server import Lookup, text_records
from notifier.dkim import DkimKey, create_dkim_key
from scraper.errors import MailError, SettingsError
from settings import Settings
from tests.commands import coopwatch
from tests.mailboxes import Mailbox, serving
from tests.name_service import name_service

DOMAIN = "coopwatch.comune.example-city.it"
GOOD_SPF = "v=spf1 ip4:192.0.2.1 -all"
GOOD_DMARC = "v=DMARC1; p=reject; rua=mailto:x@y.it"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> DkimKey:
    """A key of our domain."""
    return create_dkim_key(tmp_path_factory.mktemp("keys") / "dkim.pem", DOMAIN, "uno")


def settings(**values: object) -> Settings:
    """Settings of somebody who is ready for the world."""
    ready = {
        "mail_from": f"avvisi@{DOMAIN}",
        "reply_to": f"persone@{DOMAIN}",
        "public_url": f"https://{DOMAIN}",
    }
    return Settings.model_validate(ready | values)


def answering(records: Mapping[str, str | tuple[str, ...]]) -> Lookup:
    """A name server in memory."""

    def lookup(name: str) -> tuple[str, ...]:
        found = records.get(name, ())
        return (found,) if isinstance(found, str) else found

    return lookup


def said(key: DkimKey | None, records: Mapping[str, str | tuple[str, ...]]) -> dict[str, Finding]:
    """Return the findings about the domain by what they are about."""
    return {one.of: one for one in domain_findings(settings(), key, answering(records))}


def test_a_well_kept_domain_is_well(key: DkimKey) -> None:
    """Our key, one SPF record, a policy: three times ok."""
    records = {key.record_name: key.record, DOMAIN: GOOD_SPF, f"_dmarc.{DOMAIN}": GOOD_DMARC}
    assert [one.state for one in said(key, records).values()] == ["ok"] * 3


def test_a_key_is_published_or_the_record_is_printed(key: DkimKey) -> None:
    """None, or another key: failed, with the name and the text to publish; unsigned mails are a warning."""
    for records in ({}, {key.record_name: "v=DKIM1; k=rsa; p=AAAA"}, {key.record_name: "v=DKIM1; p="}):
        found = said(key, records)["dkim"]
        assert found.state == "failed" and key.record_name in found.hint and key.record in found.hint
    spaced = key.record.replace("; ", ";").replace("p=MII", "p= MII")
    assert said(key, {key.record_name: spaced})["dkim"].state == "ok"
    assert said(None, {})["dkim"].state == "warning"


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (GOOD_SPF, "ok"),
        ((), "warning"),
        ("google-site-verification=x", "warning"),
        ((GOOD_SPF, "v=spf1 mx ~all"), "failed"),
        ("v=spf1 +all", "failed"),
        ("v=spf1 all", "failed"),
        ("v=spf1 " + " ".join(f"include:{n}.x" for n in range(11)) + " -all", "failed"),
        ("v=spf1 a mx " + " ".join(f"include:{n}.x" for n in range(8)) + " -all", "ok"),
        ("V=SPF1 mx ~all", "ok"),
        ("v=spf10 mx", "warning"),
    ],
)
def test_one_spf_record_that_holds(key: DkimKey, record: str | tuple[str, ...], state: str) -> None:
    """None, two, one for everybody, or one that receivers give up on: each is named."""
    assert said(key, {DOMAIN: record})["spf"].state == state


@pytest.mark.parametrize(
    ("place", "record", "state", "words"),
    [
        (DOMAIN, GOOD_DMARC, "ok", "p=reject"),
        ("comune.example-city.it", GOOD_DMARC, "ok", "_dmarc.comune.example-city.it"),
        ("example-city.it", GOOD_DMARC, "ok", "_dmarc.example-city.it"),
        ("it", GOOD_DMARC, "warning", "no DMARC policy"),
        (DOMAIN, "v=DMARC1; p=none; pct=50; ri=3600", "warning", "pct, ri"),
        (DOMAIN, "v=DMARC1; p=none; rf=afrf", "warning", "rf"),
        (DOMAIN, "v=DMARC1; rua=mailto:x@y.it", "failed", "no policy"),
        (DOMAIN, "v=DMARC1; p=none; adkim=s", "ok", "adkim=s"),
        (DOMAIN, "v=dmarc1;p=QUARANTINE", "ok", "QUARANTINE"),
    ],
)
def test_a_policy_is_found_by_a_walk_up_the_tree(
    key: DkimKey, place: str, record: str, state: str, words: str
) -> None:
    """The nearest record counts (RFC 9989); tags that were removed are named; one without a policy fails."""
    found = said(key, {f"_dmarc.{place}": record})["dmarc"]
    assert found.state == state and words in found.seen


@pytest.mark.parametrize(
    ("signing", "mode", "state"),
    [
        (DOMAIN, "s", "ok"),
        ("comune.example-city.it", "r", "ok"),
        ("comune.example-city.it", "s", "failed"),
        ("altro.it", "r", "failed"),
    ],
)
def test_a_signature_counts_only_for_its_own_domain(
    tmp_path: Path, signing: str, mode: str, state: str
) -> None:
    """A signing domain that receivers would not count for the sender's is a fault of the settings."""
    other = create_dkim_key(tmp_path / "dkim.pem", signing, "uno")
    assert said(other, {f"_dmarc.{DOMAIN}": f"v=DMARC1; p=none; adkim={mode}"})["dmarc"].state == state


def test_a_dns_that_does_not_answer_is_no_verdict(key: DkimKey) -> None:
    """Not knowing is a warning, said once for each question."""

    def silent(name: str) -> tuple[str, ...]:
        raise MailError(f"the DNS does not answer about {name}", "Try again.")

    assert {one.state for one in domain_findings(settings(), key, silent)} == {"warning"}


@pytest.mark.parametrize(
    ("values", "of", "state"),
    [
        ({}, "mail_from", "ok"),
        ({"mail_from": "coopwatch@example.org"}, "mail_from", "warning"),
        ({"mail_from": "a@b.example.org"}, "mail_from", "warning"),
        ({"mail_from": "a@myexample.org"}, "mail_from", "ok"),
        ({"reply_to": None, "contact": "https://x.org/"}, "reply_to", "warning"),
        ({}, "public_url", "ok"),
        ({"public_url": ""}, "public_url", "warning"),
        ({"public_url": f"http://{DOMAIN}"}, "public_url", "failed"),
        ({"public_url": "http://127.0.0.1:8000"}, "public_url", "warning"),
    ],
)
def test_settings_that_would_embarrass_us_are_named(values: dict[str, object], of: str, state: str) -> None:
    """A sender of nobody's, answers that nobody reads, links that lead nowhere or cannot be clicked once."""
    found = {one.of: one for one in settings_findings(settings(**values))}
    assert found[of].state == state
    assert all(one.hint for one in found.values() if one.state != "ok")


def test_what_a_server_lacks_is_named() -> None:
    """No encryption on the way there, no reports, no international addresses; on this machine all is safe."""
    far = settings(smtp_host="mail.example-city.it")
    assert [one.of for one in server_findings(frozenset({"starttls"}), far)] == [
        "encryption",
        "reports",
        "addresses",
    ]
    full = frozenset({"dsn", "smtputf8", "starttls"})
    assert [one.state for one in server_findings(full, settings())] == ["ok"]
    safe = settings(smtp_host="mail.example-city.it", smtp_security="starttls")
    assert [one.state for one in server_findings(full, safe)] == ["ok"]


def test_a_name_server_is_asked(key: DkimKey) -> None:
    """Long records come in one piece, missing ones as none, and silence is an error with a hint."""
    with name_service({key.record_name: key.record, DOMAIN: GOOD_SPF}) as address:
        lookup = text_records(address)
        assert lookup(key.record_name) == (key.record,) and len(key.record) > 255
        assert lookup("nix.example-city.it") == ()
    with pytest.raises(SettingsError):
        text_records("not an address")


def test_the_doctor_asks_and_sends_a_test(tmp_path: Path) -> None:
    """With a key and a name server the record to publish is printed, and a signed message arrives."""
    mailbox = Mailbox()
    with serving(mailbox) as port, name_service({DOMAIN: GOOD_SPF}) as address:
        env = {
            "COOPWATCH_MAIL_FROM": f"avvisi@{DOMAIN}",
            "COOPWATCH_SMTP_PORT": str(port),
            "COOPWATCH_DKIM_SELECTOR": "uno",
        }
        arguments: list[str | Path] = ["doctor", "--data", tmp_path, "--nameserver", address, "--json"]
        run = coopwatch(*arguments, "--send-test", "ong@example.org", env=env)
        found = {one["of"]: one for one in json.loads(run.stdout)}
        assert (found["mail server"]["state"], found["spf"]["state"]) == ("ok", "ok")
        assert found["test message"]["state"] == "ok" and "250" in found["test message"]["seen"]
        assert f"uno._domainkey.{DOMAIN}: v=DKIM1" in found["dkim"]["hint"]
        wrong = coopwatch(*arguments, "--send-test", "nobody", env=env)
        assert {one["of"]: one for one in json.loads(wrong.stdout)}["test message"]["state"] == "failed"
    ((recipient, message),) = mailbox.messages
    assert recipient == "ong@example.org" and message.startswith(b"DKIM-Signature: ")
