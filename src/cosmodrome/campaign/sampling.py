"""The payload of many vehicles that might be this one: drawn, re-optimised, counted.

Beside the vehicle's numbers and its reserve, the length of the vertical rise is drawn:
few providers publish it, and a fast launcher's payload hangs on it.

First order says at once how wide the answer is; sampling shows what first order
cannot: a payload that bends with its inputs, and limits that come into force.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.attempt import Attempt
from cosmodrome.campaign.calibration import Calibration
from cosmodrome.campaign.interval import SHARE
from cosmodrome.campaign.neighbours import Neighbours
from cosmodrome.campaign.plan import Planned
from cosmodrome.campaign.progress import Tell
from cosmodrome.flight.variation import varied_by_all
from cosmodrome.flight.vehicle import Vehicle
from cosmodrome.mission.catalogue.keeping import recovery_factors
from cosmodrome.mission.catalogue.sheet import VehicleSheet
from cosmodrome.mission.catalogue.uncertainty import (
    drawn,
    factors,
    groups,
    reserve_sigma_m_s,
    rise_sigma_s,
)
from cosmodrome.mission.mission_file import mission_toml
from cosmodrome.mission.nouns import Mission
from cosmodrome.runs import Job, run_jobs, seeds_for, stamp_of
from cosmodrome.version import VERSION

__all__ = ["Sampled", "sampled_payloads", "sampling_stamp"]

Array = NDArray[np.float64]

_METHOD = "sampling 3"  # another way of computing gets another number
# Samples of one lane follow one another in one worker: few lanes, little forking.
_LANES = 16
_STEPS = 99  # quantiles that stand for the model term
_LEAST_KG = 1e-3  # a payload of nothing still has a logarithm


@dataclass(frozen=True, slots=True)
class Sampled:
    """Re-optimised payloads of vehicles drawn from the stated uncertainties.

    Parameters
    ----------
    payload_kg : array, shape (n,), finite ones alone, in the order they were drawn
    lost : int, draws whose flight was not found again
    seed : int
    """

    payload_kg: Array
    lost: int
    seed: int

    def quantiles_kg(
        self, calibration: Calibration, lever: float = 1.0, share: float = SHARE
    ) -> tuple[float, float, float]:
        """Low end, median and high end, corrected and with the model term on top.

        The model term multiplies; it is spread over its own quantiles rather than
        drawn, so that the interval does not depend on a second seed.

        Parameters
        ----------
        calibration : Calibration
        lever : float, change of the payload's logarithm per unit of its offset
        share : float, of the belief that the interval holds
        """
        positive = np.maximum(self.payload_kg, _LEAST_KG)
        steps = (np.arange(_STEPS) + 0.5) / _STEPS
        from scipy.special import ndtri

        term = lever * (calibration.offset + calibration.spread * ndtri(steps))
        every = (np.log(positive)[:, None] + term[None, :]).ravel()
        low, middle, high = np.quantile(every, [0.5 - 0.5 * share, 0.5, 0.5 + 0.5 * share])
        return float(np.exp(low)), float(np.exp(middle)), float(np.exp(high))

    @property
    def spread_kg(self) -> float:
        """Standard deviation from the inputs alone."""
        return float(np.std(self.payload_kg, ddof=1))


def sampled_payloads(
    planned: Planned,
    sheet: VehicleSheet,
    count: int,
    *,
    seed: int = 0,
    workers: int | None = None,
    cluster: str | None = None,
    journal: Path | None = None,
    tell: Tell | None = None,
) -> Sampled:
    """Draw vehicles, and optimise each again from the nominal flight.

    Parameters
    ----------
    planned : Planned, with an optimum
    sheet : VehicleSheet, what its vehicle was made from
    count : int, how many vehicles
    seed : int
        With it every draw is fixed, whatever the number of workers.
    workers : int or None
    cluster : str or None, a Dask scheduler whose workers do it instead
    journal : Path or None, where finished draws are kept; see `runs.run_jobs`
    tell : callable(text, share done) or None

    Returns
    -------
    Sampled

    Accuracy
    --------
    The route of the nominal flight is kept: a draw that would rather burn twice
    is not asked. The 5 and 95 % quantiles of 200 draws scatter by a sixth of
    the interval's width.
    """
    assert planned.best is not None
    drawn_ones = [_drawn_mission(planned.mission, sheet, seed, k) for k in range(count)]
    jobs = [Job(str(k), mission, lane=str(k % _LANES)) for k, mission in enumerate(drawn_ones)]

    work = Neighbours(planned.best)
    stamp = sampling_stamp(planned.mission, sheet, seed, *_start_of(planned.best))
    results = run_jobs(
        jobs,
        lambda: work,
        journal=journal,
        stamp=stamp,
        workers=workers,
        cluster=cluster,
        tell=tell,
    )
    found = [one.value for one in results if one.status == "done" and one.value is not None]
    return Sampled(np.array(found, dtype=float), count - len(found), seed)


def sampling_stamp(mission: Mission, sheet: VehicleSheet | None, seed: int, *start: str) -> str:
    """What a journal of draws is known by: everything their payloads depend on.

    Parameters
    ----------
    mission : Mission
    sheet : VehicleSheet or None, what its vehicle was made from
    seed : int
    start : texts, of the optimum that every draw starts from, or of what decides it
    """
    ranges = "" if sheet is None else repr(sheet.document())
    return stamp_of(_METHOD, VERSION, mission_toml(mission), ranges, str(seed), *start)


def _start_of(best: Attempt) -> tuple[str, ...]:
    """What tells one optimum from another, to the last bit of its objective."""
    meshes = [(one.intervals, one.degree) for one in best.posed.problem.phases]
    return repr(best.start), repr(best.solution.objective), repr(meshes)


def _drawn_mission(mission: Mission, sheet: VehicleSheet, seed: int, place: int) -> Mission:
    """One vehicle and its rise: a standard normal for each group, the reserve and the rise."""
    nominal = mission.vehicle
    every = (*factors(sheet), *recovery_factors(sheet))
    found = [one for one in every if _flies(nominal, one.quantity)]
    names = groups(found)
    rng = np.random.default_rng(seeds_for(seed, f"{sheet.name} {place}"))
    *numbers, reserve, rise = rng.standard_normal(len(names) + 2).tolist()
    vehicle = varied_by_all(nominal, drawn(found, dict(zip(names, numbers, strict=True))))
    kept = nominal.reserve_m_s + reserve_sigma_m_s(sheet) * reserve
    vehicle = replace(vehicle, reserve_m_s=max(kept, 0.0))
    limits = replace(mission.limits, vertical_rise_s=_drawn_rise_s(mission, sheet, rise))
    return replace(mission, vehicle=vehicle, limits=limits)


def _drawn_rise_s(mission: Mission, sheet: VehicleSheet, normal: float) -> float:
    """The length of the rise; one stated with the question is exact."""
    nominal = mission.limits.vertical_rise_s
    if nominal != sheet.limits().vertical_rise_s:
        return nominal
    least, most = 0.5 * nominal, 2.0 * nominal
    return min(max(nominal + rise_sigma_s(sheet) * normal, least), most)


def _flies(vehicle: Vehicle, quantity: str) -> bool:
    return quantity != "rider mass" or vehicle.rider_kg > 0.0
