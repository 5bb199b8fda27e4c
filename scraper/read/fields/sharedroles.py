"""The role that one sentence or heading gives us in all the projects below it: "La Provincia è partner dei
seguenti progetti"."""

import re
from collections.abc import Iterable

from scraper.read.fields.found import Found
from scraper.read.fields.roles import find_role, role_before, role_word
from scraper.read.fields.selfmentions import selves
from scraper.read.fields.sentences import sentences
from scraper.read.fields.typography import fold
from scraper.records import Role

_PROJECTS = re.compile(
    r"\b(?:progetti|projects|projets|proyectos|iniziative|interventi|initiatives|iniciativas|projekten?|"
    r"projec?tos)\b"
)
_ALL = re.compile(
    r"\b(?:(?:elenco|list|liste|lista|relacion) (?:dei|degli|delle|of|des|de|der|dos)\b|"
    r"seguenti|(?:sotto)?elencat[ie]|di seguito|qui sotto|following|listed|below|suivante?s|ci-dessous|"
    r"folgenden?|nachstehenden?|aller|seguintes|siguientes|a continuacion|tutt[ie] (?:i|gli|le|questi|"
    r"queste)|all (?:of )?(?:the|these|our|its)|"
    r"tous (?:les|ces|nos|ses)|todos (?:los|estos|sus))\b|:\s*$"
)
_AS = re.compile(
    r"\b(?:als|come|in qualita di|nel ruolo di|as|en tant que|en qualite de|como|en calidad de)\s"
)
# "La Fondazione sostiene iniziative": who says so of projects or bodies in general funds those listed
_FUNDS = re.compile(
    r"\s*,?\s*(?:(?:che|who|which|qui|que|die|der)\s)?(?:also |inoltre |anche |aussi |tambien |auch |"
    r"tambem )?"
    r"(?P<verb>(?:co-?)?(?:finanzia|funds|finances|finance|financia|finanziert|fordert)|"
    r"sostiene|supports?|soutient|apoya|apoia|unterstutzt)\s"
)
_WHAT = (
    r"(?:progetti|projects|projets|proyectos|projekten?|projec?tos|iniziative|initiatives|iniciativas|"
    r"interventi|"
    r"associazioni|associations|asociaciones|associacoes|organizzazioni|organi[sz]ations|organizaciones|"
    r"organizacoes|entidades|ong|ongd|ngos|enti|vereine)"
)
_OF_MANY = re.compile(
    rf"(?:(?!(?:il|la|the|le|el|das|o) )[\w'-]+ ){{0,3}}{_WHAT}\b(?!\s(?:con|with|avec|mit|com)\s)"
)  # with others: taking part


def shared_role(text: str, names: Iterable[str] = ()) -> Found[Role] | None:
    """Return the role that a sentence of `text` gives us in every project that follows, or None."""
    folded = fold(text)
    own = tuple(names)
    for begin, end in sentences(text):
        of_all = _PROJECTS.search(folded, begin, end) and _ALL.search(folded, begin, end)
        if of_all and (role := find_role(text[begin:end], own)):
            return role.moved(begin)
        if own and (funding := _funding(folded, begin, end, own)):
            return funding
    return None


def _funding(folded: str, begin: int, end: int, names: tuple[str, ...]) -> Found[Role] | None:
    """Return our role in a sentence that says that we fund or support projects, or bodies, in general."""
    for _, stop in selves(folded, begin, end, names):
        funds = _FUNDS.match(folded, stop, end)
        if funds and _OF_MANY.match(folded, funds.end(), end):
            return Found(Role.FUNDER, *funds.span("verb"))
    return None


def told_role(text: str) -> Found[Role] | None:
    """Return the role in the words that one of the functions here found."""
    verb = _FUNDS.match(f"{fold(text)} ")
    return Found(Role.FUNDER, 0, len(text)) if verb else role_word(text) or role_before(text)


def heading_role(text: str, names: Iterable[str] = ()) -> Found[Role] | None:
    """Return the role that a heading gives us in every project under it: Progetti come capofila."""
    folded = fold(text)
    if not _PROJECTS.search(folded):
        return None
    if told := find_role(text, tuple(names)):
        return told
    speaks = _AS.search(folded)
    role = role_word(text[speaks.end() :]) if speaks else None
    return role.moved(speaks.end()) if role and speaks else None
