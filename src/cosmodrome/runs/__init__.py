"""Many jobs: on every core or many machines, kept as they finish, the same whoever does them."""

from cosmodrome.runs.jobs import Job, Outcome, Result, Work
from cosmodrome.runs.journal import Journal, JournalError, stamp_of
from cosmodrome.runs.run import cores, run_jobs
from cosmodrome.runs.seeds import seeds_for
from cosmodrome.runs.size import Size, SizeError, check_size
from cosmodrome.runs.table import gathered, parquet_bytes

__all__ = [
    "Job",
    "Journal",
    "JournalError",
    "Outcome",
    "Result",
    "Size",
    "SizeError",
    "Work",
    "check_size",
    "cores",
    "gathered",
    "parquet_bytes",
    "run_jobs",
    "seeds_for",
    "stamp_of",
]
