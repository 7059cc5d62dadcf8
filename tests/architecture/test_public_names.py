"""What `import cosmodrome` offers, and that asking for it is quick."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

import cosmodrome

HEAVY = ("casadi", "matplotlib", "pandas", "plotly", "pyarrow", "rich", "scipy")
MOST_NAMES = 25


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


def test_a_heavy_import_would_be_seen() -> None:
    assert loaded_by("import scipy") == ["scipy"]
