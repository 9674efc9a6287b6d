"""The gateway as a whole: pages, headers, health, metrics, settings."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from handoff.app import create_app
from handoff.ops.paths import PYTHON, ROOT
from tests.support.databases import SqliteFiles
from tests.support.gateways import Running, running


@pytest.fixture
async def gateway(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(sqlite_files.fresh(tmp_path), at_work=False) as made:
        yield made


async def test_pages_may_run_only_our_scripts_and_the_widget_may_be_loaded_from_anywhere(
    gateway: Running,
) -> None:
    for path in ("/", "/desk/", "/widget/setu.js", "/vendor/lit.js"):
        answer = await gateway.client.get(path)
        assert answer.status_code == 200, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy
        assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in (await gateway.client.get("/desk/")).headers


async def test_files_outside_of_the_pages_are_not_served(gateway: Running) -> None:
    for path in ("/widget/../../settings.py", "/widget/%2e%2e/%2e%2e/settings.py", "/desk/nothing.js"):
        answer = await gateway.client.get(path)
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"


async def test_an_address_with_a_nul_is_nothing_of_ours(gateway: Running) -> None:
    for path in ("/media/products/a%00b.svg", "/api/demo/products?limit=1%00", "/%00"):
        answer = await gateway.client.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_health_and_readiness(gateway: Running) -> None:
    assert (await gateway.client.get("/health")).json() == {"status": "ok"}
    assert (await gateway.client.get("/ready")).json() == {"status": "ok", "bot": "ok"}


async def test_metrics_are_for_this_machine_only_unless_there_is_a_token(gateway: Running) -> None:
    await gateway.post("Hello")
    shown = await gateway.client.get("/metrics")
    assert 'setu_messages_received_total{channel="rest"} 1.0' in shown.text
    hidden = await gateway.client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
    assert (hidden.status_code, hidden.json()["error"]["code"]) == (403, "metrics_closed")
    transport = httpx.ASGITransport(app=create_app(gateway.gateway), client=("203.0.113.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://setu") as outside:
        assert (await outside.get("/metrics")).status_code == 403


async def test_a_metrics_token_opens_them(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    async with running(sqlite_files.fresh(tmp_path), at_work=False, metrics_token="m" * 20) as gateway:
        assert (await gateway.client.get("/metrics")).status_code == 403
        right = {"Authorization": "Bearer " + "m" * 20}
        assert (await gateway.client.get("/metrics", headers=right)).status_code == 200


async def test_a_trace_id_is_kept_if_harmless(gateway: Running) -> None:
    given = await gateway.client.get("/health", headers={"X-Request-Id": "abc-12345"})
    assert given.headers["x-request-id"] == "abc-12345"
    forged = await gateway.client.get("/health", headers={"X-Request-Id": 'x" } evil'})
    assert len(forged.headers["x-request-id"]) == 16


async def test_a_crash_inside_tells_nothing_outside(gateway: Running) -> None:
    await gateway.gateway.database.engine.dispose()
    object.__setattr__(gateway.gateway.inboxes, "_known", None)
    answer = await gateway.post("Hello")
    assert answer.status_code == 500
    assert answer.json() == {
        "error": {
            "code": "internal",
            "message": gateway.gateway.texts.say("errors.internal", None),
        }
    }


def test_without_its_secrets_the_gateway_says_what_is_missing_and_does_not_start(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("SETU_")}
    done = subprocess.run(
        [str(PYTHON), "-m", "handoff.app"],
        cwd=ROOT,
        env=env | {"SETU_HOME": str(tmp_path), "SETU_SECRET_KEY": "short"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "SETU_BOT_TOKEN" in done.stderr
    assert "SETU_SECRET_KEY" in done.stderr
    assert "short" not in done.stderr.replace("should have at least", "")
    assert "Traceback" not in done.stderr
