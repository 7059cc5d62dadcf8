"""`cosmodrome serve`: the same things in a browser."""

from __future__ import annotations

import os
from pathlib import Path

import click

from cosmodrome.cli.exits import Exit
from cosmodrome.cli.options import QUIET_HELP
from cosmodrome.errors import InputError

__all__ = ["serve"]

PASSWORD_FROM = "COSMODROME_PASSWORD"  # noqa: S105 - the name of a variable
TOKEN_FROM = "COSMODROME_TOKEN"  # noqa: S105 - the name of a variable


@click.command(short_help="The same things in a browser, on this machine.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", default=8750,
              help="Where it listens; 0 finds a free one.  [default: 8750]")  # fmt: skip
@click.option("--host", metavar="ADDRESS", default="127.0.0.1",
              help="Beyond loopback it needs a password.  [default: 127.0.0.1]")  # fmt: skip
@click.option("--password-file", metavar="FILE",
              help=f"The password is its first line; or set {PASSWORD_FROM}.")  # fmt: skip
@click.option("--name", "names", metavar="HOST", multiple=True,
              help="Another name it goes by, as behind a proxy; repeatable.")  # fmt: skip
@click.option("--store", metavar="DIR",
              help="Where runs are kept.  [default: the user's data folder]")  # fmt: skip
@click.option("--jobs", "at_once", type=click.IntRange(1, 64), metavar="N", default=2,
              help="Jobs side by side.  [default: 2]")  # fmt: skip
@click.option("--open", "opened", is_flag=True, help="Open a browser with it.")
@click.option("--quiet", is_flag=True, help=QUIET_HELP)
def serve(
    *,
    port: int,
    host: str,
    password_file: str | None,
    names: tuple[str, ...],
    store: str | None,
    at_once: int,
    opened: bool,
    quiet: bool,
) -> int:
    """Serve the page and its API until interrupted (Ctrl-C).

    It listens on this machine alone and lets in whoever opens the address it
    prints. Runs are kept, and gone on with after a restart. Nothing is fetched
    from elsewhere.

    \b
      cosmodrome serve
      cosmodrome serve --port 0 --open
      cosmodrome serve --host 0.0.0.0 --password-file secret.txt

    Beyond loopback everything, the password too, goes over the network as it
    is: put a proxy that speaks TLS before it, or reach it through ssh -L.
    """  # noqa: D301 - click reads the escape as "do not wrap"
    from dataclasses import replace

    from cosmodrome.web.limits import Limits
    from cosmodrome.web.serving import Asked
    from cosmodrome.web.serving import serve as served

    asked = Asked(
        host=host,
        port=port,
        store=None if store is None else Path(store),
        names=tuple(name.lower() for name in names),
        password=_password(password_file),
        token=os.environ.get(TOKEN_FROM) or None,
        limits=replace(Limits(), at_once=at_once, heavy_at_once=max(at_once - 1, 1)),
    )

    def told(address: str, remark: str) -> None:
        click.echo(address)
        if not quiet:
            if remark:
                click.echo(remark, err=True)
            if asked.password is not None and host not in ("127.0.0.1", "localhost", "::1"):
                click.echo("without TLS the password can be read on its way", err=True)
            click.echo("Ctrl-C ends it; runs are kept", err=True)
        if opened:
            click.launch(address)

    served(asked, told)
    return Exit.DONE


def _password(file: str | None) -> str | None:
    if file is None:
        return os.environ.get(PASSWORD_FROM) or None
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise InputError(
            f"{file}: cannot be read ({str(reason).lower()})",
            file=file,
            key="--password-file",
            value=file,
            allowed="a file whose first line is the password",
        ) from error
    if not lines or not lines[0].strip():
        raise InputError(
            f"{file}: its first line is empty",
            file=file,
            key="--password-file",
            allowed="a file whose first line is the password",
        )
    return lines[0].strip()
