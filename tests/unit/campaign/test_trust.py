"""Intervals, calibration and claims on synthetic predictions whose truth is known."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from statistics import NormalDist

import pytest

from cosmodrome.campaign.calibration import (
    LEAST_VEHICLES,
    MATCHED,
    UNCALIBRATED,
    Calibration,
    Sample,
    believed,
    equal_vehicles,
    fit,
    leave_family_out,
    one_point,
    weighted_quantile,
)
from cosmodrome.campaign.claim import judge_claim
from cosmodrome.campaign.interval import Belief, Effect, Estimate, log_spread, spread_kg


def effect(group: str, rate: float, sigma: float = 1.0, **more: object) -> Effect:
    plain = Effect(group, "dry mass", "stage 2", "kg", rate, sigma, 1000.0)
    return replace(plain, **more)  # type: ignore[arg-type]


def samples(
    factor: float = 1.0, noise: float = 0.05, vehicles: int = 40, points: int = 2
) -> list[Sample]:
    """Predictions whose truth is `factor` times as large, two vehicles to a family."""
    chance = random.Random(7)  # noqa: S311 - no secrets here
    found = []
    for k in range(vehicles):
        own = chance.gauss(0.0, noise)
        for j in range(points):
            raw = 1000.0 * (k + 1) / (j + 1)
            truth = raw * factor * math.exp(own)
            found.append(
                Sample(f"v{k}", f"f{k // 2}", f"orbit {j}", truth, Estimate(raw, 0.0, -0.001 * raw))
            )
    return found


# ------------------------------------------------------------------ intervals


def test_errors_of_one_group_add_with_sign_and_groups_as_squares() -> None:
    together = [effect("a", -2.0, 30.0), effect("a", 1.0, 20.0)]
    assert spread_kg(together) == pytest.approx(40.0)
    assert spread_kg([*together, effect("b", -1.0, 30.0)]) == pytest.approx(50.0)
    apart = [effect("a", -2.0, 30.0), effect("b", 1.0, 20.0)]
    assert spread_kg(apart) == pytest.approx(math.hypot(60.0, 20.0))


def test_no_interval_reaches_below_zero() -> None:
    small = Estimate(10.0, 60.0)
    low, high = believed(small, UNCALIBRATED).interval_kg()
    assert 0.0 < low < 10.0 < high


def test_a_small_spread_is_the_ratio_to_payload() -> None:
    assert log_spread(Estimate(1000.0, 10.0)) == pytest.approx(0.01, rel=1e-4)


def test_interval_and_probability_agree() -> None:
    belief = Belief(1000.0, 0.1)
    low, high = belief.interval_kg(0.9)
    assert belief.at_least(high) == pytest.approx(0.05)
    assert belief.at_least(low) == pytest.approx(0.95)
    assert belief.at_least(1000.0) == pytest.approx(0.5)
    assert belief.at_least(0.0) == 1.0
    assert Belief(1000.0, 0.0).at_least(1000.1) == 0.0


# ---------------------------------------------------------------- calibration


def test_the_weighted_median_is_the_plain_one_for_equal_weights() -> None:
    assert weighted_quantile([3.0, 1.0, 2.0], [1.0] * 3, 0.5) == 2.0
    assert weighted_quantile([4.0, 1.0, 2.0, 3.0], [0.1] * 4, 0.5) == 2.5
    assert weighted_quantile([1.0, 2.0, 9.0], [1.0, 1.0, 5.0], 0.5) == 9.0
    assert weighted_quantile([5.0], [1.0], 1.0) == 5.0


def test_points_of_a_vehicle_share_its_weight() -> None:
    assert equal_vehicles(["a", "a", "b"]) == pytest.approx([0.25, 0.25, 0.5])


@pytest.mark.parametrize("factor", [0.9, 1.15])
def test_a_common_factor_is_found(factor: float) -> None:
    found = fit(samples(factor))
    assert math.exp(found.offset) == pytest.approx(factor, abs=0.02)
    assert found.spread == pytest.approx(0.05, rel=0.35)


def test_a_common_loss_of_velocity_is_found() -> None:
    # Every payload falls by a thousandth per metre per second: 100 m/s are a factor.
    found = fit(samples(math.exp(-0.1), noise=0.01), "velocity")
    assert found.offset == pytest.approx(-100.0, abs=5.0)
    belief = believed(Estimate(500.0, 0.0, -0.5), found)
    assert belief.median_kg == pytest.approx(500.0 * math.exp(0.001 * found.offset))


def test_one_wild_vehicle_does_not_move_the_correction() -> None:
    honest = samples(1.1)
    wild = [replace(one, published_kg=10.0 * one.published_kg) for one in honest[:2]]
    assert fit([*wild, *honest[2:]]).offset == pytest.approx(fit(honest).offset, abs=0.02)


def test_many_points_of_one_vehicle_weigh_as_one() -> None:
    honest = samples(1.0, noise=0.01, vehicles=9)
    one = honest[0]
    curve = [replace(one, orbit=str(k), published_kg=2.0 * one.published_kg) for k in range(50)]
    assert fit([*honest, *curve]).offset == pytest.approx(fit(honest).offset, abs=0.02)


def test_a_family_never_sees_its_own_truth() -> None:
    honest = samples()
    other = [
        replace(one, published_kg=3.0 * one.published_kg) if one.family == "f3" else one
        for one in honest
    ]
    before = leave_family_out(honest, ["f3", "f4"])
    after = leave_family_out(other, ["f3", "f4"])
    assert after["f3"] == before["f3"]
    assert after["f4"] != before["f4"]
    assert after["f3"].without == "f3"


def test_too_few_vehicles_teach_nothing() -> None:
    found = fit(samples(2.0, vehicles=LEAST_VEHICLES - 1))
    assert not found.measured
    assert (found.offset, found.spread) == (0.0, UNCALIBRATED.spread)
    assert fit(samples(2.0, vehicles=LEAST_VEHICLES)).measured


def test_no_model_term_where_the_inputs_are_wide_enough() -> None:
    wide = [replace(s, estimate=replace(s.estimate, spread_kg=s.estimate.payload_kg)) for s in
            samples()]  # fmt: skip
    assert fit(wide).spread == 0.0


def test_the_model_term_is_that_of_a_family_not_seen() -> None:
    """Two big families that err by 10 % apart: none is predicted better than by the other."""
    two = [
        replace(one, family=family, vehicle=f"{family} {k}", published_kg=share * 1000.0,
                estimate=Estimate(1000.0))
        for family, share in (("f", 1.0), ("g", 1.1))
        for k, one in enumerate(samples(vehicles=6, points=1))
    ]  # fmt: skip
    found = fit(two)
    # Within the sample each lies half the distance from the middle; unseen, all of it.
    sigmas = [NormalDist().inv_cdf(0.5 + 0.5 * share) for share in MATCHED]
    wanted = sum(math.log(1.1) / sigma for sigma in sigmas) / len(sigmas)
    assert found.spread == pytest.approx(wanted, rel=0.01)


def test_left_out_intervals_hold_what_they_promise() -> None:
    every = samples(1.1, noise=0.08, vehicles=200, points=1)
    found = leave_family_out(every, {one.family for one in every})
    held = 0
    for one in every:
        low, high = believed(one.estimate, found[one.family]).interval_kg()
        held += low <= one.published_kg <= high
    assert 0.85 <= held / len(every) <= 0.95


def test_a_rating_is_never_tested_with_its_twin() -> None:
    twins = [
        Sample("v", "f", "orbit 0", 100.0, Estimate(110.0)),
        Sample("v", "f", "orbit 0", 120.0, Estimate(110.0)),
        Sample("v", "f", "orbit 1", 50.0, Estimate(66.0)),
    ]
    pairs = one_point(twins)
    assert len(pairs) == 4
    assert all(pair.known != pair.tested for pair in pairs)
    # Known by the first, the second orbit is said to carry 66 * 100 / 110 = 60.
    assert pairs[0].error == pytest.approx(60.0 / 50.0 - 1.0)


def test_a_calibration_survives_its_document() -> None:
    one = Calibration("velocity", -30.0, 55.0, 12, 30, "Atlas V")
    assert Calibration.of_document(one.document()) == one


# --------------------------------------------------------------------- claims

KNOWN = Calibration("factor", math.log(0.9), 0.1, 20, 40)


def test_verdicts_follow_the_probability() -> None:
    estimate = Estimate(1000.0)
    assert judge_claim(900.0, estimate, KNOWN).probability == pytest.approx(0.5)
    told = [judge_claim(kg, estimate, KNOWN).verdict for kg in (850.0, 960.0, 1000.0, 1100.0)]
    assert told == ["supported", "supported", "marginal", "not supported"]


def test_the_smallest_assumption_in_its_own_sigmas_is_told() -> None:
    heavy = effect("a", -1.0, 20.0)
    sure = effect("b", 30.0, 0.3, quantity="specific impulse", unit="s", nominal=350.0)
    judged = judge_claim(990.0, Estimate(1000.0), KNOWN, [heavy, sure])
    # The claim needs 1100 kg uncorrected: 100 kg off stage 2 are five sigmas.
    assert judged.assumption is not None
    assert judged.assumption.effect is heavy
    assert judged.assumption.amount == pytest.approx(-100.0)
    told = "needs about 10 % less inert mass in stage 2 (5.0 times its uncertainty, not to be "
    assert judged.would_be_true_if == f"{told}believed)"
    nearer = judge_claim(936.0, Estimate(1000.0), KNOWN, [heavy, sure])
    assert nearer.would_be_true_if.endswith("(2.0 times its uncertainty)")


def test_no_mass_is_made_negative() -> None:
    empty = effect("a", -1.0, 20.0, nominal=50.0)
    judged = judge_claim(990.0, Estimate(1000.0), KNOWN, [empty])
    assert judged.assumption is None
    assert "no single number" in judged.would_be_true_if


def test_a_claim_that_is_met_needs_nothing() -> None:
    judged = judge_claim(800.0, Estimate(1000.0), KNOWN, [effect("a", -1.0)])
    assert judged.assumption is None
    assert "100 kg to spare" in judged.would_be_true_if


def test_the_assumption_is_solved_for() -> None:
    bent = effect("a", -1.0, 20.0)

    def confirm(_effect: Effect, amount: float) -> float:
        return 1000.0 - amount + 0.002 * amount * amount

    judged = judge_claim(990.0, Estimate(1000.0), KNOWN, [bent], confirm=confirm)
    assert judged.assumption is not None
    assert judged.assumption.exact
    assert confirm(bent, judged.assumption.amount) == pytest.approx(1100.0, rel=1e-3)
    assert judged.would_be_true_if.startswith("needs 8.5 % less inert mass in stage 2")


def test_without_a_confirmed_answer_the_first_order_one_stays() -> None:
    judged = judge_claim(
        990.0, Estimate(1000.0), KNOWN, [effect("a", -1.0)], confirm=lambda _e, _a: None
    )
    assert judged.assumption is not None
    assert not judged.assumption.exact
    assert judged.assumption.amount == pytest.approx(-100.0)
