"""Targets as motions: the node that is meant, and what is assumed said."""

from __future__ import annotations

import pytest

from cosmodrome.errors import InputError
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.orbit.sun import local_time_at_node
from cosmodrome.satellite.flown_orbit import flown_orbit
from cosmodrome.world.epoch import Epoch


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("sso 500 km ltan 10:30", 10.5),
        ("sso 500 km ltdn 10:30", 22.5),
        ("sso 500 km", 12.0),
    ],
)
def test_the_node_has_the_local_time_asked_for(text: str, hours: float, epoch: Epoch) -> None:
    found = flown_orbit(parse_orbit(text), epoch)
    node = float(found.motion.elements.raan_rad)
    assert local_time_at_node(node, epoch) == pytest.approx(hours, abs=1e-9)
    assert bool(found.assumptions) == ("lt" not in text)


def test_an_orbit_that_turns_away_from_the_sun_takes_the_node_given(epoch: Epoch) -> None:
    said = flown_orbit(parse_orbit("550x600 km 53 deg raan 90"), epoch)
    assert float(said.motion.elements.raan_rad) == pytest.approx(1.5707963267948966)
    assert said.apogee_radius_m - said.perigee_radius_m == pytest.approx(50e3)
    assert any(
        "no node" in one for one in flown_orbit(parse_orbit("550 km 53 deg"), epoch).assumptions
    )


@pytest.mark.parametrize("text", ["escape c3 10", "gto"])
def test_what_has_no_closed_orbit_or_no_plane_is_refused(text: str, epoch: Epoch) -> None:
    with pytest.raises(InputError, match="closed orbit"):
        flown_orbit(parse_orbit(text), epoch)
