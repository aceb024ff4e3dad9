"""Who works on an incident, and in which roles."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from incident_bot.domain.role import Roles


@dataclass(frozen=True)
class Responder:
    """Somebody who works on an incident; `user_id` is Slack's, `role` None for one without."""

    user_id: str
    joined_at: datetime
    role: str | None = None


@dataclass(frozen=True)
class Responders:
    """All responders of an incident: each person once, each role by one person at most.

    The lead's role is never among these: who leads is said by `Incident.lead` alone, so that no
    two places can disagree. A lead may be here all the same, for another role or for having
    joined before.
    """

    everyone: tuple[Responder, ...] = ()

    def __iter__(self) -> Iterator[Responder]:
        return iter(self.everyone)

    def find(self, user_id: str) -> Responder | None:
        return next((one for one in self.everyone if one.user_id == user_id), None)

    def holder(self, role: str) -> str | None:
        """The user ID of whoever has this role."""
        return next((one.user_id for one in self.everyone if one.role == role), None)

    def first_free(self, roles: Roles) -> str | None:
        """The first role beside the lead's that nobody has."""
        return next((role for role in roles.others if self.holder(role) is None), None)

    def including(self, user_id: str, role: str | None, at: datetime) -> "Responders":
        """These and that person, in this role alone; whoever had it stays without one."""
        known = self.find(user_id)
        others = [
            Responder(one.user_id, one.joined_at) if role and one.role == role else one
            for one in self.everyone
            if one.user_id != user_id
        ]
        joined_at = known.joined_at if known else at
        return Responders((*others, Responder(user_id, joined_at, role)))

    def keeping(self, user_id: str, at: datetime) -> "Responders":
        """These and that person, who keeps the role that they have, if any."""
        return self if self.find(user_id) else self.including(user_id, None, at)

    def without(self, user_id: str) -> "Responders":
        """These without that person; their role is free."""
        return Responders(tuple(one for one in self.everyone if one.user_id != user_id))


NOBODY: Final = Responders()
