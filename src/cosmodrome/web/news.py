"""What has changed, counted up, so that a page that asks hears only of that."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cosmodrome.web.refusals import Refused

__all__ = ["Heard", "News"]

_GONE: Final = 1000


@dataclass(frozen=True, slots=True)
class Heard:
    """What has happened since a revision.

    Parameters
    ----------
    revision : int, by now
    changed, deleted : lists of ids
    reset : bool, whether too much was missed to be told
    """

    revision: int
    changed: list[str]
    deleted: list[str]
    reset: bool


class News:
    """Revisions of things by their ids; its owner sees to it that one thread at a time is in here.

    Parameters
    ----------
    listeners : int, how many may wait for news
    """

    def __init__(self, listeners: int) -> None:
        self._listeners = listeners
        # Higher than at any time before: a page that stayed open finds out what it missed.
        self.began = self.revision = int(time.time() * 1000)
        self._changed: OrderedDict[str, int] = OrderedDict()
        self._gone: OrderedDict[str, int] = OrderedDict()
        self._bells: set[Callable[[], None]] = set()

    def changed(self, ident: str) -> None:
        """Something is no longer what it was."""
        self.revision += 1
        self._changed[ident] = self.revision
        self._changed.move_to_end(ident)
        self._ring()

    def gone(self, ident: str) -> None:
        """Something is no longer there."""
        self.revision += 1
        self._changed.pop(ident, None)
        self._gone[ident] = self.revision
        while len(self._gone) > _GONE:
            self._gone.popitem(last=False)
        self._ring()

    def of(self, ident: str) -> int:
        """The revision in which something was changed last."""
        return self._changed.get(ident, self.began)

    def since(self, after: int) -> Heard | None:
        """What has happened since a revision, None where nothing has; since 0 only where we are."""
        if after == self.revision:
            return None
        if not self.began <= after <= self.revision:
            return Heard(self.revision, [], [], reset=after != 0)
        changed = [ident for ident, revision in self._changed.items() if revision > after]
        gone = [ident for ident, revision in self._gone.items() if revision > after]
        return Heard(self.revision, changed, gone, reset=False)

    def watch(self, loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> Callable[[], None]:
        """Have an event set at the next change; gives back what ends that.

        Raises
        ------
        Refused
            If too many wait already.
        """

        def ring() -> None:
            loop.call_soon_threadsafe(event.set)

        if len(self._bells) >= self._listeners:
            raise Refused("busy", "too many pages wait for news", allowed="close some")
        self._bells.add(ring)
        return lambda: self._bells.discard(ring)

    def _ring(self) -> None:
        for bell in list(self._bells):
            bell()
