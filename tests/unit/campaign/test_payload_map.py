"""A map of a real vehicle: the same as plans, whoever computes it, and checked."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cosmodrome.ascent.attempt import Attempt, Workshop
from cosmodrome.campaign import plan_mission
from cosmodrome.campaign.map_below import Column
from cosmodrome.campaign.map_stretch import Stretch
from cosmodrome.campaign.payload_map import (
    MapQuestion,
    PayloadMap,
    map_stamp,
    map_work,
    payload_map,
)
from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.mission_file import make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.runs import JournalError
from cosmodrome.verify.judge import Tolerances

SAME_OPTIMUM = 1e-3  # relative; two ways to one optimum differ by less


def mission(orbit: str = "300 km 60 deg", site: str = "vostochny") -> Mission:
    return make_mission(load_vehicle("angara-1.2"), load_site(site), parse_orbit(orbit))


def asked(
    altitudes: tuple[float, ...] = (200.0, 300.0, 400.0), tilts: tuple[float, ...] = (50.0, 63.0)
) -> MapQuestion:
    return MapQuestion((mission(),), altitudes, tilts, command="cosmodrome map ...")


@pytest.fixture(scope="module")
def found() -> PayloadMap:
    return payload_map(asked(), workers=1)


def at(found: PayloadMap, altitude_km: float, inclination_deg: float) -> Any:
    return next(
        cell
        for cell in found.cells
        if (cell.altitude_km, cell.inclination_deg) == (altitude_km, inclination_deg)
    )


def test_every_orbit_is_there_once_and_in_order(found: PayloadMap) -> None:
    places = [(cell.inclination_deg, cell.altitude_km) for cell in found.cells]
    assert places == sorted((i, h) for i in (50.0, 63.0) for h in (200.0, 300.0, 400.0))


def test_a_continued_cell_is_what_a_plan_says(found: PayloadMap) -> None:
    cell = at(found, 300.0, 63.0)
    assert cell.found_by == "continuation"
    assert "from the fresh starts there" in cell.checked
    plan = plan_mission(mission("300 km 63 deg"))
    assert cell.payload_kg == pytest.approx(plan.payload_kg, rel=SAME_OPTIMUM)
    assert (cell.burns, cell.direction, cell.course) == (1, "northward", "direct")


def test_payload_falls_with_altitude(found: PayloadMap) -> None:
    kept = [at(found, h, 63.0).payload_kg for h in (200.0, 300.0, 400.0)]
    assert kept == sorted(kept, reverse=True)


def test_below_the_latitude_a_dogleg_is_what_a_plan_says(found: PayloadMap) -> None:
    cell = at(found, 300.0, 50.0)
    plan = plan_mission(mission("300 km 50 deg"))
    assert cell.payload_kg == pytest.approx(plan.payload_kg, rel=SAME_OPTIMUM)
    assert (cell.course, cell.direction) == ("below latitude", "due east")
    assert cell.checked == "continued from 51.71 deg"
    bends = {one.change for one in found.kinks if one.kind == "latitude"}
    assert bends == {"dogleg below the site's latitude to direct course"}


def test_where_nothing_is_left_to_carry_nothing_below_is_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From an orbit out of reach on, every lower inclination is, with the reason."""
    work = map_work((mission(),), Tolerances())
    first = work(Column(0, 47.0, (600.0, 700.0)), None)
    assert [row["status"] for row in first.value] == ["infeasible", "infeasible"]

    def never(*_: object, **__: object) -> None:
        raise AssertionError("solved")

    monkeypatch.setattr(Workshop, "again", never)
    monkeypatch.setattr(Workshop, "attempt", never)
    rows = work(Column(0, 40.0, (600.0, 700.0)), first.after).value
    assert {row["status"] for row in rows} == {"infeasible"}
    assert all("below the site's latitude" in row["reason"] for row in rows)


def test_two_workers_and_a_journal_give_the_same(tmp_path: Path) -> None:
    question = asked((200.0, 300.0), (63.0, 70.0))
    journal = tmp_path / "journal"

    def stop(_text: str, share: float) -> None:
        if share > 0.0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        payload_map(question, journal=journal, workers=2, tell=stop)
    again = payload_map(question, journal=journal, workers=2)
    assert again == payload_map(question, workers=1)


def test_a_journal_of_another_question_is_refused(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    payload_map(asked((200.0,), (63.0,)), journal=journal)
    with pytest.raises(JournalError):
        payload_map(asked((200.0,), (64.0,)), journal=journal)


def test_the_stamp_follows_what_counts() -> None:
    stamp = map_stamp(asked())
    assert stamp == map_stamp(replace(asked(), command="another"))
    heavier = replace(mission(), vehicle=replace(mission().vehicle, adapter_kg=99.0))
    assert stamp != map_stamp(replace(asked(), missions=(heavier,)))
    assert stamp != map_stamp(asked(altitudes=(200.0, 300.0)))
    assert stamp != map_stamp(replace(asked(), tolerances=Tolerances(position_m=1.0)))


@pytest.mark.parametrize("altitudes", [(), (300.0, 200.0), (200.0, 200.0)])
def test_what_makes_no_map_is_refused(altitudes: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="altitudes_km makes no map"):
        payload_map(asked(altitudes))


def test_a_site_has_one_place() -> None:
    with pytest.raises(InputError, match="one place"):
        payload_map(replace(asked(), missions=(mission(), mission())))


@pytest.mark.slow
def test_a_tight_tolerance_withholds_the_payload() -> None:
    strict = Tolerances(position_m=1e-6, velocity_m_s=1e-9)
    (cell,) = payload_map(replace(asked((200.0,), (63.0,)), tolerances=strict), workers=1).cells
    assert (cell.status, cell.payload_kg) == ("verification_failed", None)
    assert cell.reason.startswith("the re-flight ends ")


def worse(share: float, only: Callable[[Mission], bool]) -> Callable[..., Attempt]:
    """`Workshop.attempt` that reports a poorer optimum than it found, at some orbits."""
    true = Workshop.attempt

    def attempt(self: Workshop, mission: Mission, start: Any, *, patient: bool = True) -> Attempt:
        one = true(self, mission, start, patient=patient)
        if not only(mission):
            return one
        poor = replace(one.solution, objective=one.solution.objective * share)
        return replace(one, solution=poor)

    return attempt


@pytest.mark.slow
def test_where_continuation_and_fresh_starts_disagree_fresh_ones_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    top = "400 km 63 deg"
    monkeypatch.setattr(Workshop, "attempt", worse(0.9, lambda m: m.target.text == top))
    cells = payload_map(asked(tilts=(63.0,)), workers=1).cells
    assert cells[1].found_by == "fresh starts"
    assert "so every cell between has fresh starts" in cells[1].checked
    # The continued one was better, so it is the answer at the top as well.
    assert cells[2].payload_kg == pytest.approx(
        plan_mission(mission(top)).payload_kg, rel=SAME_OPTIMUM
    )


def test_what_fresh_starts_missed_below_is_found_from_above() -> None:
    """A poor start at the bottom is mended by the descent, and the cell says so."""
    stretch = Stretch(0, 63.0, (300.0, 400.0))
    work = map_work((mission(),), Tolerances())
    bottom = work(Stretch(0, 63.0, (200.0,)), None)
    honest = bottom.value[0]["payload_kg"]
    below = pickle.loads(zlib.decompress(bottom.after or b""))  # noqa: S301
    poor = replace(below, ways=(), worth_kg=3000.0, done=((200.0, 3000.0),))
    packed = zlib.compress(pickle.dumps(poor))
    rows = work(stretch, packed).value
    assert [row["altitude_km"] for row in rows] == [300.0, 400.0, 200.0]
    assert rows[-1]["payload_kg"] == pytest.approx(honest, rel=SAME_OPTIMUM)
    assert rows[-1]["checked"].startswith("continuation from 300 km down")


def test_the_target_of_the_mission_does_not_count() -> None:
    """A map asks for its own orbits; which one its mission had must not rebuild it."""
    first = asked()
    other = replace(
        first, missions=tuple(replace(m, target=parse_orbit("gto")) for m in first.missions)
    )
    assert map_stamp(first) == map_stamp(other)
