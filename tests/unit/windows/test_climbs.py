"""What an ascent leads to: estimated, and read off a flown one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import load_site
from cosmodrome.mission.nouns import Environment, Site
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.orbit.elements import Elements, state_from_elements
from cosmodrome.orbit.mean import osculating_state
from cosmodrome.windows.climbs import LEAD_S, direct_climbs, flown_climb
from cosmodrome.windows.courses import courses
from cosmodrome.world import earth
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import apparent_sidereal_angle_rad, rotation
from cosmodrome.world.state import Trajectory, in_frame

EARTH = Environment()
LIFTOFF = Epoch.parse("2027-03-21T01:13:18Z")
FLIGHT_S = 500.0


@pytest.fixture(scope="module")
def mahia() -> Site:
    return load_site("mahia").site()


def flight(site: Site, node_from_pad_rad: float, *, frame: str = "GCRF") -> Trajectory:
    """From the pad along its plane to insertion: places right, times made up."""
    meridian = apparent_sidereal_angle_rad(LIFTOFF) + site.longitude_rad
    a, f = EARTH.equatorial_radius_m, EARTH.flattening
    pad = earth.site_position(site.latitude_rad, meridian, site.altitude_m, a, f)
    latitude = float(earth.geocentric_latitude(site.latitude_rad, site.altitude_m, a, f))
    down = courses(latitude, math.radians(97.4))[1]
    u = down.argument_of_latitude_rad + np.linspace(0.0, 0.3, 61)
    orbit = Elements.keplerian(
        6.878e6 * np.ones(61), 0.0, math.radians(97.4), meridian + node_from_pad_rad, 0.0, u
    )
    r, v = osculating_state(orbit, EARTH.mu_m3_s2, EARTH.gravity_radius_m, EARTH.zonals[0])
    r[0] = pad
    back = rotation("TOD", "GCRF", LIFTOFF)
    t = np.linspace(0.0, FLIGHT_S, 61)
    made = Trajectory(LIFTOFF, "GCRF", t, r @ back.T, v @ back.T)
    return in_frame(made, frame)


@pytest.mark.parametrize("frame", ["GCRF", "TEME", "ITRF"])
def test_a_flown_plane_is_read_in_any_frame(mahia: Site, frame: str) -> None:
    climb = flown_climb(flight(mahia, -3.0, frame=frame), mahia, mean=True)
    # Precession in ten minutes is the difference between frames that move.
    assert climb.node_from_pad_rad == pytest.approx(-3.0, abs=3e-6)
    assert climb.flight_s == FLIGHT_S
    assert climb.leg == "descending"
    assert climb.flown
    assert math.degrees(climb.orbit.inclination_rad) == pytest.approx(97.4, abs=1e-3)


def test_the_mean_node_is_not_the_osculating_one(mahia: Site) -> None:
    made = flight(mahia, -3.0)
    mean, waved = (flown_climb(made, mahia, mean=said) for said in (True, False))
    apart_s = abs(mean.node_from_pad_rad - waved.node_from_pad_rad) / EARTH.rotation_rad_s
    assert 0.1 < apart_s < 3.0


def test_an_escape_meets_no_plane(mahia: Site) -> None:
    made = flight(mahia, -3.0)
    fast = Trajectory(made.epoch, made.frame, made.t_s, made.r_m, 1.5 * made.v_m_s)
    with pytest.raises(InputError, match="escape"):
        flown_climb(fast, mahia)


def test_an_estimate_leads_the_plane(mahia: Site) -> None:
    up, down = direct_climbs(mahia, parse_orbit("sso 500 km ltan 10:30"))
    exact = direct_climbs(mahia, parse_orbit("sso 500 km ltan 10:30"), lead_s=0.0)
    for one, sharp in zip((up, down), exact, strict=True):
        lead = (one.node_from_pad_rad - sharp.node_from_pad_rad) / EARTH.rotation_rad_s
        assert lead == pytest.approx(LEAD_S)
        assert not one.flown
    assert (up.leg, down.leg) == ("ascending", "descending")
    # Retrograde over the turning Earth has to point further west than its plane.
    assert up.azimuth_rad < up.inertial_azimuth_rad
    assert down.azimuth_rad > down.inertial_azimuth_rad


def test_an_elliptic_target_is_met_at_its_perigee(mahia: Site) -> None:
    climb = direct_climbs(mahia, parse_orbit("200x2000 km 60 deg"))[0]
    r, _ = state_from_elements(climb.orbit, EARTH.mu_m3_s2)
    assert np.linalg.norm(r) == pytest.approx(6378137.0 + 200e3)


@pytest.mark.parametrize("orbit", ["escape c3 10", "gto"])
def test_an_orbit_without_a_plane_is_refused(mahia: Site, orbit: str) -> None:
    with pytest.raises(InputError, match="closed orbit with an inclination"):
        direct_climbs(mahia, parse_orbit(orbit))
