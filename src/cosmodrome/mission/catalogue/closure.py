"""Do a sheet's figures agree with one another? Published ones often do not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from cosmodrome.mission.catalogue import flying

if TYPE_CHECKING:
    from cosmodrome.mission.catalogue.sheet import StageSheet, VehicleSheet

__all__ = ["Closure", "StageClosure", "check"]


@dataclass(frozen=True, slots=True)
class StageClosure:
    """One stage or strap-on unit against itself.

    Parameters
    ----------
    name : str
    burn_model_s : float, from usable propellant, flow and prescribed throttle
    burn_published_s : float or None
    burn_ratio : float or None, model over published
    thrust_ratio, isp_ratio : float or None
        Sea level over vacuum by either pair; equal if both describe one engine.
    """

    name: str
    burn_model_s: float
    burn_published_s: float | None
    burn_ratio: float | None
    thrust_ratio: float | None
    isp_ratio: float | None


@dataclass(frozen=True, slots=True)
class Closure:
    """A vehicle against its published gross mass, and its stages against themselves.

    Parameters
    ----------
    sum_kg : float
        Stages, strap-ons, fairing, adapter, carried riders, jettisoned parts
        and the payload that the gross mass is said to hold.
    gross_kg : float or None
    mass_ratio : float or None, sum over gross
    stages : tuple of StageClosure
    """

    sum_kg: float
    gross_kg: float | None
    mass_ratio: float | None
    stages: tuple[StageClosure, ...]

    def document(self) -> dict[str, object]:
        """As a JSON object."""
        return asdict(self)


def check(sheet: VehicleSheet) -> Closure:
    """Compare the sums of a sheet with what is published beside them.

    Parameters
    ----------
    sheet : VehicleSheet

    Returns
    -------
    Closure

    Accuracy
    --------
    A mass ratio within 0.97 to 1.03 is as good as public figures get. Fluids
    that are neither propellant nor structure (peroxide, nitrogen) are not summed.
    """
    total = sum(_loaded_kg(stage) for stage in sheet.stages.values())
    total += sum(group.count.value * _loaded_kg(group) for group in sheet.strapons.values())
    total += sum(rider.mass_kg.value for rider in flying.carried_riders(sheet).values())
    total += sum(part.mass_kg.value for part in sheet.jettisons.values())
    total += sheet.adapter_kg.value
    if sheet.fairing is not None:
        total += sheet.fairing.mass_kg.value
    if sheet.gross_payload_kg is not None:
        total += sheet.gross_payload_kg.value
    gross = None if sheet.gross_kg is None else sheet.gross_kg.value
    units = [*sheet.stages.items(), *sheet.strapons.items()]
    return Closure(
        sum_kg=total,
        gross_kg=gross,
        mass_ratio=total / gross if gross else None,
        stages=tuple(_stage(key, stage) for key, stage in units),
    )


def _loaded_kg(stage: StageSheet) -> float:
    return stage.propellant_kg.value + stage.dry_kg.value


def _stage(key: str, stage: StageSheet) -> StageClosure:
    model = flying.burn_time_s(stage)
    published = stage.burn_s.value if stage.burn_s is not None else None
    thrust_ratio = isp_ratio = None
    if stage.thrust_vac_n and stage.thrust_sl_n:
        thrust_ratio = stage.thrust_sl_n.value / stage.thrust_vac_n.value
    if stage.isp_vac_s and stage.isp_sl_s:
        isp_ratio = stage.isp_sl_s.value / stage.isp_vac_s.value
    return StageClosure(
        name=stage.name or key,
        burn_model_s=model,
        burn_published_s=published,
        burn_ratio=model / published if published else None,
        thrust_ratio=thrust_ratio,
        isp_ratio=isp_ratio,
    )
