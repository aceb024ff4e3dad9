"""Severities: the size of an incident's impact, as this team names it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from incident_bot.domain.errors import UnknownSeverity


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
        wanted = text.strip().casefold()
        for name in self.names:
            if name.casefold() == wanted:
                return name
        raise UnknownSeverity(text, self.names, self._nearest(wanted))

    def rank(self, name: str) -> int | None:
        """1 for the least severe; None for a severity that is configured no longer."""
        return self.names.index(name) + 1 if name in self.names else None

    def including(self, name: str) -> tuple[str, ...]:
        """The configured names, and `name` too if it is configured no longer."""
        return self.names if name in self.names else (*self.names, name)

    def _nearest(self, wanted: str) -> str | None:
        folded = {name.casefold(): name for name in self.names}
        match = get_close_matches(wanted, folded, n=1)
        return folded[match[0]] if match else None
