"""Payload against node: highest at the ascent's own, lower on either side of it."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.campaign.node_curve import node_curve
from cosmodrome.campaign.plan import PlanOptions
from cosmodrome.errors import InputError
from cosmodrome.prompt.asking import mission_from
from cosmodrome.windows.widths import opening_s

QUICK = PlanOptions(partials=False, alternatives=False, workers=1)


def test_the_curve_is_highest_where_nothing_is_asked_of_it() -> None:
    # The local time is left aside: a curve belongs to the ascent, not to the day.
    mission = mission_from("angara-1.2", "vostochny", "sso 500 km ltan 10:30")
    curve = node_curve(mission, 1530.0, options=QUICK)
    best = int(np.argmax(curve.payload_kg))
    assert curve.offset_rad[best] == 0.0
    assert np.all(np.diff(curve.payload_kg[: best + 1]) > 0.0)
    assert np.all(np.diff(curve.payload_kg[best:]) < 0.0)
    # It stops at the first point below what was asked for, on either side.
    assert curve.payload_kg[0] < 1530.0 <= curve.payload_kg[1]
    assert curve.payload_kg[-1] < 1530.0 <= curve.payload_kg[-2]
    opens, closes = opening_s(curve, 1530.0) or (0.0, 0.0)
    assert -600.0 < opens < -60.0
    assert 60.0 < closes < 600.0
    with pytest.raises(InputError, match="at no instant"):
        node_curve(mission, 1e4, options=QUICK)
