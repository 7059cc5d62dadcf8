"""Mean elements of SGP4 that follow a trajectory, by least squares.

Osculating elements in a TLE would be wrong by tens of kilometres within one
revolution; these are fitted to the way itself and say how well they follow it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.io.mean_elements import MeanElements, placeholder_designator
from cosmodrome.io.tle import rounded_epoch, tle_of
from cosmodrome.orbit.elements import elements_from_state
from cosmodrome.orbit.sgp4_motion import Sgp4Error
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Trajectory, in_frame

__all__ = ["Fit", "fit_sgp4"]

Array = NDArray[np.float64]
_MU_M3_S2 = 3.986008e14  # of WGS-72, which SGP4 computes with
_TURN = 2.0 * math.pi
_MOST_SAMPLES = 400
_DAY_S = 86400.0
_STEPS = np.array([1e-9, 1e-7, 1e-7, 1e-7, 1e-7, 1e-7, 1e-5])
_MOST_ITERATIONS = 30


@dataclass(frozen=True, slots=True)
class Fit:
    """Elements and how well they follow.

    Parameters
    ----------
    elements : MeanElements
    rms_m, max_m : float, distance between SGP4 and the trajectory at the samples
    tle_rms_m, tle_max_m : float, the same after rounding to a TLE's digits
    span_s : float, from the first sample to the last
    samples : int
    drag_fitted : bool, whether BSTAR was an unknown
    """

    elements: MeanElements
    rms_m: float
    max_m: float
    tle_rms_m: float
    tle_max_m: float
    span_s: float
    samples: int
    drag_fitted: bool

    def notes(self) -> tuple[str, ...]:
        """The residual in words, for the comments of a file."""
        drag = "BSTAR fitted" if self.drag_fitted else "BSTAR given"
        return (
            f"SGP4 fitted to {self.samples} states over {self.span_s / 3600.0:.2f} h, {drag}",
            f"residual {self.rms_m:.1f} m rms, {self.max_m:.1f} m at most",
        )


def fit_sgp4(
    trajectory: Trajectory,
    *,
    bstar: float | None = None,
    epoch: Epoch | None = None,
    name: str = "",
    catalogue: int = 0,
    designator: str = "",
) -> Fit:
    """Fit mean elements of SGP4 to a coasting trajectory.

    Gauss-Newton with damping on mean motion, equinoctial elements and, if
    wanted, BSTAR; positions weigh alike.

    Parameters
    ----------
    trajectory : Trajectory, coasting, half a revolution or more; any frame
    bstar : float or None
        Per Earth radius; None fits it if the span is a day or more, else 0.
    epoch : Epoch or None, of the elements; by default the first state, rounded
        to what a TLE can state
    name, catalogue, designator : as `MeanElements`; placeholders by default

    Raises
    ------
    InputError
        If the trajectory is too short, open, jumps, or cannot be followed.

    Accuracy
    --------
    SGP4 leaves out most of the gravity field: residuals of 50 m to 1 km in low
    orbit over a day, which `rms_m` and `max_m` state. A TLE's digits add some
    10 m.

    References
    ----------
    Vallado & Crawford, SGP4 Orbit Determination, AIAA 2008-6770.
    """
    body = in_frame(trajectory, "TEME")
    start = rounded_epoch(body.epoch + float(body.t_s[0])) if epoch is None else epoch
    t_s, r_m, guess = _samples(body, start)
    span = float(t_s[-1] - t_s[0])
    drag_fitted = bstar is None and span >= _DAY_S
    draft = MeanElements(
        start, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, bstar or 0.0, catalogue,
        designator or placeholder_designator(start), name,
    )  # fmt: skip
    unknowns = _solve(guess, draft, t_s, r_m, fit_drag=drag_fitted)
    elements = _elements(unknowns, draft)
    rounded = tle_of(elements).elements
    exact, coarse = (_distances(e, t_s, r_m) for e in (elements, rounded))
    return Fit(
        elements,
        float(np.sqrt(np.mean(exact**2))),
        float(np.max(exact)),
        float(np.sqrt(np.mean(coarse**2))),
        float(np.max(coarse)),
        span,
        t_s.size,
        drag_fitted,
    )


def _samples(body: Trajectory, start: Epoch) -> tuple[Array, Array, Array]:
    """Times after the epoch, positions, and osculating equinoctial elements as a guess."""
    n = len(body)
    jumps = np.any(np.diff(body.t_s) == 0.0) if n else False
    if n < 4 or jumps:
        raise InputError(
            "SGP4 can be fitted to a coast of four states or more without a jump",
            key="trajectory",
            value=n,
            allowed="one coasting segment",
        )
    shift = body.epoch - start
    osculating = elements_from_state(body.r_m[0], body.v_m_s[0], _MU_M3_S2)
    e, a = float(osculating.eccentricity), float(osculating.semi_major_axis_m)
    period = _TURN * math.sqrt(a**3 / _MU_M3_S2) if e < 1.0 else math.inf
    if float(body.t_s[-1] - body.t_s[0]) < 0.5 * period:
        raise InputError(
            "SGP4 needs half a revolution or more of a closed orbit to be fitted to",
            key="trajectory",
            value=float(body.t_s[-1] - body.t_s[0]),
            allowed="propagate the insertion over a revolution or a day first",
        )
    nu, argp = float(osculating.true_anomaly_rad), float(osculating.argp_rad)
    eccentric = 2.0 * math.atan2(
        math.sqrt(1.0 - e) * math.sin(nu / 2.0), math.sqrt(1.0 + e) * math.cos(nu / 2.0)
    )
    motion = _TURN / period
    mean = eccentric - e * math.sin(eccentric) - motion * (float(body.t_s[0]) + shift)
    raan, tilt = float(osculating.raan_rad), math.tan(float(osculating.inclination_rad) / 2.0)
    guess = np.array(
        [
            motion,
            e * math.cos(argp + raan),
            e * math.sin(argp + raan),
            tilt * math.cos(raan),
            tilt * math.sin(raan),
            raan + argp + mean,
            0.0,
        ]
    )
    chosen = np.unique(np.linspace(0, n - 1, min(n, _MOST_SAMPLES)).astype(int))
    return body.t_s[chosen] + shift, body.r_m[chosen], guess


def _elements(x: Array, draft: MeanElements) -> MeanElements:
    """Mean elements from mean motion, equinoctial elements and the drag correction."""
    motion, ex, ey, tx, ty, longitude, drag = (float(value) for value in x)
    raan, perigee = math.atan2(ty, tx), math.atan2(ey, ex)
    return replace(
        draft,
        mean_motion_rad_s=motion,
        eccentricity=math.hypot(ex, ey),
        inclination_rad=2.0 * math.atan(math.hypot(tx, ty)),
        raan_rad=raan % _TURN,
        argp_rad=(perigee - raan) % _TURN,
        mean_anomaly_rad=(longitude - perigee) % _TURN,
        bstar=draft.bstar + drag,
    )


def _distances(elements: MeanElements, t_s: Array, r_m: Array) -> Array:
    shifted = t_s
    r, _ = elements.motion().at(shifted)
    return np.asarray(np.linalg.norm(r - r_m, axis=1))


def _misses(x: Array, draft: MeanElements, t_s: Array, r_m: Array) -> Array | None:
    """Position differences as one vector; None where SGP4 gives no state."""
    try:
        r, _ = _elements(x, draft).motion().at(t_s)
    except (Sgp4Error, InputError):
        return None
    return np.asarray((r - r_m).ravel())


def _solve(guess: Array, draft: MeanElements, t_s: Array, r_m: Array, *, fit_drag: bool) -> Array:
    """Gauss-Newton steps, halved until each is an improvement."""
    free = 7 if fit_drag else 6
    x = guess.copy()
    miss = _misses(x, draft, t_s, r_m)
    for _ in range(_MOST_ITERATIONS):
        if miss is None:
            break
        slopes = _slopes(x, free, draft, t_s, r_m)
        scale = np.linalg.norm(slopes, axis=0)
        step = np.linalg.lstsq(slopes / scale, -miss, rcond=1e-12)[0] / scale
        better = _line_search(x, step, miss, draft, t_s, r_m)
        if better is None:
            return x
        gain = float(np.linalg.norm(miss)) - float(np.linalg.norm(better[1]))
        x, miss = better
        if gain < 1e-9 * float(np.linalg.norm(miss)) + 1e-6:
            return x
    raise InputError(
        "no elements of SGP4 follow this trajectory",
        key="trajectory",
        allowed="a coast about the Earth that stays above the air",
    )


def _slopes(x: Array, free: int, draft: MeanElements, t_s: Array, r_m: Array) -> Array:
    """Central differences; steps of about a metre, far above SGP4's rounding."""
    columns = []
    for k in range(free):
        step = np.zeros(7)
        step[k] = _STEPS[k] * (x[0] if k == 0 else 1.0)
        ahead = _misses(x + step, draft, t_s, r_m)
        behind = _misses(x - step, draft, t_s, r_m)
        if ahead is None or behind is None:
            raise InputError(
                "SGP4 does not hold near this orbit",
                key="trajectory",
                allowed="an orbit above the air",
            )
        columns.append((ahead - behind) / (2.0 * step[k]))
    return np.stack(columns, axis=1)


def _line_search(
    x: Array, step: Array, miss: Array, draft: MeanElements, t_s: Array, r_m: Array
) -> tuple[Array, Array] | None:
    """The first of the step, its half, its quarter ... that is better; None if none is."""
    full = np.zeros(7)
    full[: step.size] = step
    for halving in range(12):
        trial = x + full / 2.0**halving
        found = _misses(trial, draft, t_s, r_m)
        if found is not None and float(found @ found) < float(miss @ miss):
            return trial, found
    return None
