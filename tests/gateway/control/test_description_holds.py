"""What the OpenAPI description says is what the API does, for requests that nobody thought of."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from boocontrol.gateway.control.app import control_app

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.missing_required_header,
    checks.unsupported_method,
]
FEW = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_no_answer_is_a_surprise(panel: Any, mode: schemathesis.GenerationMode) -> None:
    panel.services.events.close()  # else the stream of events would have no end
    panel.services.logs.close()
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", control_app(panel.services))
    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        count += 1

        @FEW
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            case.validate_response(case.call(), checks=CHECKS)

        ask()
    assert count >= 18
