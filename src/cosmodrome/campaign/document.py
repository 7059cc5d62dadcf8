"""From findings and proof to the contract's document and the table of the flight."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from math import degrees, isfinite
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.ascent.attempt import Attempt
from cosmodrome.campaign.answer import Answer
from cosmodrome.campaign.nearest import Shortfall
from cosmodrome.flight.vehicle import Vehicle, unloaded_kg, with_unloaded
from cosmodrome.mission.catalogue import published_payloads
from cosmodrome.mission.mission_file import mission_toml
from cosmodrome.mission.nouns import Mission, Target
from cosmodrome.verify.achieved import achieved_orbit
from cosmodrome.verify.fly import INTEGRATOR
from cosmodrome.verify.judge import Verdict, restarts
from cosmodrome.verify.record import events, losses
from cosmodrome.verify.target_miss import Reached
from cosmodrome.version import VERSION
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import rotation

if TYPE_CHECKING:
    from cosmodrome.campaign.partials import Partial
    from cosmodrome.campaign.plan import PlanOptions
    from cosmodrome.campaign.proving import Proof
    from cosmodrome.campaign.zoned import Held

__all__ = ["Findings", "failed_answer", "flown_answer"]

_PUBLISHED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Findings:
    """What the attempts came to.

    Parameters
    ----------
    tries : tuple of Attempt
    agreed : int, tries within 0.1 % of the best
    spread_percent : float, best to worst of those that converged
    build_s, solve_s, verify_s, total_s : float
    alternatives : tuple of (name, payload kg)
    partials : tuple of Partial, what one unit more of everything is worth
    finer_mesh_kg : float or None
    best : Attempt or None
    held : Held or None, where zones hold what falls
    """

    tries: tuple[Attempt, ...]
    agreed: int
    spread_percent: float
    build_s: float
    solve_s: float
    total_s: float
    verify_s: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()
    partials: tuple[Partial, ...] = ()
    finer_mesh_kg: float | None = None
    best: Attempt | None = None
    held: Held | None = None


def _base(
    asked: Mission, mission: Mission, command: str | None, findings: Findings, resolved: str
) -> dict[str, Any]:
    return {
        "vehicle": mission.vehicle.name,
        "site": mission.site.name,
        "pad": mission.site.pad,
        "epoch_utc": mission.epoch_utc,
        "target": _target(mission.target, mission),
        "payload_kg": None,
        "adapter_kg": mission.vehicle.adapter_kg,
        "payload_interval_kg": None,
        "starts": {
            "tried": len(findings.tries),
            "agreed": findings.agreed,
            "spread_percent": findings.spread_percent,
            "each": [
                {
                    "name": one.start.name,
                    "status": one.solution.status,
                    "payload_kg" if mission.payload_kg is None else "final_mass_kg": (
                        one.worth if one.solution.status == "solved" else None
                    ),
                    "iterations": one.solution.iterations,
                    "solve_s": one.solution.solve_s,
                }
                for one in findings.tries
            ],
        },
        "published": _published(mission),
        "build_s": findings.build_s,
        "solve_s": findings.solve_s,
        "verify_s": findings.verify_s,
        "total_s": findings.total_s,
        "iterations": sum(one.solution.iterations for one in findings.tries),
        "provenance": {
            "cosmodrome": VERSION,
            "inputs_sha256": hashlib.sha256(resolved.encode()).hexdigest(),
            "command": command or _command(asked),
        },
    }


def _command(mission: Mission) -> str:
    payload = "" if mission.payload_kg is None else f" --payload {mission.payload_kg:g}"
    site = f"{mission.site.name}/{mission.site.pad}" if mission.site.pad else mission.site.name
    vehicle, orbit = mission.vehicle.name, mission.target.text
    return f'cosmodrome plan {vehicle} --from {site} --to "{orbit}"{payload}'


def _published(mission: Mission) -> list[dict[str, object]]:
    """Published figures, those nearest the target first."""
    target, radius = mission.target, 6378137.0
    wanted = (target.perigee_radius_m - radius) / 1e3
    top = wanted if target.apogee_radius_m is None else (target.apogee_radius_m - radius) / 1e3
    tilt = degrees(target.inclination_rad or 0.0)

    def distance(point: Any) -> float:
        gap = abs(np.log((point.apogee_km + 200.0) / (max(top, 0.0) + 200.0)))
        return float(gap + abs(point.inclination_deg - tilt) / 60.0)

    found = sorted(published_payloads(mission.vehicle.name), key=distance)
    return [point.document() for point in found[:_PUBLISHED_SHOWN]]


def _target(target: Target, mission: Mission) -> dict[str, Any]:
    """The target as understood."""
    radius = mission.environment.equatorial_radius_m
    found: dict[str, Any] = {
        "text": target.text,
        "kind": target.kind,
        "elements": target.elements,
        "perigee_km": (target.perigee_radius_m - radius) / 1e3,
        "apogee_km": None
        if target.apogee_radius_m is None
        else (target.apogee_radius_m - radius) / 1e3,
        "inclination_deg": _degrees(target.inclination_rad),
        "raan_deg": _degrees(target.raan_rad),
        "argp_deg": [degrees(w) for w in target.argp_rad] or None,
        "reference_radius_km": radius / 1e3,
    }
    if target.c3_m2_s2 is not None:
        found |= {"c3_km2_s2": target.c3_m2_s2 / 1e6, "dla_deg": _degrees(target.dla_rad)}
    if target.local_time is not None:
        time = target.local_time
        found["local_time"] = {"hours": time.hours, "node": time.node, "sun": time.sun}
    return found


def _degrees(angle: float | None) -> float | None:
    return None if angle is None else degrees(angle)


def failed_answer(
    asked: Mission,
    mission: Mission,
    command: str | None,
    status: Literal["infeasible", "not_converged"],
    findings: Findings,
    short: Shortfall | None,
) -> Answer:
    """An answer without a flight."""
    resolved = mission_toml(asked)
    document = {"status": status, **_base(asked, mission, command, findings, resolved)}
    if short is not None:
        document |= {
            "shortfall": {"delta_v_m_s": short.delta_v_m_s, "payload_kg": short.payload_kg},
            "best_payload_kg": short.best_kg if short.best_kg > 0.0 else None,
            "reason": short.reason or None,
            "nearest": [
                {"change": one.change, "target": one.target, "payload_kg": one.payload_kg}
                for one in short.nearby
            ],
        }
    return Answer(status, document, {}, resolved)


def flown_answer(
    asked: Mission, mission: Mission, options: PlanOptions, findings: Findings, proof: Proof
) -> Answer:
    """An answer with its re-flight; the payload only if that passed."""
    resolved = mission_toml(asked)
    verdict, flown = proof.verdict, proof.flown
    passed = verdict.passed
    status: Literal["optimal", "verification_failed"] = (
        "optimal" if passed else "verification_failed"
    )
    document = {"status": status, **_base(asked, mission, options.command, findings, resolved)}
    document |= {
        "epoch_utc": proof.epoch_utc,
        "payload_kg": proof.plan.payload_kg if passed else None,
        "final_mass_kg": float(flown.mass_kg[-1]),
        "t_final_s": float(flown.t_s[-1]),
        "achieved": _achieved(mission, proof),
        "verification": {
            "position_error_m": verdict.position_error_m,
            "velocity_error_m_s": verdict.velocity_error_m_s,
            "target_error": {
                "position_m": verdict.target_position_error_m,
                "velocity_m_s": verdict.target_velocity_error_m_s,
                **verdict.target_error,
            },
            "tolerances": {
                "position_m": options.tolerances.position_m,
                "velocity_m_s": options.tolerances.velocity_m_s,
            },
            "integrator": INTEGRATOR,
            "passed": passed,
        },
        "propellant": _propellant(mission, proof),
        "events": _events(proof),
        "losses_m_s": _losses(mission, proof),
        "limits": _limits(verdict),
    }
    if mission.payload_kg is not None:
        document["margin_kg"] = _propellant_left(mission, proof)
    if findings.best is not None:
        document["best_start"] = findings.best.start.name
        document["burns"] = findings.best.start.route.burns
    if findings.alternatives:
        document["alternatives"] = [
            {"name": name, "payload_kg": kg if passed else None}
            for name, kg in findings.alternatives
        ]
    if findings.partials:
        document["partials"] = [asdict(one) for one in findings.partials]
    if findings.held is not None:
        document["zones"] = _zones(findings.held, passed=passed)
    if findings.finer_mesh_kg is not None:
        document["finer_mesh"] = {"payload_kg": _finite(findings.finer_mesh_kg)}
    return Answer(status, _finite_only(document), _table(mission, proof), resolved)


def _zones(held: Held, *, passed: bool) -> dict[str, Any]:
    """Where parts come down against their zones, and what holding to them costs."""
    return {
        "payload_without_kg": held.free_kg,
        "cost_kg": held.free_kg - held.attempt.worth if passed else None,
        "each": [
            {
                "zone": one.zone.name,
                "part": one.part,
                "side": "inside" if one.zone.inside else "outside",
                "latitude_deg": degrees(one.latitude_rad),
                "longitude_deg": degrees(one.longitude_rad),
                "to_edge_km": 1e-3 * (one.room_m + one.zone.margin_m),
                "margin_km": 1e-3 * one.zone.margin_m,
                "met": one.met,
            }
            for one in held.hits
        ],
    }


def _finite_only(item: Any) -> Any:
    """A document with None wherever a number is not finite, as JSON wants it."""
    if isinstance(item, dict):
        return {key: _finite_only(value) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [_finite_only(value) for value in item]
    return _finite(item) if isinstance(item, float) else item


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _as_loaded(mission: Mission, proof: Proof) -> Vehicle:
    """The vehicle with its last stage loaded as in the plan."""
    plan = proof.plan
    missing = unloaded_kg(mission.vehicle, plan.liftoff_mass_kg, plan.payload_kg)
    return with_unloaded(mission.vehicle, missing) if missing else mission.vehicle


def _propellant(mission: Mission, proof: Proof) -> list[dict[str, Any]]:
    """What every stage and strap-on unit is loaded with, bottom up, and could be."""
    full, flown = mission.vehicle, _as_loaded(mission, proof)
    pairs = [(1, *two) for two in zip(full.stages, flown.stages, strict=True)]
    pairs += [(group.count, group.unit, group.unit) for group in full.boosters]
    return [
        {
            "name": stage.name,
            "units": count,
            "loaded_kg": loaded.loaded_kg,
            "usable_kg": loaded.usable_kg,
            "capacity_kg": stage.loaded_kg,
            "by_mission": stage.least_loaded_kg is not None,
        }
        for count, stage, loaded in pairs
    ]


def _limits(verdict: Verdict) -> list[dict[str, Any]]:
    """Every limit: allowed, reached, room left."""
    return [
        {
            "name": check.name,
            "limit": check.limit,
            "reached": check.reached,
            "unit": check.unit,
            "margin": check.margin,
            "met": check.met,
        }
        for check in verdict.checks
    ]


def _propellant_left(mission: Mission, proof: Proof) -> float:
    stage = _as_loaded(mission, proof).stages[-1]
    burnt = sum(kg for one in proof.flight.legs for name, kg in one.burnt_kg if name == stage.name)
    return stage.usable_kg - burnt - sum(restarts(proof.flight, stage.name))


def _achieved(mission: Mission, proof: Proof) -> dict[str, Any]:
    """The orbit of the re-flown trajectory."""
    verdict, end = proof.verdict, proof.flight.end
    frame = "true equator and equinox of date (TOD)"
    if mission.inertial_angle_rad is not None:
        frame = "inertial, pad's meridian at the mission's angle at lift-off"
    reached = Reached(end[:3], end[3:6], verdict.osculating, verdict.mean)
    return achieved_orbit(reached, mission.environment, frame, to_geo=mission.target.is_gto)


def _events(proof: Proof) -> list[dict[str, Any]]:
    flown = proof.flown
    return [
        {
            "name": event.name,
            "t_s": float(flown.t_s[event.index]),
            "altitude_km": float(flown.altitude_m[event.index]) / 1e3,
            "speed_m_s": float(flown.speed_m_s[event.index]),
            "inertial_speed_m_s": float(flown.inertial_speed_m_s[event.index]),
            "downrange_km": float(flown.downrange_m[event.index]) / 1e3,
            "mass_kg": float(flown.mass_kg[event.index]),
            "q_pa": float(flown.q_pa[event.index]),
            "acceleration_m_s2": float(flown.acceleration_m_s2[event.index]),
        }
        for event in events(proof.flight, flown)
    ]


def _losses(mission: Mission, proof: Proof) -> dict[str, float]:
    budget = losses(mission, proof.flight, proof.flown)
    return {
        "ideal": budget.ideal_m_s,
        "gravity": budget.gravity_m_s,
        "drag": budget.drag_m_s,
        "steering": budget.steering_m_s,
        "back_pressure": budget.back_pressure_m_s,
        "gained": budget.gained_m_s,
    }


def _table(mission: Mission, proof: Proof) -> dict[str, NDArray[np.generic]]:
    """The flight in door units."""
    flown = proof.flown
    names = np.array([one.leg.name for one in proof.flight.legs], dtype=object)
    r, v = flown.r_m, flown.v_m_s
    if mission.inertial_angle_rad is None:
        turn = rotation("TOD", "GCRF", Epoch.parse(proof.epoch_utc))
        r, v = r @ turn.T, v @ turn.T
    return {
        "t_s": flown.t_s,
        "leg": names[flown.leg],
        "altitude_km": flown.altitude_m / 1e3,
        "latitude_deg": np.degrees(flown.latitude_rad),
        "longitude_deg": np.degrees(flown.longitude_rad),
        "downrange_km": flown.downrange_m / 1e3,
        "speed_m_s": flown.speed_m_s,
        "inertial_speed_m_s": flown.inertial_speed_m_s,
        "flight_path_angle_deg": np.degrees(flown.flight_path_angle_rad),
        "mass_kg": flown.mass_kg,
        "q_pa": flown.q_pa,
        "acceleration_m_s2": flown.acceleration_m_s2,
        "pitch_deg": np.degrees(flown.pitch_rad),
        "alpha_deg": np.degrees(flown.alpha_rad),
        "throttle": flown.throttle,
        "thrust_n": flown.thrust_n,
        "heating_w_m2": flown.heating_w_m2,
        "mach": flown.mach,
        "x_m": r[:, 0],
        "y_m": r[:, 1],
        "z_m": r[:, 2],
        "vx_m_s": v[:, 0],
        "vy_m_s": v[:, 1],
        "vz_m_s": v[:, 2],
    }
