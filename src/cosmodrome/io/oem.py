"""OEM: read in KVN and XML, versions 1 to 3; written as 502.0-B-3."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosmodrome.io import checking
from cosmodrome.io.bounds import MOST_STATES, Source, read_bytes
from cosmodrome.io.keywords import COVARIANCE, HEADER, MANDATORY, OEM_METADATA, STATE, known_frame
from cosmodrome.io.kvn import entry_of
from cosmodrome.io.message import Block, Covariance, Entry, Oem, OemSegment
from cosmodrome.io.times import read_time, read_times
from cosmodrome.io.xml_items import Leaf, XmlMessage, read_xml

__all__ = ["oem_from_kvn", "oem_from_xml", "read_oem"]

Array = NDArray[np.float64]
_FIRST = "CCSDS_OEM_VERS"
_ACCELERATION = ("X_DDOT", "Y_DDOT", "Z_DDOT")


def read_oem(path: str | os.PathLike[str]) -> Oem:
    """Read an orbit ephemeris message, KVN or XML, version 1 to 3.

    Every field is kept, also for centres, frames and time systems that cannot
    be converted (see `conversion.trajectory_of`).

    Parameters
    ----------
    path : path of the file

    Raises
    ------
    InputError
        With file, line and reason if it is broken.

    Accuracy
    --------
    Numbers to the last bit of a double; times are kept as text beside it.

    References
    ----------
    CCSDS 502.0-B-3, chapter 5.
    """
    source, content = read_bytes(path)
    text = source.decoded(content)
    read = oem_from_xml if text.lstrip().startswith("<") else oem_from_kvn
    return read(source, text)


def _check_block(
    entries: Sequence[Entry], where: str, source: Source, line: int, system: str
) -> None:
    rules = HEADER if where == "header" else OEM_METADATA
    for entry in entries:
        if entry.keyword == "COMMENT":
            continue
        if entry.keyword not in rules:
            raise source.refused(
                entry.line,
                f"{entry.keyword[:40]} is no keyword of an OEM's {where}",
                key=entry.keyword,
                value=entry.value,
                allowed=", ".join(rules),
            )
        checking.check_entry(entry, rules[entry.keyword], source, system)
    checking.check_once(entries, source)
    wanted = MANDATORY["header"] if where == "header" else MANDATORY["OEM"]
    checking.check_complete(entries, wanted, source, line, where)


class _Draft:
    """A segment while it is read."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.metadata: list[Entry] = []
        self.comments: list[str] = []
        self.rows: list[str] = []  # columns apart by blanks
        self.lines: list[int] = []
        self.covariances: list[Covariance] = []
        self.system = ""
        self.warnings: list[str] = []

    def closed(self, source: Source) -> None:
        """Check the metadata, at its end."""
        self.system = checking.system_of(self.metadata, source, self.line)
        _check_block(self.metadata, "metadata", source, self.line, self.system)
        if any(e.keyword == "INTERPOLATION" for e in self.metadata):
            wanted = ("INTERPOLATION_DEGREE",)
            checking.check_complete(self.metadata, wanted, source, self.line, "metadata")

    def _late(self, row: int, source: Source) -> None:
        """A state said twice is let pass; any other that is not later is refused."""
        if self.rows[row] != self.rows[row - 1]:
            raise source.refused(
                self.lines[row],
                "this time is not later than the one before it",
                key="EPOCH",
                value=self.rows[row].split()[0],
            )
        self.warnings.append(f"{source.name}, line {self.lines[row]}: the state stands twice")

    def segment(self, source: Source) -> OemSegment:
        """The finished segment."""
        if not self.rows:
            raise source.refused(self.line, "the segment holds no states")
        widths = [len(row.split()) for row in self.rows]
        for k in [k for k, width in enumerate(widths) if width not in (7, 10)][:1]:
            raise source.refused(
                self.lines[k],
                f"{widths[k]} columns stand in this line",
                value=self.rows[k],
                allowed="time, 3 positions, 3 velocities, and 3 accelerations if wanted",
            )
        # One split of everything makes no list for each of a million states.
        flat = " ".join(self.rows).split()
        firsts = np.concatenate([[0], np.cumsum(widths[:-1], dtype=np.int64)])
        texts = [flat[k] for k in firsts.tolist()]
        times = read_times(texts, self.system, source, self.lines)
        for late in (np.flatnonzero(np.diff(times.elapsed_s) <= 0.0) + 1).tolist():
            self._late(late, source)
        with_a = np.flatnonzero(np.array(widths) == 10)
        columns = [_column(flat, firsts + k, k, self.lines, source) for k in range(1, 7)]
        states = np.stack(columns, axis=1)
        push_lines = [self.lines[k] for k in with_a.tolist()]
        pushes = np.empty((with_a.size, 3))
        for k in range(3):
            pushes[:, k] = _column(flat, firsts[with_a] + 7 + k, 7 + k, push_lines, source)
        states.setflags(write=False)
        return OemSegment(
            Block(tuple(self.metadata)),
            tuple(self.comments),
            times,
            states[:, :3],
            states[:, 3:],
            with_a,
            pushes,
            tuple(self.covariances),
            self.line,
        )


def _column(
    flat: list[str], places: NDArray[np.int64], column: int, lines: Sequence[int], source: Source
) -> Array:
    """One column as numbers; all at once, or one by one to find the fault."""
    texts = [flat[k] for k in places.tolist()]
    joined = " ".join(texts)
    if joined.isascii() and "_" not in joined:  # float() reads more than a file may hold
        try:
            values = np.array(list(map(float, texts)), dtype=float)
        except ValueError:
            values = np.array([np.nan])
        if np.all(np.isfinite(values)):
            return values
    key = (*STATE, *_ACCELERATION)[column - 1]
    return np.array(
        [checking.number(t, source, line, key) for t, line in zip(texts, lines, strict=True)]
    )


class _KvnReader:
    """Walks through the lines; one method per place a line may stand in."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.version = ""
        self.header: list[Entry] = []
        self.drafts: list[_Draft] = []
        self.states = 0
        self.covariance: list[tuple[int, str]] = []
        self.place = self.in_start

    def in_start(self, line: str, number: int) -> None:
        entry = entry_of(line, number, self.source)
        if entry is None:
            return
        if entry.keyword != _FIRST:
            raise self.source.refused(
                number, f"the file does not begin with {_FIRST}", key=entry.keyword, allowed=_FIRST
            )
        self.version = checking.version(entry.value, self.source, number)
        self.place = self.in_header

    def in_header(self, line: str, number: int) -> None:
        if line.strip() == "META_START":
            _check_block(self.header, "header", self.source, 1, "UTC")
            self.drafts.append(_Draft(number))
            self.place = self.in_metadata
            return
        entry = entry_of(line, number, self.source)
        if entry is not None:
            self.header.append(entry)

    def in_metadata(self, line: str, number: int) -> None:
        if line.strip() == "META_STOP":
            self.drafts[-1].closed(self.source)
            self.place = self.in_data
            return
        entry = entry_of(line, number, self.source)
        if entry is not None:
            self.drafts[-1].metadata.append(entry)

    def in_data(self, line: str, number: int) -> None:
        draft = self.drafts[-1]
        words = [] if line[:1].isdigit() else line.split()
        if not words and not line.strip():
            return
        if not words or words[0][0].isdigit():
            self.states += 1
            if self.states > MOST_STATES:
                raise self.source.refused(
                    number, "the file has too many states", allowed=f"at most {MOST_STATES}"
                )
            draft.rows.append(line)
            draft.lines.append(number)
        elif words[0] == "COMMENT":
            draft.comments.append(line.strip()[7:].strip())
        elif words == ["COVARIANCE_START"]:
            self.covariance = []
            self.place = self.in_covariance
        elif words == ["META_START"]:
            self.drafts.append(_Draft(number))
            self.place = self.in_metadata
        else:
            raise self.source.refused(
                number,
                "this is no state",
                key=words[0],
                value=line,
                allowed="a state, COMMENT, COVARIANCE_START or META_START",
            )

    def in_covariance(self, line: str, number: int) -> None:
        if line.strip() == "COVARIANCE_STOP":
            self.drafts[-1].covariances += _covariances(
                self.covariance, self.drafts[-1], self.source
            )
            self.place = self.in_data
        elif line.strip():
            self.covariance.append((number, line))

    def done(self, last: int) -> Oem:
        if self.place != self.in_data:
            raise self.source.refused(last, "the file ends too early")
        return _oem(self.version, self.header, self.drafts, self.source)


def _oem(version: str, header: list[Entry], drafts: list[_Draft], source: Source) -> Oem:
    for draft in drafts[1:]:
        if draft.system != drafts[0].system:
            raise source.refused(
                draft.line,
                f"TIME_SYSTEM is {draft.system} here and {drafts[0].system} before",
                key="TIME_SYSTEM",
                value=draft.system,
                allowed=drafts[0].system,
            )
    segments = tuple(draft.segment(source) for draft in drafts)
    warnings = [text for draft in drafts for text in draft.warnings]
    for segment in segments:
        warnings += checking.warnings_of(segment.metadata, OEM_METADATA, source)
    return Oem(version, Block(tuple(header)), segments, tuple(warnings), source.name)


def _covariances(
    lines: Sequence[tuple[int, str]], draft: _Draft, source: Source
) -> list[Covariance]:
    """The matrices between COVARIANCE_START and COVARIANCE_STOP."""
    found: list[Covariance] = []
    comments: list[str] = []
    time: Entry | None = None
    frame = ""
    rows: list[tuple[int, list[str]]] = []
    for number, line in lines:
        if not (line.lstrip()[0].isalpha()):
            rows.append((number, line.split()))
        else:
            entry = entry_of(line, number, source)
            assert entry is not None
            if rows:
                raise source.refused(number, f"the matrix has {len(rows)} rows", allowed="6 rows")
            if entry.keyword == "COMMENT":
                comments.append(entry.value)
            elif entry.keyword == "EPOCH":
                time = entry
            elif entry.keyword == "COV_REF_FRAME":
                frame = _frame(entry, source)
            else:
                raise source.refused(
                    number, f"{entry.keyword} has no place here", key=entry.keyword, value=line
                )
        if len(rows) == 6:
            found.append(_covariance(rows, time, frame, draft, source, comments))
            rows, time, frame, comments = [], None, "", []
    if rows or time is not None:
        number = lines[-1][0]
        raise source.refused(number, f"the matrix has {len(rows)} rows", allowed="6 rows")
    return found


def _joined(entry: Entry, source: Source) -> str:
    """The value of a column, which must be one word."""
    if len(entry.value.split()) != 1:
        raise source.refused(
            entry.line, f"{entry.keyword} is not one word", key=entry.keyword, value=entry.value
        )
    return entry.value


def _frame(entry: Entry, source: Source) -> str:
    if not known_frame(entry.value):
        raise source.refused(
            entry.line, f"frame {entry.value[:20]!r} is not known", key=entry.keyword
        )
    return entry.value


def _covariance(
    rows: Sequence[tuple[int, list[str]]],
    time: Entry | None,
    frame: str,
    draft: _Draft,
    source: Source,
    comments: Sequence[str],
) -> Covariance:
    if time is None:
        raise source.refused(rows[0][0], "the matrix has no EPOCH", key="EPOCH")
    matrix = np.zeros((6, 6))
    for k, (number, row) in enumerate(rows):
        if len(row) != k + 1:
            raise source.refused(
                number,
                f"{len(row)} columns stand in row {k + 1} of the matrix",
                value=" ".join(row),
                allowed=f"{k + 1} columns",
            )
        for j, text in enumerate(row):
            value = checking.number(text, source, number, COVARIANCE[k * (k + 1) // 2 + j])
            matrix[k, j] = matrix[j, k] = value
    matrix.setflags(write=False)
    when = read_time(time.value, draft.system, source, time.line)
    named = frame or next(e.value for e in draft.metadata if e.keyword == "REF_FRAME")
    return Covariance(when, named, matrix, tuple(comments))


def oem_from_kvn(source: Source, text: str) -> Oem:
    """An OEM from its KVN text.

    Raises
    ------
    InputError
        With file, line and reason of the first fault.
    """
    reader = _KvnReader(source)
    lines = source.lines(text)
    for number, line in enumerate(lines, 1):
        reader.place(line, number)
    return reader.done(len(lines))


def oem_from_xml(source: Source, text: str) -> Oem:
    """An OEM from its XML text; as `oem_from_kvn`."""
    found = [message for message in read_xml(source, text) if message.kind == "OEM"]
    if len(found) != 1:
        raise source.refused(1, f"{len(found)} OEM stand in it", allowed="one OEM")
    return _XmlReader(found[0], source).oem


class _XmlReader:
    """Sorts the leaves of an XML message into header and segments."""

    def __init__(self, message: XmlMessage, source: Source) -> None:
        self.source = source
        self.line = message.line
        self.header: list[Entry] = []
        self.drafts: list[_Draft] = []
        self.group: list[Leaf] = []
        self.states = 0
        version = checking.version(message.version, source, message.line)
        for leaf in message.leaves:
            if self.group and leaf.group != self.group[0].group:
                self._finish()
            self._take(leaf)
        self._finish()
        _check_block(self.header, "header", source, message.line, "UTC")
        if not self.drafts:
            raise source.refused(message.line, "the message has no segment")
        self.oem = _oem(version, self.header, self.drafts, source)

    def _take(self, leaf: Leaf) -> None:
        if leaf.segment > len(self.drafts):
            self.drafts.append(_Draft(leaf.entry.line))
        if leaf.parent != "header" and not self.drafts:
            raise self.source.refused(
                leaf.entry.line, f"<{leaf.parent[:20]}> stands outside a segment"
            )
        if leaf.parent in ("stateVector", "covarianceMatrix"):
            self.group.append(leaf)
        elif leaf.parent == "header":
            self.header.append(leaf.entry)
        elif leaf.parent == "metadata":
            self.drafts[-1].metadata.append(leaf.entry)
        elif leaf.parent == "data" and leaf.entry.keyword == "COMMENT":
            self.drafts[-1].comments.append(leaf.entry.value)
        else:
            raise self.source.refused(
                leaf.entry.line,
                f"<{leaf.entry.keyword[:40]}> has no place in <{leaf.parent[:20]}> of an OEM",
                key=leaf.entry.keyword,
            )

    def _finish(self) -> None:
        """Turn a finished stateVector or covarianceMatrix into what KVN would hold."""
        if not self.group:
            return
        draft, first = self.drafts[-1], self.group[0]
        if not draft.system:
            draft.closed(self.source)
        values = {leaf.entry.keyword: leaf.entry for leaf in self.group}
        entries = [leaf.entry for leaf in self.group]
        checking.check_once(entries, self.source)
        line = first.entry.line
        if first.parent == "stateVector":
            self._state(draft, values, entries, line)
        else:
            self._matrix(draft, values, entries, line)
        self.group = []

    def _state(self, draft: _Draft, values: dict[str, Entry], entries: Any, line: int) -> None:
        self.states += 1
        if self.states > MOST_STATES:
            raise self.source.refused(line, "the file has too many states")
        words: tuple[str, ...] = ("EPOCH", *STATE)
        checking.check_complete(entries, words, self.source, line, "stateVector")
        if any(word in values for word in _ACCELERATION):
            words += _ACCELERATION
            checking.check_complete(entries, words, self.source, line, "stateVector")
        self._only(values, words)
        draft.rows.append(" ".join(_joined(values[word], self.source) for word in words))
        draft.lines.append(line)

    def _matrix(self, draft: _Draft, values: dict[str, Entry], entries: Any, line: int) -> None:
        wanted = ("EPOCH", *COVARIANCE)
        checking.check_complete(entries, wanted, self.source, line, "covarianceMatrix")
        self._only(values, (*wanted, "COV_REF_FRAME", "COMMENT"))
        texts = iter([values[word] for word in COVARIANCE])
        rows = []
        for k in range(6):
            row = [next(texts) for _ in range(k + 1)]
            rows.append((row[0].line, [entry.value for entry in row]))
        named = values.get("COV_REF_FRAME")
        frame = "" if named is None else _frame(named, self.source)
        comments = [e.value for e in entries if e.keyword == "COMMENT"]
        draft.covariances.append(
            _covariance(rows, values["EPOCH"], frame, draft, self.source, comments)
        )

    def _only(self, values: dict[str, Entry], words: Sequence[str]) -> None:
        for word, entry in values.items():
            if word not in words:
                raise self.source.refused(
                    entry.line, f"<{word[:40]}> has no place here", key=word, value=entry.value
                )
