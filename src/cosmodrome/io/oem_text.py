"""An OEM as text: KVN and XML of CCSDS 502.0-B-3.

Times are written as they were read, numbers with the digits that give the same
double back.
"""

from __future__ import annotations

from collections.abc import Iterator

from cosmodrome.io.keywords import COVARIANCE, STATE
from cosmodrome.io.kvn import kvn_lines
from cosmodrome.io.message import Covariance, Entry, Oem, OemSegment
from cosmodrome.io.xml_items import leaf_line, leaf_lines

__all__ = ["oem_kvn", "oem_xml"]

_ACCELERATION = ("X_DDOT", "Y_DDOT", "Z_DDOT")


def _rows(segment: OemSegment) -> Iterator[list[str]]:
    """Time and numbers of each state as texts."""
    pushes = dict(zip(segment.accelerated.tolist(), segment.a_km_s2.tolist(), strict=True))
    states = zip(segment.times.texts, segment.r_km.tolist(), segment.v_km_s.tolist(), strict=True)
    for k, (text, r, v) in enumerate(states):
        yield [text, *map(repr, r), *map(repr, v), *map(repr, pushes.get(k, ()))]


def _kvn_covariance(found: Covariance) -> list[str]:
    lines = [f"COMMENT {text}".rstrip() for text in found.comments]
    lines += [f"EPOCH = {found.time.texts[0]}", f"COV_REF_FRAME = {found.frame}"]
    return lines + [
        " ".join(map(repr, row[: k + 1])) for k, row in enumerate(found.matrix_km.tolist())
    ]


def oem_kvn(oem: Oem) -> str:
    """An OEM in KVN; one block of states for each segment."""
    lines = ["CCSDS_OEM_VERS = 3.0", *kvn_lines(oem.header)]
    for segment in oem.segments:
        lines += ["", "META_START", *kvn_lines(segment.metadata), "META_STOP", ""]
        lines += [f"COMMENT {text}".rstrip() for text in segment.comments]
        lines += [" ".join(row) for row in _rows(segment)]
        if segment.covariances:
            lines += ["", "COVARIANCE_START"]
            for covariance in segment.covariances:
                lines += _kvn_covariance(covariance)
            lines.append("COVARIANCE_STOP")
    return "\n".join(lines) + "\n"


def _xml_covariance(found: Covariance) -> list[str]:
    values = [repr(row[j]) for k, row in enumerate(found.matrix_km.tolist()) for j in range(k + 1)]
    entries = [Entry("COMMENT", text) for text in found.comments]
    entries += [Entry("EPOCH", found.time.texts[0]), Entry("COV_REF_FRAME", found.frame)]
    entries += [Entry(word, value) for word, value in zip(COVARIANCE, values, strict=True)]
    return ["        <covarianceMatrix>", *leaf_lines(entries, 10), "        </covarianceMatrix>"]


def _xml_segment(segment: OemSegment) -> Iterator[str]:
    yield from ("    <segment>", "      <metadata>")
    yield from leaf_lines(segment.metadata, 8)
    yield from ("      </metadata>", "      <data>")
    for text in segment.comments:
        yield leaf_line(Entry("COMMENT", text), 8)
    words = ("EPOCH", *STATE, *_ACCELERATION)
    for row in _rows(segment):
        # Short elements in one line each state: a long ephemeris stays readable.
        inside = "".join(f"<{w}>{x}</{w}>" for w, x in zip(words, row, strict=False))
        yield f"        <stateVector>{inside}</stateVector>"
    for covariance in segment.covariances:
        yield from _xml_covariance(covariance)
    yield from ("      </data>", "    </segment>")


def oem_xml(oem: Oem) -> str:
    """An OEM in XML; as `oem_kvn`."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<oem id="CCSDS_OEM_VERS" version="3.0">',
        *["  <header>", *leaf_lines(oem.header, 4), "  </header>", "  <body>"],
    ]
    for segment in oem.segments:
        lines += _xml_segment(segment)
    return "\n".join([*lines, "  </body>", "</oem>"]) + "\n"
