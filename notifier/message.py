"""Who sends our mails, and the names of messages, which stay the same for ever."""

from dataclasses import dataclass
from hashlib import sha256

from notifier.bounces.return_paths import ReturnPaths
from notifier.dkim import DkimKey


@dataclass(frozen=True, slots=True)
class Sender:
    """Who our mails come from, who reads the answers, and where their links lead.

    `public_url` has no slash at its end. Message-IDs and the List-Id stand in the address's domain.
    `alerts_to` are the staff's addresses for what goes wrong, told in `alerts_language`. With `dkim` every
    mail is signed. `paths` make the addresses to which readers who leave by mail may write.
    """

    address: str
    name: str
    public_url: str
    reply_to: str | None = None
    alerts_to: tuple[str, ...] = ()
    alerts_language: str = "it"
    dkim: DkimKey | None = None
    paths: ReturnPaths | None = None

    @property
    def answers_to(self) -> str:
        """The address that people read: that for answers, or the one we send from."""
        return self.reply_to or self.address

    @property
    def domain(self) -> str:
        """The domain of the address."""
        return self.address.rpartition("@")[2]


def message_id(kind: str, key: str, domain: str) -> str:
    """Return the Message-ID of the delivery that `key` names: the same for ever, and telling nothing."""
    return f"<{kind}.{sha256(key.encode()).hexdigest()[:32]}@{domain}>"
