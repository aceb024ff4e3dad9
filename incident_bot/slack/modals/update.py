"""The form that tells progress."""

from typing import Any, Final

from pydantic import ValidationError

from incident_bot.domain.errors import AlreadyInStatus, ChangedMeanwhile
from incident_bot.domain.incident import Incident, ProgressUpdate
from incident_bot.domain.severity import Severities
from incident_bot.domain.text import DESCRIPTION_LIMIT
from incident_bot.slack.answers import Answer, FieldErrors, Reply
from incident_bot.slack.modals.form import choice, field_errors, modal, text_input
from incident_bot.slack.payloads import SeenForm, Submission
from incident_bot.slack.refusals import explain_plainly
from incident_bot.slack.services import Services

CALLBACK_ID: Final = "update"


def view(incident: Incident, severities: Severities, channel_id: str | None) -> dict[str, Any]:
    """The form, with the status and severity of now."""
    return modal(
        CALLBACK_ID,
        title=f"Update {incident.reference}"[:24],
        submit="Post update",
        blocks=[
            text_input(
                "message",
                DESCRIPTION_LIMIT,
                is_multiline=True,
                placeholder="What is known, what is being done, what comes next",
                hint="Posted in the announcement's thread and shown in the announcement.",
            ),
            choice("status", (incident.status, *incident.status.followers), incident.status),
            choice("severity", severities.including(incident.severity), incident.severity),
        ],
        private_metadata=SeenForm.of(incident, channel_id).dump(),
    )


async def submit(submission: Submission, services: Services) -> Answer:
    """Post the message; status and severity change only where the person changed them."""
    seen = SeenForm.parse(submission.private_metadata)
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
    said = f"Your update on {incident.reference} is being posted in its thread."
    return Reply(services.told(said))
