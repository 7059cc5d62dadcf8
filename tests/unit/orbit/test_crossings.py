"""Roots of curves whose roots are known, tangents and near misses among them."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from cosmodrome.orbit.crossings import Points, brackets, roots

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Waves:
    """offset_k + cos(t): bends upwards by no more than 1."""

    offset: Array
    bend: float = 1.0

    def at(self, key: Index, t_s: Array) -> Points:
        value = self.offset[key] + np.cos(t_s)
        return Points(key, t_s, value, -np.sin(t_s), np.zeros((0, t_s.size)))

    def ceiling(self, first: Points, last: Points) -> Array:
        return np.full(len(first), self.bend) + 0.0 * last.t_s

    def slack(self, first: Points) -> Array:
        return np.zeros(len(first))


def find(waves: Waves, ends: list[float]) -> list[list[float]]:
    """Roots of each wave by a search that starts from few points."""
    t = np.array(ends)
    n, k = len(waves.offset), t.size
    points = waves.at(np.repeat(np.arange(n), k), np.tile(t, n))
    first = np.concatenate([np.arange(k - 1) + i * k for i in range(n)])
    points, first, last = brackets(waves, points, first, first + 1, 1e-6)
    a, b = points.take(first), points.take(last)
    t = roots(waves, a, b, 1e-9)
    return [sorted(t[a.key == i]) for i in range(n)]


# cos is 1 at 2 pi, -1 at pi: what is left of it above the line is smaller and smaller.
@pytest.mark.parametrize("depth", [0.5, 1e-2, 1e-4, 1e-6, 1e-8])
def test_the_shortest_peak_is_found(depth: float) -> None:
    (found,) = find(Waves(np.array([depth - 1.0])), [2.0, 10.5])
    want = 2.0 * np.pi + np.array([-1.0, 1.0]) * np.arccos(1.0 - depth)
    assert found == pytest.approx(want, abs=1e-7)


@pytest.mark.parametrize("depth", [0.5, 1e-2, 1e-4, 1e-6, 1e-8])
def test_the_shortest_dip_is_found(depth: float) -> None:
    (found,) = find(Waves(np.array([1.0 - depth])), [-1.0, 7.3])
    want = np.pi + np.array([-1.0, 1.0]) * np.arccos(1.0 - depth)
    assert found == pytest.approx(want, abs=1e-7)


@pytest.mark.parametrize("depth", [1e-2, 1e-6, 1e-9])
def test_what_stays_below_is_not_found(depth: float) -> None:
    assert find(Waves(np.array([-1.0 - depth])), [0.3, 12.0]) == [[]]


def test_many_curves_at_once_and_three_roots_in_one_interval() -> None:
    found = find(Waves(np.array([0.0, 0.5, -2.0])), [0.0, 7.9])
    assert found[0] == pytest.approx([np.pi / 2, 3 * np.pi / 2, 5 * np.pi / 2])
    assert found[1] == pytest.approx([2 * np.pi / 3, 4 * np.pi / 3])
    assert found[2] == []


def test_it_is_the_bound_that_finds_them() -> None:
    # Told that the curve bends downwards only, the search sees no way up and stops.
    (found,) = find(Waves(np.array([-0.999]), bend=-0.5), [3.2, 9.4])
    assert found == []
    (found,) = find(Waves(np.array([-0.999])), [3.2, 9.4])
    assert len(found) == 2
