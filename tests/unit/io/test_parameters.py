import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.io.bounds import Source
from cosmodrome.io.conversion import state_of
from cosmodrome.io.message import Message
from cosmodrome.io.parameters import kvn_text, messages_from_kvn, messages_from_xml, xml_text
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import rotation

HERE = Source("file.opm")
OPM = """CCSDS_OPM_VERS = 1.0
CREATION_DATE = 2027-03-20T12:00:00
ORIGINATOR = US
COMMENT of the object
OBJECT_NAME = SAT
OBJECT_ID = 2027-001A
CENTER_NAME = EARTH
REF_FRAME = TOD
TIME_SYSTEM = UTC
COMMENT of the state
EPOCH = 2027-03-20T12:00:00
X = 7000.0 [km]
Y = 100.0 [km]
Z = 50.0 [km]
X_DOT = 0.1 [km/s]
Y_DOT = 7.5 [km/s]
Z_DOT = 0.2 [km/s]
"""
KEPLER = """SEMI_MAJOR_AXIS = 7000.0 [km]
ECCENTRICITY = 0.01
INCLINATION = 97.0 [deg]
RA_OF_ASC_NODE = 10.0 [deg]
ARG_OF_PERICENTER = 20.0 [deg]
TRUE_ANOMALY = 30.0 [deg]
GM = 398600.4415 [km**3/s**2]
"""
MANOEUVRE = """COMMENT a burn
MAN_EPOCH_IGNITION = 2027-03-20T13:00:00
MAN_DURATION = 10.0 [s]
MAN_DELTA_MASS = -1.0 [kg]
MAN_REF_FRAME = RTN
MAN_DV_1 = 0.0 [km/s]
MAN_DV_2 = 0.01 [km/s]
MAN_DV_3 = 0.0 [km/s]
"""
WHOLE = OPM + KEPLER + MANOEUVRE + MANOEUVRE + "USER_DEFINED_EARTH = WGS 84 [1984]\n"


def read(text: str) -> Message:
    (message,) = messages_from_kvn(HERE, text, "OPM")
    return message


def test_a_whole_one_comes_back_in_both_notations() -> None:
    kvn = kvn_text(read(WHOLE))
    assert kvn_text(read(kvn)) == kvn
    (back,) = messages_from_xml(HERE, xml_text(read(WHOLE)), "OPM")
    assert kvn_text(back) == kvn
    assert sum(e.keyword == "MAN_DV_2" for e in back.data) == 2
    assert back.version == "3.0"
    assert read(WHOLE).version == "1.0"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("ECCENTRICITY = 0.01", "ECCENTRICITY = 0.01 [km]", "line 19: ECCENTRICITY has unit 'km'"),
        ("X = 7000.0 [km]", "X = 7000.0 [m]", "line 12: X has unit 'm'"),
        ("X = 7000.0 [km]", "X =", "line 12: X is empty"),
        ("Y = 100.0 [km]", "X = 100.0", "line 13: X stands twice"),
        ("Y = 100.0 [km]\n", "", "line 1: Y missing"),
        ("GM = 398600.4415 [km**3/s**2]\n", "", "GM missing in the Keplerian elements"),
        ("TRUE_ANOMALY = 30.0 [deg]\n", "", "one of TRUE_ANOMALY and MEAN_ANOMALY"),
        ("TRUE_ANOMALY = 30.0", "MEAN_ANOMALY = 3\nTRUE_ANOMALY = 30.0", "one of TRUE_ANOMALY"),
        ("MAN_DURATION = 10.0 [s]\n", "", "MAN_DURATION missing in the manoeuvre"),
        ("MAN_REF_FRAME = RTN", "MAN_REF_FRAME = XYZ", "frame 'XYZ' is not known"),
        ("CCSDS_OPM_VERS = 1.0", "CCSDS_OPM_VERS = 4.0", "version '4.0'"),
        ("CCSDS_OPM_VERS = 1.0\n", "", "line 1: the file does not begin with"),
        ("TIME_SYSTEM = UTC", "TIME_SYSTEM = EST", "time system 'EST'"),
        ("TIME_SYSTEM = UTC\n", "", "TIME_SYSTEM is missing"),
        ("EPOCH = 2027-03-20", "EPOCH = 2027-13-20", "line 11: EPOCH '2027-13-20T12:00:00'"),
        ("COMMENT of the state", "no keyword", "line 10: this is not KEYWORD = value"),
        ("Z_DOT = 0.2 [km/s]\n", "Z_DOT = 0.2\nOBJECT_NAME = A\n", "which has ended"),
        ("USER_DEFINED_EARTH", "USER_DEFINED_", "no keyword of an OPM"),
    ],
)
def test_faults_are_told_with_line_and_reason(old: str, new: str, reason: str) -> None:
    assert old in WHOLE
    with pytest.raises(InputError, match=r"file\.opm") as caught:
        read(WHOLE.replace(old, new, 1))
    assert reason in str(caught.value)


def test_an_element_in_the_wrong_place_is_refused() -> None:
    text = xml_text(read(OPM))
    wrong = text.replace("<X ", "<MASS>1</MASS><X ", 1)
    with pytest.raises(InputError, match="MASS belongs into <spacecraftParameters>"):
        messages_from_xml(HERE, wrong, "OPM")


def test_a_frame_held_at_an_epoch_stands_still() -> None:
    held = "REF_FRAME = TOD\nREF_FRAME_EPOCH = 2000-01-01T12:00:00"
    state = state_of(read(OPM.replace("REF_FRAME = TOD", held)))
    turn = rotation("TOD", "GCRF", Epoch.parse("2000-01-01T12:00:00Z"))
    assert state.frame == "GCRF"
    assert state.r_m == pytest.approx(turn @ np.array([7000e3, 100e3, 50e3]), abs=1e-6)
    assert state.v_m_s == pytest.approx(turn @ np.array([100.0, 7500.0, 200.0]), abs=1e-9)
    assert state_of(read(OPM)).frame == "TOD"
