"""What somebody is told in a direct message of what they asked for and Slack does not take."""

from incident_bot.domain.incident import Incident
from incident_bot.slack.words import channel_mention, escape, mention
from incident_bot.store.deliveries import Delivery
from incident_bot.store.outgoing import DeliveryKind


def trouble(delivery: Delivery, incident: Incident, reason: str, *, is_final: bool) -> str:
    """Name the thing, the reason and the way out; unless it `is_final`, it is tried on."""
    name, why = incident.reference, escape(reason)
    if delivery.kind is DeliveryKind.INVITATION:
        return (
            f":warning: Not everybody could be invited to {channel_mention(delivery.destination)}, "
            f"the channel of {name}: {why}. Add them there in Slack, if it lets you."
        )
    if delivery.kind is DeliveryKind.ARCHIVING:
        way_out = " Archive it in Slack." if incident.is_resolved or incident.is_deleted else ""
        return (
            f":warning: {channel_mention(delivery.destination)}, the channel of {name}, could not "
            f"be archived: {why}.{way_out}"
        )
    if delivery.kind is DeliveryKind.CHANNEL:
        then = "" if is_final else " It is made once that is mended."
        said = f":warning: The channel of {name} could not be made: {why}.{then}"
        return f"{said} {_meanwhile(incident)}"
    if delivery.kind is DeliveryKind.ORIGIN:
        return (
            f":warning: {name} is declared, but no link to it could be left below the message in "
            f"{channel_mention(delivery.destination)}: {why}. `/incident show {name}` opens it."
        )
    if is_final:
        return (
            f":warning: {_what(delivery, name)} could not be sent to {_place(delivery)}: {why}. "
            f"I've stopped trying: please tell them yourself. `/incident show {name}` shows it."
        )
    return (
        f":warning: {name} cannot be told in {_place(delivery)} yet: {why}. "
        "It goes out by itself once that is mended."
    )


def _what(delivery: Delivery, name: str) -> str:
    is_announcement = delivery.kind is DeliveryKind.ANNOUNCEMENT
    return f"The announcement of {name}" if is_announcement else f"A message about {name}"


def _place(delivery: Delivery) -> str:
    is_to_person = delivery.kind is DeliveryKind.DIRECT
    to = mention if is_to_person else channel_mention
    return to(delivery.destination)


def _meanwhile(incident: Incident) -> str:
    name = incident.reference
    if incident.is_private:
        return f"Until then only its people know of it: `/incident show {name}` has its buttons."
    return f"Meanwhile {name} goes on where it is announced."
