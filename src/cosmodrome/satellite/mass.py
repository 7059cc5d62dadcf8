"""Mass with the margins that maturity asks for."""

from __future__ import annotations

from cosmodrome.errors import InputError
from cosmodrome.satellite.budget import Budget, Table, given, result
from cosmodrome.satellite.spacecraft import Spacecraft

__all__ = ["mass_budget"]


def mass_budget(craft: Spacecraft) -> Budget:
    """The sum of the parts, their own margins, the system's, propellant; against what is allowed.

    Parameters
    ----------
    craft : Spacecraft, with parts

    Raises
    ------
    InputError
        Without parts.

    Accuracy
    --------
    A sum of stated figures. Usual shares: 5 % for what exists, 10 % for what is
    modified, 20 % for what is new, and 20 % on the system at an early stage.

    References
    ----------
    ESA, Margin philosophy for science assessment studies, SRE-PA/2011.097 (2012),
    for those shares, quoted from memory.
    """
    if not craft.parts:
        raise InputError("a mass budget takes parts", key="parts")
    bare = sum(part.mass_kg for part in craft.parts)
    grown = sum(part.mass_kg * (1.0 + part.margin) for part in craft.parts)
    dry = grown * (1.0 + craft.system_margin)
    loaded = craft.propulsion.propellant_kg if craft.propulsion is not None else 0.0
    left = craft.body.mass_kg - dry - loaded
    largest = max(craft.parts, key=lambda part: part.mass_kg)
    lines = (
        given("allowed at launch", craft.body.mass_kg, "kg", "spacecraft.mass_kg"),
        given("system margin", craft.system_margin, "", "spacecraft.system_margin"),
        given("propellant", loaded, "kg", "propulsion.propellant_kg"),
        result("parts", bare, "kg", "sum of parts"),
        result("parts with their margins", grown, "kg", "sum of mass x (1 + margin)"),
        result("dry mass with all margins", dry, "kg", "that x (1 + system margin)"),
        result("launch mass with all margins", dry + loaded, "kg", "dry mass + propellant"),
        result("left", left, "kg", "allowed - launch mass with all margins"),
    )
    rows = tuple(
        (part.name, part.mass_kg, part.margin, part.mass_kg * (1.0 + part.margin))
        for part in craft.parts
    )
    table = Table("parts", ("part", "mass kg", "margin", "with margin kg"), rows)
    limit = f"mass allowed at launch; the largest part is {largest.name}"
    return Budget("mass", lines, limit, left, "kg", (table,))
