"""How much one server may be asked for; every bound has a name and is told to the page."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a server.

    Parameters
    ----------
    body_bytes : int, of a request that is no file
    bodies_bytes : int, of all bodies that are being received
    file_bytes : int, of an uploaded file
    files_bytes : int, of all uploaded files together
    stored_files : int
    open_jobs : int, waiting and running
    stored_jobs : int
    at_once : int, jobs that run side by side
    heavy_at_once : int, of these the ones that take all cores
    quick_at_once, quick_waiting : int, short calls that run, and that may wait
    quick_s : float, how long a short call may take
    job_s : float, how long a job may take
    map_cells : int
    samples : int, vehicles of an interval, or lives
    falls : int, samples of each dropped part, or flights of a dispersion
    days : float, of passes, eclipses and windows
    states : int, of a propagation
    stations : int
    places : int, of a coverage, times its satellites
    waiting : int, requests that wait for news at the same time
    connections : int, requests under way
    """

    body_bytes: int = 256 * 1024
    bodies_bytes: int = 128 * 2**20
    file_bytes: int = 16 * 2**20
    files_bytes: int = 2**30
    stored_files: int = 500
    open_jobs: int = 100
    stored_jobs: int = 1000
    at_once: int = 2
    heavy_at_once: int = 1
    quick_at_once: int = 2
    quick_waiting: int = 24
    quick_s: float = 20.0
    job_s: float = 6 * 3600.0
    map_cells: int = 5000
    samples: int = 5000
    falls: int = 20_000
    days: float = 400.0
    states: int = 100_000
    stations: int = 50
    places: int = 20_000
    waiting: int = 64
    connections: int = 256
