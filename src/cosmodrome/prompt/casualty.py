"""The casualty expectation of a run folder: from its flight to the plain document."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cosmodrome.campaign.progress import Tell, silent
from cosmodrome.errors import InputError
from cosmodrome.prompt.population import counted_in, raster_of
from cosmodrome.prompt.run_folder import RUN_FOLDER, no_run, read_result
from cosmodrome.safety.casualty import Phase, by_phase
from cosmodrome.safety.casualty_estimate import Assessment, Factor, assessed, burns
from cosmodrome.safety.corridor import CLASSES, VehicleClass, corridor, vehicle_class
from cosmodrome.safety.trace import ImpactTrace, impact_trace

if TYPE_CHECKING:
    from cosmodrome.world.state import Trajectory

__all__ = ["CasualtyAnswer", "casualty"]


_LOW_ORBIT_KM: Final = 300.0
_PHASE: Final = re.compile(r"\s*(?P<name>.+?)\s*=\s*(?P<value>[^=]+?)\s*")
_DRAG_STEP_S: Final = 5.0
_ASKED: Final = "failure probabilities by phase: those asked for; the rest of 0.10 in equal parts"
_ASSUMED: Final = (
    "failure probabilities by phase: 0.10 in equal parts over the burns, each even over its time; "
    "an assumption of this program, no statistic"
)
_COUNTED: Final = (
    "people are those of {}, low and high alike, spread evenly over cells of 0.1 deg about the pad "
    "and of 0.5 deg further out; areas that it does not reach have those of the lists"
)


@dataclass(frozen=True, slots=True, eq=False)
class CasualtyAnswer:
    """The casualty expectation of a flight, with what was told of it.

    Parameters
    ----------
    document : dict, the JSON of `cosmodrome casualty --json`
    assessment : Assessment
    """

    document: dict[str, Any]
    assessment: Assessment


def casualty(
    run: str | Path,
    *,
    kind: str | None = None,
    phases: Sequence[str] = (),
    population: str | Path | None = None,
    progress: Tell | None = None,
) -> CasualtyAnswer:
    """Expected casualties of an ascent that may fail; the same as `cosmodrome casualty`.

    Parameters
    ----------
    run : path of a run folder of `plan --out`
    kind : str or None
        Class of the vehicle, of `safety.corridor.CLASSES`; by its published
        payload to a low orbit by default.
    phases : sequence of str
        "urm-1=0.02": failure probability of a burn for the variant by phase.
        Those not said share what is left of 0.10 in equal parts.
    population : path or None
        A raster of people, .asc or .tif, whose counts stand for the lists' where it
        reaches.
    progress : callable(text, share) or None

    Returns
    -------
    CasualtyAnswer

    Raises
    ------
    InputError
        For a folder or a word that cannot be used.

    Accuracy
    --------
    As `safety.casualty`. A planning aid, not a licence analysis.
    """
    from cosmodrome.safety.casualty_people import corridor_cells

    tell = progress or silent
    folder = Path(run)
    told = _result(folder)
    wanted = _class(kind)
    raster = raster_of(population)
    asked = [_phase(text) for text in phases]
    trajectory, powered = _flown(folder)
    tell("impact points", 0.05)
    whole = impact_trace(trajectory, powered=powered)
    every = _burns(whole, told, asked)
    by_phase(whole, every)  # refused before the people are looked up
    chosen, why = wanted or _class_of(told)
    found = corridor(whole, chosen)
    tell("people", 0.15)
    with counted_in(population):
        cells = corridor_cells(found, raster)
    tell("debris in the air", 0.25)
    made = assessed(
        cells,
        found,
        whole,
        every,
        dragged=_dragged(trajectory, powered),
        factors=(Factor("class of the vehicle", chosen, "", why),),
        notes=_notes(asked, None if raster is None else raster.name),
        tell=tell,
    )
    about = {
        "run": str(run),
        "vehicle": told.get("vehicle"),
        "site": told.get("site"),
        "epoch_utc": trajectory.epoch.utc(3),
        "payload_kg": told.get("payload_kg"),
        "class_from": why,
    }
    remedies = [] if asked else ["phases"]
    return CasualtyAnswer(about | made.document() | {"remedies": remedies}, made)


# ---------------------------------------------------------------- the run folder


def _result(folder: Path) -> dict[str, Any]:
    document = read_result(folder)
    if document is None:
        raise no_run(folder, "there is no result.json in it")
    return document


def _flown(folder: Path) -> tuple[Trajectory, Any]:
    """The trajectory, and whether an engine burns at each state."""
    from cosmodrome.io.recognise import read_any, trajectory_from

    path = folder / "trajectory.parquet"
    if not path.is_file():
        raise no_run(folder, "there is no trajectory.parquet in it")
    trajectory = trajectory_from(read_any(path))
    return trajectory, _powered(path, len(trajectory))


def _powered(path: Path, states: int) -> Any:
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        if "thrust_n" not in file.schema_arrow.names:
            raise InputError(
                f"{path}: there is no column thrust_n in it",
                file=str(path),
                key="thrust_n",
                allowed=RUN_FOLDER,
            )
        thrust = np.array(file.read(["thrust_n"]).column(0).to_pylist(), dtype=float)
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{path}: its thrust cannot be read ({type(error).__name__})", file=str(path)
        ) from None
    if thrust.size != states:
        raise InputError(f"{path}: its columns differ in length", file=str(path))
    return thrust > 0.0


# ---------------------------------------------------------------- the words


def _class(kind: str | None) -> tuple[VehicleClass, str] | None:
    if kind is None:
        return None
    plain = "-".join(kind.strip().lower().split())
    for one in CLASSES:
        if plain == one:
            return one, "as asked for"
    raise InputError(
        f"class {kind[:20]!r} is not known", key="--class", value=kind, allowed=", ".join(CLASSES)
    )


def _class_of(told: Mapping[str, Any]) -> tuple[VehicleClass, str]:
    """By the published payload nearest the rule's orbit, else by this flight's own."""
    from cosmodrome.mission.catalogue import published_payloads

    known = [
        point
        for point in published_payloads(str(told.get("vehicle")))
        if point.apogee_km <= _LOW_ORBIT_KM and not point.flown
    ]
    rule = "14 CFR 420.19, table 1"
    if known:
        best = max(known, key=lambda point: point.payload_kg)
        found = vehicle_class(best.payload_kg, math.radians(best.inclination_deg))
        orbit = f"{best.perigee_km:g} km, {best.inclination_deg:g} deg"
        return found, f"{rule}: {best.payload_kg:.0f} kg to {orbit} ({best.source})"
    payload = told.get("payload_kg")
    if isinstance(payload, bool) or not isinstance(payload, int | float) or not payload > 0.0:
        raise InputError(
            "no payload to a low orbit is known of this vehicle; say its class",
            key="--class",
            allowed=", ".join(CLASSES),
        )
    asked = told.get("target")
    target = asked if isinstance(asked, dict) else {}
    tilt = target.get("inclination_deg")
    tilt = float(tilt) if isinstance(tilt, int | float) else 0.0
    found = vehicle_class(float(payload), math.radians(tilt))
    own = f"this flight's own {payload:.0f} kg to {target.get('text')}"
    return found, f"{rule}, by {own}: at least this class"


def _phase(text: str) -> tuple[str, float]:
    match = _PHASE.fullmatch(text)
    try:
        value = float(match["value"]) if match else math.nan
    except ValueError:
        value = math.nan
    if match is None or not 0.0 <= value <= 1.0:
        raise InputError(
            f"{text[:40]!r} is no failure probability of a burn",
            key="--phase",
            value=text,
            allowed="NAME=P, as urm-1=0.02, P from 0 to 1",
        )
    return match["name"].lower(), value


def _burns(
    whole: ImpactTrace, told: Mapping[str, Any], asked: Sequence[tuple[str, float]]
) -> tuple[Phase, ...]:
    """The burns with their probabilities: those asked for, the rest in equal parts."""
    even = burns(whole, _burn_names(whole, told))
    names = [phase.name.lower() for phase in even]
    said: dict[str, float] = {}
    for name, value in asked:
        if name not in names:
            raise InputError(
                f"there is no burn {name!r} in this flight",
                key="--phase",
                value=name,
                allowed=", ".join(phase.name for phase in even),
            )
        said[name] = value
    if not said:
        return even
    left = max(0.0, sum(phase.probability for phase in even) - sum(said.values()))
    rest = sum(name not in said for name in names)
    return tuple(
        replace(phase, probability=said.get(name, left / rest if rest else 0.0))
        for phase, name in zip(even, names, strict=True)
    )


def _burn_names(whole: ImpactTrace, told: Mapping[str, Any]) -> list[str]:
    """A burn is called by the cut-off that ends it, the last one by what was lit last."""
    listed = told.get("events")
    events = [
        one
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and isinstance(one.get("t_s"), int | float)
    ]
    found: list[str] = []
    for phase in burns(whole, ()):
        ends = [
            str(one["name"]).removesuffix(" cutoff")
            for one in events
            if str(one.get("name")).endswith(" cutoff") and abs(one["t_s"] - phase.stop_s) < 1.0
        ]
        lit = [
            str(one["name"]).replace(" ignition", "")
            for one in events
            if " ignition" in str(one.get("name")) and abs(one["t_s"] - phase.start_s) < 1.0
        ]
        name = (ends or lit or [f"burn {len(found) + 1}"])[-1]
        found.append(name if name not in found else f"{name} ({len(found) + 1})")
    return found


def _notes(asked: Sequence[tuple[str, float]], raster: str | None) -> tuple[str, ...]:
    said = _ASKED if asked else _ASSUMED
    return (said,) if raster is None else (said, _COUNTED.format(raster))


# ---------------------------------------------------------------- air


def _dragged(trajectory: Trajectory, powered: Any) -> ImpactTrace:
    """The trace of the lightest debris that counts, for the map: in coarse steps."""
    from cosmodrome.safety.trace_drag import LIGHTEST_KG_M2, dragged_fall

    return impact_trace(
        trajectory,
        powered=powered,
        fall=dragged_fall(trajectory.epoch),
        how=f"with drag, {LIGHTEST_KG_M2:.1f} kg/m2 (3 pounds per square foot)",
        step_s=_DRAG_STEP_S,
        apart_m=math.inf,
    )
