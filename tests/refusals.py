"""A refusal of each kind, with facts that somebody may have typed to do harm."""

from collections.abc import Iterator
from typing import Final

import incident_bot.app  # noqa: F401 - it imports all that refuses
from incident_bot.domain import errors
from incident_bot.domain.errors import IncidentError
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.api.standing import (
    CannotRespond,
    MayChangeNothing,
    NobodyKnown,
    NotLookedUp,
    Standing,
    Unsaid,
)
from incident_bot.slack.text.errors import NotUnderstood, OfNoUse, WentWrong
from incident_bot.store.engine.database import DatabaseAway, DatabaseLost, SchemaChanged
from tests.factories import ANA, BEN, FROM_THE_FUTURE, NOON, an_entry

_TYPED: Final = "<!channel> & *x*"
_NO_MEMBERS: Final = tuple(one for one in Standing if one is not Standing.MEMBER)

FAMILIES: Final = {
    errors.OfIncident,
    errors.OfPerson,
    errors.NotAllowed,
    errors.NothingToChange,
    errors.WrongMoment,
    errors.UnknownName,
}
"""What refusals have in common; none of them is raised itself."""

REFUSALS: Final[tuple[IncidentError, ...]] = (
    errors.ActionItemGone(12),
    errors.ActionItemOpen(12),
    errors.AlreadyDone(12, BEN, NOON),
    errors.AlreadyDone(12, _TYPED, NOON),
    errors.AlreadyInStatus(12, Status.RESOLVED, an_entry(EntryKind.RESOLVED, actor=BEN)),
    errors.AlreadyInStatus(12, Status.RESOLVED, an_entry(EntryKind.RESOLVED, actor=_TYPED)),
    errors.AlreadyInStatus(12, Status.RESOLVED, None),
    errors.AlreadyLeads(12, ANA),
    errors.AlreadyResponds(12, ANA),
    errors.AlreadyResponds(12, ANA, _TYPED),
    errors.BeforeTimeline(12, 7),
    errors.CannotSeeIncident(12, ANA),
    errors.ChangedMeanwhile(12, an_entry(EntryKind.EDITED, actor=_TYPED, text=_TYPED)),
    errors.ChangedMeanwhile(12, an_entry(FROM_THE_FUTURE, actor=BEN)),
    errors.ChannelInUse(12, Status.OPEN),
    errors.DueBefore(NOON),
    errors.EntryEdited(12),
    errors.EntryGone(12),
    errors.IllegalTransition(12, Status.OPEN, ["acknowledge", "resolve"]),
    errors.IncidentNotFound(12),
    errors.IncidentNotFound(0),
    errors.KeyReused(),
    errors.MayNotChangeEntry(12),
    errors.MayNotDelete(12),
    errors.MayNotEditUpdate(12),
    errors.NoChannel(12),
    *map(errors.NotForThisEntry, errors.EntryRule),
    errors.EmptyNote(),
    errors.EmptyActionItem(),
    errors.SummarizedTooSoon(12),
    errors.NotTheirsToUndo(),
    errors.NotTheSummarizer(12, BEN),
    errors.ReminderOver(12),
    errors.RepeatedRequest(12),
    errors.JoinedTooLate(12),
    errors.SameEntry("update"),
    errors.SameIncident(12),
    errors.SameSeverity(12, _TYPED),
    errors.StillToCome(),
    errors.TooLateToUndo(12),
    errors.TooLong("A note", 3000, 3001),
    errors.UndoneBefore(),
    errors.UnknownRole(_TYPED, [_TYPED], _TYPED),
    errors.UnknownSeverity(_TYPED, [_TYPED]),
    DatabaseAway(),
    DatabaseLost(),
    SchemaChanged("the database is at schema 0999"),
    *(CannotRespond(ANA, standing) for standing in _NO_MEMBERS),
    *map(MayChangeNothing, _NO_MEMBERS),
    NobodyKnown(),
    *map(NotLookedUp, Unsaid),
    NotUnderstood(f"“{_TYPED}” is too much.", f"Type for example `/incident {_TYPED}`."),
    OfNoUse(),
    WentWrong("c0ffee"),
)


def kinds(family: type[IncidentError] = IncidentError) -> Iterator[type[IncidentError]]:
    """All that the bot may raise."""
    for kind in family.__subclasses__():
        if kind not in FAMILIES:
            yield kind
        yield from kinds(kind)
