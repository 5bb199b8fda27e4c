"""The addresses of the public pages, as mails and the pages themselves name them."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from store.filters import Filters


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses below `root`: the public address in mails, nothing on the pages themselves."""

    root: str = ""

    def home(self) -> str:
        """Return the address of the overview of what is watched."""
        return f"{self.root}/"

    def page(self, page_id: int) -> str:
        """Return the address of a watched page's history."""
        return f"{self.root}/pages/{page_id}"

    def capture(self, capture_id: int) -> str:
        """Return the address of what one visit found."""
        return f"{self.root}/captures/{capture_id}"

    def projects(self) -> str:
        """Return the address of the list of all projects that stand on the watched pages now."""
        return f"{self.root}/projects"

    def project(self, source: str, number: int) -> str:
        """Return the address of one project's life."""
        return f"{self.root}/projects/{quote(source, safe='')}/{number}"

    def change(self, pub_seq: int) -> str:
        """Return the address of one change and why we tell it."""
        return f"{self.root}/changes/{pub_seq}"

    def changes(self, after: int, upto: int, filters: Filters) -> str:
        """Return the address of all that a digest tells: after one ledger number, up to and with another.

        It is the same for all readers with the same filters, which it names as the addresses of feeds do.
        """
        return f"{self.root}/changes?{urlencode([('after', after), ('upto', upto), *filters.named()])}"

    def feed(self, form: str, language: str) -> str:
        """Return the address of the feed of all changes, "atom" or "json", in a language."""
        return f"{self.root}/feed.{form}?lang={language}"

    def project_feed(self, source: str, number: int, form: str, language: str) -> str:
        """Return the address of the feed of one project's changes."""
        return f"{self.project(source, number)}/feed.{form}?lang={language}"

    def subscribe(self) -> str:
        """Return the address of the sign-up form."""
        return f"{self.root}/subscribe"

    def preferences(self, token: str = "") -> str:
        """Return the address of a reader's preferences; without a token, where one asks for a link."""
        return f"{self.root}/preferences/{token}" if token else f"{self.root}/preferences"

    def privacy(self) -> str:
        """Return the address of the privacy notice."""
        return f"{self.root}/privacy"

    def accessibility(self) -> str:
        """Return the address of the accessibility statement."""
        return f"{self.root}/accessibility"

    def confirm(self, token: str) -> str:
        """Return the address that confirms a sign-up."""
        return f"{self.root}/confirm/{token}"

    def resume(self, token: str) -> str:
        """Return the address that lets a suspended subscription go on."""
        return f"{self.root}/resume/{token}"

    def unsubscribe(self, token: str) -> str:
        """Return the address that ends a subscription (RFC 8058: it is POSTed to)."""
        return f"{self.root}/unsubscribe/{token}"
