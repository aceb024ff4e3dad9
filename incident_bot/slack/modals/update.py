"""The form that tells progress."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from pydantic import ValidationError

from incident_bot.domain.audience import Hearer, Reason
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.errors import AlreadyInStatus, ChangedMeanwhile
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.text import DESCRIPTION_LIMIT, many_lines
from incident_bot.slack.messages.offer import update_offer
from incident_bot.slack.messages.refusals import explain_plainly
from incident_bot.slack.modals.form import choice, field_errors, modal, text_input
from incident_bot.slack.modals.submitted import submitted
from incident_bot.slack.payloads import Press, SlashCommand, Submission
from incident_bot.slack.reply import AnyReply, FieldErrors, OpenModal, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenForm
from incident_bot.slack.text.mrkdwn import channel_mention, context

CALLBACK_ID: Final = "update"


_NO_PROMISE: Final = "Nothing promised"
PROMISES: Final = {
    _NO_PROMISE: None,
    "15 minutes": timedelta(minutes=15),
    "30 minutes": timedelta(minutes=30),
    "1 hour": timedelta(hours=1),
    "2 hours": timedelta(hours=2),
    "4 hours": timedelta(hours=4),
}
"""After how long another update can be promised."""


def view(
    incident: Incident,
    severities: Severities,
    channel_id: str | None,
    hearers: Sequence[Hearer],
    typed: str = "",
) -> dict[str, Any]:
    """The form, with the status and severity of now; `typed` is a message to begin with."""
    return modal(
        CALLBACK_ID,
        title=f"Update {incident.reference}",
        submit="Post update",
        blocks=[
            text_input(
                "message",
                DESCRIPTION_LIMIT,
                many_lines(typed),
                is_multiline=True,
                placeholder="What is known, what is being done, what comes next",
            ),
            choice("status", (incident.status, *incident.status.followers), incident.status),
            choice("severity", severities.including(incident.severity), incident.severity),
            choice("next_update_in", PROMISES, _NO_PROMISE),
            context(_told(hearers)),
        ],
        private_metadata=SeenForm.of(incident, channel_id).dump(),
    )


async def opened(
    incident_id: int, asked: SlashCommand | Press, services: Services, typed: str = ""
) -> OpenModal:
    """The form for an incident, as it is now."""
    incident = await services.store.get(incident_id, asked.request.viewer)
    hearers = await services.store.hearers_of_update(incident_id, asked.user_id)
    form = view(incident, services.severities, asked.channel_id, hearers, typed)
    return OpenModal(form, update_offer(incident, typed))


@submitted(CALLBACK_ID)
async def submit(submission: Submission, services: Services) -> AnyReply:
    """Post the message; status and severity change only where the person changed them."""
    seen = await services.seen(SeenForm, submission.private_metadata)
    values = submission.values
    status, severity = values.get("status"), values.get("severity")
    try:
        progress = ProgressUpdate.model_validate(
            {
                "message": values.get("message") or "",
                "status": None if status == seen.status else status,
                "severity": None
                if severity in (None, seen.severity)
                else services.severities.parse(str(severity)),
                "next_update_in": PROMISES.get(values.get("next_update_in") or _NO_PROMISE),
            }
        )
    except ValidationError as error:
        return field_errors(error)
    try:
        incident = await services.store.post_update(
            submission.request, seen.incident_id, progress, seen.version
        )
    except (AlreadyInStatus, ChangedMeanwhile) as error:
        words = f"{explain_plainly(error)} Choose {seen.status} here to post your message alone."
        return FieldErrors({"status": words})
    name = incident.reference
    said = f"Your update on {name} is being posted. `/incident timeline {name}` lets you edit it."
    return Reply(services.told(said, incident))


def _told(hearers: Sequence[Hearer]) -> str:
    """Where the message will go."""
    places = [f"in {channel_mention(own)}" for own in _by(Reason.WORKED_ON_THERE, hearers)]
    if announced_in := _by(Reason.ANNOUNCED_THERE, hearers):
        channels = " and ".join(map(channel_mention, announced_in))
        places.append(f"in the announcement's thread in {channels}")
    number = len(_by(Reason.FOLLOWS, hearers)) or "no"
    followers = "follower" if number == 1 else "followers"
    # A private incident is said nowhere before its channel is there.
    shown = (
        f"Posted {' and '.join(places)}, shown in the announcement"
        if places
        else "Kept in the timeline"
    )
    return f"{shown}, sent to {number} {followers}."


def _by(reason: Reason, hearers: Sequence[Hearer]) -> list[str]:
    return sorted(hearer.destination for hearer in hearers if hearer.reason is reason)
