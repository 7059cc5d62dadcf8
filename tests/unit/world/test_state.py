import dataclasses
from typing import Any

import numpy as np
import pytest

from cosmodrome.errors import FrameError, ShapeError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.state import Event, State, Trajectory, in_frame, require_like

NOW = Epoch.parse("2027-03-20T12:00:00Z")
R, V = [7e6, 0.0, 0.0], [0.0, 7.5e3, 0.0]


def path(**changes: Any) -> Trajectory:
    given = {
        "epoch": NOW,
        "frame": "GCRF",
        "t_s": [0.0, 10.0, 10.0, 20.0],
        "r_m": np.tile(R, (4, 1)) + np.arange(4.0)[:, None],
        "v_m_s": np.tile(V, (4, 1)),
        "mass_kg": [4.0, 3.0, 2.0, 1.0],
        "segments": (("stage 1", 0, 2), ("stage 2", 2, 4)),
        "events": (Event("stage 1 cutoff", 10.0),),
    }
    return Trajectory(**(given | changes))


def test_a_state_keeps_its_own_read_only_copy() -> None:
    r = np.array(R)
    state = State(NOW, "GCRF", r, np.array(V))
    r[0] = 0.0
    assert state.r_m[0] == 7e6
    with pytest.raises(ValueError, match="read-only"):
        state.r_m[0] = 0.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        state.frame = "ITRF"  # type: ignore[misc]


@pytest.mark.parametrize("bad", [[1.0, 2.0], [[1.0, 2.0, 3.0]], 5.0, "abc", ["a", 1, 2]])
def test_bad_shapes_of_a_state(bad: Any) -> None:
    with pytest.raises(ShapeError, match="v_m_s"):
        State(NOW, "GCRF", np.array(R), bad)


@pytest.mark.parametrize(
    "changes",
    [
        {"t_s": [0.0, 1.0]},
        {"t_s": [0.0, 2.0, 1.0, 3.0]},
        {"r_m": np.zeros((3, 4))},
        {"mass_kg": [1.0]},
        {"segments": (("x", 0, 5),)},
        {"segments": (("x", 2, 2),)},
    ],
)
def test_bad_shapes_of_a_trajectory(changes: dict[str, Any]) -> None:
    with pytest.raises(ShapeError):
        path(**changes)


def test_bare_eci_is_refused() -> None:
    with pytest.raises(FrameError, match="GCRF"):
        State(NOW, "ECI", np.array(R), np.array(V))
    with pytest.raises(FrameError, match="GCRF"):
        path(frame="inertial")


def test_a_state_out_of_a_trajectory_has_its_own_epoch() -> None:
    last = path().state(-1)
    assert last.epoch - NOW == 20.0
    assert last.r_m[0] == 7e6 + 3.0
    assert len(path()) == 4


def test_mixing_frames_or_epochs_is_a_named_error() -> None:
    one = State(NOW, "GCRF", np.array(R), np.array(V))
    require_like(one, dataclasses.replace(one, v_m_s=np.zeros(3)))
    with pytest.raises(FrameError, match="GCRF and TEME"):
        require_like(one, dataclasses.replace(one, frame="TEME"))
    with pytest.raises(FrameError, match="epochs"):
        require_like(one, dataclasses.replace(one, epoch=NOW + 1.0))


def test_changing_frame_there_and_back() -> None:
    way = path()
    fixed = in_frame(way, "ITRF")
    assert fixed.frame == "ITRF"
    assert fixed.segments == way.segments
    assert np.linalg.norm(fixed.v_m_s[0]) < np.linalg.norm(way.v_m_s[0])
    back = in_frame(fixed, "GCRF")
    assert back.r_m == pytest.approx(way.r_m, abs=1e-7)
    assert in_frame(way, "GCRF") is way
    with pytest.raises(FrameError):
        in_frame(way, "ECEF")


def test_a_trajectory_and_its_states_turn_alike() -> None:
    way = path()
    turned = in_frame(way, "ITRF")
    for k in range(len(way)):
        alone = in_frame(way.state(k), "ITRF")
        assert alone.r_m == pytest.approx(turned.r_m[k], abs=1e-5)
        assert alone.v_m_s == pytest.approx(turned.v_m_s[k], abs=1e-8)
