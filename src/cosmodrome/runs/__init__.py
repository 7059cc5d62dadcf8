"""Many jobs: on every core, kept as they finish, the same whoever does them."""

from cosmodrome.runs.jobs import Job, Outcome, Result, Work
from cosmodrome.runs.journal import Journal, JournalError, stamp_of
from cosmodrome.runs.run import run_jobs
from cosmodrome.runs.seeds import seeds_for

__all__ = [
    "Job",
    "Journal",
    "JournalError",
    "Outcome",
    "Result",
    "Work",
    "run_jobs",
    "seeds_for",
    "stamp_of",
]
