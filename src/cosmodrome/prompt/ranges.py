"""Ranges as they are typed: 200:1000:100."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from cosmodrome.errors import InputError
from cosmodrome.report.words import plain

__all__ = ["read_range"]

MOST = 500
"""Values of one range; more is taken for a slip of the hand."""


def read_range(text: str, key: str, unit: str, bounds: tuple[float, float]) -> tuple[float, ...]:
    """The values of FROM:TO:STEP, or of one number; TO is in it where the steps meet it.

    Parameters
    ----------
    text : str, as typed
    key : str, the option
    unit : str, in words
    bounds : (least, most)

    Returns
    -------
    tuple of float, increasing
        Counted in decimals, so that 51.7 stays 51.7.

    Raises
    ------
    InputError
        Names the option, the text and what may stand there.
    """
    low, high = bounds
    within = f"{plain(low)} to {plain(high)}"
    allowed = f"FROM:TO:STEP or one number, {unit}, from {within}, step above zero"

    def refused(why: str) -> InputError:
        return InputError(f"{key} {text!r} {why}", key=key, value=text, allowed=allowed)

    parts = text.split(":")
    if len(parts) not in (1, 3):
        raise refused("is neither a number nor FROM:TO:STEP")
    try:
        numbers = [Decimal(part.strip()) for part in parts]
    except InvalidOperation:
        raise refused("has a part that is no number") from None
    if not all(number.is_finite() for number in numbers):
        raise refused("has a part that is not finite")
    begin, end, step = (numbers[0], numbers[0], Decimal(1)) if len(parts) == 1 else numbers
    if step <= 0:
        raise refused("has a step that is not above zero")
    if end < begin:
        raise refused("ends below its beginning")
    if not (low <= begin and end <= high):
        raise refused(f"reaches outside {within} {unit}")
    count = int((end - begin) / step) + 1 if (end - begin) / step < MOST else MOST + 1
    if count > MOST:
        raise refused(f"has more than {MOST} values")
    return tuple(float(begin + k * step) for k in range(count))
