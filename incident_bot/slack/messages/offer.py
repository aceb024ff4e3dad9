"""A button that opens a form, for where Slack does not let the bot open one: it takes a press."""

from typing import Final

from incident_bot.domain.incident import Incident
from incident_bot.domain.text import many_lines
from incident_bot.slack.messages.announcement import UPDATE
from incident_bot.slack.messages.home import DECLARE
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.button_values import (
    TYPED_LIMIT,
    SeenIncident,
    SeenTyped,
    Typed,
    microseconds,
)
from incident_bot.slack.text.mrkdwn import button, cut
from incident_bot.slack.text.parts import buttons, rendered, sentence

EDIT: Final = "edit"


def declare_offer(typed: str) -> Reply:
    """Of what was `typed` as much is kept as a button has room for."""
    value = Typed(typed=_kept(typed)).dump()
    return _offer("Declare incident", DECLARE, value)


def update_offer(incident: Incident, typed: str) -> Reply:
    """The same."""
    seen = SeenTyped(
        incident_id=incident.id,
        made_at=microseconds(incident.declared_at),
        version=incident.version,
        typed=_kept(typed),
    )
    return _offer(f"Update {incident.reference}", UPDATE, seen.dump())


def edit_offer(incident: Incident) -> Reply:
    seen = SeenIncident.shown(incident)
    return _offer(f"Edit {incident.reference}", EDIT, seen.dump())


def _offer(label: str, action_id: str, value: str) -> Reply:
    opens = buttons(button(action_id, label, value, "primary"))
    return Reply(*rendered((sentence(f"“{label}” opens the form."), opens)))


def _kept(typed: str) -> str:
    return cut(many_lines(typed), TYPED_LIMIT)
