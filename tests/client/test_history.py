"""What the client asks of the gateway's memory, and how it reads the answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse

from boocontrol.client import GatewayClient

SINCE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


async def test_samples_story_and_checks_of_a_window(stub: Any) -> None:
    at = "2026-03-01T12:00:10Z"
    event = {"id": "7", "time": at, "provider": "gpu-box", "ref": "gpu-box/a", "event": "evicted", "cause": "gpu-box/b"}
    check = {"at": at, "outcome": "ok", "state": "up", "latencyMs": 4.0}
    answers: dict[str, Any] = {
        "GET /api/hosts/gpu-box/samples": {"id": "gpu-box", "samples": [{"at": at, "gpus": [{"powerW": 342.0}]}]},
        "GET /api/hosts/gpu-box/history": {"id": "gpu-box", "checks": [check]},
        "GET /api/story": {"data": [event], "next": "7"},
    }
    for path, answer in answers.items():
        stub.answers[path] = lambda answer=answer: JSONResponse(answer)
    async with GatewayClient(stub.url, "test-gateway-key") as client:
        samples = await client.samples("gpu-box", since=SINCE, points=60)
        story = await client.story(provider="gpu-box", before="9")
        checks = await client.history("gpu-box")
    assert samples.samples[0].gpus[0].power_w == 342.0
    assert (story.data[0].event, story.data[0].cause, story.next) == ("evicted", "gpu-box/b", "7")
    assert checks.checks[0].outcome == "ok"
