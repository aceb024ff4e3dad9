"""Roles: what somebody does for an incident, as this team names it."""

from collections.abc import Iterator
from dataclasses import dataclass

from incident_bot.domain.errors import UnknownRole
from incident_bot.domain.names import find_name, nearest_name


@dataclass(frozen=True)
class Roles:
    """The configured roles; the first is the lead's."""

    names: tuple[str, ...] = ("Lead", "Communications", "Scribe")

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    @property
    def lead(self) -> str:
        return self.names[0]

    @property
    def others(self) -> tuple[str, ...]:
        return self.names[1:]

    def parse(self, text: str) -> str:
        """The configured spelling of `text`; raises UnknownRole."""
        name = find_name(text, self.names)
        if name is None:
            raise UnknownRole(text, self.names, nearest_name(text, self.names))
        return name
