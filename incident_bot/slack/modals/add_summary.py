"""The form that says in the end what an incident was."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from incident_bot.domain.incident import Incident
from incident_bot.domain.text import DESCRIPTION_LIMIT, Description
from incident_bot.slack.modals.form import field_errors, modal, text_input
from incident_bot.slack.modals.submitted import submitted
from incident_bot.slack.payloads import Submission
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenForm

CALLBACK_ID: Final = "add_summary"


class _Summary(BaseModel):
    model_config = ConfigDict(frozen=True)

    summary: Description


def view(incident: Incident, channel_id: str | None) -> dict[str, Any]:
    """The form, filled with the summary so far."""
    return modal(
        CALLBACK_ID,
        title=f"Summary of {incident.reference}",
        submit="Save",
        blocks=[
            text_input(
                "summary",
                DESCRIPTION_LIMIT,
                incident.summary,
                is_multiline=True,
                placeholder="What it was, and what ended it",
                hint="Shown in the announcement.",
            )
        ],
        private_metadata=SeenForm.of(incident, channel_id).dump(),
    )


@submitted(CALLBACK_ID)
async def submit(submission: Submission, services: Services) -> AnyReply:
    seen = await services.seen(SeenForm, submission.private_metadata)
    try:
        summary = _Summary(summary=submission.values.get("summary") or "").summary
    except ValidationError as error:
        return field_errors(error)
    incident = await services.store.add_summary(
        submission.request, seen.incident_id, summary, seen.version
    )
    said = f"The summary of {incident.reference} is kept and shown in its announcement."
    return Reply(services.told(said, incident))
