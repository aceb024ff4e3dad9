"""What was measured, against what, and whether that is good enough."""

import math
import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Sample:
    """Several measurements of the same, in the same run."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def shown(self, unit: str) -> str:
        """The median, and between what the others lie."""
        text = f"{_rounded(self.median)} {unit}".strip()
        if len(self.values) > 1:
            text += f" ({_rounded(min(self.values))}–{_rounded(max(self.values))})"
        return text


@dataclass(frozen=True)
class Goal:
    """What the ratio of ours to the anchor has to be."""

    limit: float
    is_at_most: bool = True

    def is_met(self, ratio: float) -> bool:
        return ratio <= self.limit if self.is_at_most else ratio >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.is_at_most else '≥'} {_rounded(self.limit)}×"


@dataclass(frozen=True)
class Quantity:
    """One line of the table. An `anchor` of a single value may be a figure from elsewhere."""

    name: str
    unit: str
    ours: Sample
    anchor_name: str
    anchor: Sample
    goal: Goal

    @property
    def ratio(self) -> float:
        return self.ours.median / self.anchor.median if self.anchor.median else math.inf

    @property
    def is_met(self) -> bool:
        return self.goal.is_met(self.ratio)

    def cells(self) -> tuple[str, ...]:
        return (
            self.name,
            self.ours.shown(self.unit),
            f"{self.anchor_name}: {self.anchor.shown(self.unit)}",
            f"{_rounded(self.ratio)}×",
            str(self.goal),
            "met" if self.is_met else "not met",
        )


HEAD = ("quantity", "ours", "anchor", "ratio", "goal", "")


@dataclass(frozen=True)
class Effort:
    """How much is done: little of everything in CI, so that no benchmark rots."""

    is_quick: bool

    def pick(self, full: int, quick: int) -> int:
        return quick if self.is_quick else full


def at_most(limit: float) -> Goal:
    return Goal(limit)


def at_least(limit: float) -> Goal:
    return Goal(limit, is_at_most=False)


def once(value: float) -> Sample:
    return Sample((value,))


async def alternately(rounds: int, *measures: Callable[[], Awaitable[float]]) -> tuple[Sample, ...]:
    """As `in_turn`, for measures that give a single value."""
    return tuple(Sample(tuple(taken)) for taken in await in_turn(rounds, *measures))


async def in_turn(rounds: int, *measures: Callable[[], Awaitable[T]]) -> tuple[list[T], ...]:
    """Measure each in turn, again and again: what else the machine does burdens all alike."""
    values: tuple[list[T], ...] = tuple([] for _ in measures)
    for _ in range(rounds):
        for measure, taken in zip(measures, values, strict=True):
            taken.append(await measure())
    return values


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed; endless when there is none."""
    if not values:
        return math.inf
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _rounded(value: float) -> str:
    """Three digits: more would be noise."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
