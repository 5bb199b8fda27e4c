"""The vocabulary of mails and public pages in Italian, English and French: sentences, names, dates, sums."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from typing import NoReturn
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from scraper.records import Project, Value

LANGUAGES = ("it", "en", "fr")
"""The languages of mails and public pages; the first is the default."""

HOME = ZoneInfo("Europe/Rome")
"""The zone in which people are told dates and times."""


class _Unworded(NullTranslations):
    """What a catalogue falls back to: a key without words is our fault and must not reach a reader."""

    def gettext(self, message: str) -> NoReturn:
        raise KeyError(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> NoReturn:
        raise KeyError(msgid1)


class Words:
    """One language's words."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self._locale = Locale.parse("en_GB" if language == "en" else language)  # days before months
        self._catalogue = catalogue

    def text(self, key: str, **values: object) -> str:
        """Return the words of `key` with `values` put in; raises KeyError for a key that has none."""
        return self._catalogue.gettext(key).format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the words of `key` in the plural form of `number`, which they may show as {number}."""
        words = self._catalogue.ngettext(key, key, number)
        return words.format(number=self.number(number), **values)

    def listed(self, items: Sequence[str]) -> str:
        """Return items as a list in a sentence: a, b and c."""
        return format_list(items, locale=self._locale)

    def number(self, number: float) -> str:
        """Return a number with the language's separators."""
        return format_decimal(number, locale=self._locale)

    def day(self, at: datetime) -> str:
        """Return the civil day of an instant in Europe/Rome, in words."""
        return self.civil_day(at.astimezone(HOME).date())

    def civil_day(self, day: date) -> str:
        """Return a civil day in words."""
        return format_date(day, "long", locale=self._locale)

    def short_day(self, day: date) -> str:
        """Return a civil day as a picture's axis has room for it."""
        return format_date(day, "medium", locale=self._locale)

    def moment(self, at: datetime) -> str:
        """Return the day, hour and minute of an instant in Europe/Rome."""
        return format_datetime(at, "d MMMM y, HH:mm", tzinfo=HOME, locale=self._locale)

    def country(self, code: str) -> str:
        """Return the name of a country by its ISO 3166-1 code; the code itself where nobody knows it."""
        return str(self._locale.territories.get(code, code))

    def countries(self) -> list[tuple[str, str]]:
        """Return every country's code and name, in the order of the names."""
        known = (item for item in self._locale.territories.items() if len(item[0]) == 2 and item[0].isalpha())
        return sorted(known, key=lambda item: item[1].casefold())

    def tongue(self, language: str) -> str:
        """Return the name of a language in itself."""
        return (Locale.parse(language).display_name or language).capitalize()

    def date(self, edtf: str) -> str:
        """Return an EDTF date or interval (ISO 8601-2) in words, as precise as it is."""
        ends = [self._date(part) for part in edtf.split("/")]
        return " – ".join(ends)

    def _date(self, edtf: str) -> str:
        bare = edtf.rstrip("~?%")
        if bare in {"", ".."}:
            return "…"
        said = self._civil(bare)
        return said if bare == edtf else self.text("date.approximate", date=said)

    def _civil(self, edtf: str) -> str:
        try:
            parts = [int(part) for part in edtf.split("-")]
            day = date(*[*parts, 1, 1][:3])
        except (ValueError, TypeError):
            return edtf
        match len(parts):
            case 1:
                return edtf
            case 2:
                return format_skeleton("yMMMM", day, locale=self._locale)
            case _:
                return format_date(day, "long", locale=self._locale)

    def amount(self, amount: float, currency: str | None) -> str:
        """Return a sum of money, with decimals only where it has some."""
        if currency is None:
            return self.number(amount)
        plain = self._locale.currency_formats["standard"].pattern.split(";")[0]
        pattern = plain if amount % 1 else plain.replace("0.00", "0")
        return format_currency(amount, currency, pattern, self._locale, currency_digits=False)

    def value(self, field: str, value: Value, record: Project) -> tuple[str, ...]:
        """Return a field of `record` in words, one line for each item; nothing where it is unknown."""
        if value is None or value in ((), ""):
            return ()
        if isinstance(value, tuple):
            return tuple(self._word(field, item, record) for item in value)
        return (self._word(field, value, record),)

    def _word(self, field: str, value: str | float, record: Project) -> str:
        match field, value:
            case "amount", float() | int():
                return self.amount(value, record.currency)
            case "status" | "role", str():
                return self.text(f"{field}.{value}")
            case "countries", str():
                return self.country(value)
            case "start" | "end", str():
                return self.date(value)
            case _:
                return str(value)


@cache
def words(language: str) -> Words:
    """Return the words of a language; those of the default where it is none of ours."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    return Words(chosen, _catalogue(chosen))


def words_with(language: str, more: str) -> Words:
    """Return the words of one of our languages together with those of another .po catalogue's text."""
    return Words(language, _compiled(more, language, _catalogue(language)))


def chosen_language(preferences: Iterable[str]) -> str:
    """Return the first of our languages that somebody prefers ("fr-CH" is French), else the default."""
    tongues = (preference.split("-")[0].strip().lower() for preference in preferences)
    return next((tongue for tongue in tongues if tongue in LANGUAGES), LANGUAGES[0])


def country_language(country: str) -> str | None:
    """Return the language most used in a country, as CLDR knows it, or None."""
    try:
        return Locale.parse(f"und_{country}").language
    except (UnknownLocaleError, ValueError):
        return None


def _catalogue(language: str) -> GNUTranslations:
    """Return a language's catalogue of mails and public pages."""
    source = resources.files("notifier").joinpath("locale", language, "coopwatch.po").read_text("utf-8")
    return _compiled(source, language, _Unworded())


def _compiled(source: str, language: str, fallback: NullTranslations) -> GNUTranslations:
    """Return a .po catalogue, compiled in memory so that no built file can be out of date."""
    compiled = BytesIO()
    write_mo(compiled, read_po(source.splitlines(keepends=True), locale=language))
    compiled.seek(0)
    catalogue = GNUTranslations(compiled)
    catalogue.add_fallback(fallback)
    return catalogue
