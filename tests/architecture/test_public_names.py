"""What `import cosmodrome` offers, and that asking for it is quick."""

from __future__ import annotations

import subprocess
import sys
import typing
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import cosmodrome

HEAVY = ("casadi", "matplotlib", "pandas", "plotly", "pyarrow", "rich", "scipy")
MOST_NAMES = 35


def loaded_by(statement: str) -> list[str]:
    """Which heavy libraries a statement loads in a fresh interpreter."""
    program = f"import sys\n{statement}\nprint(*[m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return found.stdout.split()


def test_there_are_about_twenty_names() -> None:
    names = cosmodrome.__all__
    assert len(names) <= MOST_NAMES
    assert list(names) == sorted(names)
    assert "plan" in names


def test_every_name_leads_somewhere() -> None:
    for name in cosmodrome.__all__:
        assert not isinstance(getattr(cosmodrome, name), ModuleType), name


VERBS = (
    "load_site",
    "load_vehicle",
    "make_mission",
    "parse_orbit",
    "passes",
    "plan",
    "propagate",
    "published_payloads",
    "read",
)


def own_nouns(kind: Any) -> Iterator[type]:
    """The project's classes inside a type, however deep."""
    if isinstance(kind, type) and kind.__module__.startswith("cosmodrome."):
        yield kind
    for inner in typing.get_args(kind):
        yield from own_nouns(inner)


@pytest.mark.parametrize("verb", VERBS)
def test_what_a_verb_takes_and_gives_has_a_public_name(verb: str) -> None:
    names = {name: getattr(cosmodrome, name) for name in cosmodrome.__all__}
    # A noun that is not public is a name that cannot be resolved, or found below.
    told = typing.get_type_hints(names[verb], localns=names)
    hidden = {
        noun.__name__
        for kind in told.values()
        for noun in own_nouns(kind)
        if noun not in names.values()
    }
    assert told
    assert hidden == set()


def test_dir_shows_the_names() -> None:
    assert set(cosmodrome.__all__) <= set(dir(cosmodrome))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        cosmodrome.no_such_name  # noqa: B018


def test_the_version_is_the_installed_one() -> None:
    from importlib.metadata import version

    assert cosmodrome.__version__ == version("cosmodrome")


LIGHT = (
    "import cosmodrome",
    "from cosmodrome.cli import main",
    "from cosmodrome import InputError",
    "import cosmodrome as cd; cd.__version__",
)


@pytest.mark.parametrize("statement", LIGHT)
def test_import_loads_nothing_heavy(statement: str) -> None:
    assert loaded_by(statement) == []


def test_the_catalogue_does_not_load_the_optimiser() -> None:
    assert "casadi" not in loaded_by("import cosmodrome as cd; cd.load_vehicle('angara-1.2')")


def test_progress_and_drop_zones_do_not_load_the_optimiser() -> None:
    modules = "import cosmodrome.campaign.progress, cosmodrome.prompt.dropzones"
    assert "casadi" not in loaded_by(modules)
    assert "casadi" in loaded_by("from cosmodrome.campaign import plan_mission")


def test_a_heavy_import_would_be_seen() -> None:
    assert loaded_by("import scipy") == ["scipy"]
