"""Files of other programs: good ones are read and kept, broken ones refused with line and reason.

The files are test resources of Orekit (Apache-2.0), kept beside the repository;
names say which are broken.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.conversion import covariance_of, state_of, trajectory_of
from cosmodrome.io.mean_elements import elements_of
from cosmodrome.io.message import Message, Oem
from cosmodrome.io.oem import oem_from_kvn, oem_from_xml, read_oem
from cosmodrome.io.oem_text import oem_kvn, oem_xml
from cosmodrome.io.parameters import (
    kvn_text,
    messages_from_kvn,
    messages_from_xml,
    read_omm,
    read_opm,
    xml_text,
)
from cosmodrome.io.recognise import motions_of, read_any
from cosmodrome.io.tle import check_digit, read_tle, tle_of

pytestmark = pytest.mark.needs_shared

GOOD_OEM = [*(f"OEMExample{k}.txt" for k in range(1, 6)), "ISS.resampled.truncated.txt"]
GOOD_OPM = [f"OPMExample{k}.txt" for k in range(1, 5)]
GOOD_OMM = [*(f"OMMExample{k}.txt" for k in range(1, 4)), "OMMExample2.xml"]
# File, line of the fault, what the reason must name.
BROKEN = [
    ("oem/OEM-ephemeris-number-format-error.txt", 44, "this-is-not-a-number"),
    ("oem/OEM-inconsistent-time-systems.txt", 28, "TCG"),
    ("oem/OEM-too-few-covariance-columns.txt", 55, "4 columns"),
    ("oem/OEM-wrong-keyword.txt", 19, "WRONG_KEYWORD"),
    ("opm/OPM-incompatible-units.txt", 20, "SOLAR_RAD_AREA has unit 's'"),
    ("opm/OPM-number-format-error.txt", 17, "this-is-not-a-number"),
    ("opm/OPM-unknown-frame.txt", 7, "ZZRF"),
    ("opm/OPM-wrong-keyword.txt", 11, "WRONG_KEYWORD"),
    ("omm/OMM-number-format-error.txt", 15, "this-is-not-a-number"),
    ("omm/OMM-wrong-keyword.txt", 9, "WRONG_KEYWORD"),
    ("tle/spot-5-one-line.tle", 1, "line 2"),
    ("tle/spot-5-with-extra-lines.tle", 1, "neither a name"),
]


@pytest.fixture
def corpus(shared_reference: Path) -> Path:
    return shared_reference / "ccsds_corpus"


def written_pairs(text: str) -> list[tuple[str, str]]:
    """Every KEYWORD = value of a KVN file, spaces evened out; comments too."""
    pairs = []
    for line in text.splitlines():
        plain = " ".join(line.split())
        if plain.startswith("COMMENT"):
            pairs.append(("COMMENT", plain[7:].strip()))
        elif "=" in plain and not plain.startswith("CCSDS"):
            key, _, value = plain.partition("=")
            pairs.append((key.strip(), value.strip()))
    return pairs


def numbers_of_states(text: str) -> list[tuple[str, ...]]:
    """Every state and row of a matrix, as a time and floats."""
    rows = [line.split() for line in text.splitlines() if re.match(r"\s*[-+\d]", line)]
    return [
        tuple(word if "T" in word else repr(float(word)) for word in row) for row in rows if row
    ]


def evened(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted((key, " ".join(value.split())) for key, value in pairs)


@pytest.mark.parametrize("name", GOOD_OEM)
def test_every_field_of_an_oem_is_kept(name: str, corpus: Path) -> None:
    path = corpus / "oem" / name
    text = path.read_text(encoding="utf-8")
    oem = read_oem(path)
    kvn = oem_kvn(oem)
    theirs = evened(written_pairs(text))
    assert evened(written_pairs(kvn)) == theirs
    assert numbers_of_states(kvn) == numbers_of_states(text)
    back = oem_from_xml(Source("xml"), oem_xml(oem))
    assert oem_kvn(back) == kvn
    assert oem_kvn(oem_from_kvn(Source("kvn"), kvn)) == kvn


@pytest.mark.parametrize("name", GOOD_OPM)
def test_every_field_of_an_opm_is_kept(name: str, corpus: Path) -> None:
    path = corpus / "opm" / name
    message = read_opm(path)
    kept(message, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [n for n in GOOD_OMM if n.endswith("txt")])
def test_every_field_of_an_omm_is_kept(name: str, corpus: Path) -> None:
    path = corpus / "omm" / name
    (message,) = read_omm(path)
    kept(message, path.read_text(encoding="utf-8"))


def kept(message: Message, text: str) -> None:
    kvn = kvn_text(message)
    assert evened(written_pairs(kvn)) == evened(
        [(k, re.sub(r"\s+\[", " [", v)) for k, v in written_pairs(text)]
    )
    (back,) = messages_from_xml(Source("xml"), xml_text(message), message.kind)
    assert kvn_text(back) == kvn
    (again,) = messages_from_kvn(Source("kvn"), kvn, message.kind)
    assert kvn_text(again) == kvn


def test_the_same_omm_in_both_notations(corpus: Path) -> None:
    (kvn,), (xml,) = (read_omm(corpus / "omm" / f"OMMExample2.{end}") for end in ("txt", "xml"))
    theirs = {entry.keyword: entry.value for entry in xml.data}
    ours = {entry.keyword: entry.value for entry in kvn.data}
    assert theirs.items() <= ours.items()
    assert set(ours) - set(theirs) == {"EPHEMERIS_TYPE", "CLASSIFICATION_TYPE"}
    assert xml.header.get("MESSAGE_ID") == "OMM 201113719185"


@pytest.mark.parametrize(("name", "line", "reason"), BROKEN)
def test_a_broken_file_is_refused_with_line_and_reason(
    name: str, line: int, reason: str, corpus: Path
) -> None:
    with pytest.raises(InputError) as caught:
        read_any(corpus / name)
    told = str(caught.value)
    assert f"{Path(name).name}, line {line}: " in told
    assert reason in told
    assert caught.value.file == str(corpus / name)


def test_an_empty_object_id_is_let_pass_with_a_warning(corpus: Path) -> None:
    (message,) = read_omm(corpus / "omm" / "OMM-empty-object-id.txt")
    (warning,) = message.warnings
    assert "line 6: OBJECT_ID is empty" in warning
    assert elements_of(message).catalogue == 23581


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("OEMExample1.txt", "CENTER_NAME MARS BARYCENTER"),
        ("OEMExample2.txt", "times in MRT"),
        ("OEMExample3.txt", "CENTER_NAME MARS BARYCENTER"),
        ("OEMExample4.txt", "CENTER_NAME MARS"),
    ],
)
def test_what_cannot_be_converted_is_refused_by_name(name: str, what: str, corpus: Path) -> None:
    oem = read_oem(corpus / "oem" / name)
    assert isinstance(oem, Oem)
    with pytest.raises(InputError, match=what):
        trajectory_of(oem)


def test_the_space_station_is_converted(corpus: Path) -> None:
    body = trajectory_of(read_oem(corpus / "oem" / "ISS.resampled.truncated.txt"))
    assert (str(body.epoch), body.frame, len(body)) == ("2022-01-17T12:00:00Z", "EME2000", 25)
    assert body.t_s[-1] == pytest.approx(86400.0, abs=1e-9)
    assert body.r_m[0, 0] == pytest.approx(545284.043961596, abs=1e-9)


def test_a_frame_of_date_held_at_an_epoch_is_turned(corpus: Path) -> None:
    state = state_of(read_opm(corpus / "opm" / "OPMExample3.txt"))
    # Held at the state's own epoch it is the frame of that instant.
    assert state.frame == "GCRF"
    assert float(state.r_m @ state.r_m) == pytest.approx(
        1e6 * (6503.514**2 + 1239.647**2 + 717.49**2), rel=1e-14
    )


def test_a_covariance_keeps_frame_and_units(corpus: Path) -> None:
    found = covariance_of(read_opm(corpus / "opm" / "OPMExample4.txt"))
    assert found is not None
    frame, matrix = found
    assert frame == "RTN"
    assert matrix[0, 0] == pytest.approx(333.1349476038534)
    assert (matrix == matrix.T).all()


def test_two_hundred_and_fifty_elements_are_read_and_written_alike(corpus: Path) -> None:
    every = read_tle(corpus / "tle" / "spot-5.tle")
    assert len(every) == 250
    for tle in every:
        ours = tle_of(tle.elements)
        assert (ours.line1, ours.line2) == (tle.line1, tle.line2)
        assert check_digit(tle.line1) == int(tle.line1[-1])


def test_every_good_file_is_told_by_its_content(corpus: Path) -> None:
    for folder, names in (("oem", GOOD_OEM), ("opm", GOOD_OPM), ("omm", GOOD_OMM)):
        for name in names:
            assert read_any(corpus / folder / name).form == folder.upper()
    reading = read_any(corpus / "tle" / "spot-5.tle")
    assert reading.form == "TLE"
    assert len(motions_of(reading)) == 250
