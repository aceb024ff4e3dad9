"""What a chaos was like, and what has become of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.storms.stubborn import Tries

_SHOWN: Final = 20


@dataclass
class Report:
    """The four lists say what is wrong, one line for each; all of them are to be empty.

    `set_aside` are messages that Slack never took, of which whoever asked was told.
    """

    seconds: float = 0.0
    perils: Counter[str] = field(default_factory=Counter)
    refusals: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    tries: Tries = field(default_factory=Tries)
    incidents: int = 0
    private: int = 0
    announced: int = 0
    told: int = 0
    direct: int = 0
    pried: int = 0
    sights: int = 0
    set_aside: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    held_up: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    @property
    def wrongs(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.held_up, *self.seen]

    def lines(self) -> Iterator[str]:
        yield f"{self.seconds:.0f} s, {self.incidents} incidents, {self.private} of them private"
        yield f"replicas: {_counted(self.perils)}"
        yield f"channels that refused: {self.refusals}; Slack's faults: {_counted(self.faults)}"
        yield f"{self.tries.refused} requests failed or were refused, and were made again"
        yield f"slowest acknowledgement {self.tries.slowest_ms:.0f} ms"
        told = f"{self.told} notifications, {self.direct} to followers"
        yield f"{self.announced} announcements, {told}"
        yield f"{self.pried} looks at private incidents by others; {self.sights} things were shown"
        yield f"set aside {self.set_aside}, and who asked was told"
        counts = ("lost", "doubled", "held up", "seen")
        lists = (self.lost, self.doubled, self.held_up, self.seen)
        yield ", ".join(f"{name} {len(wrong)}" for name, wrong in zip(counts, lists, strict=True))
        for name, wrong in zip(counts, lists, strict=True):
            yield from (f"  {name}: {words}" for words in wrong[:_SHOWN])


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in counter.most_common()) or "none"
