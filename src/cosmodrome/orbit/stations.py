"""Ground stations: a list of public ones, and places given by their coordinates."""

from __future__ import annotations

import difflib
import math
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.earth import site_position
from cosmodrome.world.environment import Environment

__all__ = ["Station", "read_stations", "station", "stations"]

_FILE: Final = Path(__file__).parent / "data" / "stations.toml"
_ALLOWED: Final = (
    "a name of the list, or latitude,longitude[,altitude] in degrees and metres, as 37.94,-75.47,10"
)
_ALTITUDES_M: Final = (-1000.0, 20000.0)


@dataclass(frozen=True, slots=True)
class Station:
    """A place on the ground, geodetic on WGS 84.

    Parameters
    ----------
    name : str
    latitude_rad, longitude_rad : float, geodetic, east
    altitude_m : float, above the ellipsoid
    operator, source : str

    Raises
    ------
    InputError
        If a coordinate is out of range.
    """

    name: str
    latitude_rad: float
    longitude_rad: float
    altitude_m: float = 0.0
    operator: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        limits = {
            "latitude": (math.degrees(self.latitude_rad), -90.0, 90.0),
            "longitude": (math.degrees(self.longitude_rad), -180.0, 360.0),
            "altitude": (self.altitude_m, *_ALTITUDES_M),
        }
        for key, (value, low, high) in limits.items():
            if not low - 1e-9 <= value <= high + 1e-9:
                raise InputError(
                    f"the {key} of station {self.name!r} is out of range",
                    key=key,
                    value=value,
                    allowed=f"{low:g} to {high:g}",
                )

    @property
    def position_m(self) -> NDArray[np.float64]:
        """Earth-fixed, shape (3,)."""
        earth = Environment()
        return np.asarray(
            site_position(
                self.latitude_rad,
                self.longitude_rad,
                self.altitude_m,
                earth.equatorial_radius_m,
                earth.flattening,
            )
        )


def _number(row: dict[str, Any], key: str, file: str, name: str) -> float:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(
            f"station {name!r} has no usable {key}",
            file=file,
            key=f"{name}.{key}",
            value=value,
            allowed="a number",
        )
    return float(value)


def read_stations(file: Path) -> dict[str, Station]:
    """Stations of a TOML file: a table for each, with latitude_deg, longitude_deg, altitude_m.

    Raises
    ------
    InputError
        If the file cannot be read or a station is not complete.
    """
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            f"cannot read stations: {error}", file=str(file), allowed="a TOML file"
        ) from None
    found = {}
    for name, row in document.items():
        if not isinstance(row, dict):
            raise InputError(
                f"{name!r} is not a station",
                file=str(file),
                key=name,
                value=row,
                allowed="a table with latitude_deg, longitude_deg, altitude_m",
            )
        found[name] = Station(
            name,
            math.radians(_number(row, "latitude_deg", str(file), name)),
            math.radians(_number(row, "longitude_deg", str(file), name)),
            _number(row, "altitude_m", str(file), name),
            str(row.get("operator", "")),
            str(row.get("source", "")),
        )
    return found


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Station]:
    return read_stations(_FILE)


def stations() -> tuple[Station, ...]:
    """The public ground stations that ship, by name."""
    return tuple(_shipped().values())


def station(text: str) -> Station:
    """A station by name, or a place by its coordinates.

    Parameters
    ----------
    text : str
        A name of the list, or "latitude,longitude,altitude" in degrees and
        metres; the altitude may be left out and is then 0.

    Raises
    ------
    InputError
        If it is neither; close names are suggested.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) in (2, 3):
        try:
            numbers = [float(part) for part in parts]
        except ValueError:
            numbers = []
        if numbers and all(math.isfinite(number) for number in numbers):
            height = numbers[2] if len(numbers) == 3 else 0.0
            return Station(text.strip(), math.radians(numbers[0]), math.radians(numbers[1]), height)
    name = "-".join(text.lower().split())
    if name in _shipped():
        return _shipped()[name]
    near = difflib.get_close_matches(name, _shipped(), n=3)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise InputError(
        f"there is no station {text[:60]!r}{hint}", key="station", value=text, allowed=_ALLOWED
    )
