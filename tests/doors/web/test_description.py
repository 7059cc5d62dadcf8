"""The API's own description: everything in it can be sent, and nothing that is sent breaks it."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

TOKEN = {"Authorization": "Bearer a-token-for-tests"}


@pytest.fixture(scope="module")
def described(server: Any) -> dict[str, Any]:
    found: dict[str, Any] = server.get("/api/v1/openapi.json").json
    return found


def test_nothing_that_fits_the_description_breaks_the_server(
    server: Any, described: dict[str, Any], flown: dict[str, Any]
) -> None:
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=f"http://127.0.0.1:{server.port}")
    # Each is one that could be read, or an error that `ok` raises.
    operations = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    assert len(operations) > 20
    for operation in operations:
        send_all(operation.as_strategy(), flown["id"])
    assert server.alive()


def send_all(strategy: SearchStrategy[Any], run: str) -> None:
    """Send what can be made from a description, and look at each answer.

    Every other address is that of a run that is there, unless it would be deleted.
    """
    turn = itertools.count()

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def send(case: Any) -> None:
        if case.path == "/api/v1/changes":
            case.query["wait_s"] = 0  # the same answer, sooner
        if "/jobs/{ident}" in case.path and case.method != "DELETE" and next(turn) % 2:
            case.path_parameters["ident"] = run
        answer = case.call(headers=TOKEN, timeout=60)
        assert answer.status_code < 500 or answer.status_code == 503, answer.text
        assert b"Traceback" not in answer.content
        if answer.status_code >= 400:
            error = answer.json()["error"]
            assert set(error) == {"kind", "message", "file", "key", "value", "allowed"}

    send()


def test_every_kind_of_job_is_described_with_all_it_may_be_asked(described: dict[str, Any]) -> None:
    from cosmodrome.web.questions import KINDS

    body = described["paths"]["/api/v1/jobs"]["post"]["requestBody"]
    kinds = body["content"]["application/json"]["schema"]["discriminator"]["mapping"]
    assert set(kinds) == set(KINDS)
    shapes = described["components"]["schemas"]
    for kind in KINDS.values():
        assert set(shapes[kind.__name__]["properties"]) == set(kind.model_fields)
        assert shapes[kind.__name__]["additionalProperties"] is False


def test_every_route_is_versioned_and_says_what_it_does(described: dict[str, Any]) -> None:
    assert len(described["paths"]) > 15
    for path, methods in described["paths"].items():
        assert path.startswith("/api/v1/")
        for one in methods.values():
            assert len(one["description"]) > 10, path
            assert re.fullmatch(r"[a-z0-9_]+", one["operationId"])
