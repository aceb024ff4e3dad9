"""The form that corrects what an incident says."""

from typing import Any, Final

from pydantic import ValidationError

from incident_bot.domain.edits import Edit
from incident_bot.domain.errors import ChangedMeanwhile
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.text import DESCRIPTION_LIMIT, TITLE_LIMIT
from incident_bot.slack.messages.offer import edit_offer
from incident_bot.slack.modals.form import choice, field_errors, modal, text_input
from incident_bot.slack.modals.submitted import submitted
from incident_bot.slack.payloads import Press, SlashCommand, Submission
from incident_bot.slack.reply import AnyReply, FieldErrors, OpenModal, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenForm

CALLBACK_ID: Final = "edit"


def view(incident: Incident, severities: Severities, channel_id: str | None) -> dict[str, Any]:
    """The form, filled with what the incident says."""
    return modal(
        CALLBACK_ID,
        title=f"Edit {incident.reference}",
        submit="Save",
        blocks=[
            text_input("title", TITLE_LIMIT, incident.title),
            text_input("description", DESCRIPTION_LIMIT, incident.description, is_multiline=True),
            choice("severity", severities.including(incident.severity), incident.severity),
        ],
        private_metadata=SeenForm.of(incident, channel_id).dump(),
    )


async def opened(incident_id: int, asked: SlashCommand | Press, services: Services) -> OpenModal:
    """The form for an incident, as it is now."""
    incident = await services.store.get(incident_id, asked.request.viewer)
    form = view(incident, services.severities, asked.channel_id)
    return OpenModal(form, edit_offer(incident))


@submitted(CALLBACK_ID)
async def submit(submission: Submission, services: Services) -> AnyReply:
    """Save what the person changed; another person's edit is not overwritten."""
    seen = await services.seen(SeenForm, submission.private_metadata)
    values = submission.values
    severity = values.get("severity") or seen.severity
    try:
        edit = Edit(
            title=values.get("title") or "",
            description=values.get("description") or "",
            severity=None if severity == seen.severity else services.severities.parse(severity),
        )
    except ValidationError as error:
        return field_errors(error)
    try:
        incident = await services.store.edit(
            submission.request, seen.incident_id, edit, seen.version
        )
    except ChangedMeanwhile:
        return FieldErrors(
            {
                "title": "Somebody else edited this while you did. Copy what you wrote, "
                "cancel, and open the form again."
            }
        )
    said = f"{incident.reference} is changed; its announcement follows."
    return Reply(services.told(said, incident))
