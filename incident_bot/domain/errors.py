"""Refusals: each is an answer for the person who asked, fit to be shown as it is.

The texts name the thing, the rule and the way out. Whatever else is raised is a fault.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from incident_bot.domain.reference import reference

if TYPE_CHECKING:
    from incident_bot.domain.status import Status
    from incident_bot.domain.timeline import TimelineEntry


class IncidentError(Exception):
    """What was asked cannot be done; the text says why and what to do instead.

    `in_slack` is a further sentence for those who can type commands, which stand in backticks.
    """

    def __init__(self, text: str, in_slack: str = "") -> None:
        self.in_slack = in_slack
        super().__init__(text)


class IncidentNotFound(IncidentError):
    """No such incident, or it was deleted."""

    def __init__(self, incident_id: int) -> None:
        # 0 stands for any number that no incident can have.
        name = f"`{reference(incident_id)}`" if incident_id else "with that number"
        super().__init__(
            f"There is no incident {name}.", "`/incident list all` shows what there is."
        )


class UnknownSeverity(IncidentError):
    """A severity that is not among the configured ones."""

    def __init__(self, text: str, allowed: Sequence[str], nearest: str | None = None) -> None:
        self.allowed = tuple(allowed)
        guess = f" Did you mean {nearest}?" if nearest else ""
        super().__init__(
            f"“{_short(text)}” is not a severity.{guess} Severities are {', '.join(allowed)}."
        )


class UnknownRole(IncidentError):
    """A role that is not among the configured ones."""

    def __init__(self, text: str, allowed: Sequence[str], nearest: str | None = None) -> None:
        guess = f" Did you mean {nearest}?" if nearest else ""
        super().__init__(f"“{_short(text)}” is not a role.{guess} Roles are {', '.join(allowed)}.")


class AlreadyResponds(IncidentError):
    """This person has the role that was asked for, or responds when no role was; or leads."""

    def __init__(self, incident_id: int, user_id: str, does: str) -> None:
        """`does` is what they do, such as "leads"."""
        self.incident_id, self.user_id, self.does = incident_id, user_id, does
        super().__init__(f"{user_id} {does} {reference(incident_id)} already.")


class CannotRespond(IncidentError):
    """This person can neither lead nor respond; `reason` says what they are.

    `words` are what is said of them.
    """

    def __init__(
        self,
        user_id: str,
        reason: str,
        way_out: str = " Name a member of this workspace.",
        in_slack: str = "",
    ) -> None:
        self.user_id, self.words = user_id, f"{reason}.{way_out}"
        super().__init__(f"{user_id} {self.words}", in_slack)


class CannotSeeIncident(CannotRespond):
    """This person does not know of the incident, which is private."""

    def __init__(self, incident_id: int, user_id: str) -> None:
        name = reference(incident_id)
        reason = f"is not one of the people of {name}, which is private"
        super().__init__(user_id, reason, "", f"`/incident assign {name}` makes them one.")


class AlreadyInStatus(IncidentError):
    """The incident has the status that was asked for; `entry` says who set it and when."""

    def __init__(self, incident_id: int, status: "Status", entry: "TimelineEntry | None") -> None:
        self.incident_id, self.status, self.entry = incident_id, status, entry
        super().__init__(f"{reference(incident_id)} is already {status}.")


class ChangedMeanwhile(IncidentError):
    """Somebody else changed what the person was looking at; `entry` says who, when and what."""

    def __init__(self, incident_id: int, entry: "TimelineEntry") -> None:
        self.incident_id, self.entry = incident_id, entry
        super().__init__(f"{reference(incident_id)} changed while you looked: {entry.kind}.")


class IllegalTransition(IncidentError):
    """The life cycle has no such step from the status that the incident has."""

    def __init__(self, incident_id: int, status: "Status", steps: Sequence[str]) -> None:
        super().__init__(
            f"{reference(incident_id)} is {status}. What can be done now: {' or '.join(steps)}."
        )


class NotAllowed(IncidentError):
    """This person may not do this."""


class NotTheSummarizer(NotAllowed):
    """Only this person, who resolved the incident, and its lead may sum it up."""

    def __init__(self, incident_id: int, user_id: str) -> None:
        self.user_id = user_id
        self.words = f"resolved {reference(incident_id)}: ask them, or its lead, for a summary."
        super().__init__(f"{user_id} {self.words}")


class NothingToChange(IncidentError):
    """What was asked for is how it is."""


class WrongMoment(IncidentError):
    """Nothing of the incident can have happened at that time."""


class EntryGone(IncidentError):
    """The timeline has no such entry any more."""

    def __init__(self, incident_id: int) -> None:
        name = reference(incident_id)
        super().__init__(
            f"This is not in the timeline of {name} any more.",
            f"`/incident timeline {name}` shows what is.",
        )


class EntryEdited(IncidentError):
    """Somebody else edited the entry that the person was looking at."""

    def __init__(self, incident_id: int) -> None:
        super().__init__(
            "Somebody else edited this entry meanwhile, so nothing was changed.",
            f"`/incident timeline {reference(incident_id)}` shows how it is now.",
        )


class ActionItemGone(IncidentError):
    """The incident has no such action item."""

    def __init__(self, incident_id: int) -> None:
        name = reference(incident_id)
        super().__init__(
            f"{name} has no such action item.",
            f"`/incident actions {name}` shows what there is.",
        )


class AlreadyDone(IncidentError):
    """Somebody has done this action item already: `user_id`, `at` that time."""

    def __init__(self, incident_id: int, user_id: str, at: datetime) -> None:
        self.incident_id, self.user_id, self.at = incident_id, user_id, at
        super().__init__(
            f"{user_id} did this action item of {reference(incident_id)} already, "
            f"{at:%Y-%m-%d %H:%M} UTC."
        )


class RepeatedRequest(IncidentError):
    """This very request was carried out before; it is not to be answered again."""

    def __init__(self, incident_id: int | None) -> None:
        self.incident_id = incident_id
        super().__init__("This was done already.")


class KeyReused(IncidentError):
    """The key of an earlier request came with another request."""

    def __init__(self) -> None:
        super().__init__("This key was used for another request. Use a new key for each request.")


def _short(text: str) -> str:
    limit = 40
    return text if len(text) <= limit else text[: limit - 1] + "…"
