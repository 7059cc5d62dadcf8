import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.io.conversion import Label
from cosmodrome.io.export import coasted, fitted
from cosmodrome.io.mean_elements import MeanElements
from cosmodrome.io.sgp4_fit import fit_sgp4
from cosmodrome.orbit.elements import Elements, elements_from_state, state_from_elements
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State, Trajectory, in_frame

START = Epoch.parse("2027-03-20T12:00:00Z")
MU = 3.986004418e14
LABEL = Label(START, "SAT")


def injected(altitude_m: float, e: float, tilt_deg: float) -> State:
    a = (6378137.0 + altitude_m) / (1.0 - e)
    one = Elements.keplerian(a, e, math.radians(tilt_deg), 1.0, 2.0, 0.5)
    r, v = state_from_elements(one, MU)
    return State(START, "TOD", r, v)


@pytest.mark.parametrize("tilt", [0.05, 28.5, 97.6, 179.0])
@pytest.mark.parametrize("e", [1e-4, 0.02, 0.72])
def test_elements_of_sgp4_itself_are_found_again(tilt: float, e: float) -> None:
    motion = math.sqrt(3.986008e14 / ((6378e3 + 600e3) / (1.0 - e)) ** 3)
    given = MeanElements(START, motion, e, math.radians(tilt), 1.0, 2.0, 0.5, 1e-4)
    t = np.linspace(0.0, 86400.0, 300)
    r, v = given.motion().at(t)
    fit = fit_sgp4(Trajectory(START, "TEME", t, r, v), bstar=None)
    assert fit.drag_fitted
    assert fit.max_m < 0.01
    if 1.0 < tilt < 178.0:  # the drag of an orbit hides in the motion where it is weak
        assert fit.elements.mean_motion_rad_s == pytest.approx(motion, rel=1e-8)


@pytest.mark.parametrize(
    ("altitude_m", "e", "tilt"),
    [(200e3, 1e-3, 51.7), (500e3, 1e-3, 97.4), (700e3, 0.0, 0.01), (250e3, 0.72, 27.0)],
)
def test_an_injection_is_followed_and_the_residual_said(
    altitude_m: float, e: float, tilt: float
) -> None:
    state = injected(altitude_m, e, tilt)
    fit = fitted(state, LABEL)
    # Deep-space SGP4 carries Sun and Moon, which the coast leaves out.
    assert fit.rms_m < (10e3 if e > 0.1 else 100.0)
    # The residual is what it says: against the coast, not against itself.
    body = in_frame(coasted(state, 86400.0), "TEME")
    r, _ = fit.elements.motion().at(body.t_s + (body.epoch - fit.elements.epoch))
    miss = np.linalg.norm(r - body.r_m, axis=1)
    assert float(np.max(miss)) == pytest.approx(fit.max_m, rel=0.1)
    assert f"{fit.rms_m:.1f} m rms" in fit.notes()[1]


def test_osculating_elements_would_be_far_off() -> None:
    state = injected(500e3, 1e-3, 97.4)
    fit = fitted(state, LABEL)
    teme = in_frame(state, "TEME")
    one = elements_from_state(teme.r_m, teme.v_m_s, 3.986008e14)
    e, nu = float(one.eccentricity), float(one.true_anomaly_rad)
    half = 2.0 * math.atan(math.sqrt((1 - e) / (1 + e)) * math.tan(nu / 2.0))
    wrong = MeanElements(
        START,
        math.sqrt(3.986008e14 / float(one.semi_major_axis_m) ** 3),
        e,
        float(one.inclination_rad),
        float(one.raan_rad),
        float(one.argp_rad),
        half - e * math.sin(half),
    )
    body = in_frame(coasted(state, 86400.0), "TEME")
    r, _ = wrong.motion().at(body.t_s)
    miss = float(np.max(np.linalg.norm(r - body.r_m, axis=1)))
    assert miss > 100.0 * fit.max_m


@pytest.mark.parametrize(("cut", "why"), [(3, "four states"), (12, "half a revolution")])
def test_too_little_is_refused(cut: int, why: str) -> None:
    body = coasted(injected(500e3, 1e-3, 97.4), 86400.0)
    short = Trajectory(START, "GCRF", body.t_s[:cut], body.r_m[:cut], body.v_m_s[:cut])
    with pytest.raises(InputError, match=why):
        fit_sgp4(short)


def test_a_jump_is_refused() -> None:
    body = coasted(injected(500e3, 1e-3, 97.4), 86400.0)
    t = body.t_s.copy()
    t[11] = t[10]
    with pytest.raises(InputError, match="jump"):
        fit_sgp4(Trajectory(START, "GCRF", t, body.r_m, body.v_m_s))


def test_an_orbit_that_comes_down_has_no_elements() -> None:
    with pytest.raises(InputError, match="perigee at 50 km"):
        fitted(injected(50e3, 1e-2, 51.7), LABEL)
