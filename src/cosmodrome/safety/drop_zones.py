"""Where dropped parts come down: seeded samples of the fall, and ellipses round them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosmodrome.errors import InputError
from cosmodrome.flight.fall import Bodies, Landing, WindProfiles, fall
from cosmodrome.runs import seeds_for
from cosmodrome.safety.ellipses import FEWEST_POINTS, PROBABILITIES, Ellipse, fitted_ellipses
from cosmodrome.safety.parts import JettisonedPart
from cosmodrome.safety.samples import WIND_SPREAD, ballistic_samples, wind_samples
from cosmodrome.world import earth
from cosmodrome.world.environment import Environment

__all__ = [
    "Dispersions",
    "DropZone",
    "Impacts",
    "Scatter",
    "drop_zone",
    "landed",
    "scattered",
    "zone_of",
]

Array = NDArray[np.float64]

_LONGEST_S: Final = 7200.0
# Numbers drawn for a sample, in this order: position 3, speed, climb, heading, push 3,
# density, wind 2, ballistic coefficient; then, even in 0 to 1, break-up altitude and fragment.
_NORMAL, _EVEN = 13, 2


@dataclass(frozen=True, slots=True)
class Dispersions:
    """Standard deviations of what a fall starts with and meets.

    They are planning values for a guided launch vehicle flown to its steering
    programme, not those of any one vehicle; `disperse` computes a vehicle's own.

    Parameters
    ----------
    position_m : float, of each coordinate at release
    speed_share : float, of the speed over the ground
    climb_rad, heading_rad : float, of the direction of that velocity
    push_m_s : float, of each component of what the separation itself adds
    density_share : float, of the air's density, the same at all altitudes
    wind_m_s : tuple of (altitude m, m/s), of each component; the whole profile
        is drawn at once, which spreads more than winds that alternate
    most_m_s : float, what speed, climb and heading are off by at most, each: a
        guided stage ends its burn by its velocity, so errors stop growing with speed.
        One that burns to depletion spreads more
    """

    position_m: float = 500.0
    speed_share: float = 0.005
    climb_rad: float = 0.005
    heading_rad: float = 0.003
    push_m_s: float = 1.0
    density_share: float = 0.08
    wind_m_s: tuple[tuple[float, float], ...] = WIND_SPREAD
    most_m_s: float = 15.0

    def __post_init__(self) -> None:
        names = ("position_m", "speed_share", "climb_rad", "heading_rad", "push_m_s")
        for name in (*names, "density_share", "most_m_s"):
            if not 0.0 <= getattr(self, name) < float("inf"):
                raise InputError(
                    f"a standard deviation cannot be {getattr(self, name)}",
                    key=name,
                    value=getattr(self, name),
                    allowed="0 or more",
                )


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Samples of one part's fall, before it is computed.

    Parameters
    ----------
    bodies : Bodies, n samples, whole
    winds : WindProfiles
    break_m : array, shape (n,), altitude at which a sample breaks up; 0 stays whole
    fragment_brake_m2_kg : array, shape (n,), what is followed from there on
    """

    bodies: Bodies
    winds: WindProfiles
    break_m: Array
    fragment_brake_m2_kg: Array


@dataclass(frozen=True, slots=True, eq=False)
class Impacts:
    """Where n samples came down.

    Parameters
    ----------
    latitude_rad, longitude_rad : array, shape (n,), geodetic
    t_s : array, shape (n,), seconds since release
    down : array of bool, shape (n,); False within two hours: the rest is then void
    """

    latitude_rad: Array
    longitude_rad: Array
    t_s: Array
    down: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class DropZone:
    """Where one part comes down. A planning aid, not a licence analysis.

    Parameters
    ----------
    part : JettisonedPart
    latitude_rad, longitude_rad : float, nominal impact, no dispersions
    t_s : float, of the nominal impact, seconds after lift-off
    ellipses : tuple of Ellipse
    impacts : Impacts, the samples
    notes : tuple of str
    speed_m_s : float, over the ground, of the nominal impact; of the fragment in
        the middle of their range where the part breaks up
    """

    part: JettisonedPart
    latitude_rad: float
    longitude_rad: float
    t_s: float
    ellipses: tuple[Ellipse, ...]
    impacts: Impacts
    notes: tuple[str, ...] = ()
    speed_m_s: float = float("nan")


def drop_zone(
    part: JettisonedPart,
    environment: Environment,
    dispersions: Dispersions | None = None,
    *,
    samples: int = 2000,
    seed: int = 1,
    probabilities: Sequence[float] = PROBABILITIES,
) -> DropZone | None:
    """The drop zone of one part, from dispersions drawn here.

    Parameters
    ----------
    part : JettisonedPart
    environment : Environment, whose wind is the mean wind
    dispersions : Dispersions or None, the planning values
    samples, seed : int
        Sample k depends on the seed, the part's name and k alone.
    probabilities : of float

    Returns
    -------
    DropZone or None
        None where the nominal fall does not end within two hours, or fewer than 20
        samples do: it stays up.

    Accuracy
    --------
    The fall itself within metres, see `flight.fall`. What decides is the ballistic
    coefficient and the spread at release: a 50 % lighter one shortens the range of
    a first stage by some tens of kilometres. Lift and terrain are left out.
    """
    dispersions = dispersions or Dispersions()
    drawn = scattered(part, environment, dispersions, samples, seed)
    # The nominal fall goes with the samples: one more costs nothing.
    joined = _joined(_nominal(part, environment, dispersions), drawn)
    both, speed = _landed(joined, environment)
    nominal, others = _rows(both, slice(0, 1)), _rows(both, slice(1, None))
    return _zone(part, (nominal, speed[0]), others, probabilities)


def zone_of(
    part: JettisonedPart,
    environment: Environment,
    impacts: Impacts,
    probabilities: Sequence[float] = PROBABILITIES,
) -> DropZone | None:
    """The drop zone of one part, from impacts found elsewhere.

    Parameters
    ----------
    part : JettisonedPart, nominal
    environment : Environment
    impacts : Impacts
    probabilities : of float

    Returns
    -------
    DropZone or None, as `drop_zone`
    """
    nominal, speed = _landed(_nominal(part, environment, Dispersions()), environment)
    return _zone(part, (nominal, speed[0]), impacts, probabilities)


def _zone(
    part: JettisonedPart,
    middle: tuple[Impacts, float],
    impacts: Impacts,
    probabilities: Sequence[float],
) -> DropZone | None:
    nominal, speed = middle
    kept = impacts.down
    if not nominal.down[0] or np.sum(kept) < FEWEST_POINTS:
        return None
    ellipses = fitted_ellipses(
        impacts.latitude_rad[kept], impacts.longitude_rad[kept], probabilities
    )
    return DropZone(
        part,
        float(nominal.latitude_rad[0]),
        float(nominal.longitude_rad[0]),
        part.t_s + float(nominal.t_s[0]),
        ellipses,
        impacts,
        _notes(part, impacts, ellipses),
        float(speed),
    )


def scattered(
    part: JettisonedPart,
    environment: Environment,
    dispersions: Dispersions,
    samples: int,
    seed: int,
) -> Scatter:
    """Samples of a part at release, with the air and the wind that each will meet.

    Parameters
    ----------
    part : JettisonedPart
    environment : Environment
    dispersions : Dispersions
    samples, seed : int

    Returns
    -------
    Scatter
    """
    if samples < 1:
        raise InputError(
            f"{samples} samples are too few", key="--samples", value=samples, allowed="20 or more"
        )
    normal, even = _drawn(part.name, samples, seed)
    r, v = _released(part, dispersions, normal)
    density = np.exp(dispersions.density_share * normal[:, 9])
    whole = ballistic_samples(part.ballistic, normal[:, 12])
    break_m, fragments = np.zeros(samples), whole
    if part.breakup is not None:
        low, high = part.breakup.low_m, part.breakup.high_m
        break_m = low + (high - low) * even[:, 0]
        pieces = part.breakup.fragments
        ratio = log(pieces.high_kg_m2 / pieces.low_kg_m2)
        fragments = pieces.low_kg_m2 * np.exp(ratio * even[:, 1])
    spin = np.array([0.0, 0.0, environment.rotation_rad_s])
    bodies = Bodies(r, v + np.cross(spin, r), np.zeros(samples), density / whole)
    winds = wind_samples(environment, dispersions.wind_m_s, normal[:, 10], normal[:, 11])
    return Scatter(bodies, winds, break_m, density / fragments)


def landed(scatter: Scatter, environment: Environment) -> Impacts:
    """Follow samples to the ground, through their break-up where they have one.

    A sample that never climbs above its break-up altitude stays whole.

    Parameters
    ----------
    scatter : Scatter
    environment : Environment

    Returns
    -------
    Impacts
    """
    return _landed(scatter, environment)[0]


def _landed(scatter: Scatter, environment: Environment) -> tuple[Impacts, Array]:
    """Impacts, and their speeds over the ground."""
    whole = fall(
        scatter.bodies,
        environment,
        winds=scatter.winds,
        down_to_m=scatter.break_m,
        longest_s=_LONGEST_S,
    )
    found = Impacts(whole.latitude_rad, whole.longitude_rad, whole.t_s, whole.down)
    speed = _over_ground(whole, environment)
    broken = np.flatnonzero(whole.down & (scatter.break_m > 0.0) & (whole.altitude_m > 1.0))
    if not broken.size:
        return found, speed
    pieces = _pieces(scatter, whole, broken, environment)
    for mine, theirs in (
        (found.latitude_rad, pieces.latitude_rad),
        (found.longitude_rad, pieces.longitude_rad),
        (found.down, pieces.down),
        (speed, _over_ground(pieces, environment)),
    ):
        mine[broken] = theirs
    found.t_s[broken] += pieces.t_s
    return found, speed


def _over_ground(landing: Landing, environment: Environment) -> Array:
    moving = earth.air_relative_velocity(landing.r_m, landing.v_m_s, environment.rotation_rad_s)
    return np.asarray(np.sqrt(np.sum(moving * moving, axis=1)))


def _pieces(
    scatter: Scatter, whole: Landing, who: NDArray[np.intp], environment: Environment
) -> Landing:
    """The fragments of some samples, from where they broke up."""
    turned = scatter.bodies.turned_rad + environment.rotation_rad_s * whole.t_s
    bodies = Bodies(
        whole.r_m[who], whole.v_m_s[who], turned[who], scatter.fragment_brake_m2_kg[who]
    )
    winds = scatter.winds
    winds = WindProfiles(winds.altitude_m, winds.east_m_s[who], winds.north_m_s[who])
    return fall(bodies, environment, winds=winds, longest_s=_LONGEST_S)


def _nominal(part: JettisonedPart, environment: Environment, dispersions: Dispersions) -> Scatter:
    """The fall without dispersions: the middle of every range, the mean wind."""
    r, v = part.inertial(environment.rotation_rad_s)
    one = np.ones(1)
    bodies = Bodies(r[None], v[None], 0.0 * one, one / part.ballistic.kg_m2)
    winds = wind_samples(environment, dispersions.wind_m_s, 0.0 * one, 0.0 * one)
    if part.breakup is None:
        return Scatter(bodies, winds, 0.0 * one, bodies.brake_m2_kg)
    middle = 0.5 * (part.breakup.low_m + part.breakup.high_m)
    return Scatter(bodies, winds, middle * one, one / part.breakup.fragments.kg_m2)


def _joined(first: Scatter, second: Scatter) -> Scatter:
    """Two scatters of one part as one, in this order."""
    names = ("r_m", "v_m_s", "turned_rad", "brake_m2_kg")
    pairs = ((getattr(first.bodies, name), getattr(second.bodies, name)) for name in names)
    winds = [
        np.concatenate([getattr(one.winds, name) for one in (first, second)])
        for name in ("east_m_s", "north_m_s")
    ]
    return Scatter(
        Bodies(*(np.concatenate(pair) for pair in pairs)),
        WindProfiles(second.winds.altitude_m, *winds),
        np.concatenate([first.break_m, second.break_m]),
        np.concatenate([first.fragment_brake_m2_kg, second.fragment_brake_m2_kg]),
    )


def _rows(impacts: Impacts, rows: slice) -> Impacts:
    return Impacts(
        impacts.latitude_rad[rows], impacts.longitude_rad[rows], impacts.t_s[rows],
        impacts.down[rows],
    )  # fmt: skip


def _drawn(name: str, samples: int, seed: int) -> tuple[Array, Array]:
    """Standard normal and even numbers of every sample."""
    normal, even = np.empty((samples, _NORMAL)), np.empty((samples, _EVEN))
    for k in range(samples):
        rng = np.random.default_rng(seeds_for(seed, f"drop {name} {k}"))
        normal[k], even[k] = rng.standard_normal(_NORMAL), rng.random(_EVEN)
    return normal, even


def _released(part: JettisonedPart, dispersions: Dispersions, normal: Array) -> tuple[Array, Array]:
    """Earth-fixed positions and velocities of the samples."""
    r, v = np.asarray(part.state.r_m), np.asarray(part.state.v_m_s)
    up = r / np.sqrt(r @ r)
    speed = float(np.sqrt(v @ v))
    along = v / speed if speed > 1e-3 else np.cross([0.0, 0.0, 1.0], up)
    across = np.cross(along, up)
    size = float(np.sqrt(across @ across))
    # Straight up or down: any direction across will do.
    across = across / size if size > 1e-9 else np.cross(up, [0.0, 0.0, 1.0])
    lifted = np.cross(across, along)
    most = dispersions.most_m_s / max(speed, 1.0)
    climb = min(dispersions.climb_rad, most) * normal[:, 4, None]
    heading = min(dispersions.heading_rad, most) * normal[:, 5, None]
    faster = speed * (1.0 + min(dispersions.speed_share, most) * normal[:, 3, None])
    bent = along + climb * lifted + heading * across
    bent = bent / np.sqrt(np.sum(bent * bent, axis=1, keepdims=True))
    place = r + dispersions.position_m * normal[:, 0:3]
    return place, faster * bent + dispersions.push_m_s * normal[:, 6:9]


def _notes(part: JettisonedPart, impacts: Impacts, ellipses: Sequence[Ellipse]) -> tuple[str, ...]:
    notes = [f"ballistic coefficient of {part.name}: {part.ballistic.told}"]
    if part.breakup is not None:
        low, high = (0.001 * h for h in (part.breakup.low_m, part.breakup.high_m))
        told = part.breakup.fragments.told
        notes.append(f"{part.name} breaks up between {high:.0f} and {low:.0f} km; {told}")
    up = int(np.sum(~impacts.down))
    if up:
        notes.append(
            f"{up} of {len(impacts.down)} samples of {part.name} are not down within two hours; "
            "the ellipses hold the others"
        )
    odd = [one for one in ellipses if not one.elliptical]
    if odd:
        held = ", ".join(
            f"{100 * one.content:.1f} % for {100 * one.probability:g} %" for one in odd
        )
        notes.append(
            f"the impacts of {part.name} are not spread as a normal distribution, whose ellipses "
            f"would hold {held}; those given are drawn to hold their share"
        )
    return tuple(notes)
