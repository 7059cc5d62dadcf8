"""The thin air that satellites fly through: NRLMSISE-00 and NRLMSIS 2.1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import SpaceWeather, space_weather

__all__ = ["Density", "Exponential", "Msis", "msis_profile"]

Array = NDArray[np.float64]
_VERSIONS: Final[dict[str, float]] = {"00": 0, "2.1": 2.1}
_MJD_ZERO = np.datetime64("1858-11-17T00:00:00", "ms")


class Density(Protocol):
    """A model of the mass density of the air."""

    def kg_m3(
        self, epoch: Epoch, t_s: Array, latitude_rad: Array, longitude_rad: Array, altitude_m: Array
    ) -> Array:
        """Density, shape (n,); geodetic latitude and altitude, longitude east, all (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class Exponential:
    """Density that falls by e every scale height, the same all round the Earth.

    Parameters
    ----------
    reference_kg_m3 : float, at the reference altitude
    reference_altitude_m, scale_height_m : float
    """

    reference_kg_m3: float
    reference_altitude_m: float
    scale_height_m: float

    def kg_m3(
        self,
        epoch: Epoch,  # noqa: ARG002 - the same at all times
        t_s: Array,  # noqa: ARG002
        latitude_rad: Array,  # noqa: ARG002 - and places
        longitude_rad: Array,  # noqa: ARG002
        altitude_m: Array,
    ) -> Array:
        """Density, shape (n,)."""
        fall = (altitude_m - self.reference_altitude_m) / self.scale_height_m
        return np.asarray(self.reference_kg_m3 * np.exp(-fall))


@dataclass(frozen=True, slots=True)
class Msis:
    """The MSIS models of the Naval Research Laboratory.

    Parameters
    ----------
    version : "00" (NRLMSISE-00) or "2.1" (NRLMSIS 2.1)
    weather : SpaceWeather, the shipped record by default
    storms : bool, follow Ap by three hours, or take its daily value

    Raises
    ------
    InputError
        If the version is not known.

    Accuracy
    --------
    About 15 % along an orbit in quiet times, 30 % and more in storms. Between
    180 and 700 km 2.1 is 16 % thinner than 00 (median).
    00 includes the anomalous oxygen that matters for drag above 500 km.

    References
    ----------
    Picone et al., JGR 107 (2002) 1468; Emmert et al., JGR 127 (2022)
    e2022JA030896.
    """

    version: Literal["00", "2.1"] = "00"
    weather: SpaceWeather = field(default_factory=space_weather)
    storms: bool = True

    def __post_init__(self) -> None:
        if self.version not in _VERSIONS:
            raise InputError(
                "unknown density model", key="version", value=self.version, allowed="00, 2.1"
            )

    def kg_m3(
        self, epoch: Epoch, t_s: Array, latitude_rad: Array, longitude_rad: Array, altitude_m: Array
    ) -> Array:
        """Density, shape (n,).

        Raises
        ------
        DataEndError
            Where the space weather ends.
        """
        flux, mean, daily = self.weather.at(epoch, t_s)
        ap = self.weather.ap_history(epoch, t_s) if self.storms else daily
        indices = (flux, mean, ap)
        return msis_profile(
            self.version, epoch, t_s, latitude_rad, longitude_rad, altitude_m, indices
        )


def msis_profile(
    version: str,
    epoch: Epoch,
    t_s: Any,
    latitude_rad: Any,
    longitude_rad: Any,
    altitude_m: Any,
    indices: tuple[Any, Any, Any],
) -> Array:
    """Density by MSIS for stated F10.7 of the day before, its 81-day mean, and Ap.

    Parameters
    ----------
    version : "00" or "2.1"
    epoch : Epoch
    t_s, latitude_rad, longitude_rad, altitude_m : float or array, shape (n,)
    indices : (f107, f107_mean81, ap), each float or array, shape (n,)
        An ap of shape (n, 7) is the history of `SpaceWeather.ap_history`.

    Returns
    -------
    array, shape (n,), kilograms per cubic metre

    Accuracy
    --------
    As `Msis`. The time of day is cut to whole seconds.
    """
    from pymsis import Variable, calculate

    history = np.asarray(indices[2], dtype=float)
    storms = history.ndim == 2
    given = (t_s, latitude_rad, longitude_rad, altitude_m, *indices[:2])
    columns = [np.atleast_1d(np.asarray(value, dtype=float)) for value in given]
    columns.append(history[:, 0] if storms else np.atleast_1d(history))
    times, latitude, longitude, altitude, flux, mean, ap = np.broadcast_arrays(*columns)
    utc_s = epoch.tai_s - epoch.tai_minus_utc_s + times
    milliseconds = np.floor(utc_s * 1000.0).astype("int64") + epoch.tai_mjd * 86400000
    found = calculate(
        _MJD_ZERO + milliseconds.astype("timedelta64[ms]"),
        np.degrees(longitude),
        np.degrees(latitude),
        altitude / 1000.0,
        flux,
        mean,
        np.broadcast_to(history, (ap.size, 7)) if storms else np.repeat(ap[:, None], 7, axis=1),
        version=_VERSIONS[version],
        geomagnetic_activity=-1 if storms else 1,
    )
    # One instant comes back as a grid of one.
    return np.asarray(found.reshape(times.size, -1)[:, Variable.MASS_DENSITY], dtype=float)
