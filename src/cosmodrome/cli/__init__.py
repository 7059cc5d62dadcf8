"""The command line: texts in, tables and files out, an exit code that can be trusted."""

from cosmodrome.cli.app import main

__all__ = ["main"]
