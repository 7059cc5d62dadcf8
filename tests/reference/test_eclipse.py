"""Eclipse contacts against Orekit's own test case (Apache-2.0), two bodies, Sun of DE421.

The case is of 1969, before UTC had whole leap seconds, where an `Epoch` cannot
add seconds: the Sun is read from the ephemeris file here and the search is
asked for seconds.
"""

import importlib.util
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.orbit.bounds import bounds
from cosmodrome.orbit.eclipses import Shadow, _Cones, _stretches
from cosmodrome.orbit.elements import Elements, elements_from_state, state_from_elements
from cosmodrome.orbit.motion import TwoBody
from cosmodrome.orbit.sun_angle import SunTrack
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State

pytestmark = pytest.mark.needs_shared

EPOCH = Epoch(40430, 4 * 3600 - 32.184)  # 1969-07-28T04:00:00 TT
TT_JD = 2440430.5 + 4.0 / 24.0


@pytest.fixture(scope="module")
def case(shared_reference: Path) -> dict[str, Any]:
    text = (shared_reference / "eclipse" / "orekit_eclipse.json").read_text()
    return dict(json.loads(text))


@pytest.fixture(scope="module")
def track() -> SunTrack:
    from jplephem.daf import DAF
    from jplephem.spk import SPK

    spec = importlib.util.find_spec("skyfield_data")
    assert spec is not None
    assert spec.origin is not None
    nodes = 43200.0 * np.arange(-3.0, 5.0)
    with (Path(spec.origin).parent / "data" / "de421.bsp").open("rb") as file:
        kernel = SPK(DAF(file))
        place = kernel[0, 10].compute(TT_JD, nodes / 86400.0)[:3]
        for pair in ((0, 3), (3, 399)):
            place = place - kernel[pair].compute(TT_JD, nodes / 86400.0)[:3]
    return SunTrack(float(nodes[0]), 1e3 * place.T)


def contacts(
    motion: TwoBody, track: SunTrack, shadow: Shadow, pole: np.ndarray, duration_s: float
) -> dict[int, list[float]]:
    """Times of entry and exit by cone, 0 umbra and 1 penumbra; ends of the time left out."""
    zero = np.zeros(1)
    limits = bounds((motion,), zero, zero + duration_s)[0]
    cones = _Cones(motion, EPOCH, 0.0, track, pole, shadow, limits, None)
    key, begin, end = _stretches(cones, zero, zero + duration_s)
    found: dict[int, list[float]] = {0: [], 1: []}
    for k, first, last in zip(key, begin, end, strict=True):
        found[int(k)] += [float(t) for t in (first, last) if 0.0 < t < duration_s]
    return found


def test_contacts_within_a_millisecond(case: dict[str, Any], track: SunTrack) -> None:
    motion = TwoBody(State(EPOCH, "GCRF", case["position_m"], case["velocity_ms"]), case["mu"])
    shadow = Shadow(case["earth_radius_m"], 0.0, case["sun_radius_m"])
    found = contacts(motion, track, shadow, np.eye(3), 6000.0)
    want = case["our_check_ERFA_epv00_geometric_sun"]
    assert found[0] == pytest.approx([want["umbra_entry_s"], want["umbra_exit_s"]], abs=1e-3)
    assert found[1] == pytest.approx([want["penumbra_entry_s"], want["penumbra_exit_s"]], abs=1e-3)
    assert found[0][0] == pytest.approx(case["umbra_entry_s_orekit"], abs=1e-3)
    assert found[1][1] == pytest.approx(case["penumbra_exit_s_orekit"], abs=1e-3)


@pytest.mark.parametrize(
    ("flattening", "key"),
    [(0.0, "umbra_events_s_sphere"), (1.0 / 298.257223563, "umbra_events_s_WGS84_flattened")],
)
def test_the_polar_orbit_and_the_oblate_earth(
    case: dict[str, Any], track: SunTrack, flattening: float, key: str
) -> None:
    import erfa

    r, v = np.array(case["position_m"]), np.array(case["velocity_ms"])
    old = elements_from_state(r, v, case["mu"])
    polar = Elements(
        old.semi_latus_rectum_m,
        old.eccentricity,
        math.pi / 2,
        old.raan_rad,
        old.argp_rad,
        old.true_anomaly_rad,
    )
    motion = TwoBody(State(EPOCH, "GCRF", *state_from_elements(polar, case["mu"])), case["mu"])
    shadow = Shadow(6378137.0, flattening, case["sun_radius_m"])
    pole = np.asarray(erfa.pnm06a(TT_JD, 0.0))
    found = contacts(motion, track, shadow, pole, 15000.0)
    # Printed there to the millisecond.
    assert found[0] == pytest.approx(case["polar_variant"][key], abs=1.5e-3)
