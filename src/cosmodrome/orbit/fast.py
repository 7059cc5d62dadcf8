"""The fast engine: satkit, for the forces and data that are compiled into it.

Everything the library knows stands in this module, so that another can take
its place. It is given files that packages ship, and never downloads.
"""

from __future__ import annotations

import importlib.util
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import CosmodromeError
from cosmodrome.orbit.forces import Drag, ForceModel
from cosmodrome.world.density import Msis
from cosmodrome.world.ephemeris import moon_m, sun_m
from cosmodrome.world.epoch import Epoch, earth_orientation
from cosmodrome.world.gravity_field import GravityField, egm96
from cosmodrome.world.space_weather import space_weather
from cosmodrome.world.state import State

__all__ = ["fly", "misfit"]

Array = NDArray[np.float64]
_MOST_DEGREE: Final = 70
_SURFACE_M: Final = 6353000.0  # lower than the lowest place on the ellipsoid's poles
# Chosen by measurement: error after a day against 1e-12, and time taken.
_TOLERANCE: Final = 1e-10  # 7 mm, 33 ms
_TOLERANCE_DRAG: Final = 1e-9  # the density's price: 0.2 m, 90 ms


def misfit(model: ForceModel, epoch: Epoch, times_s: Array) -> str:
    """Why the engine cannot do what is asked, or an empty text.

    It has EGM96 to degree 70, DE440, the shipped Earth orientation, the shipped
    space weather in NRLMSISE-00 by three hours, and nothing else.
    """
    if (
        importlib.util.find_spec("satkit") is None
        or importlib.util.find_spec("satkit_data") is None
    ):
        return "satkit or satkit-data is not installed"
    if model.orientation is not None and model.orientation is not earth_orientation():
        return "it takes no other Earth orientation"
    if model.sun not in (None, sun_m) or model.moon not in (None, moon_m):
        return "it takes no other ephemeris"
    if not _is_egm96(model.gravity):
        return "it has no other gravity than EGM96 from degree 2 to 70"
    first, last = epoch + float(times_s.min(initial=0.0)), epoch + float(times_s.max(initial=0.0))
    data = earth_orientation()
    if first.tai_mjd <= data.mjd[0] or data.days_past_end(last) > 0.0:
        return "its Earth orientation does not reach these times"
    return "" if model.drag is None else _drag_misfit(model.drag, first, last)


def _is_egm96(gravity: GravityField) -> bool:
    if not 2 <= gravity.degree <= _MOST_DEGREE:
        return False
    own = egm96(gravity.degree)
    return gravity is own or (
        (gravity.mu_m3_s2, gravity.radius_m) == (own.mu_m3_s2, own.radius_m)
        and np.array_equal(gravity.c, own.c)
        and np.array_equal(gravity.s, own.s)
    )


def _drag_misfit(drag: Drag, first: Epoch, last: Epoch) -> str:
    density = drag.density
    if not isinstance(density, Msis) or density.version != "00" or not density.storms:
        return "it has no other density than NRLMSISE-00 by three hours"
    weather = density.weather
    if weather is not space_weather():
        return "it takes no other space weather"
    if first < weather.first + 3.0 * 86400.0 or last.tai_mjd >= weather.ap_assumed_from_mjd - 1.0:
        return "the space weather at these times is not known by three hours"
    return ""


@lru_cache(maxsize=1)
def _engine() -> tuple[Any, tempfile.TemporaryDirectory[str]]:
    """The library with a folder of links to shipped files; the folder goes with the process."""
    import satkit
    import satkit_data
    from astropy_iers_data import IERS_A_FILE

    folder = tempfile.TemporaryDirectory(prefix="cosmodrome-satkit-")
    shipped = Path(str(satkit_data.__file__)).parent / "data"
    links = {
        "finals2000A.all": Path(str(IERS_A_FILE)),
        "linux_p1550p2650.440": shipped / "linux_p1550p2650.440",
        "SW-All.csv": shipped / "SW-All.csv",
    }
    for name, target in links.items():
        (Path(folder.name) / name).symlink_to(target)
    satkit.utils.set_datadir(folder.name)
    satkit.utils.set_offline(True)
    # It would advise on the error stream to download newer tables; ours are told by age.
    satkit.frametransform.disable_eop_time_warning()
    satkit.spaceweather.disable_space_weather_time_warning()
    return satkit, folder


def fly(start: State, times_s: Array, model: ForceModel) -> tuple[Array, Array]:
    """Places and velocities at times, GCRF, shape (n, 3).

    Parameters
    ----------
    start : State, GCRF
    times_s : array, shape (n,), seconds after the start's epoch
    model : ForceModel, for which `misfit` is empty

    Raises
    ------
    CosmodromeError
        If the library gives up, or the orbit meets the surface at a time.

    Accuracy
    --------
    Over a day of low orbit against its own tightest setting: 1 cm, and 0.3 m
    with drag.
    """
    satkit, _ = _engine()
    r, v = np.empty((times_s.size, 3)), np.empty((times_s.size, 3))
    # In the order of flight: the library extrapolates, without a word, times out of it.
    for chosen in (np.flatnonzero(times_s >= 0.0), np.flatnonzero(times_s < 0.0)[::-1]):
        if chosen.size:
            r[chosen], v[chosen] = _one_way(satkit, start, times_s[chosen], model)
    height = np.linalg.norm(r, axis=1)
    if not np.all(np.isfinite(height)) or np.any(height < _SURFACE_M):
        raise CosmodromeError("the orbit meets the surface before its last time")
    return r, v


def _one_way(satkit: Any, start: State, times: Array, model: ForceModel) -> tuple[Array, Array]:
    # The library counts whole microseconds. That its clock starts so little off
    # changes no force that matters; what is cut off each time is flown straight.
    begin = satkit.time.from_mjd(float(start.epoch.tai_mjd), satkit.timescale.TAI)
    begin = begin + satkit.duration.from_seconds(round(start.epoch.tai_s, 6))
    asked = np.round(times, 6)
    left = (times - asked)[:, None]
    instants = [begin + satkit.duration.from_seconds(float(t)) for t in asked]
    if instants[-1] == begin:
        r, v = (np.broadcast_to(x, (times.size, 3)) for x in (start.r_m, start.v_m_s))
    else:
        r, v = _reached(satkit, start, begin, instants, model)
    pull = model.gravity.mu_m3_s2 / np.linalg.norm(r, axis=1, keepdims=True) ** 3
    return r + left * v, v - left * pull * r


def _reached(
    satkit: Any, start: State, begin: Any, instants: list[Any], model: ForceModel
) -> tuple[Array, Array]:
    try:
        found = satkit.propagate(
            np.concatenate([start.r_m, start.v_m_s]),
            begin,
            instants[-1],
            propsettings=_settings(satkit, model),
            satproperties=_body(satkit, model),
        )
        states = np.asarray(found.interp(instants))
    except (RuntimeError, ValueError) as error:
        raise CosmodromeError(f"the orbit cannot be followed: {error}") from None
    return states[:, :3], states[:, 3:]


def _settings(satkit: Any, model: ForceModel) -> Any:
    tolerance = _TOLERANCE if model.drag is None else _TOLERANCE_DRAG
    return satkit.propsettings(
        abs_error=tolerance,
        rel_error=tolerance,
        gravity_degree=model.gravity.degree,
        gravity_model=satkit.gravmodel.egm96,
        use_sun_gravity=model.sun is not None,
        use_moon_gravity=model.moon is not None,
        tide_model=satkit.tidemodel.none,
        use_relativistic_correction=False,
    )


def _body(satkit: Any, model: ForceModel) -> Any:
    drag, light = model.drag, model.radiation
    return satkit.satproperties(
        cdaoverm=0.0 if drag is None else drag.cd_area_over_mass_m2_kg,
        craoverm=0.0 if light is None else light.cr_area_over_mass_m2_kg,
    )
