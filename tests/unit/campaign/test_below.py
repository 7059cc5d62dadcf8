"""Orbits below the site's latitude: led down step by step, or told how far down it goes."""

from __future__ import annotations

import pytest

from cosmodrome.campaign import plan_mission
from cosmodrome.campaign.below import at_edge, below_latitude, led, needs_leading
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit


def asked(orbit: str) -> Mission:
    return make_mission(load_vehicle("angara-1.2"), load_site("vostochny"), parse_orbit(orbit))


@pytest.mark.parametrize(
    ("tilt_deg", "short_deg"), [(60.0, 0.0), (51.69, 0.0), (45.0, 6.69), (135.0, 6.69)]
)
def test_how_far_below(tilt_deg: float, short_deg: float) -> None:
    """Vostochny lies at 51.88 deg geodetic, 51.69 geocentric; retrograde counts from 180."""
    assert below_latitude(asked("200 km 60 deg"), tilt_deg) == pytest.approx(short_deg, abs=0.02)


@pytest.mark.parametrize("tilt_deg", [45.0, 135.0])
def test_the_edge_has_a_direct_ascent(tilt_deg: float) -> None:
    mission = asked(f"200 km {tilt_deg} deg")
    assert needs_leading(mission)
    assert not needs_leading(at_edge(mission))


def _stops_at(least_deg: float, widest_deg: float = 10.0) -> tuple[float, tuple[float, ...]]:
    """Ways that converge down to an inclination, in steps up to a width."""
    last = [50.0]

    def stepped(there_deg: float, ways: tuple[float, ...]) -> tuple[float, ...]:
        if there_deg < least_deg or last[0] - there_deg > widest_deg:
            return ()
        last[0] = there_deg
        return tuple(there_deg for _ in ways)

    return led(50.0, 41.0, (50.0,), stepped, beyond=lambda ways: ways[0] < 43.0)


def test_leading_ends_where_nothing_is_left() -> None:
    now, ways = _stops_at(0.0)
    assert ways == (now,)
    assert 41.0 < now < 43.0


def test_a_failing_step_is_halved_and_the_way_may_be_lost() -> None:
    assert _stops_at(0.0, widest_deg=0.6)[0] < 43.0
    now, ways = _stops_at(47.0)
    assert 47.0 <= now < 47.8
    assert ways


def test_below_the_latitude_the_lowest_inclination_is_named() -> None:
    document = plan_mission(asked("400 km 40 deg")).document
    assert document["status"] == "infeasible"
    lowest, edge = document["nearest"]
    assert lowest["change"] == "lowest inclination within reach"
    assert 0.0 < lowest["payload_kg"] < 0.1 * edge["payload_kg"]
    assert "takes a dogleg" in document["reason"]
