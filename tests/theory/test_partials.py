"""Partials from the multipliers against payloads that were optimised again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cosmodrome.ascent.attempt import Workshop
from cosmodrome.campaign.partials import Partial, partials
from cosmodrome.campaign.plan import Planned, PlanOptions, plan_in_full
from cosmodrome.flight.variation import Quantity, Variation, varied
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.orbit_text import parse_orbit

# Changes of one per cent bend by a few thousandths of themselves.
FIRST_ORDER = 5e-3


@pytest.fixture(scope="module")
def planned() -> Planned:
    sheet = load_vehicle("angara-1.2")
    mission = make_mission(sheet, load_site("vostochny"), parse_orbit("200 km 51.7 deg"))
    return plan_in_full(mission, PlanOptions(partials=False), workshop=Workshop())


@pytest.fixture(scope="module")
def table(planned: Planned) -> dict[tuple[str, str], Partial]:
    assert planned.best is not None
    found = partials(planned.workshop, planned.mission, planned.best)
    return {(one.quantity, one.part): one for one in found}


@pytest.mark.parametrize(
    ("quantity", "part", "amount"),
    [
        ("dry mass", "URM-1", 100.0),
        ("propellant", "URM-1", 1000.0),
        ("residual", "URM-2", 20.0),
        ("specific impulse", "URM-1", 2.0),
        ("specific impulse", "URM-2", 2.0),
        ("thrust", "URM-1", 0.01),
        ("fairing mass", "fairing", 50.0),
        ("drag", "vehicle", 0.05),
    ],
)
def test_a_partial_is_what_solving_again_gives(
    planned: Planned,
    table: dict[tuple[str, str], Partial],
    quantity: Quantity,
    part: str,
    amount: float,
) -> None:
    assert planned.best is not None
    worth = []
    for signed in (-amount, amount):
        vehicle = varied(planned.mission.vehicle, Variation(quantity, part, signed))
        mission = replace(planned.mission, vehicle=vehicle)
        again = planned.workshop.again(mission, planned.best)
        assert again.solution.status == "solved"
        worth.append(again.worth)
    slope = (worth[1] - worth[0]) / (2.0 * amount)
    assert table[quantity, part].kg_per_unit == pytest.approx(slope, rel=FIRST_ORDER)


def test_what_rides_along_costs_its_own_mass(table: dict[tuple[str, str], Partial]) -> None:
    """A rider, an adapter and the last stage's own dry mass trade one for one."""
    for key in (("rider mass", "rider"), ("adapter mass", "adapter"), ("dry mass", "URM-2")):
        assert table[key].kg_per_unit == pytest.approx(-1.0, abs=1e-6)


def test_a_metre_per_second_kept_costs_payload(
    planned: Planned, table: dict[tuple[str, str], Partial]
) -> None:
    assert planned.best is not None
    kept = planned.mission.vehicle.reserve_m_s
    worth = []
    for more in (-10.0, 10.0):
        vehicle = replace(planned.mission.vehicle, reserve_m_s=kept + more)
        mission = replace(planned.mission, vehicle=vehicle)
        worth.append(planned.workshop.again(mission, planned.best).worth)
    slope = (worth[1] - worth[0]) / 20.0
    assert table["velocity", ""].kg_per_unit == pytest.approx(slope, rel=FIRST_ORDER)
    assert slope < 0.0
