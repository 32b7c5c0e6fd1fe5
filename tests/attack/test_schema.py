"""Whatever the OpenAPI document allows, and what it does not, is answered without an error of the service's own."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok

from tests.conformance.service import Service

_LIMITS = {503, 504, 507}
_SAVED = 8
"""Questions of the catalogue that are asked."""


def test_every_operation_answers_whatever_it_is_asked(service: Service) -> None:
    schema = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    saved = [each for each in operations if each.path.startswith("/queries/") and "{" not in each.path]
    assert len(operations) - len(saved) > 8
    # One address answers them all: some of them stand for the rest, others each time.
    left_out = {each.label for each in random.Random(seed).sample(saved, len(saved) - _SAVED)}
    operations = [each for each in operations if each.label not in left_out]
    asked: set[str] = set()
    for operation in operations:
        # Without the token nothing is written, so that what writes is asked too.
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

            @hypothesis.seed(seed)
            @hypothesis.settings(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
            @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
            def answered(case: Any) -> None:
                response = case.call(base_url=service.url, timeout=20)
                assert response.status_code < 500 or response.status_code in _LIMITS, case.as_curl_command()

            with suppress(Unsatisfiable):
                # Some operations have nothing that could be wrong.
                answered()
                asked.add(operation.label)
    assert asked == {operation.label for operation in operations}
