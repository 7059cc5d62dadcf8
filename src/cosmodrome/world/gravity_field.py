"""The Earth's gravity by spherical harmonics, for many places at once."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError, ShapeError

__all__ = ["GravityField", "egm96", "field_from_file"]

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]
_POINTS = 64  # at once: stays in the cache, and below where BLAS starts threads


@dataclass(frozen=True, slots=True, eq=False)
class GravityField:
    """Fully normalised coefficients and the constants they go with.

    Parameters
    ----------
    name : str
    mu_m3_s2, radius_m : float, that the coefficients refer to
    c, s : array, shape (degree + 1, degree + 1), row n and column m; c[0, 0] is 1

    Raises
    ------
    ShapeError
        If the coefficients are not two squares of one size.

    Accuracy
    --------
    Exact for the coefficients to rounding (1e-15 relative for degree 70,
    1e-13 for 360 in low orbit). Tides of the Earth (about 1 m a day in low
    orbit) are not in it.

    References
    ----------
    Cunningham, Celestial Mechanics 2 (1970) 207, in the normalised form;
    Montenbruck & Gill, Satellite Orbits, section 3.2.4.
    """

    name: str
    mu_m3_s2: float
    radius_m: float
    c: Array
    s: Array
    _table: _Table = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("c", "s"):
            object.__setattr__(self, name, np.array(getattr(self, name), dtype=float))
        if self.c.ndim != 2 or self.c.shape[0] != self.c.shape[1] or self.s.shape != self.c.shape:
            raise ShapeError("gravity coefficients must be two squares of one size")
        object.__setattr__(self, "_table", _table(self.c, self.s))

    @property
    def degree(self) -> int:
        """Highest degree."""
        return int(self.c.shape[0]) - 1

    def cut(self, degree: int) -> GravityField:
        """The same field up to a lower degree and order.

        Raises
        ------
        InputError
            If the field does not reach so far.
        """
        if not 0 <= degree <= self.degree:
            raise InputError(
                f"the gravity field {self.name} does not reach degree {degree}",
                key="degree",
                value=degree,
                allowed=f"0 to {self.degree}",
            )
        if degree == self.degree:
            return self
        n = degree + 1
        return GravityField(self.name, self.mu_m3_s2, self.radius_m, self.c[:n, :n], self.s[:n, :n])

    def zonal(self, degree: int) -> float:
        """Unnormalised J_n."""
        return float(-self.c[degree, 0] * np.sqrt(2.0 * degree + 1.0))

    def acceleration(self, r_m: Any) -> Array:
        """Acceleration at places that turn with the Earth.

        Parameters
        ----------
        r_m : array, shape (n, 3), metres, Earth-fixed

        Returns
        -------
        array, shape (n, 3), metres per second squared, Earth-fixed axes
        """
        r = np.asarray(r_m, dtype=float)
        parts = [self._some(r[k : k + _POINTS]) for k in range(0, r.shape[0], _POINTS)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts or [r])

    def _some(self, r: Array) -> Array:
        harmonics = _harmonics(r, self.radius_m, self.degree + 1, self._table)
        ahead, behind, up = self._table.weights @ harmonics
        level = ahead + np.conj(behind)
        pull = self.mu_m3_s2 / self.radius_m**2
        return np.stack([level.real, level.imag, up.real], axis=-1) * pull


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """What does not depend on the place.

    diagonal : shape (top + 1,), factor from order m - 1 to order m on the diagonal
    first, second : rows n of the factors of the recursion in degree, orders 0 to n - 1
    weights : shape (3, terms), of the harmonics in ax + i ay (straight and
        conjugate) and az
    """

    diagonal: Array
    first: tuple[Array, ...]
    second: tuple[Array, ...]
    weights: Complex


def _table(c: Array, s: Array) -> _Table:
    top = c.shape[0]
    orders = np.arange(1, top + 1)
    diagonal = np.concatenate([[1.0], np.sqrt((2.0 * orders + 1.0) / (2.0 * orders))])
    diagonal[1] = np.sqrt(3.0)
    first, second = [np.empty(0)], [np.empty(0)]
    for n in range(1, top + 1):
        m = np.arange(n)
        below = (n - m) * (n + m)
        first.append(np.sqrt((2.0 * n + 1.0) * (2.0 * n - 1.0) / below))
        wide = (2.0 * n + 1.0) * (n + m - 1.0) * (n - m - 1.0) / (below * max(2.0 * n - 3.0, 1.0))
        second.append(np.sqrt(wide))
    return _Table(diagonal, tuple(first), tuple(second), _weights(c, s))


def _weights(c: Array, s: Array) -> Complex:
    """Each coefficient of degree n pulls by three harmonics of degree n + 1."""
    top = c.shape[0]
    weights = np.zeros((3, top + 1, top + 1), dtype=complex)
    n, m = np.tril_indices(top)
    value = c[n, m] - 1j * s[n, m]
    ratio = (2.0 * n + 1.0) / (2.0 * n + 3.0)
    zonal = np.where(m == 0, 1.0, 0.5)
    outer = np.sqrt(ratio / (2.0 * zonal) * (n + m + 1.0) * (n + m + 2.0))
    np.add.at(weights[0], (n + 1, m + 1), -value * zonal * outer)
    inner = m > 0
    k, o = n[inner], m[inner]
    share = np.where(o == 1, 2.0, 1.0)
    factor = 0.5 * np.sqrt(share * ratio[inner] * (k - o + 1.0) * (k - o + 2.0))
    np.add.at(weights[1], (k + 1, o - 1), value[inner] * factor)
    np.add.at(weights[2], (n + 1, m), -value * np.sqrt(ratio * (n + m + 1.0) * (n - m + 1.0)))
    rows, columns = np.tril_indices(top + 1)
    return np.ascontiguousarray(weights[:, rows, columns])


def _harmonics(r: Array, radius_m: float, top: int, table: _Table) -> Complex:
    """Normalised (R/r)^(n+1) P_nm(sin lat) exp(i m lon), n to `top`, shape (terms, points)."""
    square = np.einsum("ni,ni->n", r, r)
    scale = radius_m / square
    level = (r[:, 0] + 1j * r[:, 1]) * scale
    height, shrink = r[:, 2] * scale, radius_m * scale
    rows = np.empty(((top + 1) * (top + 2) // 2, r.shape[0]), dtype=complex)
    rows[0] = radius_m / np.sqrt(square)
    before, last = rows[:0], rows[:1]
    start = 1
    for n in range(1, top + 1):
        row = rows[start : start + n + 1]
        np.multiply(last, table.first[n][:, None] * height, out=row[:n])
        if n > 1:
            row[: n - 1] -= before * (table.second[n][: n - 1, None] * shrink)
        np.multiply(last[n - 1], table.diagonal[n] * level, out=row[n])
        before, last = last, row
        start += n + 1
    return rows


def field_from_file(file: str, degree: int, *, by_degree: bool = False) -> GravityField:
    """A field from a file in the ICGEM layout (.gfc), up to a degree.

    Parameters
    ----------
    file : str
    degree : int
    by_degree : bool, the file is known to be in order of degree: reading may stop early

    Raises
    ------
    InputError
        If the file cannot be read or does not reach the degree.
    """
    path, n = Path(file), degree + 1
    if degree < 0:
        raise InputError("degree must not be negative", key="degree", value=degree, allowed="0 up")
    c, s, head, seen = np.zeros((n, n)), np.zeros((n, n)), {}, 0
    c[0, 0] = 1.0
    try:
        with path.open(encoding="latin-1") as lines:
            for words in map(str.split, lines):
                if len(words) >= 5 and words[0] == "gfc":
                    k, m = int(words[1]), int(words[2])
                    seen = max(seen, k)
                    if k > degree:
                        if by_degree:
                            break
                    else:
                        c[k, m] = float(words[3].replace("D", "e"))
                        s[k, m] = float(words[4].replace("D", "e"))
                elif len(words) == 2:
                    head[words[0]] = words[1].replace("D", "e")
        mu, radius = float(head["earth_gravity_constant"]), float(head["radius"])
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise InputError(
            f"cannot read a gravity field: {error}", file=file, allowed="ICGEM .gfc"
        ) from None
    if seen < degree:
        raise InputError(
            "the gravity field ends below the degree asked for",
            file=file,
            key="degree",
            value=degree,
            allowed=f"0 to {seen}",
        )
    return GravityField(head.get("modelname", path.stem), mu, radius, c, s)


@lru_cache(maxsize=4)
def egm96(degree: int = 50) -> GravityField:
    """EGM96 to a degree of at most 360, tide-free, from the package satkit-data.

    Raises
    ------
    InputError
        If the degree is higher or the package is missing.

    References
    ----------
    Lemoine et al., NASA/TP-1998-206861.
    """
    spec = importlib.util.find_spec("satkit_data")
    if spec is None or spec.origin is None:
        raise InputError(
            "the package satkit-data, which holds EGM96, is not installed",
            allowed="an installation with all run-time dependencies",
        )
    return field_from_file(
        str(Path(spec.origin).parent / "data" / "EGM96.gfc"), degree, by_degree=True
    )
