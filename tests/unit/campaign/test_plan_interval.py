"""How sure a payload is: first order beside sampling, and what they rest on."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.campaign import Answer, PlanOptions, plan_interval, sampling
from cosmodrome.campaign.calibration import Calibration
from cosmodrome.campaign.interval import Estimate
from cosmodrome.campaign.neighbours import Neighbours
from cosmodrome.campaign.plan import Planned, plan_in_full
from cosmodrome.campaign.plan_interval import (
    LEAST_SAMPLES,
    Draws,
    FirstOrder,
    completed,
    first_order,
    plan_with_interval,
)
from cosmodrome.campaign.prediction import effects_of
from cosmodrome.campaign.sampling import Sampled, sampled_payloads
from cosmodrome.errors import InputError
from cosmodrome.mission.catalogue import load_site, load_vehicle
from cosmodrome.mission.catalogue.keeping import KeptBack
from cosmodrome.mission.catalogue.uncertainty import rise_sigma_s
from cosmodrome.mission.mission_file import load_mission, make_mission
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import parse_orbit
from cosmodrome.runs.journal import JournalError

LEARNT = Calibration("factor", -0.03, 0.06, 30, 90, "Angara")
DRAWN = 20
# Twenty draws of a normal: the ratio of spreads scatters by 1 / sqrt(40), thrice that held.
SPREADS = 0.5


def asked(kept: KeptBack | None = None) -> Mission:
    sheet = load_vehicle("angara-1.2", kept=kept or KeptBack())
    return make_mission(sheet, load_site("vostochny"), parse_orbit("200 km 51.7 deg"))


@pytest.fixture(scope="module")
def answer() -> Answer:
    return plan_with_interval(asked(), draws=Draws(DRAWN, 3))


def test_the_sampled_interval_stands_in_the_document(answer: Answer) -> None:
    document = answer.document
    json.dumps(document, allow_nan=False)
    low, high = document["payload_interval_kg"]
    found = document["interval"]
    assert [low, high] == found["interval_kg"]
    assert (found["samples"], found["lost"], found["seed"]) == (DRAWN, 0, 3)
    assert found["by"] == "sampling"
    assert low < found["corrected_payload_kg"] < high
    assert low < document["payload_kg"] < high
    assert found["sampling_s"] < document["total_s"]


def test_sampling_and_first_order_agree(answer: Answer) -> None:
    spread = answer.document["interval"]["inputs_spread_kg"]
    assert spread["first_order"] == pytest.approx(spread["sampling"], rel=SPREADS)
    assert answer.document["interval"]["first_order_agrees"] is True
    low, high = answer.document["first_order_interval_kg"]
    assert low < answer.document["corrected_payload_kg"] < high


@pytest.fixture(scope="module")
def planned() -> Planned:
    return plan_in_full(asked(), PlanOptions(alternatives=False, partials=False))


def payloads_of(planned: Planned, **hands: Any) -> bytes:
    drawn = sampled_payloads(planned, load_vehicle("angara-1.2"), DRAWN, seed=3, **hands)
    assert (drawn.lost, drawn.payload_kg.size) == (0, DRAWN)
    return drawn.payload_kg.tobytes()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_draws_are_the_same_to_the_byte_whoever_does_them(
    planned: Planned, machines: Any, tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    whole = payloads_of(planned, workers=1)
    assert payloads_of(planned, workers=2) == whole

    def kill_one(_text: str, share: float) -> None:
        if share > 0.3 and machines.processes[-1].poll() is None:
            machines.processes[-1].kill()

    journal = tmp_path / "journal"
    there = payloads_of(planned, cluster=machines.address, journal=journal, tell=kill_one)
    machines.start_worker()
    assert there == whole
    # What the cluster finished is finished here: nothing is done twice.
    assert payloads_of(planned, journal=journal, tell=never_at_work) == whole


def test_draws_from_another_optimum_never_meet(planned: Planned, tmp_path: Path) -> None:
    """The second set of starts ends elsewhere, if only in the last digits."""
    best, sheet, journal = planned.best, load_vehicle("angara-1.2"), tmp_path / "journal"
    assert best is not None
    sampled_payloads(planned, sheet, 1, workers=1, journal=journal)
    sampled_payloads(planned, sheet, 1, workers=1, journal=journal)
    near = float(np.nextafter(best.solution.objective, 0.0))
    others = (
        replace(best, solution=replace(best.solution, objective=near)),
        replace(best, start=replace(best.start, name="another")),
    )
    for other in others:
        with pytest.raises(JournalError):
            sampled_payloads(replace(planned, best=other), sheet, 1, workers=1, journal=journal)


def never_at_work(text: str, share: float) -> None:
    assert (text, share) == (f"{DRAWN} of {DRAWN}", 1.0)


def test_work_that_is_sent_away_leaves_built_problems_behind(planned: Planned) -> None:
    assert planned.best is not None
    work = Neighbours(planned.best)
    work(planned.mission, None)
    pickles = pytest.importorskip("cloudpickle")
    there = pickles.loads(pickles.dumps(work))
    assert there.workshop.build_s == 0.0 < work.workshop.build_s
    here, far = (one(planned.mission, None).value for one in (work, there))
    assert here == far


def test_an_interval_refuses_a_bad_address_before_it_plans() -> None:
    with pytest.raises(InputError, match="no address of a Dask scheduler") as caught:
        plan_with_interval(asked(), cluster="nowhere:1")
    assert caught.value.key == "--cluster"


def test_a_wrong_partial_is_noticed(answer: Answer) -> None:
    found = first_order(answer, load_vehicle("angara-1.2"))
    assert found is not None
    payloads = np.array([found.estimate.payload_kg])
    steps = np.linspace(-1.0, 1.0, 201)
    drawn = Sampled(payloads + math.sqrt(3.0) * found.estimate.spread_kg * steps, 0, 0)
    assert plan_interval._interval(found, drawn)["first_order_agrees"] is True
    wrong = replace(found.estimate, spread_kg=1.4 * found.estimate.spread_kg)
    told = plan_interval._interval(replace(found, estimate=wrong), drawn)
    assert told["first_order_agrees"] is False


def test_what_is_kept_is_told(answer: Answer) -> None:
    kept = answer.document["kept"]
    vehicle = asked().vehicle
    assert (kept["velocity_m_s"], kept["stage"]) == (vehicle.reserve_m_s, "URM-2")
    assert kept["recovery"] is None


def test_a_resolved_mission_tells_the_same(answer: Answer, tmp_path: Path) -> None:
    file = tmp_path / "mission.toml"
    file.write_text(answer.mission_toml, encoding="utf-8")
    bare = replace(answer, document=without(answer.document, "kept", "first_order_interval_kg"))
    again = completed(bare, load_mission(file)).document
    for key in ("kept", "first_order_interval_kg", "corrected_payload_kg", "calibration"):
        assert again[key] == answer.document[key]


def test_a_stated_reserve_takes_its_uncertainty_away(answer: Answer) -> None:
    mission = asked(KeptBack(reserve_m_s=55.0))
    told = completed(answer, mission).document
    assert told["kept"]["velocity_m_s"] == 55.0
    plain, stated = answer.document, told
    assert width(stated) < width(plain)


def test_an_own_vehicle_has_no_estimate_unasked(answer: Answer) -> None:
    bare = replace(answer, document=without(answer.document, "corrected_payload_kg", "interval"))
    own = replace(asked(), vehicle=replace(asked().vehicle, name="mine"))
    assert "corrected_payload_kg" not in completed(bare, own).document


def test_without_a_payload_there_is_nothing_to_estimate(answer: Answer) -> None:
    failed = Answer("infeasible", answer.document | {"payload_kg": None}, {}, "")
    assert first_order(failed, load_vehicle("angara-1.2")) is None


def test_an_uncertain_recovery_widens_the_first_order(answer: Answer) -> None:
    stage = load_vehicle("falcon-9-ft").first_stage
    rows = [
        {"quantity": "residual", "part": stage, "kg_per_unit": -0.1},
        {"quantity": "dry mass", "part": stage, "kg_per_unit": -0.1},
    ]
    flown = replace(answer, document=answer.document | {"partials": rows})
    plain = first_order(flown, load_vehicle("falcon-9-ft"))
    kept = KeptBack(recovery="barge")
    barge = first_order(flown, load_vehicle("falcon-9-ft", kept=kept))
    assert plain is not None
    assert barge is not None
    ranges = load_vehicle("falcon-9-ft").recovery_sheets["barge"]
    both = [0.1 * 0.5 * (f.high - f.low) / 1.645 for f in (ranges.propellant_kg,
                                                             ranges.hardware_kg)]  # fmt: skip
    more = math.hypot(plain.estimate.spread_kg, *both)
    assert barge.estimate.spread_kg == pytest.approx(more)
    assert effects_of(load_vehicle("falcon-9-ft"), rows)


@pytest.mark.parametrize(
    ("draws", "key"),
    [(Draws(LEAST_SAMPLES - 1), "samples"), (Draws(30, -1), "seed")],
)
def test_draws_that_cannot_be_used_are_refused(draws: Draws, key: str) -> None:
    with pytest.raises(InputError) as caught:
        plan_with_interval(asked(), draws=draws)
    assert caught.value.key == key


def test_bare_numbers_have_no_interval() -> None:
    own = replace(asked(), vehicle=replace(asked().vehicle, name="mine"))
    with pytest.raises(InputError, match="'mine'") as caught:
        plan_with_interval(own)
    assert caught.value.allowed


def test_a_fixed_payload_has_no_interval() -> None:
    with pytest.raises(InputError, match="check"):
        plan_with_interval(replace(asked(), payload_kg=1000.0))


def test_the_recovery_is_drawn_with_the_rest() -> None:
    kept = load_vehicle("falcon-9-ft", kept=KeptBack(recovery="barge"))
    ranges = kept.recovery_sheets["barge"].propellant_kg
    mission = make_mission(kept, load_site("ksc"), parse_orbit("200 km 28.6 deg"))
    drawn = [sampling._drawn_mission(mission, kept, 0, k) for k in range(200)]
    residual_kg = [one.vehicle.stages[0].residual_kg for one in drawn]
    # The range counts as 90 %; two hundred draws scatter by a twentieth, thrice that held.
    assert np.std(residual_kg) > 0.85 * 0.5 * (ranges.high - ranges.low) / 1.645
    assert min(residual_kg) >= 0.0


def test_the_rise_is_drawn_unless_it_is_stated() -> None:
    sheet, mission = load_vehicle("angara-1.2"), asked()
    rises_s = [
        sampling._drawn_mission(mission, sheet, 0, k).limits.vertical_rise_s for k in range(200)
    ]
    nominal_s = mission.limits.vertical_rise_s
    # Two hundred draws scatter by a twentieth, thrice that held.
    assert np.std(rises_s) == pytest.approx(rise_sigma_s(sheet), rel=0.15)
    assert 0.5 * nominal_s <= min(rises_s) < nominal_s < max(rises_s) <= 2.0 * nominal_s
    own = replace(mission, limits=replace(mission.limits, vertical_rise_s=7.0))
    assert sampling._drawn_mission(own, sheet, 0, 1).limits.vertical_rise_s == 7.0


def belief(kind: str = "factor", kg_per_m_s: float | None = None) -> FirstOrder:
    offset, spread = (-0.03, 0.06) if kind == "factor" else (-60.0, 120.0)
    learnt = replace(LEARNT, kind=kind, offset=offset, spread=spread)  # type: ignore[arg-type]
    return FirstOrder(Estimate(4000.0, 200.0, kg_per_m_s), learnt)


def drawn_from(found: FirstOrder, count: int, lost: int = 0) -> Sampled:
    """Payloads at the quantiles of what first order believes of the inputs."""
    from scipy.special import ndtri

    steps = ndtri((np.arange(count) + 0.5) / count)
    return Sampled(4000.0 + found.estimate.spread_kg * steps, lost, 7)


@pytest.mark.parametrize("found", [belief(), belief("velocity", -2.0)], ids=["factor", "velocity"])
def test_both_ways_give_one_interval(found: FirstOrder) -> None:
    told: dict[str, Any] = plan_interval._interval(found, drawn_from(found, 400))
    assert told["interval_kg"] == pytest.approx(told["first_order_interval_kg"], rel=0.01)
    assert told["corrected_payload_kg"] == pytest.approx(found.belief.median_kg, rel=0.01)


@pytest.mark.parametrize(("count", "lost"), [(LEAST_SAMPLES - 1, 0), (60, 61), (0, 200)])
def test_too_few_found_again_leave_first_order(count: int, lost: int) -> None:
    found = belief()
    told = plan_interval._interval(found, drawn_from(found, count, lost))
    assert told["by"] == "first order"
    assert told["interval_kg"] == list(found.belief.interval_kg())
    assert (told["samples"], told["lost"], told["first_order_agrees"]) == (count, lost, None)


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in names}


def width(document: dict[str, Any]) -> float:
    low, high = document["first_order_interval_kg"]
    return float(high - low)
