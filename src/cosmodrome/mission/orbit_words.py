"""The words of an orbit text: tokens, and one pass over them into a draft.

A draft holds what was said, in door units, before any check; `orbit_text`
turns it into a target.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["VOCABULARY", "Draft", "Refusal", "clock_hours", "plain", "read_draft"]

_SPELLINGS = {
    "km": "km kms kilometre kilometres kilometer kilometers",
    "deg": "deg degs degree degrees °",
    "min": "min mins minute minutes ' ′",
    "h": "h hr hrs hour hours",
    "x": "x × * by",
    "sso": "sso sunsynchronous",
    "polar": "polar",
    "gto": "gto",
    "escape": "escape",
    "circular": "circular circ elliptic elliptical orbit",
    "argp": "argp aop",
    "raan": "raan",
    "ltan": "ltan",
    "ltdn": "ltdn",
    "c3": "c3",
    "dla": "dla",
    "inc": "inc incl inclination i",
    "mean": "mean",
    "osculating": "osculating osc",
    "apparent": "apparent",
    "or": "or",
    "free": "free",
    "least": "least",
}
VOCABULARY = {word: name for name, words in _SPELLINGS.items() for word in words.split()}
_KNOWN = "|".join(re.escape(w) for w in sorted(VOCABULARY, key=len, reverse=True))
_TOKEN = re.compile(
    r"(?P<skip>\s+|,(?=\s|$))"
    r"|(?P<rate>km\^?2\s*/\s*s\^?2)"
    r"|(?P<c3>c3)"
    r"|(?P<sso>sun[\s-]*synchronous)"
    r"|(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?![0-9:]))"
    r"|(?P<number>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?)"
    r"|(?P<word>[^\W\d_]+|[°'′×*])"
    r"|(?P<junk>.)",
    re.DOTALL,
)

Token = tuple[str, str]  # (meaning, text as written)


class Refusal(Exception):  # noqa: N818 - never leaves this room; the doors see InputError
    """A draft that cannot be a target: which field, and why."""

    def __init__(self, message: str, field: str = "", word: str = "") -> None:
        super().__init__(message)
        self.message, self.field, self.word = message, field, word


@dataclass(slots=True)
class Draft:
    """An orbit in door units, before any check; None means not said."""

    kind: Literal["", "sso", "polar", "gto", "escape"] = ""
    altitudes_km: tuple[float, float] | None = None
    inclination_deg: float | None = None
    least: bool = False
    raan_deg: float | None = None
    argp_deg: tuple[float, ...] | None = None
    hours: float | None = None
    node: Literal["ascending", "descending"] = "ascending"
    sun: Literal["mean", "apparent"] | None = None
    c3_km2_s2: float | None = None
    dla_deg: float | None = None
    elements: Literal["osculating", "mean"] | None = None


def plain(text: str) -> str:
    """The text with look-alike characters and case levelled."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\u2212", "-")


def read_draft(text: str) -> Draft:
    """What a text says, unchecked.

    Raises
    ------
    Refusal
        For a word or a sequence that has no meaning.
    """
    return _Reader(_tokens(text)).read()


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(plain(text)):
        name, written = match.lastgroup or "junk", match.group()
        if name == "word":
            found.extend(_words(written))
        elif name == "junk":
            raise Refusal(f"{written!r} does not belong in an orbit", word=written)
        elif name != "skip":
            found.append((name, written))
    return found


def _words(written: str) -> list[Token]:
    """One run of letters as known words; spacing does not matter, so it may be several."""
    if written in VOCABULARY:
        return [(VOCABULARY[written], written)]
    if re.fullmatch(f"(?:{_KNOWN})+", written):
        return [(VOCABULARY[word], word) for word in re.findall(_KNOWN, written)]
    if written in ("nan", "inf", "infinity"):
        raise Refusal(f"{written!r} is not a usable number")
    raise Refusal(f"{written!r} is not a word known here", word=written)


class _Reader:
    """Walks over the tokens once and fills a draft."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at, self.draft = tokens, 0, Draft()

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place][0] if place < len(self.tokens) else ""

    def take(self, *meanings: str) -> str | None:
        """The next token's text if it means one of these, else None; then step on."""
        if self.peek() not in meanings or not self.peek():
            return None
        self.at += 1
        return self.tokens[self.at - 1][1]

    def number(self, after: str) -> float:
        written = self.take("number")
        if written is None:
            raise Refusal(f"a number must follow {after!r}")
        return float(written)

    def angle(self, after: str) -> float:
        value = self.number(after)
        self.take("deg")
        if self.peek() == "number" and self.peek(1) == "min":
            value += math.copysign(self.number(after) / 60.0, value)
            self.take("min")
        return value

    def hours(self, after: str) -> float:
        clock = self.take("clock")
        if clock is not None:
            return clock_hours(clock)
        value = self.number(f"{after} (as 10:30)")
        if self.take("h") and self.peek() == "number" and self.peek(1) == "min":
            value += self.number(after) / 60.0
            self.take("min")
        return value

    def once(self, field: str, value: Any, name: str) -> None:
        if getattr(self.draft, field) not in (None, "", False):
            raise Refusal(f"{name} is given twice")
        setattr(self.draft, field, value)

    def read(self) -> Draft:
        while self.peek():
            self.item()
        return self.draft

    def item(self) -> None:
        meaning, written = self.peek(), self.tokens[self.at][1]
        if meaning == "number":
            self.size_or_angle()
            return
        self.at += 1
        if meaning in ("sso", "polar", "gto", "escape"):
            self.once("kind", meaning, "the kind of orbit")
        elif meaning in ("mean", "osculating"):
            self.once("elements", meaning, "mean or osculating")
        elif meaning == "apparent":
            self.once("sun", meaning, "apparent")
        elif meaning in ("ltan", "ltdn"):
            self.once("hours", self.hours(meaning), "a local time")
            self.draft.node = "ascending" if meaning == "ltan" else "descending"
        elif meaning in ("raan", "dla"):
            self.once(f"{meaning}_deg", self.angle(meaning), meaning)
        elif meaning == "inc":
            self.once("inclination_deg", self.angle("inclination"), "the inclination")
        elif meaning == "least":
            self.once("least", meaning == "least", "least")
            self.take("inc")
        elif meaning == "argp":
            self.once("argp_deg", self.arguments(), "argp")
        elif meaning == "c3":
            self.once("c3_km2_s2", self.number("c3"), "c3")
            self.take("rate")
        elif meaning != "circular":
            raise Refusal(f"{written!r} is out of place", word=written)

    def arguments(self) -> tuple[float, ...]:
        if self.take("free"):
            return ()
        values = [self.angle("argp")]
        while self.take("or"):
            values.append(self.angle("or"))
        return tuple(values)

    def size_or_angle(self) -> None:
        """A bare number: an altitude first, then an inclination; its unit decides."""
        draft, unit = self.draft, self.peek(1)
        room = draft.altitudes_km is None and draft.kind != "escape"
        if unit in ("km", "x") or (unit != "deg" and room):
            first = self.number("")
            self.take("km")
            second = self.number("x") if self.take("x") else first
            self.take("km")
            self.once("altitudes_km", (first, second), "the altitude")
        else:
            self.once("inclination_deg", self.angle(""), "the inclination")


def clock_hours(clock: str) -> float:
    """Hours from "10:30" or "10:30:15.5", whose form the caller has checked."""
    parts = [float(part) for part in clock.split(":")]
    hours, minutes, seconds = (*parts, 0.0)[:3]
    if minutes >= 60.0 or seconds >= 60.0:
        raise Refusal(f"{clock} is not a time of day", "local_time")
    return hours + minutes / 60.0 + seconds / 3600.0
