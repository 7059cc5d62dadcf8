"""The judgement on somebody else's trajectory as a document and a table, in door units."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.io.recognise import Reading
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.orbit_text import to_fields
from cosmodrome.verify.achieved import achieved_orbit
from cosmodrome.verify.foreign import ForeignVerdict, Wanted
from cosmodrome.verify.verdict import Check
from cosmodrome.world.state import Trajectory

__all__ = ["flight_table", "judged_document"]

FRAME = "true equator and equinox (TOD) at the file's t = 0"
_FELT_Q_PA = 100.0  # below it there is no greatest pressure to speak of
_COARSE_M, _COARSE_M_S = 1.0, 1e-2
_APART = 10.0  # a step so many times the usual one is a gap


def judged_document(
    reading: Reading,
    trajectory: Trajectory,
    wanted: Wanted,
    verdict: ForeignVerdict,
    mission: Mission | None,
) -> dict[str, Any]:
    """The judgement in the keys of `plan --json`, as far as they have a meaning here.

    Parameters
    ----------
    reading : Reading; trajectory : Trajectory, of it
    wanted : Wanted
    verdict : ForeignVerdict
    mission : Mission or None, where vehicle and site are known

    Returns
    -------
    dict
    """
    moment = trajectory.epoch + float(trajectory.t_s[verdict.insertion])
    radius = wanted.environment.equatorial_radius_m
    achieved = achieved_orbit(
        verdict.reached, wanted.environment, FRAME, to_geo=wanted.target.is_gto
    )
    mass = trajectory.mass_kg
    return {
        "status": "passed" if verdict.passed else "verification_failed",
        "file": _file(reading, trajectory),
        "vehicle": None if wanted.vehicle is None else wanted.vehicle.name,
        "site": None if wanted.site is None else wanted.site.name,
        "pad": None if wanted.site is None else wanted.site.pad,
        "epoch_utc": str(trajectory.epoch),
        "target": {
            "text": wanted.target.text,
            "kind": wanted.target.kind,
            **to_fields(wanted.target, equatorial_radius_m=radius),
            "reference_radius_km": radius / 1e3,
        },
        "achieved": {
            "t_s": float(trajectory.t_s[verdict.insertion]),
            "utc": moment.utc(3),
            "chosen_by": verdict.insertion_by,
            **achieved,
        },
        "final_mass_kg": None if mass is None else float(mass[verdict.insertion]),
        "t_final_s": float(trajectory.t_s[verdict.insertion]),
        "verification": _verification(wanted, verdict),
        "events": _events(trajectory, verdict),
        "limits": _checks(verdict.limits),
        "not_judged": _not_judged(wanted, verdict, mission),
        "notes": _notes(reading, trajectory, verdict),
    }


def _file(reading: Reading, trajectory: Trajectory) -> dict[str, Any]:
    return {
        "name": reading.source,
        "form": reading.form,
        "frame": trajectory.frame,
        "states": len(trajectory),
        "segments": [name for name, _, _ in trajectory.segments],
        "from_s": float(trajectory.t_s[0]),
        "to_s": float(trajectory.t_s[-1]),
        "has_mass": trajectory.mass_kg is not None,
    }


def _checks(checks: Sequence[Check]) -> list[dict[str, Any]]:
    return [
        {
            "name": check.name,
            "limit": check.limit,
            "reached": check.reached,
            "unit": check.unit,
            "margin": check.margin,
            "met": check.met,
        }
        for check in checks
    ]


def _verification(wanted: Wanted, verdict: ForeignVerdict) -> dict[str, Any]:
    steps = verdict.steps
    pushed = float(steps.duration_s[steps.pushed].sum())
    return {
        "target_error": {
            "position_m": verdict.target_position_error_m,
            "velocity_m_s": verdict.target_velocity_error_m_s,
            **verdict.target_error,
        },
        "tolerances": {
            "position_m": wanted.tolerances.position_m,
            "velocity_m_s": wanted.tolerances.velocity_m_s,
        },
        "consistency": _checks(verdict.consistency),
        "worst_state": _worst(verdict),
        "pushed_s": pushed,
        "coasted_s": float(steps.duration_s.sum()) - pushed,
        "coasts": [
            {
                "from_s": one.start_s,
                "to_s": one.end_s,
                "unexplained_m": one.unexplained_m,
                "unexplained_m_s": one.unexplained_m_s,
                "energy_j_kg": one.energy_j_kg,
            }
            for one in steps.coasts
        ],
        "jumps": [
            {
                "t_s": one.t_s,
                "position_m": one.position_m,
                "velocity_m_s": one.velocity_m_s,
                "mass_kg": one.mass_kg,
            }
            for one in steps.jumps
        ],
        "method": "every step held against gravity with the zonal harmonics of the Earth",
        "passed": verdict.passed,
    }


def _worst(verdict: ForeignVerdict) -> dict[str, float] | None:
    """Where the states fit one another least."""
    steps = verdict.steps
    k = int(np.argmax(steps.unexplained_m))
    if not steps.unexplained_m[k] > 0.0:
        return None
    start = float(verdict.states.t_s[steps.index[k]])
    found = {"from_s": start, "to_s": start + float(steps.duration_s[k])}
    return found | {"unexplained_m": float(steps.unexplained_m[k])}


def _named_times(trajectory: Trajectory) -> list[tuple[str, int]]:
    """Events of the file, else the beginnings of its segments."""
    if trajectory.events:
        times = trajectory.t_s
        return [
            (event.name, int(np.argmin(np.abs(times - event.t_s))))
            for event in trajectory.events
            if event.name not in ("max_q", "insertion")
        ]
    return [(name, start) for name, start, _ in trajectory.segments]


def _events(trajectory: Trajectory, verdict: ForeignVerdict) -> list[dict[str, Any]]:
    """What happens, with the state at that time."""
    course = verdict.course
    found = _named_times(trajectory)
    peak = int(np.argmax(course.q_pa))
    if float(course.q_pa[peak]) > _FELT_Q_PA and 0 < peak < len(trajectory) - 1:
        found.append(("max_q", peak))
    found.append(("insertion", verdict.insertion))
    found.sort(key=lambda one: (float(trajectory.t_s[one[1]]), one[1]))
    mass, thrust = trajectory.mass_kg, course.axial_m_s2
    felt = course.felt_m_s2 if thrust is None else thrust
    return [
        {
            "name": name,
            "t_s": float(trajectory.t_s[k]),
            "altitude_km": float(course.altitude_m[k]) / 1e3,
            "speed_m_s": float(course.speed_m_s[k]),
            "inertial_speed_m_s": float(np.linalg.norm(course.gcrf.v_m_s[k])),
            "downrange_km": float(course.downrange_m[k]) / 1e3,
            "mass_kg": None if mass is None else float(mass[k]),
            "q_pa": float(course.q_pa[k]),
            "acceleration_m_s2": float(felt[k]),
        }
        for name, k in found
    ]


def _not_judged(
    wanted: Wanted, verdict: ForeignVerdict, mission: Mission | None
) -> list[dict[str, str]]:
    found = [{"name": one.name, "why": one.why} for one in verdict.unknown]
    target = wanted.target
    if target.inclination_rad is None and target.kind != "escape":
        why = "the least that the site reaches: needs vehicle and site"
        found.insert(0, {"name": "inclination", "why": why})
    if wanted.vehicle is None:
        found.append({"name": "limits of the vehicle", "why": "needs the vehicle"})
    if mission is None and wanted.site is None:
        found.append({"name": "start and corridor", "why": "needs the launch site"})
    return found


def _notes(reading: Reading, trajectory: Trajectory, verdict: ForeignVerdict) -> list[str]:
    """What was let pass or assumed."""
    found = [*reading.warnings, *verdict.notes]
    t, k = trajectory.t_s, verdict.insertion
    found.append(f"the orbit is that of the state at {float(t[k]):.3f} s: {verdict.insertion_by}")
    if t[-1] - t[k] > 0.0:
        found.append(f"the file goes on for {float(t[-1] - t[k]):.1f} s after that")
    steps = verdict.steps
    usual = float(np.median(steps.duration_s))
    pushed = np.where(steps.pushed, steps.duration_s, 0.0)
    widest = int(np.argmax(pushed))
    if float(pushed[widest]) > _APART * usual:
        at, span = float(t[steps.index[widest]]), float(pushed[widest])
        told = f"a gap of {span:.1f} s begins at {at:.1f} s, where states are {usual:.3g} s apart"
        found.append(f"{told} otherwise; what happens in it is seen less well")
    states = verdict.states
    if states.grain_m >= _COARSE_M or states.grain_m_s >= _COARSE_M_S:
        told = f"{states.grain_m:g} m and {states.grain_m_s:g} m/s"
        found.append(f"the file's numbers are given to {told}, and judged no closer")
    return found


def flight_table(trajectory: Trajectory, verdict: ForeignVerdict) -> dict[str, NDArray[np.generic]]:
    """The flight in door units, in the columns of a run folder that states alone can fill.

    Parameters
    ----------
    trajectory : Trajectory
    verdict : ForeignVerdict, of it

    Returns
    -------
    dict of str to array, shape (n,)
    """
    course, n = verdict.course, len(trajectory)
    names = np.full(n, "flight", dtype=object)
    for name, start, stop in trajectory.segments:
        names[start:stop] = name
    r, v = course.gcrf.r_m, course.gcrf.v_m_s
    felt = course.felt_m_s2 if course.axial_m_s2 is None else course.axial_m_s2
    longitude = (course.longitude_rad + pi) % (2.0 * pi) - pi
    found: dict[str, NDArray[np.generic]] = {
        "t_s": trajectory.t_s,
        "leg": names,
        "altitude_km": course.altitude_m / 1e3,
        "latitude_deg": np.degrees(course.latitude_rad),
        "longitude_deg": np.degrees(longitude),
        "downrange_km": course.downrange_m / 1e3,
        "speed_m_s": course.speed_m_s,
        "inertial_speed_m_s": np.linalg.norm(v, axis=1),
        "flight_path_angle_deg": np.degrees(course.flight_path_angle_rad),
        "q_pa": course.q_pa,
        "acceleration_m_s2": felt,
        "heating_w_m2": course.heating_w_m2,
        "mach": course.mach,
    }
    if trajectory.mass_kg is not None:
        found["mass_kg"] = trajectory.mass_kg
    if course.thrust_n is not None:
        found["thrust_n"] = course.thrust_n
    axes = ("x_m", "y_m", "z_m")
    found |= {name: r[:, k] for k, name in enumerate(axes)}
    return found | {name: v[:, k] for k, name in enumerate(("vx_m_s", "vy_m_s", "vz_m_s"))}
