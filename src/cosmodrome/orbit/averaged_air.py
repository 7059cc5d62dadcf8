"""The air as an orbit of years meets it: MSIS laid down once in a table.

The logarithm of density is kept as low harmonics of place (latitude and local
time) and season, a polynomial in solar flux, and a slope in Ap, over altitude.
A table is built at first use, from some 25,000 calls of the model, and kept in
the process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from cosmodrome.orbit.solar_cycle import SolarHistories

__all__ = ["AirOfYears", "ExponentialAir", "MsisAir", "Version", "msis_table"]

Array = NDArray[np.float64]
Version = Literal["00", "2.1"]

#: Density, shape (n, q), for altitudes (n, q) in metres and directions (n, q, 3)
#: whose z is the pole and whose x the meridian of noon.
Column = Callable[[Array, Array], Array]

_YEAR_DAYS: Final = 365.2422
_J2000_MJD: Final = 51544.5
_BOTTOM_KM, _TOP_KM, _SHIFT_KM, _LEVELS = 95.0, 2600.0, 50.0, 20
_FLUX_LOW, _FLUX_HIGH, _FLUXES = 60.0, 280.0, 5
_FLUX_MID, _FLUX_SCALE = 0.5 * (_FLUX_LOW + _FLUX_HIGH), 0.5 * (_FLUX_HIGH - _FLUX_LOW)
_AP_REFERENCE, _AP_QUIET, _AP_ACTIVE = 10.0, 4.0, 25.0
_SEASONS, _LATITUDES, _HOURS = 6, 6, 6
_TERMS: Final = 5  # of the season: mean, year, half a year
_PLACES: Final = 19  # harmonics of place
# Larger products wake the threads of the linear algebra, which costs more than it gives.
_BLOCK: Final = 24
_NEWER: Final[tuple[tuple[bool, Version], ...]] = ((False, "00"), (True, "2.1"))
_NO_TABLE: Final = (np.zeros((0, 0)),) * 3


class AirOfYears(Protocol):
    """A model of density for lanes that each have a time of their own."""

    def column(self, lanes: NDArray[np.intp], t_s: Array) -> Column:
        """The air over these lanes at these instants, both shape (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class ExponentialAir:
    """Density that falls by e every scale height, always and everywhere.

    Parameters
    ----------
    reference_kg_m3, reference_altitude_m, scale_height_m : float
    """

    reference_kg_m3: float
    reference_altitude_m: float
    scale_height_m: float

    def column(self, lanes: NDArray[np.intp], t_s: Array) -> Column:  # noqa: ARG002
        """The same for all."""

        def density(altitude_m: Array, direction: Array) -> Array:  # noqa: ARG001
            fall = (altitude_m - self.reference_altitude_m) / self.scale_height_m
            return np.asarray(self.reference_kg_m3 * np.exp(-fall))

        return density


@dataclass(frozen=True, slots=True, eq=False)
class MsisAir:
    """MSIS over years, by histories of the Sun.

    Parameters
    ----------
    histories : SolarHistories
    rows : array of int, shape (lanes,), the history of each lane
    newer : array of bool, shape (lanes,), NRLMSIS 2.1 if true, else NRLMSISE-00

    Accuracy
    --------
    Against the model itself, over places, hours and seasons, 1 % in the mean;
    single places scatter by 3 % up to 300 km and 6 to 9 % above 500 km. The
    models' dependence on longitude and universal time (3 %) is left out; it
    averages out over days. Above 280 and below 60 flux units the flux is held.
    """

    histories: SolarHistories
    rows: NDArray[np.intp]
    newer: NDArray[np.bool_]

    def column(self, lanes: NDArray[np.intp], t_s: Array) -> Column:
        """The air over these lanes at these instants, both shape (n,)."""
        flux, ap = self.histories.at(self.rows[lanes], t_s)
        epoch = self.histories.epoch
        season = _season(epoch.tai_mjd + (epoch.tai_s + t_s) / 86400.0)
        flux_powers = _powers(flux)
        weights = (flux_powers[:, :, None] * season[:, None, :]).reshape(lanes.size, -1)
        more = (ap - _AP_REFERENCE)[:, None]
        terms = np.empty((lanes.size, _LEVELS * _PLACES))
        for is_newer, version in _NEWER:
            chosen = np.flatnonzero(self.newer[lanes] == is_newer)
            shape, quiet, active = msis_table(version) if chosen.size else _NO_TABLE
            for k in range(0, chosen.size, _BLOCK):
                some = chosen[k : k + _BLOCK]
                terms[some] = weights[some] @ shape
                slope = np.where(
                    more[some] < 0.0, *(flux_powers[some] @ s for s in (quiet, active))
                )
                terms[some, ::_PLACES] += more[some] * slope
        by_level = terms.reshape(-1, _LEVELS, _PLACES).transpose(0, 2, 1)

        def density(altitude_m: Array, direction: Array) -> Array:
            at_levels = np.matmul(_basis(direction), by_level)
            return np.exp(_between_levels(at_levels, altitude_m / 1000.0))

        return density


@lru_cache(maxsize=2)
def msis_table(version: Version) -> tuple[Array, Array, Array]:
    """Coefficients of ln(kg/m3), and its slopes with Ap.

    Returns
    -------
    shape : array (flux powers x season terms, levels x place terms)
    quiet, active : arrays (flux powers, levels), per unit of Ap below and above 10, global mean
    """
    flux = _FLUX_MID + _FLUX_SCALE * np.cos(np.pi * (np.arange(_FLUXES) + 0.5) / _FLUXES)
    days = _J2000_MJD + _YEAR_DAYS * np.arange(_SEASONS) / _SEASONS
    sines, weight = np.polynomial.legendre.leggauss(_LATITUDES)
    hours = 2.0 * np.pi * np.arange(_HOURS) / _HOURS
    axes = np.meshgrid(_levels_km(), flux, days, sines, hours, indexing="ij")
    logs = _log_density(version, axes, _AP_REFERENCE)
    direction = _direction(*np.meshgrid(sines, hours, indexing="ij")).reshape(-1, 3)
    root = np.sqrt(np.repeat(weight, _HOURS))
    place = np.linalg.pinv(root[:, None] * _basis(direction)) * root
    season = np.linalg.pinv(_season(days))
    power = np.linalg.inv(_powers(flux))
    flat = logs.reshape(*logs.shape[:3], -1)
    shape = np.einsum("hfdp,mp,sd,kf->kshm", flat, place, season, power, optimize=True)
    few = [axis[:, :, ::3, :, ::2] for axis in axes]
    slopes = []
    for ap in (_AP_QUIET, _AP_ACTIVE):
        gain = (_log_density(version, few, ap) - logs[:, :, ::3, :, ::2]) / (ap - _AP_REFERENCE)
        mean = np.einsum("hfdlo,l->hf", gain, weight / weight.sum())
        slopes.append(power @ mean.T / (gain.shape[2] * gain.shape[4]))
    return shape.reshape(power.shape[0] * season.shape[0], -1), slopes[0], slopes[1]


def _log_density(version: Version, axes: Sequence[Array], ap: float) -> Array:
    """ln of density at level km, flux, day, sine of latitude, hour angle of noon."""
    import pymsis
    from pymsis.msis import create_options

    altitude, flux, day, sine, hour = (axis.ravel() for axis in axes)
    instants = np.datetime64("1858-11-17T00:00", "m") + np.floor(day).astype("timedelta64[D]")
    found = pymsis.calculate(
        instants + np.timedelta64(12, "h"),
        np.degrees(hour),
        np.degrees(np.arcsin(sine)),
        altitude,
        flux,
        flux,
        np.full((altitude.size, 7), ap),
        version={"00": 0, "2.1": 2.1}[version],
        # What turns with longitude and universal time averages out over days.
        options=create_options(
            all_ut_effects=0, longitudinal=0, mixed_ut_long=0, mixed_ap_ut_long=0
        ),
    )
    density = found.reshape(altitude.size, -1)[:, pymsis.Variable.MASS_DENSITY]
    return np.asarray(np.log(density.astype(float)).reshape(axes[0].shape))


def _levels_km() -> Array:
    low, high = np.log(_BOTTOM_KM - _SHIFT_KM), np.log(_TOP_KM - _SHIFT_KM)
    return np.asarray(_SHIFT_KM + np.exp(np.linspace(low, high, _LEVELS)))


def _between_levels(values: Array, altitude_km: Array) -> Array:
    """Cubic through four neighbouring levels; (n, q, levels) at (n, q) to (n, q)."""
    low, high = np.log(_BOTTOM_KM - _SHIFT_KM), np.log(_TOP_KM - _SHIFT_KM)
    held = np.log(np.clip(altitude_km, _BOTTOM_KM, _TOP_KM) - _SHIFT_KM)
    x = (held - low) / (high - low) * (_LEVELS - 1)
    first = np.clip(x.astype(np.intp) - 1, 0, _LEVELS - 4)
    t = x - first
    four = np.take_along_axis(values, first[..., None] + np.arange(4), axis=-1)
    t1, t2, t3 = t - 1.0, t - 2.0, t - 3.0
    weights = np.stack(
        [-t1 * t2 * t3 / 6.0, t * t2 * t3 / 2.0, -t * t1 * t3 / 2.0, t * t1 * t2 / 6.0], axis=-1
    )
    return np.asarray(np.einsum("nqk,nqk->nq", four, weights))


def _direction(sine: Any, hour: Any) -> Array:
    cosine = np.sqrt(1.0 - sine * sine)
    return np.stack([cosine * np.cos(hour), cosine * np.sin(hour), sine], axis=-1)


def _basis(direction: Array) -> Array:
    """Harmonics to degree 4 and order 2 as polynomials of the direction, (..., 19)."""
    x, y, z = direction[..., 0], direction[..., 1], direction[..., 2]
    z2, xx, xy = z * z, x * x - y * y, x * y
    high = z2 - 1.0 / 7.0
    out = np.empty((_PLACES, *x.shape))
    out[0] = 1.0
    out[1], out[2], out[3] = x, y, z
    out[4], out[5], out[6], out[7] = xx, xy, x * z, y * z
    out[8] = z2 - 1.0 / 3.0
    out[9], out[10], out[11] = z * (z2 - 0.6), z * xx, z * xy
    out[12], out[13] = x * (z2 - 0.2), y * (z2 - 0.2)
    out[14] = z2 * z2 - 6.0 / 7.0 * z2 + 3.0 / 35.0
    out[15], out[16] = out[6] * (z2 - 3.0 / 7.0), out[7] * (z2 - 3.0 / 7.0)
    out[17], out[18] = xx * high, xy * high
    return np.moveaxis(out, 0, -1)


def _season(mjd: Array) -> Array:
    angle = 2.0 * np.pi * (mjd - _J2000_MJD) / _YEAR_DAYS
    one, two = angle, 2.0 * angle
    terms = [np.ones_like(angle), np.cos(one), np.sin(one), np.cos(two), np.sin(two)]
    assert len(terms) == _TERMS
    return np.stack(terms, axis=-1)


def _powers(flux: Array) -> Array:
    held = (np.clip(flux, _FLUX_LOW, _FLUX_HIGH) - _FLUX_MID) / _FLUX_SCALE
    return np.asarray(held[:, None] ** np.arange(_FLUXES))
