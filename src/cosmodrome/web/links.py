"""What a question names that lies on the disk: by ids, which are looked up and never made paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cosmodrome.web.questions import files_in, runs_in
from cosmodrome.web.refusals import Refused
from cosmodrome.web.store import Store

__all__ = ["links_of", "names_of"]


def names_of(store: Store, question: Mapping[str, Any]) -> dict[str, str]:
    """What the files of a question are called.

    Parameters
    ----------
    store : Store
    question : mapping

    Raises
    ------
    Refused
        For a file or a run that is not there.
    """
    names = {}
    for ident in files_in(dict(question)):
        row = store.handed_in.get(ident)
        if row is None:
            raise Refused("bad_input", "there is no such file", key="file", value=ident)
        names[ident] = str(row["name"])
    for ident in runs_in(dict(question)):
        row = store.job(ident)
        if row is None or row["kind"] != "plan" or row["state"] != "done":
            told = "there is no such run, or it is not done"
            raise Refused("bad_input", told, key="run", value=ident, allowed="a plan that is done")
    return names


def links_of(store: Store, question: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Where a task finds what its question names: id to name and place.

    Parameters
    ----------
    store, question : as of `names_of`

    Raises
    ------
    Refused
        As `names_of`.
    """
    names = names_of(store, question)
    found = {ident: (name, str(store.handed_in.path(ident, name))) for ident, name in names.items()}
    runs = {one: (one, str(store.run_folder(one))) for one in runs_in(dict(question))}
    return found | runs
