"""What is wrong in a file that a person wrote, in words: every mistake, each with its place."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from pydantic import AfterValidator, ValidationError
from pydantic_core import ErrorDetails

_SENTENCES = {
    "missing": "is missing",
    "string_type": "must be text",
    "path_type": "must be the path of a file",
    "tuple_type": "must be a list",
    "model_type": "must be a table",
    "literal_error": "must be one of {expected}",
    "too_short": "must name at least {min_length}",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "ip_any_network": "must be an IP address or a network",
}
"""The sentence for each type of mistake, as pydantic names them."""

_FAMILIES = {"int": "must be a whole number", "float": "must be a number", "bool": "must be true or false"}
"""The sentences for the types that have several mistakes of their own."""


def shaped(pattern: str, wanted: str) -> AfterValidator:
    """Return the demand that a text matches a pattern as a whole; `wanted` says in words what that is."""

    def checked(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"must be {wanted}")
        return text

    return AfterValidator(checked)


def mistakes(error: ValidationError, known: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the place and the sentence of each mistake; names that are near the `known` ones are guessed."""
    names, all_found = tuple(known), error.errors()
    inner = {found["loc"][:depth] for found in all_found for depth in range(len(found["loc"]))}
    return tuple(
        (_place(found), _sentence(found, names))
        for found in all_found
        if found["loc"] not in inner  # a list of which no entry can be used also counts as too short
    )


def _place(found: ErrorDetails) -> str:
    """Return where a mistake stands, lists counted as people do: pages 2, address."""
    place = ""
    for part in found["loc"]:
        place += f" {part + 1}" if isinstance(part, int) else f"{', ' if place else ''}{part}"
    return place


def _sentence(found: ErrorDetails, known: tuple[str, ...]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        near = get_close_matches(str(found["loc"][-1]), known, n=1)
        return f"is unknown, perhaps {near[0]} is meant" if near else "is unknown"
    if kind == "value_error":
        return (
            f"must be an e-mail address: {context['reason']}"
            if "reason" in context
            else str(context["error"])
        )
    sentence = _SENTENCES.get(kind) or _FAMILIES.get(kind.partition("_")[0])
    return sentence.format(**context) if sentence else found["msg"]
