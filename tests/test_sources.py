"""Source files: what they may say, and how they refuse what they may not."""

from pathlib import Path

import pytest

from scraper.errors import SourceError
from scraper.sources import choose_source, load_sources, shipped_sources, source_from_toml

MINIMAL = """
name = "example"
title = "Comune di Esempio"
publisher = "Comune di Esempio"
[[pages]]
address = "https://www.example.org/progetti"
"""


def test_the_shipped_source_is_the_default() -> None:
    """Commands that name no source visit the page that the product exists for."""
    source = choose_source(shipped_sources(), None)

    assert source.name == "torino"
    assert source.pages[0].address.endswith("/progetti-cooperazione-internazionale")


def test_a_minimal_source_gets_polite_defaults() -> None:
    """Name, title, publisher and one address are enough."""
    source = source_from_toml(MINIMAL, "example.toml")

    assert (source.gap, source.deadline, source.private) == (5.0, 60.0, ())
    assert source.names == ("Comune di Esempio",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name = ", "not valid TOML"),
        (MINIMAL.replace("https:", "ftp:"), "absolute http or https"),
        (MINIMAL.replace("www.", "user:secret@www."), "user name or password"),
        (MINIMAL.replace('"example"', '"Example!"'), "name"),
        (MINIMAL.replace("title =", "titel ="), "titel"),
        (MINIMAL.partition("[[pages]]")[0], "pages"),
        ("gap = -1\n" + MINIMAL, "gap"),
    ],
)
def test_a_broken_source_file_is_refused_in_one_line(text: str, complaint: str) -> None:
    """What is wrong is said with the file's name and the key."""
    with pytest.raises(SourceError, match=complaint) as caught:
        source_from_toml(text, "broken.toml")

    assert str(caught.value).startswith("broken.toml: ")
    assert "\n" not in str(caught.value).strip() or "TOML" in str(caught.value)
    assert caught.value.hint


def test_every_mistake_of_a_source_file_is_named_with_its_place() -> None:
    """Entries are counted as people count, and a name that is nearly right is guessed."""
    wrong = """
    name = "Example!"
    titel = "Comune di Esempio"
    publisher = 2
    country = "Italia"
    gap = -1
    deadline = 0
    aliases = "Comune"
    [[pages]]
    address = "ftp://www.example.org/"
    [[pages]]
    adress = "https://www.example.org/"
    """
    with pytest.raises(SourceError) as caught:
        source_from_toml(wrong, "broken.toml")

    assert set(str(caught.value).removeprefix("broken.toml: ").split("; ")) == {
        "name must be small letters, digits and hyphens, at most 40",
        "title is missing",
        "titel is unknown, perhaps title is meant",
        "publisher must be text",
        "country must be a country's code of two capital letters",
        "gap must be at least 0",
        "deadline must be more than 0",
        "aliases must be a list",
        "pages 1, address must be an absolute http or https address",
        "pages 2, address is missing",
        "pages 2, adress is unknown, perhaps address is meant",
    }


def test_a_file_replaces_the_shipped_source_of_its_name(tmp_path: Path) -> None:
    """An operator can correct what ships with the package."""
    (tmp_path / "own.toml").write_text(MINIMAL.replace('"example"', '"torino"'), "utf-8")

    sources = load_sources(tmp_path)

    assert [source.title for source in sources] == ["Comune di Esempio"]


def test_a_missing_folder_holds_no_sources_of_ones_own(tmp_path: Path) -> None:
    """Without a sources folder the shipped ones are watched."""
    assert load_sources(tmp_path / "none") == shipped_sources()
    assert load_sources(tmp_path / "none", shipped=False) == ()


def test_an_unknown_source_is_named_with_the_known_ones() -> None:
    """Whoever mistypes a source's name is told the right ones."""
    with pytest.raises(SourceError, match="turin") as caught:
        choose_source(shipped_sources(), "turin")

    assert "torino" in caught.value.hint


def test_an_only_source_is_the_default() -> None:
    """Whoever watches one publisher need not name it in every command."""
    only = source_from_toml(MINIMAL, "example.toml")

    assert choose_source([only], None) == only


def test_of_several_sources_none_of_which_is_the_default_one_has_to_be_named() -> None:
    """The hint says both ways out: naming one, or making one the default."""
    names = ("example", "other")
    several = [source_from_toml(MINIMAL.replace("example", name, 1), f"{name}.toml") for name in names]

    with pytest.raises(SourceError, match="no source is the default") as caught:
        choose_source(several, None)

    assert "example, other" in caught.value.hint
    assert "coopwatch check NAME" in caught.value.hint and "default = true" in caught.value.hint
