"""Years until an orbit decays as the plain document that every door shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from cosmodrome.campaign.progress import Tell
from cosmodrome.errors import InputError
from cosmodrome.orbit.disposal import FIVE_YEARS, TWENTY_FIVE_YEARS, Compliance, comply
from cosmodrome.orbit.lifetime import Body, Draws, Lifetime, lifetime, tumbling_area_m2
from cosmodrome.orbit.motion import Secular

__all__ = ["body_of", "decay_document"]


_SHARES: Final = {"p05": 0.05, "p50": 0.50, "p95": 0.95}
_RULED_YEARS: Final = (5, 25)


def body_of(asked: Mapping[str, Any]) -> Body:
    """What falls, as it was asked.

    Parameters
    ----------
    asked : mapping with mass_kg, area_m2 or box (and panels_m2), drag_coefficient

    Raises
    ------
    InputError
        Unless one of area and box is said, and can be read.
    """
    if (asked["area_m2"] is None) == (asked["box"] is None):
        raise InputError(
            "say what the air meets: --area or --box, one of the two",
            key="--area",
            allowed="--area M2, or --box LxWxH with --panels M2",
        )
    if asked["box"] is None and asked["panels_m2"] is not None:
        raise InputError("--panels belongs to --box", key="--panels", allowed="--box LxWxH with it")
    area = asked["area_m2"]
    if area is None:
        area = tumbling_area_m2(*_box(asked["box"]), asked["panels_m2"] or 0.0)
    return Body(asked["mass_kg"], area, asked["drag_coefficient"])


def _box(text: str) -> tuple[float, float, float]:
    try:
        length, width, height = (float(part) for part in text.lower().split("x"))
    except ValueError:
        length = width = height = math.nan
    if not all(0.0 < side < math.inf for side in (length, width, height)):
        raise InputError(
            f"--box {text!r} cannot be read",
            key="--box",
            value=text,
            allowed="three lengths in metres, as 1x0.7x0.7",
        )
    return length, width, height


def decay_document(
    orbit: Secular, body: Body, asked: Mapping[str, Any], tell: Tell
) -> dict[str, Any]:
    """The document of `cosmodrome lifetime --json`, without what it says of the orbit's source.

    Parameters
    ----------
    orbit : Secular, mean
    body : Body
    asked : mapping with samples, seed, isp_s (or None) and probability
    tell : callable(text, share done)
    """
    draws = Draws(samples=asked["samples"], seed=asked["seed"])
    rules = (FIVE_YEARS, TWENTY_FIVE_YEARS)
    tell("years until decay", 0.0)
    life = lifetime(orbit, body, draws)
    document = _told(life, orbit, body, draws)
    document["rules"] = [
        {
            "name": rule.name,
            "years": rule.years,
            "paragraph": rule.paragraph,
            "binds": rule.binds,
            "probability": life.within(rule.years).probability,
            "standard_error": life.within(rule.years).standard_error,
        }
        for rule in rules
    ]
    if asked["isp_s"] is not None:
        for k, rule in enumerate(rules):
            tell(f"what meets the {rule.name}", (k + 1.0) / 3.0)
            found = comply(orbit, body, rule, asked["isp_s"], asked["probability"])
            document["rules"][k]["disposal"] = _price(found)
    return document


def _told(life: Lifetime, orbit: Secular, body: Body, draws: Draws) -> dict[str, Any]:
    radius = orbit.environment.equatorial_radius_m
    mean = orbit.elements
    medians = {version: life.median_of(version) for version in draws.models}
    years = {name: life.quantile(share) for name, share in _SHARES.items()}
    chances = {f"probability_within_{n}_years": life.within(n).probability for n in _RULED_YEARS}
    return {
        "years": {name: _finite(value) for name, value in years.items()},
        **chances,
        "median_by_density_model": {name: _finite(value) for name, value in medians.items()},
        "horizon_years": life.horizon_years,
        "observed_years": life.observed_years,
        "from_utc": str(life.epoch),
        "perigee_km": (float(mean.perigee_radius_m) - radius) / 1e3,
        "apogee_km": (float(mean.apogee_radius_m) - radius) / 1e3,
        "cd_area_over_mass_m2_kg": body.cd_area_over_mass_m2_kg,
        "area_m2": body.area_m2,
        "samples": draws.samples,
        "seed": draws.seed,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _price(found: Compliance) -> dict[str, Any]:
    return {
        "wanted_probability": found.wanted_probability,
        "perigee_km": found.perigee_m / 1e3,
        "probability": found.after.probability,
        "delta_v_m_s": found.delta_v_m_s,
        "propellant_kg": found.propellant_kg,
    }
