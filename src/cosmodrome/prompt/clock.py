"""The time of day, read at the doors and nowhere below."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from cosmodrome.world.epoch import Epoch

__all__ = ["now"]


def now() -> Epoch:
    """The present instant; SOURCE_DATE_EPOCH where it is set, so that a file can be made again."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    when = datetime.fromtimestamp(int(said), UTC) if said.isdigit() else datetime.now(UTC)
    return Epoch.parse(when.strftime("%Y-%m-%dT%H:%M:%SZ"))
