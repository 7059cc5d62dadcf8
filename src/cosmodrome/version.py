"""The version of the installed package, from its metadata."""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["VERSION"]

try:
    VERSION = version("cosmodrome")
except PackageNotFoundError:  # run from a source tree that is not installed
    VERSION = "0+source"
