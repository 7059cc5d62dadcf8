"""Where a map bends: between neighbours that differ in kind, and nowhere else."""

from __future__ import annotations

from typing import Any

from cosmodrome.campaign.map_kinks import kinks
from cosmodrome.campaign.payload_map import Cell


def cell(altitude_km: float, inclination_deg: float, **more: Any) -> Cell:
    told: dict[str, Any] = {"status": "optimal", "payload_kg": 1.0, "burns": 1}
    told |= {"direction": "northward", "course": "direct"} | more
    return Cell("here", altitude_km, inclination_deg, **told)


def test_a_grid_of_one_kind_has_none() -> None:
    assert not kinks([cell(h, i) for h in (200, 300, 400) for i in (60, 70)])


def test_burns_along_altitude() -> None:
    bends = kinks([cell(200, 60), cell(300, 60, burns=2), cell(400, 60, burns=2)])
    assert len(bends) == 1
    found = bends[0]
    assert (found.kind, found.along, found.change) == ("burns", "altitude", "one burn to two burns")
    assert found.altitudes_km == (200.0, 300.0)
    assert found.inclinations_deg == (60.0, 60.0)


def test_direction_and_course_along_inclination() -> None:
    found = kinks([cell(200, 60), cell(200, 70, direction="southward", course="dogleg")])
    assert {(one.kind, one.along, one.change) for one in found} == {
        ("direction", "inclination", "northward to southward"),
        ("course", "inclination", "direct course to dogleg"),
    }


def test_nothing_bends_where_there_is_no_payload_or_at_another_site() -> None:
    other = Cell("there", 300, 60, "optimal", 1.0, 2, "northward", "direct")
    lost = cell(300, 60, burns=2, status="infeasible")
    assert not kinks([cell(200, 60), lost])
    assert not kinks([cell(200, 60), other])


def test_the_latitude_is_one_boundary_and_not_three() -> None:
    below = cell(200, 50, direction="due east", course="below latitude")
    (found,) = kinks([below, cell(200, 60)])
    assert (found.kind, found.along) == ("latitude", "inclination")
    assert found.change == "dogleg below the site's latitude to direct course"
    assert not kinks([below, cell(200, 45, direction="due east", course="below latitude")])
