"""The calls in docs/rest.md work as printed there."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.bots.bot import Bot

PAGE = Path(__file__).parents[2] / "docs" / "rest.md"


def calls() -> list[str]:
    section = PAGE.read_text().split("```sh\n")[1].split("```")[0]
    return re.findall(r"^curl .*?(?<!\\)$", section, re.MULTILINE | re.DOTALL)


def run(call: str, bot: Bot) -> Any:  # noqa: ANN401 - JSON
    port = bot.url.rpartition(":")[2]
    command = call.replace("localhost:5000", f"localhost:{port}")
    assert command != call
    ended = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True, timeout=20)
    return json.loads(ended.stdout)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_calls_of_the_docs_declare_list_resolve_and_delete(own: Bot) -> None:
    declare, everything, still_open, filtered, resolve, delete = calls()

    incident = run(declare, own)
    assert (incident["id"], incident["severity"], incident["status"]) == (1, "High", "Open")
    assert run(everything, own) == {"incidents": [incident], "total": 1}
    assert run(still_open, own)["total"] == 1
    assert run(filtered, own) == {"incidents": [], "total": 0}
    assert run(resolve, own)["status"] == "Resolved"
    assert run(delete, own)["message"] == "Incident deleted successfully"
    assert run(everything, own) == {"incidents": [], "total": 0}
