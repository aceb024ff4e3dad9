"""What Slack sends when somebody does something, with defaults: a test states what matters.

Each comes as the payload itself, for the listeners, and parsed, for those whom they call. Whatever
somebody does is a new deed each time: to send one again, keep it.
"""

import itertools
import re
from collections.abc import Mapping
from typing import Any, Final

from incident_bot.slack.payloads import (
    ChannelEvent,
    ChannelIdChanged,
    ChosenShortcut,
    Mention,
    Press,
    Reaction,
    SlashCommand,
    Submission,
)
from incident_bot.slack.text.button_values import ButtonValue
from tests.factories import ANA, CARA, NOON
from tests.web_api import APP, BOT, WORKSPACE, Json

OPS: Final = "C0OPS"
"""Where things are done unless a test says where."""

POSTED: Final = f"{NOON.timestamp():.6f}"
"""The timestamp of a message with buttons."""

_numbers: Final = itertools.count(1)
_CAST: Final = re.compile(r"@(ana|ben|cara|gus|eve)\b")


def as_slack_sends(text: str) -> str:
    """Typed text, escaped; names of the cast are mentions (Slack, Slash commands)."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CAST.sub(lambda match: f"<@U0{match[1].upper()}|{match[1]}>", escaped)


def command_payload(text: str = "", by: str = ANA, **changes: Any) -> Json:  # noqa: ANN401 - JSON
    """`/incident …`, as it was typed."""
    return {
        "command": "/incident",
        "text": as_slack_sends(text),
        "user_id": by,
        "channel_id": OPS,
        "channel_name": "ops",
        "trigger_id": f"{next(_numbers)}.1.abc",
        "team_id": WORKSPACE,
        "api_app_id": APP,
    } | changes


def typed(text: str = "", by: str = ANA, **changes: Any) -> SlashCommand:  # noqa: ANN401 - JSON
    return SlashCommand.model_validate(command_payload(text, by, **changes))


def press_payload(
    action_id: str,
    value: ButtonValue | str = "",
    by: str = ANA,
    *,
    is_ephemeral: bool = False,
    **changes: Any,  # noqa: ANN401 - JSON
) -> Json:
    """A pressed button below a message, which may be for this person alone."""
    number = next(_numbers)
    return {
        "type": "block_actions",
        "user": {"id": by, "team_id": WORKSPACE},
        "team": {"id": WORKSPACE},
        "api_app_id": APP,
        "trigger_id": f"{number}.2.abc",
        "channel": {"id": OPS, "name": "ops"},
        "container": {"message_ts": POSTED, "is_ephemeral": is_ephemeral},
        "actions": [
            {
                "action_id": action_id,
                "action_ts": f"{number}.3",
                "value": value if isinstance(value, str) else value.dump(),
            }
        ],
    } | changes


def pressed(
    action_id: str,
    value: ButtonValue | str = "",
    by: str = ANA,
    *,
    is_ephemeral: bool = False,
    **changes: Any,  # noqa: ANN401 - JSON
) -> Press:
    payload = press_payload(action_id, value, by, is_ephemeral=is_ephemeral, **changes)
    return Press.model_validate(payload)


def in_form(view: Json, view_hash: str = "1.a") -> Json:
    """What of a press changes when the button was in a form; Slack names each block."""
    blocks = [{"block_id": f"b{n}", **block} for n, block in enumerate(view["blocks"])]
    sent = {"id": "V0FORM", "hash": view_hash, "team_id": WORKSPACE, **view, "blocks": blocks}
    return {"view": sent, "channel": None}


def submission_payload(
    callback_id: str,
    values: Mapping[str, str | None],
    metadata: ButtonValue | str = "",
    by: str = CARA,
    *,
    ticked: Mapping[str, tuple[str, ...]] | None = None,
    view_id: str | None = None,
) -> Json:
    """A submitted form: its values and the boxes that are ticked, by block ID."""
    inputs: Json = {name: {"value": {"value": text}} for name, text in values.items()}
    for name, boxes in (ticked or {}).items():
        inputs[name] = {"value": {"selected_options": [{"value": box} for box in boxes]}}
    return {
        "type": "view_submission",
        "user": {"id": by, "team_id": WORKSPACE},
        "team": {"id": WORKSPACE},
        "api_app_id": APP,
        "view": {
            "type": "modal",
            "id": view_id or f"V{next(_numbers)}",
            "callback_id": callback_id,
            "private_metadata": metadata if isinstance(metadata, str) else metadata.dump(),
            "state": {"values": inputs},
        },
    }


def submitted(
    values: Mapping[str, str | None],
    metadata: ButtonValue | str = "",
    by: str = CARA,
    *,
    callback_id: str = "any",
    ticked: Mapping[str, tuple[str, ...]] | None = None,
    view_id: str | None = None,
) -> Submission:
    payload = submission_payload(callback_id, values, metadata, by, ticked=ticked, view_id=view_id)
    return Submission.model_validate(payload)


def shortcut_payload(callback_id: str, by: str = ANA, **changes: Any) -> Json:  # noqa: ANN401 - JSON
    """A shortcut that was chosen from the menu, or on a message if `changes` bring one."""
    return {
        "type": "message_action" if "message" in changes else "shortcut",
        "callback_id": callback_id,
        "user": {"id": by, "team_id": WORKSPACE},
        "team": {"id": WORKSPACE},
        "api_app_id": APP,
        "trigger_id": f"{next(_numbers)}.4.abc",
    } | changes


def chosen(callback_id: str, by: str = ANA, **changes: Any) -> ChosenShortcut:  # noqa: ANN401 - JSON
    return ChosenShortcut.model_validate(shortcut_payload(callback_id, by, **changes))


def event_payload(kind: str, **event: Any) -> Json:  # noqa: ANN401 - JSON
    """Something of which Slack tells by the Events API."""
    return {
        "type": "event_callback",
        "team_id": WORKSPACE,
        "api_app_id": APP,
        "event_id": f"Ev{next(_numbers)}",
        "event": {"type": kind, **event},
    }


def mention_payload(words: str, by: str | None = ANA, **event: Any) -> Json:  # noqa: ANN401 - JSON
    text = f"<@{BOT}> {as_slack_sends(words)}"
    return event_payload("app_mention", **{"user": by, "channel": OPS, "text": text} | event)


def mentioned(words: str, by: str | None = ANA, **event: Any) -> Mention:  # noqa: ANN401 - JSON
    return Mention.model_validate(mention_payload(words, by, **event))


def reacted(kind: str = "reaction_added", **event: Any) -> Reaction:  # noqa: ANN401 - JSON
    return Reaction.model_validate(event_payload(kind, **event))


def id_changed(old: str, new: str) -> ChannelIdChanged:
    """Slack has given a channel another ID."""
    payload = event_payload("channel_id_changed", old_channel_id=old, new_channel_id=new)
    return ChannelIdChanged.model_validate(payload)


def happened(kind: str, channel: object, **event: Any) -> ChannelEvent:  # noqa: ANN401 - JSON
    """Something happened to a channel."""
    return ChannelEvent.model_validate(event_payload(kind, channel=channel, **event))
