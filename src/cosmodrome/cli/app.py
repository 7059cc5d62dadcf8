"""The program `cosmodrome`: its commands, its exit codes, and what goes wrong."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from cosmodrome.cli.casualty import casualty
from cosmodrome.cli.catalogue import sites, vehicles
from cosmodrome.cli.check import check
from cosmodrome.cli.coverage import coverage
from cosmodrome.cli.disperse import disperse
from cosmodrome.cli.dropzones import dropzones
from cosmodrome.cli.eclipses import eclipses
from cosmodrome.cli.exits import Exit
from cosmodrome.cli.export import export
from cosmodrome.cli.hazard import hazard
from cosmodrome.cli.judge import judge
from cosmodrome.cli.lifetime import lifetime
from cosmodrome.cli.map import map_
from cosmodrome.cli.passes import passes
from cosmodrome.cli.plan import plan
from cosmodrome.cli.propagate import propagate
from cosmodrome.cli.repeat import repeat
from cosmodrome.cli.satellite import satellite
from cosmodrome.cli.screen import screen
from cosmodrome.cli.serve import serve
from cosmodrome.cli.validate import validate
from cosmodrome.cli.windows import windows
from cosmodrome.errors import InputError

__all__ = ["main"]

IN_RANGE = (click.IntRange, click.FloatRange)
LONGEST = 320
"""Characters of an `allowed` list shown on a terminal."""


class ReaderGoneError(Exception):
    """Whoever read our standard output has stopped reading."""


class StoppedError(Exception):
    """Whoever asked has stopped it; its text says what is kept."""


class Doors(click.Group):
    """A group whose every way out is an exit code of the contract."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> NoReturn:
        """Run, and leave with the code that says how it went."""
        words = list(sys.argv[1:] if args is None else args)
        extra["standalone_mode"] = False
        _never_choke_on_text()
        try:
            code = super().main(words, *more, **extra)
            if sys.stdout is not None:
                sys.stdout.flush()
        except InputError as error:
            code = _refuse(error.to_dict(), words)
        except click.ClickException as error:
            code = _refuse(_usage(error), words)
        except (StoppedError, click.Abort, KeyboardInterrupt) as stopped:
            kept = str(stopped)
            click.echo(f"interrupted; {kept}" if kept else "interrupted", err=True)
            code = Exit.INTERRUPTED
        except (ReaderGoneError, BrokenPipeError):
            # The reader of a pipe has seen enough; that is no mistake.
            _drop_output()
            code = Exit.DONE
        except Exception as error:  # noqa: BLE001 - the last line of defence: no trace for a user
            code = _defect(error, words)
        sys.exit(int(code or 0))

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line; help is printed here."""
        with _not_in_clicks_way():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        from cosmodrome.prompt.plainly import in_plain_words

        with _not_in_clicks_way(), in_plain_words():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Commands in the order they were added, from the catalogue to comparisons."""
        return list(self.commands)


@contextmanager
def _not_in_clicks_way() -> Iterator[None]:
    """Rename what click would answer itself.

    It leaves with 1 where a pipe's reader has gone, and prints an empty line
    where it is interrupted.
    """
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except KeyboardInterrupt as error:
        raise StoppedError(*error.args) from error


def _never_choke_on_text() -> None:
    """A terminal that cannot show a character gets a stand-in, not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _drop_output() -> None:
    """Nothing more is to be written, not even what is still held back."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse(error: dict[str, Any], words: Sequence[str]) -> Exit:
    """A user's mistake: what is wrong and how to mend it; never a trace."""
    if "--json" in words:
        from cosmodrome.report.as_json import json_text

        click.echo(json_text({"error": error}), nl=False)
    click.echo(f"cosmodrome: {error['message']}", err=True)
    allowed = str(error.get("allowed") or "")
    if allowed:
        # A long list helps nobody on a terminal; the JSON has all of it.
        short = allowed if len(allowed) <= LONGEST else f"{allowed[:LONGEST].rsplit(' ', 1)[0]} ..."
        click.echo(f"  allowed: {short}", err=True)
    return Exit.BAD_INPUT


def _usage(error: click.ClickException) -> dict[str, Any]:
    """Click's own refusals in the shape of ours."""
    message = error.format_message().replace("\n", " ").strip()
    key = getattr(error, "option_name", None)
    param = getattr(error, "param", None)
    if key is None and param is not None:
        key = param.opts[0] if param.param_type_name == "option" else param.human_readable_name
    allowed = None
    if isinstance(param, click.Parameter) and isinstance(param.type, click.Choice):
        allowed = ", ".join(str(choice) for choice in param.type.choices)
    if isinstance(param, click.Parameter) and isinstance(param.type, IN_RANGE):
        allowed = _between(param.type)
    context = getattr(error, "ctx", None)
    if context is not None and allowed is None:
        allowed = f"see {context.command_path} --help"
    return {"message": message, "file": None, "key": key, "value": None, "allowed": allowed}


def _between(one: click.IntRange | click.FloatRange) -> str:
    """What a range of numbers takes, in words."""
    what = "a whole number" if isinstance(one, click.IntRange) else "a number"
    low = "" if one.min is None else f"{'above ' if one.min_open else ''}{one.min:g}"
    high = "" if one.max is None else f"{'below ' if one.max_open else ''}{one.max:g}"
    if low and high:
        return f"{what}, {low} to {high}"
    return f"{what}, {low} or more" if low else f"{what}, {high or 'any'}"


def _defect(error: Exception, words: Sequence[str]) -> Exit:
    """An error of the program itself: short, honest, with what a report needs."""
    if os.environ.get("COSMODROME_DEBUG"):
        raise error
    if isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename is None:
        # Files name themselves; what has no name is standard output.
        _drop_output()
        click.echo("cosmodrome: standard output cannot be written to: no space left", err=True)
        return Exit.BAD_INPUT
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = ""
    if last is not None:
        file = Path(last.tb_frame.f_code.co_filename).name
        place = f" ({file}, line {last.tb_lineno})"
    told = f"internal error, a defect in the program: {type(error).__name__}: {error}{place}"
    if "--json" in words:
        from cosmodrome.report.as_json import json_text

        click.echo(json_text({"error": {"message": told}}), nl=False)
    click.echo(f"cosmodrome: {told}", err=True)
    click.echo(
        "  Please report it to the project's issue tracker with this text and the command line.\n"
        "  COSMODROME_DEBUG=1 shows the full trace.",
        err=True,
    )
    return Exit.DEFECT


HELP = """Plan a launch: from the pad to orbit, with the proof.

\b
How much does Angara-1.2 carry from Vostochny to 200 km?
  cosmodrome plan angara-1.2 --from vostochny --to "200 km 51.7 deg"

\b
The same with charts, map and data in a folder:
  cosmodrome plan angara-1.2 --from vostochny --to "200 km 51.7 deg" --out run

\b
How its payload falls with altitude and inclination, as a chart:
  cosmodrome map angara-1.2 --from vostochny --altitudes 200:800:100 \\
      --inclinations 51.7:98:5 --out map.html

\b
Where it is afterwards, and when a station sees it:
  cosmodrome passes run --station svalbard --days 2

\b
What is known of a vehicle, every number with its source:
  cosmodrome vehicles angara-1.2

Results go to standard output, progress to standard error. No command touches
the network. Exit codes: 0 done, 1 a defect, 2 wrong use or bad input,
3 infeasible, 4 not converged, 5 the re-flight (or a judged
trajectory) disagrees, 6 claim not
supported, 130 interrupted.
"""


@click.group(cls=Doors, name="cosmodrome", help=HELP, context_settings={"max_content_width": 80})
@click.version_option(package_name="cosmodrome", prog_name="cosmodrome")
def main() -> None:
    """The group itself does nothing; its help is `HELP`."""


main.add_command(vehicles)
main.add_command(sites)
main.add_command(plan)
main.add_command(check)
main.add_command(map_)
main.add_command(validate)
main.add_command(passes)
main.add_command(eclipses)
main.add_command(coverage)
main.add_command(lifetime)
main.add_command(propagate)
main.add_command(repeat)
main.add_command(export)
main.add_command(judge)
main.add_command(satellite)
main.add_command(dropzones)
main.add_command(casualty)
main.add_command(hazard)
main.add_command(disperse)
main.add_command(windows)
main.add_command(screen)
main.add_command(serve)
