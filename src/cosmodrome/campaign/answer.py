"""The answer to one launch question, as the doors show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cosmodrome.mission.plan import Plan

__all__ = ["Answer"]


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What `plan` returns: the contract's document plus the flown trajectory.

    Parameters
    ----------
    status : "optimal", "infeasible", "not_converged" or "verification_failed"
    document : dict
        Exactly the JSON of `cosmodrome plan --json` (see the contract).
    table : dict of str to array, shape (n,)
        The re-flown trajectory, one entry per sample, in door units:
        t_s, leg (object array of names), altitude_km, latitude_deg,
        longitude_deg, downrange_km, speed_m_s, inertial_speed_m_s,
        flight_path_angle_deg, mass_kg, q_pa, acceleration_m_s2, pitch_deg
        (thrust axis above the local horizontal), alpha_deg, throttle, thrust_n,
        heating_w_m2, mach, x_m, y_m, z_m, vx_m_s, vy_m_s, vz_m_s (GCRF).
        Empty when nothing was flown.
    mission_toml : str
        The resolved mission: running it again gives the same answer.
    plan : Plan or None
        The controls that were flown again, where that flight was confirmed.
    """

    status: Literal["optimal", "infeasible", "not_converged", "verification_failed"]
    document: dict[str, Any]
    table: dict[str, NDArray[np.generic]]
    mission_toml: str
    plan: Plan | None = None

    @property
    def payload_kg(self) -> float | None:
        """The payload without its adapter; None unless the status is "optimal"."""
        payload: float | None = self.document.get("payload_kg")
        return payload

    @property
    def alternatives_kg(self) -> dict[str, float | None]:
        """Payload with and without what rides along, by name; empty if nothing does."""
        rows = self.document.get("alternatives") or []
        return {str(row["name"]): row.get("payload_kg") for row in rows}

    @property
    def verified(self) -> bool:
        """Whether the re-flight reached the target and kept every limit."""
        proof = self.document.get("verification") or {}
        return bool(proof.get("passed", False))

    def __repr__(self) -> str:
        asked = (self.document.get("target") or {}).get("text")
        told = f"{self.document.get('vehicle')} from {self.document.get('site')} to {asked}"
        payload = "" if self.payload_kg is None else f"{self.payload_kg:.1f} kg, "
        return f"<{type(self).__name__} {self.status}: {payload}{told}>"
