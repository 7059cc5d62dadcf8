"""OPM and OMM: read in KVN and XML, versions 1 to 3; written as 502.0-B-3.

Every entry is kept with its text, so that centres, frames and time systems that
cannot be converted are still read and written back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby

from cosmodrome.io import checking, keywords
from cosmodrome.io.bounds import Source, read_bytes
from cosmodrome.io.keywords import HEADER, MANDATORY, MANOEUVRE, SECTIONS, Rule
from cosmodrome.io.kvn import entry_of, kvn_lines
from cosmodrome.io.message import Block, Entry, Message
from cosmodrome.io.xml_items import XmlMessage, leaf_lines, read_xml

__all__ = ["kvn_text", "messages_from_kvn", "messages_from_xml", "read_omm", "read_opm", "xml_text"]

_USER = Rule("userDefinedParameters")
_STAGES = ("header", "metadata", "data")


def _rule(entry: Entry, kind: str, source: Source) -> Rule:
    rule = HEADER.get(entry.keyword) or keywords.rules(kind).get(entry.keyword)
    if rule is None and entry.keyword.startswith("USER_DEFINED_") and len(entry.keyword) > 13:
        rule = _USER
    if rule is None:
        raise source.refused(
            entry.line,
            f"{entry.keyword[:40]} is no keyword of an {kind}",
            key=entry.keyword,
            value=entry.value,
            allowed=f"the keywords of CCSDS 502.0-B-3 for an {kind}",
        )
    return rule


def _stage(rule: Rule) -> str:
    return rule.section if rule.section in ("header", "metadata") else "data"


def _sorted(kind: str, entries: Sequence[Entry], source: Source) -> dict[str, list[Entry]]:
    """Entries by header, metadata and data; a comment goes where the next keyword goes."""
    blocks: dict[str, list[Entry]] = {stage: [] for stage in _STAGES}
    waiting: list[Entry] = []
    now = "header"
    for entry in entries:
        waiting.append(entry)
        if entry.keyword == "COMMENT":
            continue
        stage = _stage(_rule(entry, kind, source))
        if _STAGES.index(stage) < _STAGES.index(now):
            raise source.refused(
                entry.line,
                f"{entry.keyword} belongs into the {stage}, which has ended",
                key=entry.keyword,
                value=entry.value,
            )
        now = stage
        blocks[stage] += waiting
        waiting = []
    blocks[now] += waiting
    return blocks


def _check_sections(kind: str, data: list[Entry], source: Source, line: int) -> None:
    there = {entry.keyword for entry in data}
    if there & set(keywords.COVARIANCE) or "COV_REF_FRAME" in there:
        checking.check_complete(data, keywords.COVARIANCE, source, line, "covariance")
    if kind == "OMM":
        if not there & {"MEAN_MOTION", "SEMI_MAJOR_AXIS"}:
            raise source.refused(line, "MEAN_MOTION is missing", key="MEAN_MOTION")
        return
    elements = {*MANDATORY["keplerianElements"], "TRUE_ANOMALY", "MEAN_ANOMALY"}
    if there & elements:
        wanted = MANDATORY["keplerianElements"]
        checking.check_complete(data, wanted, source, line, "Keplerian elements")
        if len(there & {"TRUE_ANOMALY", "MEAN_ANOMALY"}) != 1:
            raise source.refused(
                line, "one of TRUE_ANOMALY and MEAN_ANOMALY must stand there", key="TRUE_ANOMALY"
            )
    _check_manoeuvres([e for e in data if e.keyword in MANOEUVRE], source)


def _check_manoeuvres(entries: list[Entry], source: Source) -> None:
    for first in range(0, len(entries), len(MANOEUVRE)):
        one = entries[first : first + len(MANOEUVRE)]
        line = one[0].line
        if one[0].keyword != MANOEUVRE[0]:
            raise source.refused(
                line, f"a manoeuvre begins with {MANOEUVRE[0]}", key=one[0].keyword
            )
        checking.check_complete(one, MANOEUVRE, source, line, "manoeuvre")


def _message(
    kind: str, version: str, entries: Sequence[Entry], source: Source, line: int
) -> Message:
    """A message from its entries, every one of them checked."""
    blocks = _sorted(kind, entries, source)
    system = checking.system_of(blocks["metadata"], source, line)
    for entry in entries:
        if entry.keyword != "COMMENT":
            checking.check_entry(entry, _rule(entry, kind, source), source, system)
    checking.check_once(entries, source, MANOEUVRE)
    checking.check_complete(blocks["header"], MANDATORY["header"], source, line, "header")
    checking.check_complete(entries, MANDATORY[kind], source, line, kind)
    _check_sections(kind, blocks["data"], source, line)
    warnings = checking.warnings_of(blocks["metadata"], keywords.rules(kind), source)
    header, metadata, data = (Block(tuple(blocks[stage])) for stage in _STAGES)
    return Message(kind, version, header, metadata, data, tuple(warnings), source.name)


def messages_from_kvn(source: Source, text: str, kind: str) -> tuple[Message, ...]:
    """The "OPM" or "OMM" of a KVN text, one after the other.

    Raises
    ------
    InputError
        With file, line and reason of the first fault.
    """
    first = f"CCSDS_{kind}_VERS"
    starts: list[Entry] = []
    parts: list[list[Entry]] = []
    for number, line in enumerate(source.lines(text), 1):
        entry = entry_of(line, number, source)
        if entry is None:
            continue
        if entry.keyword == first:
            checking.version(entry.value, source, number)
            starts.append(entry)
            parts.append([])
        elif not parts:
            raise source.refused(
                number, f"the file does not begin with {first}", key=entry.keyword, allowed=first
            )
        else:
            parts[-1].append(entry)
    return tuple(
        _message(kind, start.value, part, source, start.line)
        for start, part in zip(starts, parts, strict=True)
    )


def messages_from_xml(source: Source, text: str, kind: str) -> tuple[Message, ...]:
    """As `messages_from_kvn`, from XML; other kinds in the file are passed over."""
    return tuple(_from_leaves(m, source) for m in read_xml(source, text) if m.kind == kind)


def _from_leaves(found: XmlMessage, source: Source) -> Message:
    checking.version(found.version, source, found.line)
    entries: list[Entry] = []
    for leaf in found.leaves:
        if leaf.segment > 1:
            raise source.refused(leaf.entry.line, f"an {found.kind} has one segment")
        if leaf.entry.keyword != "COMMENT":
            rule = _rule(leaf.entry, found.kind, source)
            if rule.section != leaf.parent:
                raise source.refused(
                    leaf.entry.line,
                    f"{leaf.entry.keyword} belongs into <{rule.section}>",
                    key=leaf.entry.keyword,
                    value=leaf.parent,
                )
        entries.append(leaf.entry)
    return _message(found.kind, found.version, entries, source, found.line)


def _read(path: str | os.PathLike[str], kind: str) -> tuple[Message, ...]:
    source, content = read_bytes(path)
    text = source.decoded(content)
    read = messages_from_xml if text.lstrip().startswith("<") else messages_from_kvn
    found = read(source, text, kind)
    if not found:
        raise source.refused(1, f"no {kind} stands in it", allowed=kind)
    return found


def read_opm(path: str | os.PathLike[str]) -> Message:
    """Read an orbit parameter message, KVN or XML, version 1 to 3.

    Every entry is kept, also for centres, frames and time systems that cannot
    be converted (see `conversion.state_of`).

    Parameters
    ----------
    path : path of the file

    Raises
    ------
    InputError
        With file, line and reason if it is broken.

    Accuracy
    --------
    Texts are kept as written: nothing is rounded.

    References
    ----------
    CCSDS 502.0-B-3, chapter 3.
    """
    found = _read(path, "OPM")
    if len(found) > 1:
        source = Source(found[0].source)
        raise source.refused(None, f"{len(found)} messages stand in it", allowed="one OPM")
    return found[0]


def read_omm(path: str | os.PathLike[str]) -> tuple[Message, ...]:
    """Read orbit mean-elements messages: one, several in a row, or an XML <ndm> of them.

    As `read_opm`; an empty OBJECT_ID is let pass with a warning in the message.

    References
    ----------
    CCSDS 502.0-B-3, chapter 4.
    """
    return _read(path, "OMM")


def kvn_text(message: Message) -> str:
    """A message in KVN, as 502.0-B-3."""
    head = [f"CCSDS_{message.kind}_VERS = 3.0", *kvn_lines(message.header), ""]
    lines = [*head, *kvn_lines(message.metadata), "", *kvn_lines(message.data)]
    return "\n".join(lines) + "\n"


def _sections(message: Message) -> Iterator[tuple[str, list[Entry]]]:
    """Runs of data entries of one XML element; a comment joins what follows it."""
    source, count = Source(message.source), 0
    places: list[tuple[tuple[int, str], Entry]] = []
    waiting: list[Entry] = []
    key = (0, SECTIONS[message.kind][0])
    for entry in message.data:
        waiting.append(entry)
        if entry.keyword == "COMMENT":
            continue
        count += entry.keyword == MANOEUVRE[0]
        section = _rule(entry, message.kind, source).section
        key = (count if section == "maneuverParameters" else 0, section)
        places += [(key, one) for one in waiting]
        waiting = []
    places += [(key, one) for one in waiting]
    order = SECTIONS[message.kind]
    places.sort(key=lambda place: (order.index(place[0][1]), place[0][0]))
    for (_, section), run in groupby(places, key=lambda place: place[0]):
        yield section, [entry for _, entry in run]


def xml_text(message: Message) -> str:
    """A message in XML, as 502.0-B-3 and 505.0-B-3."""
    tag = message.kind.lower()
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<{tag} id="CCSDS_{message.kind}_VERS" version="3.0">',
        *["  <header>", *leaf_lines(message.header, 4), "  </header>"],
        *["  <body>", "    <segment>", "      <metadata>"],
        *leaf_lines(message.metadata, 8),
        *["      </metadata>", "      <data>"],
    ]
    for section, entries in _sections(message):
        lines += [f"        <{section}>", *leaf_lines(entries, 10), f"        </{section}>"]
    lines += ["      </data>", "    </segment>", "  </body>", f"</{tag}>"]
    return "\n".join(lines) + "\n"
