"""What of a question is more than one server takes on; the command line takes more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cosmodrome.web.limits import Limits
from cosmodrome.web.refusals import Refused

__all__ = ["within"]


def within(kind: str, question: Mapping[str, Any], limits: Limits) -> None:
    """Hold a question against the server's bounds.

    Parameters
    ----------
    kind : str
    question : mapping
    limits : Limits

    Raises
    ------
    Refused
        Naming the field and how much it may be.
    """
    falls = kind in ("dropzones", "hazard", "disperse")
    bounds = {
        "samples": limits.falls if falls else limits.samples,
        "payload_samples": limits.samples,
        "days": limits.days,
        "stations": limits.stations,
    }
    for key, most in bounds.items():
        value = question.get(key)
        size = len(value) if isinstance(value, list | tuple) else value
        if size is not None and size > most:
            raise Refused(
                "bad_input",
                f"{size:g} {key} are more than this server takes on",
                key=key,
                value=size,
                allowed=f"at most {most:g}; the command line takes more",
            )
