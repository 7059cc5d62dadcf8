"""The XML form of orbit data messages, read as a stream of leaves.

The parser is expat of the standard library. A document type is refused before
any of it is looked at, so there are no entities to expand and nothing outside
the file is ever opened; five predefined entities and character references are
all that is left.

References
----------
CCSDS 505.0-B-3, XML specification for navigation data messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Final, NamedTuple
from xml.parsers import expat

from cosmodrome.io.bounds import Source
from cosmodrome.io.kvn import one_line
from cosmodrome.io.message import Entry

__all__ = ["GROUPS", "Leaf", "XmlMessage", "leaf_line", "leaf_lines", "read_xml"]

_DEEPEST: Final = 16
_MOST_LEAVES: Final = 2_000_000  # some 280,000 states; XML takes ten times the memory of KVN
_KINDS = ("oem", "opm", "omm")
GROUPS: Final = frozenset(
    [
        "header",
        "body",
        "segment",
        "metadata",
        "data",
        "stateVector",
        "covarianceMatrix",
        "keplerianElements",
        "spacecraftParameters",
        "maneuverParameters",
        "userDefinedParameters",
        "meanElements",
        "tleParameters",
    ]
)


class Leaf(NamedTuple):
    """One element without children.

    Parameters
    ----------
    parent : str, the element it stands in
    group : int, which occurrence of it, counted through the file
    segment : int, how many segments have begun
    entry : Entry
    """

    parent: str
    group: int
    segment: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class XmlMessage:
    """One message of a file: kind "OEM", "OPM" or "OMM", version text, leaves, line."""

    kind: str
    version: str
    leaves: list[Leaf]
    line: int


@dataclass(slots=True)
class _Open:
    name: str
    attributes: dict[str, str]
    line: int
    group: int
    text: list[str] = field(default_factory=list)
    children: int = 0


class _Stream:
    """Handlers of one parse; messages gather in `found`."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[XmlMessage] = []
        self.stack: list[_Open] = []
        self.groups = 0
        self.segments = 0
        self.leaves = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def doctype(self, *_: object) -> None:
        raise self.source.refused(
            self.line, "a document type stands in the file; it is not read", allowed="no DOCTYPE"
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        plain = name.rpartition(":")[2]
        if len(self.stack) >= _DEEPEST:
            raise self.source.refused(self.line, "elements stand in each other too deeply")
        if self.stack:
            self.stack[-1].children += 1
        self.groups += 1
        if plain in _KINDS:
            version = attributes.get("version", "")
            self.found.append(XmlMessage(plain.upper(), version, [], self.line))
            self.segments = 0
        elif plain == "segment":
            self.segments += 1
        elif not self.found and plain != "ndm":
            raise self.source.refused(
                self.line, f"<{plain[:20]}> is no orbit data message", allowed="oem, opm, omm, ndm"
            )
        self.stack.append(_Open(plain, attributes, self.line, self.groups))

    def characters(self, text: str) -> None:
        if self.stack:
            self.stack[-1].text.append(text)

    def end(self, _: str) -> None:
        done = self.stack.pop()
        text = "".join(done.text).strip()
        if done.children or done.name in GROUPS or done.name in _KINDS or done.name == "ndm":
            if text:
                raise self.source.refused(
                    done.line, f"text stands loose in <{done.name[:20]}>", value=text
                )
            return
        self.leaves += 1
        if self.leaves > _MOST_LEAVES:
            raise self.source.refused(
                done.line,
                "the file has too many elements",
                allowed=f"at most {_MOST_LEAVES}; or the same in KVN",
            )
        parent = self.stack[-1] if self.stack else done
        self.found[-1].leaves.append(
            Leaf(parent.name, parent.group, self.segments, self._entry(done, text))
        )

    def _entry(self, done: _Open, text: str) -> Entry:
        name = done.name
        if name == "USER_DEFINED":
            name = f"USER_DEFINED_{done.attributes.get('parameter', '')}"
        if "\n" in text:  # a line end would break KVN
            text = " ".join(part.strip() for part in text.split("\n"))
        return Entry(name, text, done.attributes.get("units"), done.line)


def read_xml(source: Source, text: str) -> list[XmlMessage]:
    """The messages of an XML file: its one, or all of an <ndm>.

    Parameters
    ----------
    source : Source, for errors
    text : str

    Raises
    ------
    InputError
        If it is not well-formed, holds a document type, or something else
        than orbit data messages.
    """
    stream = _Stream(source)
    try:
        stream.parser.Parse(text, True)
    except expat.ExpatError as error:
        reason = expat.errors.messages[error.code]
        raise source.refused(error.lineno, f"this is not well-formed XML ({reason})") from None
    except ValueError as error:
        raise source.refused(None, f"this is not well-formed XML ({error})") from None
    if not stream.found:
        raise source.refused(1, "no orbit data message stands in it", allowed="oem, opm, omm")
    return stream.found


def leaf_line(entry: Entry, indent: int) -> str:
    """One entry as an element on a line of its own."""
    one_line(entry)
    name, attributes = entry.keyword, ""
    if name.startswith("USER_DEFINED_"):
        attributes = f' parameter="{escape(name.removeprefix("USER_DEFINED_"))}"'
        name = "USER_DEFINED"
    if entry.unit:
        attributes += f' units="{escape(entry.unit)}"'
    return f"{' ' * indent}<{name}{attributes}>{escape(entry.value, quote=False)}</{name}>"


def leaf_lines(entries: Iterable[Entry], indent: int) -> list[str]:
    """Entries as elements."""
    return [leaf_line(entry, indent) for entry in entries]
