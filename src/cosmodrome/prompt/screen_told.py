"""The document of a screening: rows, what they are worth, and what is to be known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.prompt.data_age import data_age
from cosmodrome.prompt.flying import Span
from cosmodrome.windows.closest_probability import collision_probability, covariance_of
from cosmodrome.windows.screen_catalogue import Catalogue
from cosmodrome.windows.screen_classes import KEEP_OUT_M, LIMIT, Kind
from cosmodrome.world.epoch import Epoch

__all__ = [
    "CROWDED",
    "SHOWN",
    "Scene",
    "Uncertainty",
    "approach",
    "closed_rows",
    "document",
    "stretches",
]

Array = NDArray[np.float64]

AID: Final = "a planning aid, not a licence analysis"
NUMERICAL_M: Final = 1.0
AT_EPOCH_KM: Final = 1.0
A_DAY_KM: Final = (1.0, 3.0)
CROWDED: Final = (
    "hardly any of the window is open: so long a flight meets many spheres; the rule lets a "
    "probability stand in for them"
)
"""Where less than a fiftieth of a window is open."""

_DAY_S: Final = 86400.0
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What turns a miss into a probability.

    Parameters
    ----------
    own_rtn_m, other_rtn_m : three floats each
        One standard deviation radial, transverse, normal, of the flight and of
        the objects.
    hard_body_m : float, the radii of both bodies together
    """

    own_rtn_m: tuple[float, float, float]
    other_rtn_m: tuple[float, float, float]
    hard_body_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The catalogue as it is asked: objects, kinds, radii."""

    catalogue: Catalogue
    kinds: tuple[Kind, ...]
    radius_m: Array
    keep_out_m: dict[Kind, float]
    left_out: int


def stretches(start: Epoch, from_s: Array, to_s: Array) -> list[dict[str, Any]]:
    """Rows of stretches of time, seconds after a start."""
    return [
        {"from_utc": (start + a).utc(3), "to_utc": (start + b).utc(3), "seconds": round(b - a, 3)}
        for a, b in zip(from_s.tolist(), to_s.tolist(), strict=True)
    ]


def closed_rows(
    scene: Scene, start: Epoch, which: Sequence[Any] | Any, from_s: Array, to_s: Array
) -> list[dict[str, Any]]:
    """Rows of stretches of time, with the object that closes each."""
    rows = stretches(start, from_s, to_s)
    for row, k in zip(rows, np.asarray(which).tolist(), strict=True):
        row |= {
            "object": scene.catalogue.names[k],
            "number": scene.catalogue.motions[k].catalogue,
            "kind": scene.kinds[k],
            "keep_out_km": scene.radius_m[k] / 1e3,
        }
    return rows


def approach(
    scene: Scene,
    which: int,
    when: Epoch,
    found: tuple[float, float],
    age_s: float,
    states: tuple[Array, ...],
    uncertainty: Uncertainty | None,
) -> dict[str, Any]:
    """One approach: the object, when, how near and how fast, and what that is worth.

    Parameters
    ----------
    scene : Scene
    which : int, place in the catalogue
    when : Epoch
    found : distance in metres and relative speed in metres per second
    age_s : float, from the epoch of the elements
    states : four arrays, shape (3,): place and velocity of the flight and of the object
    uncertainty : Uncertainty or None
    """
    row = _row(scene, which, when, *found)
    return row | _worth(scene, which, age_s, states, uncertainty)


def _row(scene: Scene, which: int, when: Epoch, miss_m: float, speed_m_s: float) -> dict[str, Any]:
    return {
        "object": scene.catalogue.names[which],
        "number": scene.catalogue.motions[which].catalogue,
        "kind": scene.kinds[which],
        "utc": when.utc(3),
        "miss_km": miss_m / 1e3,
        "speed_km_s": speed_m_s / 1e3,
    }


def _worth(
    scene: Scene,
    which: int,
    age_s: float,
    states: tuple[Array, ...],
    uncertainty: Uncertainty | None,
) -> dict[str, Any]:
    """How old the elements are, what that makes of them, and the probability."""
    days = age_s / _DAY_S
    row: dict[str, Any] = {
        "age_days": days,
        "catalogue_km": AT_EPOCH_KM + A_DAY_KM[1] * abs(days),
    }
    if uncertainty is not None:
        r, v, other_r, other_v = states
        both = covariance_of(uncertainty.own_rtn_m, r, v)
        both = both + covariance_of(uncertainty.other_rtn_m, other_r, other_v)
        row["probability"] = collision_probability(
            other_r - r, other_v - v, both, uncertainty.hard_body_m
        )
        row["probability_limit"] = LIMIT[scene.kinds[which]]
    return row


def document(
    scene: Scene,
    span: Span,
    notes: Sequence[str],
    closed: list[dict[str, Any]],
    opened: list[dict[str, Any]],
    approaches: list[dict[str, Any]],
    lost: Any,
) -> dict[str, Any]:
    """Everything a screening found, and how much of it is to be believed."""
    catalogue = scene.catalogue
    days = np.abs(catalogue.age_s(span.start)) / _DAY_S
    told = {
        "file": catalogue.source,
        "objects": len(catalogue),
        "kinds": {kind: scene.kinds.count(kind) for kind in KEEP_OUT_M},
        "left_out": scene.left_out,
        "older_sets": catalogue.older,
        "refused": len(catalogue.refused),
        "refused_first": [
            {"line": one.line, "reason": one.reason} for one in catalogue.refused[:SHOWN]
        ],
        "without_state": len(lost),
        "without_state_first": [catalogue.names[k] for k in lost[:SHOWN].tolist()],
        "age_days": {
            "median": float(np.median(days)) if days.size else None,
            "greatest": float(np.max(days)) if days.size else None,
        },
    }
    return {
        "keep_out_km": {kind: metres / 1e3 for kind, metres in scene.keep_out_m.items()},
        "closed": closed,
        "open": opened,
        "open_seconds": round(sum(row["seconds"] for row in opened), 3),
        "approaches": approaches,
        "catalogue": told,
        "accuracy": {
            "numerical_m": NUMERICAL_M,
            "catalogue_km_at_epoch": AT_EPOCH_KM,
            "catalogue_km_a_day": list(A_DAY_KM),
        },
        "notes": [AID, *notes, *_warnings(told), *data_age(span)],
        "remedies": ["orbits", "keep_out_km"] if CROWDED in notes else [],
    }


def _warnings(told: dict[str, Any]) -> list[str]:
    """What of the catalogue is to be known before it is believed."""
    age = told["age_days"]
    worth = (
        f"computed to {NUMERICAL_M:g} m for the elements as they are; the elements are good to "
        f"{AT_EPOCH_KM:g} km at their epoch and in low orbit lose {A_DAY_KM[0]:g} to "
        f"{A_DAY_KM[1]:g} km a day: median age {age['median'] or 0.0:.1f} days, "
        f"greatest {age['greatest'] or 0.0:.1f}"
    )
    found = [worth]
    if told["refused"]:
        first = told["refused_first"][0]
        found.append(
            f"{told['refused']} records of the catalogue could not be read and are not looked at; "
            f"the first at line {first['line']}: {first['reason']}"
        )
    if told["without_state"]:
        names = ", ".join(told["without_state_first"][:3])
        found.append(
            f"for {told['without_state']} objects SGP4 gives no state at some instant, as after "
            f"they have decayed, and there they are not looked at: {names}"
        )
    if told["older_sets"]:
        found.append(f"{told['older_sets']} element sets were left out for newer ones")
    return found
