"""What a number of samples is worth: counts, shares and quantiles with their confidence.

Nothing is assumed of the distribution: samples in order of size know all there is.
"""

from __future__ import annotations

from math import ceil, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError

__all__ = ["RISK", "assured", "quantile_interval", "runs_needed", "worth"]

Array = NDArray[np.float64]

RISK: Final = 0.10
"""Consumer's risk: the chance that a statement with its confidence is wrong."""

THREE_SIGMA: Final = 0.99865
"""One-sided three sigma of a normal distribution."""


def runs_needed(share: float, failures: int = 0, risk: float = RISK) -> int:
    """How many runs show that a share of flights succeed, with so many failures among them.

    Parameters
    ----------
    share : float, of flights that are to succeed, between 0 and 1
    failures : int, among the runs
    risk : float, the chance to pass although fewer succeed

    Returns
    -------
    int
        The least n at which `failures` or fewer of n have a probability of `risk` at
        most, if each fails with 1 - `share`.

    Raises
    ------
    InputError
        A share or a risk that is not between 0 and 1, or failures below zero.

    References
    ----------
    Hanson and Beard, NASA/TP-2010-216447 (2010), and J. Spacecraft Rockets 49 (2012)
    136-144: 1705 runs without a failure for 99.865 % at 10 % risk.
    """
    _check(share, risk, failures)
    if failures == 0:
        return ceil(log(risk) / log(share) - 1e-12)
    low, high = failures, failures + 1
    while _at_most(failures, high, 1.0 - share) > risk:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _at_most(failures, middle, 1.0 - share) <= risk else (
            middle, high)  # fmt: skip
    return high


def _at_most(failures: int, runs: int, chance: float) -> float:
    from scipy.special import bdtr

    return float(bdtr(failures, runs, chance))


def _check(share: float, risk: float, failures: int) -> None:
    for key, value in (("share", share), ("risk", risk)):
        if not 0.0 < value < 1.0:
            raise InputError(
                f"{key} {value} says nothing", key=key, value=value, allowed="between 0 and 1"
            )
    if failures < 0:
        raise InputError(
            f"{failures} failures", key="failures", value=failures, allowed="0 or more"
        )


def assured(runs: int, failures: int, risk: float = RISK) -> float:
    """The share of flights that so many runs assure, with confidence 1 - `risk`.

    The one-sided bound of Clopper and Pearson: exact, if anything too cautious.

    Parameters
    ----------
    runs : int, one or more
    failures : int, among them
    risk : float

    Returns
    -------
    float, 0 where every run failed

    References
    ----------
    Clopper and Pearson, Biometrika 26 (1934) 404-413.
    """
    _check(0.5, risk, failures)
    if failures >= runs:
        return 0.0
    if failures == 0:
        return float(np.exp(log(risk) / runs))
    from scipy.special import betaincinv

    return float(betaincinv(runs - failures, failures + 1, risk))


def quantile_interval(
    values: Array, share: float, risk: float = RISK
) -> tuple[float | None, float, float | None]:
    """A quantile of a distribution from samples of it, and what it lies between.

    Parameters
    ----------
    values : array, shape (n,), finite
    share : float, of the distribution below the quantile
    risk : float, half of it on either side

    Returns
    -------
    (low, quantile, high)
        The quantile by linear interpolation; low and high are two of the samples
        with the quantile between them at a confidence of at least 1 - `risk`, or
        None where there are too few samples to bound it on that side.

    References
    ----------
    David and Nagaraja, Order Statistics (2003), 7.1.
    """
    _check(share, risk, 0)
    ordered, n = np.sort(values), len(values)
    from scipy.special import bdtr

    below = bdtr(np.arange(n + 1), n, share)  # chance of at most k samples below the quantile
    # The sample of rank r (from 1) lies above the quantile if fewer than r are below it.
    low = int(np.searchsorted(below, 0.5 * risk, side="right"))
    high = int(np.searchsorted(below, 1.0 - 0.5 * risk, side="left")) + 1
    return (
        float(ordered[low - 1]) if low >= 1 else None,
        float(np.quantile(values, share)),
        float(ordered[high - 1]) if high <= n else None,
    )


def worth(runs: int, risk: float = RISK) -> dict[str, float | int]:
    """What a number of runs can show at best, for people and for JSON.

    Parameters
    ----------
    runs : int, one or more
    risk : float

    Returns
    -------
    dict
        `confidence`; `assured_without_failure`, the share that runs without a failure
        assure; `three_sigma_needs`, runs without a failure for 99.865 %;
        `failures_allowed_at_three_sigma`, -1 where there are too few runs.
    """
    allowed = -1
    while allowed < runs and _at_most(allowed + 1, runs, 1.0 - THREE_SIGMA) <= risk:
        allowed += 1
    return {
        "confidence": 1.0 - risk,
        "assured_without_failure": assured(runs, 0, risk),
        "three_sigma_needs": runs_needed(THREE_SIGMA, 0, risk),
        "failures_allowed_at_three_sigma": allowed,
    }
