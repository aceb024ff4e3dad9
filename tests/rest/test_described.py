"""The API does what its own description says, and shows it."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.bots.bot import Bot
from tests.rest.client import CI, PAGE, Client, Json

SCHEMATHESIS: Final = Path(sys.executable).with_name("schemathesis")
CONFIG: Final = Path(__file__).with_name("schemathesis.toml")


def examine(folder: Path, url: str, *options: str) -> None:
    """Have schemathesis try what the description allows, and what it does not."""
    config = ("--config-file", str(CONFIG))
    command = [str(SCHEMATHESIS), *config, "run", f"{url}/openapi.json", *options]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.slow
def test_no_answer_is_outside_the_description(alone: Bot, tmp_path: Path) -> None:
    examine(tmp_path, alone.url)


@pytest.mark.slow
def test_no_answer_behind_tokens_is_outside_the_description(guarded: Bot, tmp_path: Path) -> None:
    token = ("-H", f"Authorization: Bearer {CI}")
    examine(tmp_path, guarded.url, "--phases", "coverage", *token)


async def described(rest: Client) -> Json:
    description: Json = (await rest.get("/openapi.json")).json
    return description


async def test_everything_that_can_be_asked_is_described(rest: Client) -> None:
    paths = (await described(rest))["paths"]

    assert {(method, path) for path, item in paths.items() for method in item} == {
        ("get", "/incidents"),
        ("post", "/incidents"),
        ("get", "/incidents/{incident_id}"),
        ("patch", "/incidents/{incident_id}"),
        ("delete", "/incidents/{incident_id}"),
        ("get", "/incidents/{incident_id}/timeline"),
        ("get", "/incidents/{incident_id}/action-items"),
        ("get", "/outbox"),
        ("post", "/outbox/retry"),
        ("post", "/outbox/discard"),
        ("get", "/healthz"),
        ("get", "/readyz"),
    }


async def test_tokens_are_described_where_they_are_needed(
    rest: Client, guarded: Bot, client_of: Callable[[Bot], Client]
) -> None:
    behind_tokens = (await described(client_of(guarded)))["paths"]
    without = (await described(rest))["paths"]

    def secured(paths: Json) -> set[str]:
        return {path for path, item in paths.items() for op in item.values() if op.get("security")}

    assert secured(without) == set()
    assert secured(behind_tokens) == set(behind_tokens) - {"/healthz", "/readyz"}


@pytest.mark.parametrize("path", PAGE)
async def test_the_page_may_load_nothing_from_elsewhere(rest: Client, path: str) -> None:
    answer = await rest.get(path)

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; connect-src 'self'; ")
    assert "unsafe" not in policy
    assert "//" not in policy
    assert "sourceMappingURL" not in answer.text


async def test_the_page_loads_only_files_that_are_there(rest: Client) -> None:
    page = await rest.get("/docs")

    loaded = re.findall(r'(?:src|href)="([^"#]+)"', page.text)

    assert {"/docs", *(f"/{name}" for name in loaded)} == {*PAGE, "/openapi.json", "/data:,"}
    for path in PAGE:
        assert (await rest.get(path)).status == 200


async def test_a_page_that_is_known_is_not_sent_again(rest: Client) -> None:
    bundle = await rest.get(PAGE[-1])

    again = await rest.ask("GET", PAGE[-1], headers={"If-None-Match": bundle.etag})

    assert (again.status, again.text) == (304, "")


async def test_what_the_description_refers_to_is_in_it(rest: Client) -> None:
    text = (await rest.get("/openapi.json")).text

    schemas = (await described(rest))["components"]["schemas"]

    assert set(re.findall(r'"#/components/schemas/(\w+)"', text)) <= set(schemas)
