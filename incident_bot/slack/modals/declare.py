"""The form that declares an incident."""

from typing import Any, Final

from pydantic import ValidationError

from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.declaration import Declaration
from incident_bot.domain.errors import RepeatedRequest, UnknownSeverity
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.text import DESCRIPTION_LIMIT, TITLE_LIMIT, many_lines, one_line
from incident_bot.slack.messages.refusals import explain_plainly
from incident_bot.slack.modals.form import Box, boxes, choice, field_errors, modal, text_input
from incident_bot.slack.modals.similar import TYPED_TITLE
from incident_bot.slack.modals.submitted import submitted
from incident_bot.slack.payloads import Submission
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply, FieldErrors, Nothing, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import Origin
from incident_bot.slack.text.mrkdwn import escape

CALLBACK_ID: Final = "declare"


_CHANNEL: Final = Box(
    "channel", "Make a channel for it", "Who reports, leads or responds is invited."
)
_PRIVATE: Final = Box(
    "private",
    "Keep it private",
    "Announced nowhere: only you and whom you bring in know of it.",
)
_BOXES: Final = {
    ChannelPolicy.ASK: (_CHANNEL, _PRIVATE),
    ChannelPolicy.ALWAYS: (_PRIVATE,),
    ChannelPolicy.NEVER: (),
}


def view(
    severities: Severities,
    policy: ChannelPolicy,
    origin: Origin,
    typed: str = "",
    *,
    description: str | None = None,
) -> dict[str, Any]:
    """The form, its title prefilled with what was typed, or its description with what is known.

    What is too long for a title is not lost: it is put into the description, whole.
    """
    title = one_line(typed)
    if len(title) > TITLE_LIMIT:
        description = many_lines(typed)
    return modal(
        CALLBACK_ID,
        title="Declare incident",
        submit="Declare",
        blocks=[
            text_input(
                "title",
                TITLE_LIMIT,
                title,
                placeholder="What is wrong, in a few words",
                told_as=TYPED_TITLE,
            ),
            text_input(
                "description",
                DESCRIPTION_LIMIT,
                description,
                is_multiline=True,
                placeholder="What you see, since when, who is affected",
            ),
            choice("severity", severities, placeholder="How bad is it?"),
            *([boxes("channel", offered)] if (offered := _BOXES[policy]) else ()),
        ],
        private_metadata=origin.dump(),
    )


@submitted(CALLBACK_ID, permission=Permission.EVERYONE)
async def submit(submission: Submission, services: Services) -> AnyReply:
    """Store and announce; a repeated submission is the same incident."""
    values = submission.values
    try:
        severity = services.severities.parse(values.get("severity") or "")
        declaration = Declaration(
            title=values.get("title") or "",
            description=values.get("description") or "",
            severity=severity,
            reported_by=submission.user_id,
            **_wished(submission, services.channel_policy),
        )
    except UnknownSeverity as error:
        return FieldErrors({"severity": explain_plainly(error)})
    except ValidationError as error:
        return field_errors(error)
    origin = Origin.parse(submission.private_metadata)
    try:
        incident = await services.store.declare(
            submission.request, declaration, services.destinations(origin), origin.message
        )
    except RepeatedRequest:
        return Nothing()
    return Reply(_told(incident, services, origin, has_channel=declaration.has_channel))


def _wished(submission: Submission, policy: ChannelPolicy) -> dict[str, bool]:
    """Which boxes are ticked, of those that there are."""
    ticked = submission.ticked.get("channel", frozenset())
    offered = {box.value for box in _BOXES[policy]}
    return {
        "is_private": _PRIVATE.value in ticked & offered,
        "wants_channel": policy is ChannelPolicy.ALWAYS or _CHANNEL.value in ticked & offered,
    }


def _told(incident: Incident, services: Services, origin: Origin, *, has_channel: bool) -> str:
    name = incident.reference
    said = f"You declared *{name}*, {escape(incident.severity)}"
    opens = f"`/incident show {name}` opens it."
    if incident.is_private:
        below = " Nothing is said below the message." if origin.message else ""
        return (
            f"{said}, in private. You are being invited to a private channel, and only you and "
            f"whom you bring in know of it.{below} {opens}"
        )
    channel = " A channel is being made for it." if has_channel else ""
    below = " A link to it is being left below the message." if origin.message else ""
    when = "is being" if services.delay_of(incident) is None else "will be"
    where = f"It {when} announced in {services.announcement_channel}."
    return services.told(f"{said}. {where}{below}{channel} {opens}", incident)
