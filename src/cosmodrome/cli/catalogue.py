"""`cosmodrome vehicles` and `cosmodrome sites`: what the catalogue knows."""

from __future__ import annotations

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.options import JSON_HELP, QUIET_HELP

__all__ = ["sites", "vehicles"]


@click.command(short_help="Launch vehicles, every number with its source.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
@click.option("--quiet", is_flag=True, expose_value=False, help=QUIET_HELP)
def vehicles(*, name: str | None, as_json: bool) -> int:
    """List the vehicles, or show one with every number, its range and source.

    NAME is a name from the list or the path of your own vehicle file.

    \b
      cosmodrome vehicles
      cosmodrome vehicles angara-1.2
      cosmodrome vehicles my-rocket.toml --json
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli import sheets
    from cosmodrome.cli.console import out, write_json
    from cosmodrome.mission.catalogue import load_vehicle, vehicle_names

    if name is not None:
        from cosmodrome.prompt import sheet_from

        document = sheet_from(name).document()
        write_json(document) if as_json else sheets.print_sheet(out(), document)
        return Exit.DONE
    rows = [sheets.vehicle_row(load_vehicle(known).document()) for known in vehicle_names()]
    if as_json:
        write_json({"vehicles": rows})
    else:
        after = "cosmodrome vehicles NAME shows every number with its source."
        sheets.print_list(out(), rows, after)
    return Exit.DONE


@click.command(short_help="Launch sites, their pads and corridors.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
@click.option("--quiet", is_flag=True, expose_value=False, help=QUIET_HELP)
def sites(*, name: str | None, as_json: bool) -> int:
    """List the launch sites, or show one with its pads and launch corridors.

    NAME is a name from the list, with a pad after a slash if you like, or the
    path of your own site file.

    \b
      cosmodrome sites
      cosmodrome sites vostochny
      cosmodrome sites cape-canaveral/slc-41 --json
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from cosmodrome.cli import sheets
    from cosmodrome.cli.console import out, write_json
    from cosmodrome.mission.catalogue import load_site, site_names

    if name is not None:
        from cosmodrome.prompt import site_from

        document = site_from(name).document()
        write_json(document) if as_json else sheets.print_sheet(out(), document)
        return Exit.DONE
    rows = [sheets.site_row(load_site(known).document()) for known in site_names()]
    if as_json:
        write_json({"sites": rows})
    else:
        sheets.print_list(out(), rows, "cosmodrome sites NAME shows pads and corridors.")
    return Exit.DONE
