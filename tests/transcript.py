"""What a story has led to in Slack, without what is never the same twice.

Both ways to reach the bot must lead to the same. Left out is what concurrency makes free: the
order of calls (each channel's messages keep theirs), how many edits were put into one, and
looking for what an interrupted call may have done.
"""

import json
import re
from typing import Any, Final

from incident_bot.sandbox.messages import Message
from tests.slack_people import Slack

# The Home tab, too, shows incidents of other stories.
_LINK: Final = "chat.getPermalink"
# What is answered by response_url stands among the messages.
_COMPARED: Final = ("chat.", "views.open")
_DROPPED: Final = frozenset(
    {
        "block_id",
        "client_msg_id",
        "cursor",
        "delivery",
        "initial_date_time",
        "message_ts",
        "oldest",
        "trigger_id",
        "ts",
    }
)
# A list also names the incidents of other stories; a timeline may be asked for several times.
_LIST: Final = "*, newest first"
# Said when the machine stood still just then.
_LATE: Final = "This takes longer than usual."
_CHANGING: Final = (
    (re.compile(r"<!date\^\d+\^([^|]*)\|[^>]*>"), r"<!date \1>"),
    (re.compile(r"http://127\.0\.0\.1:\d+/archives/(\w+)/p\d+(\?[\w.&=]+)?"), r"permalink of \1"),
    # A reply is edited once the link is known, unless it is known before.
    (
        re.compile(
            r"(^|\n)(It is being announced in #\w+\."
            r"|<permalink of \w+\|Open the announcement>)$"
        ),
        r"\1where it goes on",
    ),
    (re.compile(r"since \d{4}-\d\d-\d\d \d\d:\d\d UTC"), "since then"),
    (re.compile(r"reference: [0-9a-f]{8}"), "reference: …"),
    (re.compile(r'"entry_id":\d+'), "an entry"),
    (re.compile(r'"made_at":\d+'), "its time"),
    (re.compile(r'"(happened_at|edited_at|thread_ts)":"[^"]*"'), r"\1"),
)


def transcript(slack: Slack) -> list[str]:
    """One line a call, then one a message."""
    return [*_calls(slack), *_messages(slack)]


def _calls(slack: Slack) -> list[str]:
    """Of all edits of one message, the last, unless the message was posted like that.

    How often what fails is tried, is chance, and how many edits become one, or none, is a matter of
    moments. So is whether a link is asked for
    again, before the answer to the first call is kept; and when what earlier stories have posted is
    edited, since it can be undone no more.
    """
    calls = [
        call
        for call in slack.calls()
        if call["ok"]
        and call["kind"].startswith(_COMPARED)
        and _LIST not in str(call["request"].get("text"))
    ]
    posted = {
        (call["response"].get("ts"), _same(call["request"].get("text")))
        for call in calls
        if call["kind"] == "chat.postMessage" and isinstance(call["response"], dict)
    }
    edits = {
        call["request"]["ts"]: call
        for call in calls
        if call["kind"] == "chat.update"
        and call["request"]["ts"] > slack.first_ts
        and (call["request"]["ts"], _same(call["request"].get("text"))) not in posted
    }
    others = [call for call in calls if call["kind"] not in ("chat.update", _LINK)]
    links = {_line(slack, _LINK, call["request"]) for call in calls if call["kind"] == _LINK}
    lines = [_line(slack, call["kind"], call["request"]) for call in [*edits.values(), *others]]
    return sorted([*lines, *links])


def _messages(slack: Slack) -> list[str]:
    """Each channel's messages; answers to one person stand where they fall, so they go last."""
    lines = []
    for channel_id, log in sorted(slack.sandbox.workspace.posting.logs.items()):
        new = sorted(
            (m for m in log if m.ts > slack.first_ts and not _is_chance(m)), key=lambda m: m.ts
        )
        answers = [message for message in new if _is_answer(message)]
        posts = [message for message in new if not _is_answer(message)]
        lines += [_line(slack, channel_id, message.model_dump()) for message in posts]
        lines += sorted(_line(slack, channel_id, message.model_dump()) for message in answers)
    return lines


def _is_chance(message: Message) -> bool:
    return _LIST in message.text or message.text.startswith(_LATE)


def _is_answer(message: Message) -> bool:
    """To one person; also what they are told of trouble, which does not wait for its turn."""
    is_trouble = message.channel_id.startswith("D") and message.text.startswith(":warning:")
    return message.ephemeral_to is not None or is_trouble


def _line(slack: Slack, name: str, content: object) -> str:
    shown = f"{name} {json.dumps(_same(content), sort_keys=True, ensure_ascii=False)}"
    for number, incident in enumerate(slack.incidents, start=1):
        shown = re.sub(rf"INC-{incident.id}\b", f"INC-#{number}", shown)
        shown = re.sub(rf"\bC0INC{incident.id}(?!\d)[A-Z0-9]*", f"channel of INC-#{number}", shown)
        shown = re.sub(rf"\binc-{incident.id}\b[-a-z0-9]*", f"channel of INC-#{number}", shown)
        shown = re.sub(rf'(incident_id\\*":\s*){incident.id}\b', rf"\1#{number}", shown)
    for user_id in slack.interchangeable:
        shown = shown.replace(user_id, "one of them")
    return shown


def _same(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {
            key: _same(inner) if key not in {"thread_ts", "edited", "timestamp"} else bool(inner)
            for key, inner in value.items()
            if key not in _DROPPED
        }
    if isinstance(value, list):
        return [_same(inner) for inner in value]
    if isinstance(value, str):
        for pattern, replacement in _CHANGING:
            value = pattern.sub(replacement, value)
    return value
