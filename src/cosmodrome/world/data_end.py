"""The error for data that does not reach the instant asked for."""

from __future__ import annotations

from cosmodrome.errors import InputError
from cosmodrome.world.epoch import Epoch

__all__ = ["DataEndError"]


class DataEndError(InputError):
    """Shipped or given data does not reach an instant; says by how much.

    Parameters
    ----------
    what : str, the data, as "DE421"
    first, last : Epoch, where it holds
    asked : Epoch, the instant it was asked for
    """

    def __init__(self, what: str, first: Epoch, last: Epoch, asked: Epoch) -> None:
        late = asked - last
        days = (late if late > 0.0 else first - asked) / 86400.0
        side = "past its end" if late > 0.0 else "before its start"
        amount = f"{days:.1f} days" if days >= 0.1 else f"{days * 86400.0:.3g} s"
        super().__init__(
            f"{what} does not reach {asked.utc(0)}: {amount} {side}",
            key="epoch",
            value=str(asked),
            allowed=f"{first.utc(0)} to {last.utc(0)}",
        )
        self.days_outside = days
