import numpy as np
import pytest
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.conversion import (
    Label,
    covariance_of,
    oem_of,
    opm_of,
    state_of,
    trajectory_of,
)
from cosmodrome.io.oem import oem_from_kvn, oem_from_xml
from cosmodrome.io.oem_text import oem_kvn, oem_xml
from cosmodrome.io.parameters import kvn_text, messages_from_kvn
from cosmodrome.orbit.motion import Tabulated
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Trajectory, in_frame

START = Epoch.parse("2027-03-20T12:00:00.123456Z")
LABEL = Label(Epoch.parse("2027-03-21T00:00:00Z"), "SAT 1")
HERE = Source("file.oem")


def flight(frame: str = "GCRF") -> Trajectory:
    """Two phases with a jump of velocity, as at a staging."""
    t = np.array([0.0, 10.0, 20.0, 20.0, 30.5, 40.0])
    angle = 1e-3 * t[:, None]
    r = 7e6 * np.hstack([np.cos(angle), np.sin(angle), 0.1 + 0.0 * angle])
    v = 7e3 * np.hstack([-np.sin(angle), np.cos(angle), 0.0 * angle])
    v[3:] *= 1.01
    names = (("stage 1", 0, 3), ("stage 2", 3, 6))
    return Trajectory(START, frame, t, r, v, np.linspace(9.0, 8.0, 6), names)


def matrix() -> NDArray[np.float64]:
    rng = np.random.default_rng(1)
    root = rng.normal(size=(6, 6)) * np.array([100.0] * 3 + [0.1] * 3)[:, None]
    return np.asarray(root @ root.T)


@pytest.mark.parametrize("frame", ["GCRF", "EME2000", "TOD", "TEME", "ITRF"])
@pytest.mark.parametrize("xml", [False, True])
def test_a_flight_comes_back_segment_by_segment(frame: str, xml: bool) -> None:
    body = flight()
    oem = oem_of(body, LABEL, frame=frame)
    back = oem_from_xml(HERE, oem_xml(oem)) if xml else oem_from_kvn(HERE, oem_kvn(oem))
    ours = trajectory_of(back)
    assert (ours.frame, ours.segments) == (frame, body.segments)
    assert ours.epoch - body.epoch == pytest.approx(0.0, abs=1e-9)
    assert ours.t_s == pytest.approx(body.t_s, abs=2e-9)
    turned = in_frame(ours, "GCRF")
    assert turned.r_m == pytest.approx(body.r_m, abs=2e-5)
    assert turned.v_m_s == pytest.approx(body.v_m_s, abs=2e-8)


def test_nobody_interpolates_across_staging() -> None:
    table = Tabulated(trajectory_of(oem_from_kvn(HERE, oem_kvn(oem_of(flight(), LABEL)))))
    _, v = table.at(np.array([19.9999, 20.0001]))
    assert np.linalg.norm(v[1] - v[0]) == pytest.approx(70.0, rel=1e-3)


def test_a_jump_inside_a_segment_makes_two() -> None:
    body = flight()
    plain = Trajectory(body.epoch, body.frame, body.t_s, body.r_m, body.v_m_s)
    oem = oem_of(plain, LABEL)
    assert [len(segment.times) for segment in oem.segments] == [3, 3]


def test_before_cataloguing_placeholders_stand_there() -> None:
    meta = oem_of(flight(), LABEL).segments[0].metadata
    assert (meta.get("OBJECT_ID"), meta.get("OBJECT_NAME")) == ("2027-000A", "SAT 1")


def test_a_covariance_goes_with_the_last_state() -> None:
    oem = oem_from_kvn(HERE, oem_kvn(oem_of(flight(), LABEL, covariance_m=("RTN", matrix()))))
    (found,) = oem.segments[-1].covariances
    assert found.frame == "RTN"
    assert found.time.texts == (oem.segments[-1].times.texts[-1],)
    assert found.matrix_km * 1e6 == pytest.approx(matrix(), rel=1e-12)
    assert not oem.segments[0].covariances


def test_an_opm_comes_back() -> None:
    state = flight().state(-1)
    opm = opm_of(state, LABEL, mass_kg=120.0, covariance_m=("RTN", matrix()), notes=("insertion",))
    (back,) = messages_from_kvn(HERE, kvn_text(opm), "OPM")
    ours = in_frame(state_of(back), "GCRF")
    assert ours.r_m == pytest.approx(state.r_m, abs=2e-5)
    assert back.data.number("MASS") == 120.0
    found = covariance_of(back)
    assert found is not None
    assert found[1] == pytest.approx(matrix(), rel=1e-12)


@pytest.mark.parametrize("fault", ["shape", "asymmetric", "negative"])
def test_no_covariance_is_refused(fault: str) -> None:
    wrong = matrix()
    if fault == "shape":
        wrong = wrong[:3, :3]
    elif fault == "asymmetric":
        wrong[0, 1] *= 2.0
    else:
        wrong[0, 0] = -wrong[0, 0]
    with pytest.raises(InputError, match="covariance"):
        oem_of(flight(), LABEL, covariance_m=("RTN", wrong))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("CENTER_NAME = EARTH", "CENTER_NAME = MOON", "CENTER_NAME MOON"),
        ("REF_FRAME = EME2000", "REF_FRAME = MOD_EARTH", "REF_FRAME MOD_EARTH"),
        ("TIME_SYSTEM = UTC", "TIME_SYSTEM = SCLK", "times in SCLK"),
    ],
)
def test_what_is_not_ours_is_read_and_refused_by_name(old: str, new: str, what: str) -> None:
    oem = oem_from_kvn(HERE, oem_kvn(oem_of(flight(), LABEL)).replace(old, new))
    with pytest.raises(InputError, match=f"file.oem: {what}"):
        trajectory_of(oem)


def test_overlapping_segments_and_two_objects_are_refused() -> None:
    text = oem_kvn(oem_of(flight(), LABEL))
    head, first, second = text.split("META_START")
    swapped = oem_from_kvn(HERE, "META_START".join([head, second + "\n", first]))
    with pytest.raises(InputError, match="begins before the last one ends"):
        trajectory_of(swapped)
    other = second.replace("2027-000A", "2027-000B")
    two = oem_from_kvn(HERE, "META_START".join([head, first, other]))
    with pytest.raises(InputError, match="OBJECT_ID 2027-000A, 2027-000B"):
        trajectory_of(two)


def test_other_names_of_our_frames() -> None:
    text = oem_kvn(oem_of(flight(), LABEL, frame="ITRF"))
    assert "REF_FRAME = ITRF2020" in text
    for name in ("ITRF", "ITRF-97", "ITRF2000", "WGS84"):
        oem = oem_from_kvn(HERE, text.replace("ITRF2020", name))
        assert trajectory_of(oem).frame == "ITRF"


def test_accelerations_are_kept_where_they_stand() -> None:
    lines = oem_kvn(oem_of(flight(), LABEL)).split("\n")
    place = next(k for k, line in enumerate(lines) if line.startswith("2027-03-20T12:00:10"))
    lines[place] += " 0.001 -0.002 0.003"
    oem = oem_from_kvn(HERE, "\n".join(lines))
    assert oem.segments[0].accelerated.tolist() == [1]
    assert oem.segments[0].a_km_s2.tolist() == [[0.001, -0.002, 0.003]]
    assert oem_kvn(oem).split("\n")[place].endswith("0.001 -0.002 0.003")
    assert oem_kvn(oem_from_xml(HERE, oem_xml(oem))) == oem_kvn(oem)


def test_a_name_of_two_lines_is_not_written() -> None:
    label = Label(START, "SAT\nMETA_STOP")
    for write in (oem_kvn, oem_xml):
        with pytest.raises(InputError, match="OBJECT_NAME holds a line end"):
            write(oem_of(flight(), label))


def test_odd_names_come_back() -> None:
    label = Label(START, '5 [a] & <b> "c" = 1')
    oem = oem_of(flight(), label)
    for back in (oem_from_kvn(HERE, oem_kvn(oem)), oem_from_xml(HERE, oem_xml(oem))):
        assert oem_kvn(back) == oem_kvn(oem)
