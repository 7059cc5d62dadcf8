"""Documents as strict JSON. Kept apart so that it loads without numpy."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

__all__ = ["json_text"]


def plain(value: Any) -> Any:
    """The value with NumPy numbers as Python's, and nothing that JSON cannot hold.

    A number that is not finite becomes null: JSON has no word for it.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return str(value)


def json_text(document: Any) -> str:
    """A document as strict JSON, indented, with a final newline."""
    return json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
