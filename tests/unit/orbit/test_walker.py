import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.orbit.walker import Walker, walker
from cosmodrome.world.epoch import Epoch


def test_galileo() -> None:
    # 56:24/3/1 of the Galileo programme: planes 120 deg apart, neighbours 15 deg ahead.
    placed = walker("56:24/3/1").elements(29600e3)
    assert len(placed) == 24
    nodes = np.degrees([e.raan_rad for e in placed])
    assert sorted(set(np.round(nodes))) == [0.0, 120.0, 240.0]
    assert math.degrees(placed[1].true_anomaly_rad) == pytest.approx(45.0)
    assert math.degrees(placed[8].true_anomaly_rad) == pytest.approx(15.0)
    assert math.degrees(placed[16].true_anomaly_rad) == pytest.approx(30.0)
    assert {e.inclination_rad for e in placed} == {math.radians(56.0)}


def test_a_star_spreads_over_half_a_turn() -> None:
    placed = walker("86.4:66/6/2", star=True).elements(7158e3)
    assert math.degrees(placed[-1].raan_rad) == pytest.approx(150.0)


def test_its_motions_are_named_and_apart() -> None:
    epoch = Epoch.parse("2027-03-20T12:00:00Z")
    shell = walker("53:6/3/1").motions(epoch, 6928e3, 0.4)
    assert list(shell) == ["p1s1", "p1s2", "p2s1", "p2s2", "p3s1", "p3s2"]
    places = np.array([m.at(np.zeros(1))[0][0] for m in shell.values()])
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)[np.triu_indices(6, 1)]
    assert distances.min() > 3000e3


@pytest.mark.parametrize(
    "text", ["", "53", "53:24/5/1", "53:24/3/3", "190:24/3/1", "53:0/1/0", "a:1/1/0", "53:24/3/-1"]
)
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        walker(text)


def test_planes_must_divide() -> None:
    with pytest.raises(InputError, match="planes"):
        Walker(0.9, 10, 3, 0)
