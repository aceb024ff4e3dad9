"""The log: no secret gets into it, whatever it is made of and however it is logged."""

import json
import subprocess
import sys
from typing import Final

import pytest

# Everything is logged in a process of its own: the log is the process's.
_LOGGED: Final = """
import dataclasses, json, logging, sys
import structlog
from incident_bot import log

log_format, secret = sys.argv[1:]
log.set_up(log_format, ["another", secret])
ours, theirs = structlog.get_logger("incident_bot.x"), logging.getLogger("library")

@dataclasses.dataclass
class Thing:
    text: str

ours.info(secret)
ours.info("as a value", of=secret)
ours.info("inside", of={"list": [1, (secret, None)], secret: True})
ours.info("as an object", of=Thing(secret), error=ValueError(secret))
ours.info("as bytes", of=secret.encode())
ours.info("as JSON", of=json.dumps({"inside": secret}))
theirs.warning("by a library: %s", secret)
theirs.warning("by a library, inside: %r", {"inside": secret})
for logger in (ours, theirs):
    try:
        raise ValueError(secret, {"inside": secret})
    except ValueError:
        logger.exception("with a traceback")
ours.info("the end")
"""
_SLACK: Final = """
import structlog
from incident_bot import log

log.set_up("json", [])
for secret in (
    "xoxb-1-canary", "xoxp-1-canary", "xapp-1-A0-canary", "xoxe.xoxb-1-canary", "xoxe-1-canary",
    "https://hooks.slack.com/services/T0/B0/canary", "https://hooks.slack.com/commands/T0/1/canary",
    "https://hooks.slack-gov.com/actions/T0/1/canary", "wss://x.slack.com/link/?ticket=canary&a=1",
):
    structlog.get_logger("incident_bot.x").info(f"“{secret}”.")
"""


def logged(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    ended = subprocess.run(command, capture_output=True, check=True)
    assert ended.stdout == b""
    return ended.stderr.decode()


@pytest.mark.parametrize("log_format", ["json", "console"])
@pytest.mark.parametrize(
    "secret",
    [
        "plain-canary",
        'quo"te\\ca\tnary',
        "apos'trophe",
        "schlüssel-🔑",
        "p@ss/w:rd%41+ &",
        "12345678",
    ],
)
def test_a_secret_is_taken_out_however_it_is_logged(log_format: str, secret: str) -> None:
    output = logged(_LOGGED, log_format, secret)

    forms = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], repr(secret.encode())[2:-1]}
    unescaped = output.replace("\\\\", "\\")
    assert [form for form in forms if form in output or form in unescaped] == []
    assert output.count("[secret]") >= 13
    assert output.count("Traceback") == 2
    assert "the end" in output


def test_each_line_of_the_json_log_is_json() -> None:
    lines = logged(_LOGGED, "json", 'quo"te').splitlines()

    records = [json.loads(line) for line in lines]
    assert len(records) == 11
    assert all({"event", "level", "logger", "timestamp"} <= record.keys() for record in records)


def test_slacks_own_secrets_are_known_by_their_look() -> None:
    output = logged(_SLACK)

    assert "canary" not in output
    assert output.count("[secret]") == 9


_UNSEEN: Final = """
import logging, sys
import structlog
from incident_bot import log

log.set_up(sys.argv[1], [])
unseen = "a\\x1b[2J\\x1b[1;31mALL-DELETED\\u202e\\r\\n\\x9b2J"
ours = structlog.get_logger("incident_bot.x")
ours.info(unseen, path=unseen, inside=[{unseen: unseen}])
logging.getLogger("library").warning("said %s", unseen)
try:
    raise ValueError(unseen)
except ValueError:
    ours.exception("a fault")
"""


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_nothing_that_is_logged_moves_the_cursor_or_forges_a_line(log_format: str) -> None:
    output = logged(_UNSEEN, log_format)

    assert not any(mark in output for mark in "\x1b\r\x9b\u202e")
    assert output.count("ALL-DELETED") >= 5
    assert [line for line in output.splitlines() if line.startswith("ALL-DELETED")] == []
    assert "Traceback" in output
