"""A propagated orbit as the plain document that every door shows."""

from __future__ import annotations

from typing import Any

from cosmodrome.prompt.flying import Flown, Span, ages
from cosmodrome.prompt.listing import about
from cosmodrome.prompt.orbit_source import OrbitSource
from cosmodrome.world.state import Trajectory

__all__ = ["states_document"]


def states_document(found: Trajectory, how: str, source: OrbitSource, span: Span) -> dict[str, Any]:
    """The document of `cosmodrome propagate --json`.

    Parameters
    ----------
    found : Trajectory, from the beginning of the span
    how : str, in words
    source : OrbitSource
    span : Span
    """
    rows = zip(
        found.t_s.tolist(), (found.r_m / 1e3).tolist(), (found.v_m_s / 1e3).tolist(), strict=True
    )
    states = [{"epoch_utc": (span.start + t).utc(6), "r_km": r, "v_km_s": v} for t, r, v in rows]
    head = about(source, span, Flown({}, how, ages(source, span)))
    return head | {"frame": found.frame, "states": states}
