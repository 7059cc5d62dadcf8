"""Ballistic coefficients of what is dropped, from mass and size, with their range.

Mass over drag coefficient times area, by the pressure of a hypersonic stream on
a tumbling body: that is where a falling stage loses its speed and its range is
decided. The ranges are wide, for nobody publishes how an empty stage tumbles.

References
----------
Modified Newtonian pressure: Lees, Proc. Fifth Int. Conf. on Hypersonics (1955);
Anderson, Hypersonic and High-Temperature Gas Dynamics, chapter 3. Least
hazardous debris: 14 CFR 420.23(a)(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt
from typing import Final

from cosmodrome.errors import InputError

__all__ = [
    "Ballistic",
    "blunt_block",
    "fairing_half",
    "fragments",
    "guessed_cylinder",
    "tumbling_cylinder",
]

STAGNATION: Final = 1.84
"""Pressure coefficient where air at hypersonic speed comes to rest."""

# Means over the attitudes of a body that turns at random; sines and cosines of the
# angle between stream and axis. Pressure follows their square, its share against
# the motion one power more.
_SINE_CUBED: Final = 3.0 * pi / 16.0
_COSINE_CUBED: Final = 0.25
_END_OVER_END: Final = 4.0 / (3.0 * pi)  # either, turning evenly in the plane of the stream
_ROUND: Final = 2.0 / 3.0  # of a cylinder's side against a flat plate's

_LEAST_HAZARDOUS_KG_M2: Final = 3.0 * 0.45359237 / 0.3048**2  # 3 lb/ft2
_HEAVIEST_KG_M2: Final = 100.0 * 0.45359237 / 0.3048**2  # an engine, a pressure vessel
_BLOCK_KG_M3: Final = 100.0  # an interstage, an adapter: mostly empty
_BULK_KG_M3: Final = 800.0  # propellant in the volume of its stage, hydrogen left out
_SLENDER: Final = 5.0


@dataclass(frozen=True, slots=True)
class Ballistic:
    """A ballistic coefficient, kg/m2, and the range nine in ten are thought to lie in.

    `told` says in words where it comes from.
    """

    kg_m2: float
    low_kg_m2: float
    high_kg_m2: float
    told: str

    def __post_init__(self) -> None:
        if not 0.0 < self.low_kg_m2 <= self.kg_m2 <= self.high_kg_m2:
            raise InputError(
                "a ballistic coefficient must be positive and inside its range",
                key="ballistic coefficient",
                value=[self.low_kg_m2, self.kg_m2, self.high_kg_m2],
                allowed="0 < low <= value <= high, kg/m2",
            )


def tumbling_cylinder(mass_kg: float, diameter_m: float, length_m: float) -> Ballistic:
    """An empty stage: a closed cylinder that tumbles at random.

    Its range runs from flying broadside, rolling, to turning end over end.

    Parameters
    ----------
    mass_kg : float, what is left in it included
    diameter_m, length_m : float

    Returns
    -------
    Ballistic

    Accuracy
    --------
    The random mean is 0.72 + 0.36 D/L on diameter times length; wind-tunnel and
    flight practice agree within a tenth at hypersonic speed. Below the speed of
    sound it falls to about two thirds, which moves the impact by what the wind
    does in the last minute alone.
    """
    side, end = diameter_m * length_m, 0.25 * pi * diameter_m**2
    random = STAGNATION * (_ROUND * _SINE_CUBED * side + _COSINE_CUBED * end)
    turning = STAGNATION * _END_OVER_END * (_ROUND * side + end)
    broadside = STAGNATION * _ROUND * side
    found = sorted(mass_kg / area for area in (random, turning, broadside))
    told = (
        f"cylinder of {diameter_m:.2f} x {length_m:.1f} m tumbling at random, Newtonian pressure; "
        "range from broadside to end over end"
    )
    return Ballistic(mass_kg / random, found[0], found[-1], told)


def guessed_cylinder(mass_kg: float, propellant_kg: float, diameter_m: float | None) -> Ballistic:
    """An empty stage of unknown size: as large as its propellant needs.

    Parameters
    ----------
    mass_kg, propellant_kg : float
    diameter_m : float or None
        Where it is known; else the stage is taken five times as long as wide.

    Returns
    -------
    Ballistic
        With half as much range again as that of a known size.

    Accuracy
    --------
    800 kg of propellant in a cubic metre of stage suits kerosene and solids; a
    hydrogen stage is larger by half in every direction.
    """
    volume = max(propellant_kg, mass_kg) / _BULK_KG_M3
    if diameter_m is None:
        diameter_m = (volume / (0.25 * pi * _SLENDER)) ** (1.0 / 3.0)
        length_m = _SLENDER * diameter_m
    else:
        length_m = max(volume / (0.25 * pi * diameter_m**2), diameter_m)
    known = tumbling_cylinder(mass_kg, diameter_m, length_m)
    told = f"size guessed from {propellant_kg:.0f} kg of propellant at 800 kg/m3: {known.told}"
    return Ballistic(known.kg_m2, known.low_kg_m2 / 1.5, known.high_kg_m2 * 1.5, told)


def fairing_half(mass_kg: float, diameter_m: float, length_m: float) -> Ballistic:
    """Half a fairing: a shell that may trim face on or tumble like a plate.

    Parameters
    ----------
    mass_kg : float, of the half
    diameter_m, length_m : float, of the whole fairing

    Returns
    -------
    Ballistic
        From the hollow side held to the stream to tumbling at random; their
        geometric mean as value.
    """
    plate = STAGNATION * diameter_m * length_m
    low, high = mass_kg / plate, mass_kg / (_COSINE_CUBED * plate)
    told = (
        f"half shell of {diameter_m:.2f} x {length_m:.1f} m, Newtonian pressure; range from "
        "face on to a plate tumbling at random"
    )
    return Ballistic(sqrt(low * high), low, high, told)


def blunt_block(mass_kg: float) -> Ballistic:
    """Any other part, of unknown size: a cube of 100 kg/m3, within a factor of three.

    Parameters
    ----------
    mass_kg : float
    """
    edge = (mass_kg / _BLOCK_KG_M3) ** (1.0 / 3.0)
    # The mean shadow of a convex body is a quarter of its surface.
    value = mass_kg / (0.5 * STAGNATION * 1.5 * edge**2)
    told = f"size unknown: a block of {edge:.1f} m, 100 kg/m3; within a factor of three"
    return Ballistic(value, value / 3.0, 3.0 * value, told)


def fragments() -> Ballistic:
    """What a stage breaks into: from the least hazardous piece to an engine.

    Returns
    -------
    Ballistic
        From 3 lb/ft2, below which United States rules count no debris, to
        100 lb/ft2; their geometric mean as value.
    """
    low, high = _LEAST_HAZARDOUS_KG_M2, _HEAVIEST_KG_M2
    told = "fragments from 3 lb/ft2 (14 CFR 420.23) to 100 lb/ft2 (an engine)"
    return Ballistic(sqrt(low * high), low, high, told)
