"""The form that edits an update, a note or a pinned message in a timeline."""

from datetime import UTC
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from incident_bot.domain.errors import WrongMoment
from incident_bot.domain.incident import Incident
from incident_bot.domain.note import NOTE_LIMIT, Note
from incident_bot.domain.text import Description
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.refusals import explain_plainly
from incident_bot.slack.modals.form import field_errors, modal, moment_input, text_input
from incident_bot.slack.modals.submitted import submitted
from incident_bot.slack.payloads import Submission
from incident_bot.slack.reply import AnyReply, FieldErrors, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenEntryForm
from incident_bot.slack.text.mrkdwn import Block, context

CALLBACK_ID: Final = "edit_entry"

_EVERYWHERE: Final = (
    "It is edited wherever it was posted, and marked as edited. Nobody is notified again."
)


class _Text(BaseModel):
    model_config = ConfigDict(frozen=True)

    text: Description


class _TextAndTime(_Text):
    time: AwareDatetime


def view(incident: Incident, entry: TimelineEntry, channel_id: str | None) -> dict[str, Any]:
    """The form, filled with what the entry says."""
    return modal(
        CALLBACK_ID,
        title=f"Timeline {incident.reference}",
        submit="Save",
        blocks=[text_input("text", NOTE_LIMIT, entry.text, is_multiline=True), _below(entry)],
        private_metadata=SeenEntryForm.of(incident, entry, channel_id).dump(),
    )


def _below(entry: TimelineEntry) -> Block:
    if entry.facts.is_written:
        return moment_input("time", entry.happened_at, hint="When it happened.")
    return context(_EVERYWHERE)


@submitted(CALLBACK_ID)
async def submit(submission: Submission, services: Services) -> AnyReply:
    """Save what the person changed; another person's edit is not overwritten."""
    seen = await services.seen(SeenEntryForm, submission.private_metadata)
    try:
        if seen.happened_at is None:
            return await _edit_update(submission, seen, services)
        return await _edit_note(submission, seen, services)
    except ValidationError as error:
        return field_errors(error)


async def _edit_update(submission: Submission, seen: SeenEntryForm, services: Services) -> AnyReply:
    text = _Text.model_validate(submission.values).text
    incident = await services.store.edit_update(submission.request, seen.version, text)
    said = f"The update on {incident.reference} is being edited wherever it was posted."
    return Reply(services.told(said, incident))


async def _edit_note(submission: Submission, seen: SeenEntryForm, services: Services) -> AnyReply:
    filled = _TextAndTime.model_validate(submission.values)
    note = Note(filled.text, seen.moment_meant_by(filled.time.astimezone(UTC)))
    try:
        incident, _ = await services.timelines.edit(submission.request, seen.version, note)
    except WrongMoment as error:
        return FieldErrors({"time": explain_plainly(error)})
    name = incident.reference
    return Reply(f"The timeline of {name} is changed. `/incident timeline {name}` shows it.")
