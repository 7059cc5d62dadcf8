"""A user's own raster of people: opened once, and what is wrong with it told by its option."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.prompt.naming import keys_named

if TYPE_CHECKING:
    from cosmodrome.world.people_raster import PopulationRaster

__all__ = ["counted_in", "raster_of"]


def raster_of(path: str | Path | None) -> PopulationRaster | None:
    """The raster that `--population` names, None where nothing is named.

    Raises
    ------
    InputError
        With the file and the option, for a file that is no such raster.
    """
    if path is None:
        return None
    from cosmodrome.world.people_raster import open_raster

    with counted_in(path):
        return open_raster(Path(path))


@contextmanager
def counted_in(path: str | Path | None) -> Iterator[None]:
    """Tell what goes wrong in a raster by the option and the file that were typed."""
    with keys_named({} if path is None else {"people": "--population"}, path, in_files=True):
        yield
