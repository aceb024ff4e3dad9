"""`incident-bot` in a child process that is forked from one with its libraries imported."""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from incident_bot.cli import main

_SERVER: Final = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(
    [
        "incident_bot.app",
        "incident_bot.operations.backup",
        "incident_bot.operations.outbox",
        "tests.bots.forks",
    ]
)


@dataclass(frozen=True)
class Streams:
    """The files that the child reads and, at their ends, writes."""

    stdin: Path
    stdout: Path
    stderr: Path


def forked(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str], streams: Streams
) -> ForkServerProcess:
    """Run `incident-bot` with these arguments, in a folder and an environment."""
    given = (tuple(arguments), folder, dict(variables), streams)
    child = _SERVER.Process(target=_become, args=given, daemon=True)
    child.start()
    return child


def _become(
    arguments: tuple[str, ...], folder: Path, variables: dict[str, str], streams: Streams
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    os.dup2(os.open(streams.stdin, os.O_RDONLY), 0)
    sys.stdin = os.fdopen(0)
    for number, path in ((1, streams.stdout), (2, streams.stderr)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    main(arguments)
