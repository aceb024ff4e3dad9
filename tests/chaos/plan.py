"""What is to happen in a chaos: what people do, and what befalls replicas and channels.

All of it follows from a seed. When something happens is told in acts, which people have done by
then, not in seconds: the machine may be slow or quick.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Box = Literal["", "channel", "private"]
"""What is ticked in the form of a new incident."""

INCIDENTS: Final = "incidents"
SHARED: Final = "ext-acme"
TEAMS: Final = ("team-a", "team-b", "team-c")
"""Channels in which incidents are declared; the first two refuse, one of them for ever."""

ACTS: Final = 4
"""To declare, to acknowledge, to tell of progress, to resolve."""

SECRET: Final = "Salamander"
"""In the titles of private incidents, and nowhere else."""

POISON: Final = {"Hemlock": "invalid_blocks", "Nightshade": "internal_error"}
"""What Slack answers for ever to a post that holds the word."""

_ERRORS: Final = (
    "no_permission",
    "restricted_action",
    "is_archived",
    "channel_not_found",
    "restricted_action_read_only_channel",
)
_SHIFTS: Final = (-3 * 3600, -1800, -90, 90, 1800, 3 * 3600)
_SHORT: Final = (1.0, 6.0)
# Longer than the fifteen seconds after which another replica takes over.
_LONG: Final = (16.5, 18.0)
# A quarter each, but that most are no secret.
_BOXES: Final[tuple[Box, ...]] = ("", "", "channel", "private")

PerilKind = Literal["pause", "pause while sending", "refusal", "hang", "clock"]
_KINDS: Final[tuple[PerilKind, ...]] = (
    "pause",
    "pause while sending",
    "refusal",
    "hang",
    "clock",
)


@dataclass(frozen=True)
class Size:
    """`poison` are the words of POISON that come up; `perils` is how many each replica meets."""

    incidents: int
    perils: int
    poison: tuple[str, ...] = ("Hemlock",)
    replicas: int = 3
    hangs: int = 0


@dataclass(frozen=True)
class Errand:
    """One incident, from its declaration to its end.

    `box` is what is ticked in its form, `channel` where it is declared. The guest of a private
    one is let into its channel, and put out again unless they stay.
    """

    title: str
    channel: str
    box: Box
    update: str
    is_followed: bool
    is_guest_to_stay: bool

    def title_of_form(self, number: int) -> str:
        """Each form has another: one that seemed lost may be taken after the next."""
        return f"{self.title} ({number})" if number else self.title

    def update_of_form(self, number: int) -> str:
        return f"{self.update} ({number})" if number else self.update

    @property
    def is_private(self) -> bool:
        return self.box == "private"


@dataclass(frozen=True)
class Peril:
    """What befalls a replica after so many acts; `by` is how far its clock jumps, in seconds."""

    kind: PerilKind
    after: int
    seconds: float
    by: float = 0.0


@dataclass(frozen=True)
class Refusal:
    """A channel that takes nothing after so many acts; without an end, until the very end."""

    channel: str
    error: str
    after: int
    until: int | None


@dataclass(frozen=True)
class Plan:
    """`perils` are those of each replica, in their order."""

    errands: tuple[Errand, ...]
    perils: tuple[tuple[Peril, ...], ...]
    refusals: tuple[Refusal, ...]


def planned(size: Size, seed: int) -> Plan:
    chance = random.Random(seed)  # noqa: S311 - a chaos that can be had again
    acts = size.incidents * ACTS
    errands = tuple(_errands(size, chance))
    perils = tuple(tuple(_perils(size, acts, chance)) for _ in range(size.replicas))
    return Plan(errands, perils, tuple(_refusals(acts, chance)))


def _errands(size: Size, chance: random.Random) -> Iterator[Errand]:
    for number in range(size.incidents):
        box = chance.choice(_BOXES)
        words = ["Trouble", str(number)]
        update = ["Progress", str(number)]
        if box == "private":
            words.append(SECRET)
        if size.poison and chance.random() < 0.15:
            chance.choice([words, update]).append(chance.choice(size.poison))
        yield Errand(
            title=" ".join(words),
            channel=chance.choice([INCIDENTS, SHARED, *TEAMS]),
            box=box,
            update=" ".join(update),
            is_followed=chance.random() < 0.5,
            is_guest_to_stay=chance.random() < 0.3,
        )


def _perils(size: Size, acts: int, chance: random.Random) -> Iterator[Peril]:
    """At least one of them is long."""
    moments = sorted(chance.sample(range(acts * 3 // 4), size.perils))
    longest = chance.randrange(size.perils)
    for number, moment in enumerate(moments):
        seconds = chance.uniform(*(_LONG if number == longest else _SHORT))
        yield Peril(chance.choice(_KINDS), moment, seconds, chance.choice(_SHIFTS))


def _refusals(acts: int, chance: random.Random) -> Iterator[Refusal]:
    for_ever, for_a_while, _ = TEAMS
    yield Refusal(for_ever, chance.choice(_ERRORS), chance.randrange(acts // 4), None)
    for channel in (for_a_while, INCIDENTS):
        after = chance.randrange(acts // 2)
        yield Refusal(channel, chance.choice(_ERRORS), after, after + acts // 8)
