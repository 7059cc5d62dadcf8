"""One day of `day_task` by brahe: one JSON line.

The gravity field is read from the same file as ours. The Sun and the Moon are
brahe's own series, since it fetches its better ones from the network.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import day_task
import record

_BEGIN = time.perf_counter()

import brahe  # noqa: E402 (the import itself is timed)
import numpy as np  # noqa: E402

_IMPORTED = time.perf_counter()


def forces(gravity: str) -> brahe.ForceModelConfig:
    """Gravity of the file, Sun and Moon."""
    field = brahe.GravityConfiguration(
        degree=day_task.DEGREE,
        order=day_task.DEGREE,
        model_type=brahe.GravityModelType.from_file(gravity),
        parallel=brahe.ParallelMode.Never,
    )
    source = brahe.EphemerisSource.LowPrecision
    bodies = [
        brahe.ThirdBodyConfiguration(body, source)
        for body in (brahe.ThirdBody.SUN, brahe.ThirdBody.MOON)
    ]
    return brahe.ForceModelConfig(gravity=field, third_body=bodies)


def main() -> None:
    """Fly the day and report where it ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gravity", required=True, help="ICGEM file")
    parser.add_argument("--method", default="DP54", help="DP54 as shipped")
    options = parser.parse_args()
    brahe.set_num_threads(1)
    brahe.set_global_eop_provider_from_file_provider(
        brahe.FileEOPProvider.from_default_standard(True, "Hold")
    )
    start = brahe.Epoch(day_task.START_UTC)
    state = np.array([*day_task.R_M, *day_task.V_M_S])
    model = forces(options.gravity)
    method = getattr(brahe.IntegrationMethod, options.method)
    config = brahe.NumericalPropagationConfig.with_method(method)

    def fly() -> np.ndarray:
        flight = brahe.NumericalOrbitPropagator(start, state, config, model)
        flight.propagate_to(start + day_task.DAY_S)
        return flight.state_gcrf(start + day_task.DAY_S)

    end, times = record.timed(fly, again=3)
    import_s = _IMPORTED - _BEGIN
    r_m = end[:3].tolist()
    record.say("brahe", version("brahe"), import_s=import_s, end_m=r_m, **times)


if __name__ == "__main__":
    main()
