"""What is drawn, how, and what a number of samples is worth."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from cosmodrome.campaign.disperse_counts import assured, quantile_interval, runs_needed, worth
from cosmodrome.campaign.disperse_draws import METHODS, Method, normals
from cosmodrome.campaign.disperse_sigmas import (
    SOURCES,
    FlightSigmas,
    draws_of,
    load_sigmas,
    variations,
)
from cosmodrome.errors import InputError
from cosmodrome.flight.variation import varied_by_all
from cosmodrome.mission.catalogue import load_vehicle

# ---------------------------------------------------------------- counts


def test_the_published_count_of_runs() -> None:
    """99.865 % at a consumer's risk of 10 %: Hanson and Beard, NASA/TP-2010-216447."""
    assert runs_needed(0.99865) == 1705
    assert assured(1705, 0) >= 0.99865 > assured(1704, 0)


@given(st.floats(0.5, 0.9999), st.floats(0.01, 0.5))
def test_without_failures_the_count_is_the_closed_form(share: float, risk: float) -> None:
    n = runs_needed(share, 0, risk)
    assert share**n <= risk * (1.0 + 1e-9)
    assert n == 1 or share ** (n - 1) > risk * (1.0 - 1e-9)


def binomial(failures: int, runs: int, chance: float) -> float:
    """Chance of at most so many failures, term by term."""
    return sum(
        math.comb(runs, k) * chance**k * (1.0 - chance) ** (runs - k) for k in range(failures + 1)
    )


@settings(max_examples=25)
@given(st.integers(1, 4), st.floats(0.6, 0.97))
def test_with_failures_the_count_is_that_of_the_binomial(failures: int, share: float) -> None:
    n = runs_needed(share, failures)
    assert binomial(failures, n, 1.0 - share) <= 0.1 < binomial(failures, n - 1, 1.0 - share)


@given(st.integers(1, 300), st.integers(0, 5))
def test_what_runs_assure_is_where_the_binomial_meets_the_risk(runs: int, failures: int) -> None:
    share = assured(runs, failures)
    if failures >= runs:
        assert share == 0.0
    else:
        assert binomial(failures, runs, 1.0 - share) == pytest.approx(0.1, rel=1e-6)


def test_intervals_of_a_quantile_hold_it_as_often_as_they_say() -> None:
    rng, held, known = np.random.default_rng(3), 0, -1.2815515655446004
    for _ in range(800):
        low, _, high = quantile_interval(rng.standard_normal(150), 0.1)
        held += (low is None or low <= known) and (high is None or known <= high)
    # 90 % at least, 1 % of chance on top; not so much more that it says nothing.
    assert 0.87 <= held / 800 <= 0.96


def test_too_few_samples_bound_nothing_on_the_far_side() -> None:
    low, middle, high = quantile_interval(np.arange(20.0), 0.01)
    assert low is None
    assert high is not None
    assert middle <= high


def test_what_a_count_is_worth() -> None:
    assert worth(1704)["failures_allowed_at_three_sigma"] == -1
    assert worth(1705)["failures_allowed_at_three_sigma"] == 0
    assert worth(2880)["failures_allowed_at_three_sigma"] == 1
    assert worth(2000)["three_sigma_needs"] == 1705


@pytest.mark.parametrize(
    "wrong", [lambda: runs_needed(1.0), lambda: runs_needed(0.9, -1), lambda: assured(10, 0, 0.0)]
)
def test_what_says_nothing_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(InputError):
        wrong()


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_draws_the_same_numbers(method: Method) -> None:
    first = normals(method, 5, 64, 7)
    assert first.tobytes() == normals(method, 5, 64, 7).tobytes()
    assert not np.array_equal(first, normals(method, 6, 64, 7))
    assert np.isfinite(first).all()


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_a_sample_does_not_depend_on_how_many_there_are(method: Method) -> None:
    many = normals(method, 5, 100, 7)
    assert many[:33].tobytes() == normals(method, 5, 33, 7).tobytes()


@pytest.mark.parametrize("method", METHODS)
def test_numbers_are_standard_normal_and_independent(method: Method) -> None:
    rows = normals(method, 2, 1024, 5)
    near = 4.0 / math.sqrt(1024)
    assert np.abs(rows.mean(axis=0)).max() < near
    assert np.abs(rows.std(axis=0) - 1.0).max() < near
    assert np.abs(np.corrcoef(rows.T) - np.eye(5)).max() < near


def test_a_latin_hypercube_has_one_sample_in_every_strip() -> None:
    even = ndtr(normals("lhs", 2, 50, 4))
    for column in even.T:
        assert sorted((column * 50).astype(int)) == list(range(50))


def test_sobol_spreads_more_evenly_than_chance() -> None:
    def error(method: Method) -> float:
        """Of the means and the variances of 512 samples."""
        rows = normals(method, 4, 512, 6)
        return float(np.abs(rows.mean(axis=0)).mean() + np.abs(rows.var(axis=0) - 1.0).mean())

    assert error("sobol") < 0.2 * error("random")
    assert error("lhs") < 0.2 * error("random")


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be drawn by 'dice'") as caught:
        normals("dice", 1, 2, 3)  # type: ignore[arg-type]
    assert caught.value.allowed == "random, lhs, sobol"


# ---------------------------------------------------------------- deviations


def test_every_deviation_says_where_it_comes_from() -> None:
    assert set(SOURCES) == {one.name for one in fields(FlightSigmas)}


def test_flight_to_flight_is_less_than_what_nobody_knows() -> None:
    """The catalogue's errors of knowledge are wider than what changes between flights."""
    from cosmodrome.mission.catalogue.uncertainty import factors

    sheet = load_vehicle("angara-1.2")
    known = {(one.quantity, one.part): one.sigma for one in factors(sheet)}
    drawn = draws_of(sheet.vehicle(), FlightSigmas())
    shared = [one for one in drawn if one.quantity and (one.quantity, one.part) in known]
    assert len(shared) > 8
    for one in shared:
        assert one.quantity is not None
        assert one.sigma <= known[one.quantity, one.part] * (1.0 + 1e-9), one.name


def test_like_strap_ons_differ_by_themselves() -> None:
    vehicle = load_vehicle("atlas-v-551").vehicle()
    group = vehicle.boosters[0]
    assert group.count == 5
    drawn = {one.name: one for one in draws_of(vehicle, FlightSigmas())}
    thrust = drawn[f"thrust of {group.name}"]
    assert thrust.sigma == pytest.approx(FlightSigmas().solid_thrust / math.sqrt(5.0))
    assert len(drawn) == len(draws_of(vehicle, FlightSigmas()))  # each name once


def test_a_row_of_zeros_changes_nothing() -> None:
    vehicle = load_vehicle("atlas-v-551").vehicle()
    drawn = draws_of(vehicle, FlightSigmas())
    assert varied_by_all(vehicle, variations(drawn, [0.0] * len(drawn))) == vehicle


def test_deviations_from_a_file_replace_those_named(tmp_path: Path) -> None:
    file = tmp_path / "sigmas.toml"
    file.write_text("liquid_thrust = 0.001\nwind = 0\n")
    assert load_sigmas(file) == replace(FlightSigmas(), liquid_thrust=0.001, wind=0.0)


@pytest.mark.parametrize(
    "text", ["thrust = 0.1", "drag = -0.1", "drag = 0.5", 'drag = "much"', "drag = nan", "drag ="]
)
def test_a_file_that_is_off_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "sigmas.toml"
    file.write_text(text)
    with pytest.raises(InputError):
        load_sigmas(file)
