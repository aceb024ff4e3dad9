"""Severities: the size of an incident's impact, as this team names it."""

from collections.abc import Iterator
from dataclasses import dataclass

from incident_bot.domain.errors import UnknownSeverity
from incident_bot.domain.names import find_name, nearest_name


@dataclass(frozen=True)
class Severities:
    """The configured severities, least to most severe."""

    names: tuple[str, ...] = ("Low", "Medium", "High")

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def parse(self, text: str) -> str:
        """The configured spelling of `text`; raises UnknownSeverity."""
        name = find_name(text, self.names)
        if name is None:
            raise UnknownSeverity(text, self.names, nearest_name(text, self.names))
        return name

    def rank(self, name: str) -> int | None:
        """1 for the least severe; None for a severity that is configured no longer."""
        return self.names.index(name) + 1 if name in self.names else None

    def including(self, name: str) -> tuple[str, ...]:
        """The configured names, and `name` too if it is configured no longer."""
        return self.names if name in self.names else (*self.names, name)
