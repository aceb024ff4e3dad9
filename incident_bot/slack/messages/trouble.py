"""What somebody is told in a direct message of what they asked for and Slack does not take."""

from incident_bot.domain.incident import Incident
from incident_bot.slack.text.mrkdwn import channel_mention, escape, mention
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.troubles import Trouble


def trouble(incident: Incident, found: Trouble) -> str:
    """Name the thing, the reason and the way out."""
    name, why = incident.reference, escape(found.reason)
    if found.operation is Operation.INVITATION:
        return (
            f":warning: Not everybody could be invited to {channel_mention(found.destination)}, "
            f"the channel of {name}: {why}. Add them there in Slack, if it lets you."
        )
    if found.operation is Operation.ARCHIVING:
        way_out = " Archive it in Slack." if incident.is_resolved or incident.is_deleted else ""
        return (
            f":warning: {channel_mention(found.destination)}, the channel of {name}, could not "
            f"be archived: {why}.{way_out}"
        )
    if found.operation is Operation.CHANNEL:
        then = "" if found.is_final else " It is made once that is mended."
        said = f":warning: The channel of {name} could not be made: {why}.{then}"
        return f"{said} {_meanwhile(incident)}"
    if found.operation is Operation.ORIGIN:
        return (
            f":warning: {name} is declared, but no link to it could be left below the message in "
            f"{channel_mention(found.destination)}: {why}. `/incident show {name}` opens it."
        )
    if found.is_final:
        return (
            f":warning: {_what(found, name)} could not be sent to {_place(found)}: {why}. "
            f"I've stopped trying: please tell them yourself. `/incident show {name}` shows it."
        )
    return (
        f":warning: {name} cannot be told in {_place(found)} yet: {why}. "
        "It goes out by itself once that is mended."
    )


def _what(found: Trouble, name: str) -> str:
    is_announcement = found.operation is Operation.ANNOUNCEMENT
    return f"The announcement of {name}" if is_announcement else f"A message about {name}"


def _place(found: Trouble) -> str:
    to = mention if found.operation.is_to_person else channel_mention
    return to(found.destination)


def _meanwhile(incident: Incident) -> str:
    name = incident.reference
    if incident.is_private:
        return f"Until then only its people know of it: `/incident show {name}` has its buttons."
    return f"Meanwhile {name} goes on where it is announced."
