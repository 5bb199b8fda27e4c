"""The drawing, held against the sources: arrows, homes, the one clock, the one reader of the environment."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("scraper", "store", "notifier", "schedules", "web", "exports", "cli", "settings")
UPPER_ROW = {"scraper", "store", "notifier"}

ARROWS: dict[str, set[str]] = {
    "scraper": set(),
    "store": {"scraper"},
    "notifier": {"scraper", "store"},
    "schedules": UPPER_ROW,
    "web": UPPER_ROW | {"exports"},
    "exports": UPPER_ROW,
    "settings": {"scraper"},  # for the error tree, and for the words of mistakes in files
    "cli": set(ROOMS),
}
"""What each room may import besides itself."""

HOMES: dict[str, tuple[str, ...]] = {
    "httpx": ("scraper/fetch/",),
    "httpcore": ("scraper/fetch/",),
    "protego": ("scraper/fetch/",),
    "bs4": ("scraper/read/",),
    "lxml": ("scraper/read/",),
    "cryptography": ("store/evidence/", "notifier/dkim.py"),  # each key in the room that signs with it
    "pwdlib": ("store/staff/",),
    "authlib": ("web/office/vouching.py",),  # its pure half: addresses and claims; fetch asks the provider
    "joserfc": ("web/office/vouching.py",),
    "warcio": ("exports/",),
    "snowballstemmer": ("store/search/",),
    "sqlmodel": ("store/",),
    "sqlalchemy": ("store/",),
    "alembic": ("store/",),
    "jinja2": ("notifier/", "web/", "exports/"),
    "apscheduler": ("schedules/",),
    "smtplib": ("notifier/",),
    "flufl": ("notifier/bounces/",),
    "fastapi": ("web/",),
    "typer": ("cli/",),
    "dns": ("cli/",),
    "aiosmtpd": ("cli/demo/",),
    "pydantic_settings": ("settings/",),
}
"""Where each package may be imported."""

CLOCK_READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "monotonic"),
    ("time", "sleep"),
    ("time", "perf_counter"),
}
ENVIRONMENT_READERS = {("os", "environ"), ("os", "getenv")}


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Yield every module of the house, as its path and its syntax tree."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield the dotted names that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield f"{node.module}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def attributes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield every `name.attribute` that a module mentions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr


def broken_arrows(path: str, tree: ast.Module) -> list[str]:
    """Return the imports of a module that go against the drawing."""
    room = path.split("/", maxsplit=1)[0]
    allowed = ARROWS[room] | {room}
    return [f"{path} imports {name}" for name in imports(tree) if name.split(".")[0] in set(ROOMS) - allowed]


def strays(path: str, tree: ast.Module) -> list[str]:
    """Return the packages that a module imports outside their home."""
    return [
        f"{path} imports {name}"
        for name in imports(tree)
        if (homes := HOMES.get(name.split(".")[0])) and not path.startswith(homes)
    ]


def crowded(path: str, tree: ast.Module) -> list[str]:
    """Return the functions of a module that take more than eight values by their place."""
    return [
        f"{path} {node.name} takes {count}"
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (count := len(node.args.posonlyargs) + len(node.args.args)) > 8
    ]


def test_imports_follow_the_arrows_of_the_drawing() -> None:
    """A room imports only the rooms that the drawing allows it."""
    assert [line for path, tree in sources() for line in broken_arrows(path, tree)] == []


def test_web_and_schedules_and_exports_keep_apart() -> None:
    """Of schedules, web and exports, only web may import another one, and that is exports."""
    lower = {"schedules", "web", "exports"}
    assert {(room, other) for room in lower for other in ARROWS[room] & lower} == {("web", "exports")}


def test_every_package_stays_in_its_home() -> None:
    """httpx, bs4, sqlmodel, jinja2 and the like are imported in one place each."""
    assert [line for path, tree in sources() for line in strays(path, tree)] == []


def test_the_steps_of_the_scraper_do_not_know_each_other() -> None:
    """fetch, read and compare meet only in the nouns of records."""
    steps = {"scraper.fetch", "scraper.read", "scraper.compare"}
    crossing = [
        f"{path} imports {name}"
        for path, tree in sources()
        for name in imports(tree)
        for step in steps
        if path.startswith("scraper/")
        and (name == step or name.startswith(f"{step}."))
        and not path.startswith(step.replace(".", "/"))
    ]

    assert crossing == []


def test_only_the_present_tells_the_time() -> None:
    """No module but schedules/present reads a clock or sleeps."""
    readers = {path for path, tree in sources() if CLOCK_READERS & set(attributes(tree))}

    assert readers == {"schedules/present.py"}


def test_only_settings_reads_the_environment() -> None:
    """No module outside settings/ looks into the environment."""
    readers = {path for path, tree in sources() if ENVIRONMENT_READERS & set(attributes(tree))}

    assert {path for path in readers if not path.startswith("settings/")} == set()


def test_module_names_are_unique() -> None:
    """A module can be spoken of by its name alone."""
    names = [Path(path).stem for path, _ in sources() if not path.endswith("__init__.py")]

    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize(("path", "tree"), list(sources()), ids=[path for path, _ in sources()])
def test_a_module_says_what_lives_there_and_is_short(path: str, tree: ast.Module) -> None:
    """Every module has a docstring and at most 300 lines; a migration is written once and may be longer."""
    assert ast.get_docstring(tree)
    assert path.startswith("store/migrations/") or len((ROOT / path).read_text("utf-8").splitlines()) <= 300


def test_no_function_takes_a_crowd_of_values() -> None:
    """Eight values by their place at most: more of them are a noun that nobody has named."""
    assert [line for path, tree in sources() for line in crowded(path, tree)] == []


def test_every_room_is_packaged() -> None:
    """The wheel holds exactly the rooms of the drawing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    assert set(project["tool"]["uv"]["build-backend"]["module-name"]) == set(ROOMS)


def test_a_planted_fault_is_seen() -> None:
    """The checks above can fail: a wrong import, a package outside its home and a crowd are named."""
    planted = ast.parse("import store.ledger\nimport httpx\n")

    assert broken_arrows("scraper/records.py", planted) == ["scraper/records.py imports store.ledger"]
    assert strays("scraper/records.py", planted) == ["scraper/records.py imports httpx"]
    assert crowded("web/app.py", ast.parse("def f(a, b, c, d, e, f, g, h, i): ..."))
