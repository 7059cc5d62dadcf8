"""Every instant, and only those, found once."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.mission.catalogue import load_site
from cosmodrome.mission.nouns import LocalTime
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.orbit.elements import Elements
from cosmodrome.orbit.motion import Secular
from cosmodrome.windows.climbs import Climb, direct_climbs
from cosmodrome.windows.instants import Greenwich, instants
from cosmodrome.windows.planes import (
    NodeTrack,
    Plane,
    given_node,
    local_time_node,
    mean_plane,
    met_after,
    node_of_orbit,
)
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import apparent_sidereal_angle_rad

START = Epoch.parse("2026-06-01T00:00:00Z")
DAY_S = 86400.0
SITE = load_site("cape-canaveral").site()
STATION = Secular(
    START, "TOD", Elements.keplerian(6.798e6, 0.0005, math.radians(51.64), 2.0, 0.5, 1.0)
)
PLANES: dict[str, Plane] = {
    "given": given_node(1.0),
    "mean": local_time_node(LocalTime(10.5, "ascending")),
    "apparent": local_time_node(LocalTime(6.0, "descending", "apparent")),
    "satellite": node_of_orbit(STATION),
    "met": met_after(node_of_orbit(STATION), 2.0 * DAY_S, -1.1e-6),
}


def climbs() -> tuple[Climb, ...]:
    return direct_climbs(SITE, parse_orbit("200 km 51.64 deg"))


def found(climb: Climb, plane: Plane, start: Epoch, days: float) -> np.ndarray:
    ends = (climb.flight_s, climb.flight_s + days * DAY_S)
    track = NodeTrack.of(plane, start, ends)
    sky = Greenwich.of(start, (0.0, days * DAY_S))
    return instants(climb, SITE.longitude_rad, track, sky, days * DAY_S)


def miss_rad(climb: Climb, plane: Plane, start: Epoch, t: float) -> float:
    """Node of the flight less the one wanted, each from its own source."""
    own = apparent_sidereal_angle_rad(start + t) + SITE.longitude_rad + climb.node_from_pad_rad
    want = float(plane(start, np.array([t + climb.flight_s]))[0])
    return (own - want + math.pi) % (2.0 * math.pi) - math.pi


@pytest.mark.parametrize("name", PLANES)
def test_every_instant_meets_its_plane(name: str) -> None:
    plane = PLANES[name]
    for climb in climbs():
        for t in found(climb, plane, START, 40.0):
            assert miss_rad(climb, plane, START, float(t)) == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize("name", PLANES)
def test_none_is_missed(name: str) -> None:
    plane, climb = PLANES[name], climbs()[0]
    t = found(climb, plane, START, 10.0)
    grid = np.arange(0.0, 10.0 * DAY_S, 1800.0)
    sky = Greenwich.of(START, (0.0, 10.0 * DAY_S))
    own = climb.node_from_pad_rad + SITE.longitude_rad + sky.at(grid)
    gap = np.mod(own - plane(START, grid + climb.flight_s) + math.pi, 2.0 * math.pi) - math.pi
    crossings = np.flatnonzero((gap[:-1] < 0.0) & (gap[1:] >= 0.0) & (np.abs(gap[1:]) < 1.0))
    assert t.size == crossings.size
    assert np.all(np.abs(t - grid[crossings]) <= 1800.0)


def test_days_between_are_those_of_what_is_waited_for() -> None:
    climb = climbs()[0]
    gaps = {name: np.diff(found(climb, PLANES[name], START, 60.0)) for name in PLANES}
    # A fixed node comes back with the stars, a local time with the mean Sun.
    assert gaps["given"] == pytest.approx(86164.09, abs=0.02)
    assert gaps["mean"] == pytest.approx(86400.0, abs=0.02)
    # The station's plane falls 5 deg a day: 23 h 36 min.
    rate = float(STATION.rates.raan_rad_s)
    assert gaps["satellite"] == pytest.approx(2.0 * math.pi / (7.292115e-5 - rate), abs=0.1)
    # The apparent Sun is early or late by up to half a minute from day to day.
    assert 1.0 < np.max(np.abs(gaps["apparent"] - 86400.0)) < 31.0


def test_both_ends_belong_to_the_time() -> None:
    climb, plane = climbs()[0], PLANES["mean"]
    first, second = found(climb, plane, START, 2.0)
    days = (second - first) / DAY_S
    again = found(climb, plane, START + float(first), days)
    assert again == pytest.approx([0.0, second - first], abs=1e-3)
    assert found(climb, plane, START + (float(first) + 1.0), days - 2.0 / DAY_S).size == 0


def test_a_track_follows_its_plane_between_samples() -> None:
    t = np.linspace(0.0, 30.0 * DAY_S, 299)
    for plane in PLANES.values():
        track = NodeTrack.of(plane, START, (0.0, 30.0 * DAY_S))
        apart = np.exp(1j * track.at(t)) - np.exp(1j * plane(START, t))
        assert np.max(np.abs(apart)) < 1e-8


def test_a_track_asks_for_no_time_beyond_its_own() -> None:
    asked: list[float] = []

    def plane(_epoch: Epoch, t_s: np.ndarray) -> np.ndarray:
        asked.extend(t_s)
        return 0.0 * t_s

    NodeTrack.of(plane, START, (100.0, 5000.0))
    assert min(asked) == 100.0
    assert max(asked) == 5000.0


def test_the_mean_plane_is_without_the_waves_of_a_revolution() -> None:
    t = np.linspace(0.0, 6000.0, 101)

    class Shown:
        """The same motion, of which only places are known."""

        epoch, frame, span_s = STATION.epoch, STATION.frame, STATION.span_s
        at = STATION.at

    seen = mean_plane(Shown(), START, t)
    exact = STATION.elements_at(t)
    assert np.degrees(np.max(np.abs(seen.raan_rad - exact.raan_rad))) < 2e-4
    waved = np.unwrap(np.arctan2(*(np.cross(*STATION.at(t)).T[:2] * [[1.0], [-1.0]])))
    assert np.degrees(np.ptp(waved)) > 0.02


def test_sidereal_time_is_that_of_the_frames() -> None:
    sky = Greenwich.of(START, (0.0, 100.0 * DAY_S))
    for t in (0.0, 12345.6, 33.3 * DAY_S, 100.0 * DAY_S):
        apart = sky.at(np.array([t]))[0] - apparent_sidereal_angle_rad(START + t)
        assert (apart + math.pi) % (2.0 * math.pi) - math.pi == pytest.approx(0.0, abs=3e-9)
