"""Chance that does not depend on who draws it, or when."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.random import SeedSequence

__all__ = ["seeds_for"]


def seeds_for(seed: int, key: str) -> SeedSequence:
    """The seed sequence of one job: from the run's seed and the job's key alone.

    The same for any number of workers, any order, and after a restart; another
    key gives numbers that have nothing to do with these.

    Parameters
    ----------
    seed : int, zero or more, the run's
    key : str, the job's

    Returns
    -------
    numpy.random.SeedSequence
        For `numpy.random.default_rng`, or to be spawned further.

    References
    ----------
    O'Neill 2015, "Developing a seed_seq alternative", which the sequence follows;
    the key enters by its SHA-256, so that like keys do not give like seeds.
    """
    from numpy.random import SeedSequence

    words = hashlib.sha256(key.encode()).digest()
    spawned = tuple(int.from_bytes(words[k : k + 4], "big") for k in range(0, 32, 4))
    return SeedSequence(seed, spawn_key=spawned)
