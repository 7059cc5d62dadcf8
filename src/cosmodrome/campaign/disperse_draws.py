"""Standard normal numbers for samples: at random, by Latin hypercube, by Sobol's sequence."""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.runs import seeds_for

__all__ = ["METHODS", "Method", "normals"]

Array = NDArray[np.float64]
Method = Literal["random", "lhs", "sobol"]
METHODS: Final = get_args(Method)

_LEAST: Final = 2.0**-40  # keeps the quantile of an even number finite


def normals(method: Method, seed: int, count: int, width: int) -> Array:
    """Rows of independent standard normal numbers, one row a sample.

    Parameters
    ----------
    method : "random", "lhs" or "sobol"
        At random, row k depends on the seed and k alone, and so it does with Sobol's
        scrambled sequence; a Latin hypercube belongs to its `count` as well.
    seed : int, zero or more
    count, width : int, rows and numbers in a row

    Returns
    -------
    array, shape (count, width)

    Raises
    ------
    InputError
        An unknown method.

    Accuracy
    --------
    The same bits for the same installation. Sobol's points come in powers of two;
    another count has a balance slightly off.

    References
    ----------
    McKay, Beckman and Conover, Technometrics 21 (1979) 239-245; Joe and Kuo, SIAM J.
    Sci. Comput. 30 (2008) 2635-2654, whose directions SciPy has.
    """
    if method == "random":
        rows = [
            np.random.default_rng(seeds_for(seed, f"disperse {k}")).standard_normal(width)
            for k in range(count)
        ]
        return np.array(rows).reshape(count, width)
    if method == "lhs":
        return _quantiles(_latin(seed, count, width))
    if method == "sobol":
        return _quantiles(_sobol(seed, count, width))
    raise InputError(
        f"samples cannot be drawn by {method!r}",
        key="--method",
        value=method,
        allowed=", ".join(METHODS),
    )


def _latin(seed: int, count: int, width: int) -> Array:
    """Even numbers: in every column one in each of `count` equal strips."""
    columns = []
    for j in range(width):
        rng = np.random.default_rng(seeds_for(seed, f"disperse column {j}"))
        columns.append((rng.permutation(count) + rng.random(count)) / count)
    return np.array(columns).T.reshape(count, width)


def _sobol(seed: int, count: int, width: int) -> Array:
    from scipy.stats import qmc

    rng = np.random.default_rng(seeds_for(seed, "disperse sobol"))
    whole = max(count - 1, 1).bit_length()
    return np.asarray(qmc.Sobol(width, scramble=True, seed=rng).random_base2(whole)[:count])


def _quantiles(even: Array) -> Array:
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(even, _LEAST, 1.0 - _LEAST)))
