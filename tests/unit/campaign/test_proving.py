"""How much finer a mesh is made after a re-flight that was off, or came to nothing."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from cosmodrome.campaign import proving
from cosmodrome.campaign.plan import plan_mission
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.verify.judge import Tolerances


@pytest.mark.parametrize(
    ("shares", "factors"),
    [
        ([[1.0, 1e-3], [2000.0, 1.0]], (1, 4)),
        ([[1.0, 1e-3], [70.0, 1e-3]], (1, 2)),
        ([[1.0, 1e-3], [1.0, 1e-3]], (2, 2)),  # a limit alone: everywhere
        ([[np.nan, np.nan], [2000.0, 1.0]], (4, 4)),  # the first leg was never flown to its end
        ([[np.nan, np.nan], [1.0, 1e-3]], (4, 1)),
    ],
)
def test_a_leg_is_made_finer_by_its_share(
    monkeypatch: pytest.MonkeyPatch, shares: list[list[float]], factors: tuple[int, ...]
) -> None:
    monkeypatch.setattr(proving, "error_shares", lambda *_: np.array(shares))
    mission = cast("Any", SimpleNamespace(inertial_angle_rad=None))
    proof = cast("Any", SimpleNamespace(plan=None, flight=SimpleNamespace(meridian_rad=0.0)))
    assert proving._factors(mission, proof, Tolerances()) == factors


@pytest.mark.parametrize(
    ("oversteps", "vain"),
    [
        ([0.04], False),
        ([0.04, 0.03], False),  # once is too early to tell
        ([0.04, 0.01, 0.001], False),
        ([0.04, 0.03, 0.025], True),
        ([0.0, 0.0, 0.0], False),
    ],
)
def test_lowering_a_limit_in_vain_is_noticed(oversteps: list[float], vain: bool) -> None:
    assert proving._in_vain(oversteps) is vain


def test_a_limit_overstepped_between_nodes_gets_a_finer_mesh() -> None:
    """To this orbit, with one burn, its angle of attack is largest just after a node."""
    sheet = load_vehicle("long-march-4c")
    *lower, last = sheet.vehicle().stages
    vehicle = replace(sheet.vehicle(), stages=(*lower, replace(last, burns=1)))
    mission = make_mission(sheet, load_site("taiyuan"), parse_orbit("200 km 61.3 deg"))
    document = plan_mission(replace(mission, vehicle=vehicle)).document
    assert document["status"] == "optimal"
    assert document["payload_kg"] == pytest.approx(4494.0, rel=2e-3)
    assert all(row["met"] for row in document["limits"])


@pytest.mark.slow
def test_a_corridor_is_held_when_the_core_burns_longer_than_it_would() -> None:
    """The ground turns under a flight: rows of the corridor count from its own times."""
    mission = make_mission(
        load_vehicle("lvm3"), load_site("sriharikota"), parse_orbit("500 km 97.4 deg")
    )
    document = plan_mission(mission).document
    assert document["status"] == "optimal"
    assert document["payload_kg"] == pytest.approx(3269.0, rel=5e-3)
