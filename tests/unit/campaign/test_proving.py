"""How much finer a mesh is made after a re-flight that was off, or came to nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from cosmodrome.campaign import proving
from cosmodrome.verify.judge import Tolerances


@pytest.mark.parametrize(
    ("shares", "factors"),
    [
        ([[1.0, 1e-3], [2000.0, 1.0]], (1, 4)),
        ([[1.0, 1e-3], [70.0, 1e-3]], (1, 2)),
        ([[1.0, 1e-3], [1.0, 1e-3]], (2, 2)),  # a limit alone: everywhere
        ([[np.nan, np.nan], [2000.0, 1.0]], (4, 4)),  # the first leg was never flown to its end
        ([[np.nan, np.nan], [1.0, 1e-3]], (4, 1)),
    ],
)
def test_a_leg_is_made_finer_by_its_share(
    monkeypatch: pytest.MonkeyPatch, shares: list[list[float]], factors: tuple[int, ...]
) -> None:
    monkeypatch.setattr(proving, "error_shares", lambda *_: np.array(shares))
    mission = cast("Any", SimpleNamespace(inertial_angle_rad=None))
    proof = cast("Any", SimpleNamespace(plan=None, flight=SimpleNamespace(meridian_rad=0.0)))
    assert proving._factors(mission, proof, Tolerances()) == factors
