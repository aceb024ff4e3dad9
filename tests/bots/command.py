"""`incident-bot` typed at a terminal: what it says, and how it ends."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bots.bot import environment
from tests.bots.forks import Streams, forked
from tests.waiting import DEADLINE


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    said: str
    complained: str

    @property
    def lines(self) -> list[str]:
        return self.said.splitlines()


def run(
    arguments: Sequence[str], folder: Path, settings: Mapping[str, str], typed: str = ""
) -> Ended:
    """Run `incident-bot` with `arguments` in a folder; `typed` is its standard input."""
    with tempfile.TemporaryDirectory() as place:
        streams = Streams(*(Path(place) / name for name in ("stdin", "stdout", "stderr")))
        streams.stdin.write_text(typed)
        child = forked(arguments, folder, environment(settings), streams)
        child.join(DEADLINE)
        if child.exitcode is None:
            child.kill()
            raise AssertionError(f"{arguments} does not end: {streams.stderr.read_text()}")
        return Ended(child.exitcode, streams.stdout.read_text(), streams.stderr.read_text())
