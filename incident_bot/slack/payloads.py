"""What Slack sends, as frozen models: parsed once, at the edge. The rest of it is not read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import (
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)

from incident_bot.domain.text import Line, many_lines
from incident_bot.slack.text.button_values import Origin
from incident_bot.slack.text.mrkdwn import Block, unescape
from incident_bot.slack.text.said_blocks import SaidBlocks, words_in
from incident_bot.slack.text.speech import SaidMessage
from incident_bot.store.requests import Request

_ACTION_LIMIT: Final = 60


class Payload(BaseModel):
    """Something that came from Slack."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


def _cleaned(text: object) -> object:
    return many_lines(text) if isinstance(text, str) else text


class SlashCommand(Payload):
    """A typed `/incident …` (Slack, "Slash command payload").

    `sent` is its text as Slack sends it, where people are `<@U0ANA|ana>`, without invisible
    characters: pasted ones must not keep a word from being a subcommand.
    """

    command: str = "/incident"
    user_id: str
    channel_id: str
    channel_name: Line = ""
    sent: Annotated[str, BeforeValidator(_cleaned)] = Field("", validation_alias="text")
    trigger_id: str
    response_url: str | None = None

    @property
    def text(self) -> str:
        """As it was typed."""
        return unescape(self.sent)

    @property
    def subcommand(self) -> str:
        """The first word, in small letters; empty where none was typed."""
        return "".join(self.text.split(maxsplit=1)[:1]).casefold()

    @property
    def arguments(self) -> str:
        """What follows the first word."""
        return "".join(self.text.split(maxsplit=1)[1:]).strip()

    @property
    def action(self) -> str:
        """What the person wants to do, for the log: the subcommand without what follows it."""
        return " ".join([self.command, *self.text.split(maxsplit=1)[:1]])[:_ACTION_LIMIT]

    @property
    def user_team_id(self) -> None:
        """Not told; slash commands work for the installing workspace's own people only."""

    @property
    def request(self) -> Request:
        return Request(self.user_id, f"command:{self.trigger_id}")


class MentionedCommand(SlashCommand):
    """The same words after a mention of the bot; `thread_ts` is where, if it was in a thread."""

    command: str = "mention"
    trigger_id: str = ""
    event_id: str
    thread_ts: str | None = None

    @property
    def request(self) -> Request:
        # An event whose acknowledgement was lost comes again with the same ID.
        return Request(self.user_id, f"event:{self.event_id}")


class EventCallback(Payload):
    """Something of which Slack tells by the Events API; told again, it has the same ID."""

    event_id: str


class Mention(EventCallback):
    """Somebody mentions the bot in a channel (Slack, "app_mention event")."""

    user_id: str | None = Field(None, validation_alias=AliasPath("event", "user"))
    bot_id: str | None = Field(None, validation_alias=AliasPath("event", "bot_id"))
    channel_id: str = Field(validation_alias=AliasPath("event", "channel"))
    sent: str | None = Field(None, validation_alias=AliasPath("event", "text"))
    blocks: SaidBlocks = Field((), validation_alias=AliasPath("event", "blocks"))
    thread_ts: str | None = Field(None, validation_alias=AliasPath("event", "thread_ts"))
    edited_ts: str | None = Field(None, validation_alias=AliasPath("event", "edited", "ts"))

    @property
    def speaker_id(self) -> str | None:
        """Who says it; None for a program, or when a message was changed that Slack told before."""
        return self.user_id if self.bot_id is None and self.edited_ts is None else None

    def words(self, bot_user_id: str | None) -> str:
        """What follows the mention, as Slack sends it."""
        text = many_lines(self.sent or "") or words_in(self.blocks)
        *_, words = re.split(rf"<@{bot_user_id}(?:\|[^<>]*)?>", text, maxsplit=1)
        return many_lines(words).lstrip(":, \u00a0")

    def command(self, speaker_id: str, words: str) -> MentionedCommand:
        """What these `words` are as a command."""
        return MentionedCommand.model_validate(
            {
                "user_id": speaker_id,
                "channel_id": self.channel_id,
                "text": words,
                "event_id": self.event_id,
                "thread_ts": self.thread_ts,
            }
        )


class PressedForm(Payload):
    """A form as it was when something in it was pressed, or typed."""

    view_id: str = Field(validation_alias="id")
    kind: str = Field(validation_alias="type")
    hash: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    title: Block | None = None
    submit: Block | None = None
    close: Block | None = None
    blocks: tuple[Block, ...] = ()

    def with_blocks(self, blocks: Iterable[Block]) -> dict[str, Any]:
        """What it becomes with other blocks, for Slack.

        What was filled in stays where block ID and action ID do (views.update).
        """
        kept = {
            "callback_id": self.callback_id,
            "private_metadata": self.private_metadata,
            "title": self.title,
            "submit": self.submit,
            "close": self.close,
        }
        known = {name: value for name, value in kept.items() if value is not None}
        return {"type": self.kind, **known, "blocks": list(blocks)}


class Press(Payload):
    """A pressed button (Slack, "block_actions payload"), or a letter that was typed into a form.

    `view` is there where that was in a form, or on the Home tab; `value` is the button's or what
    is typed by then.
    """

    user_id: str = Field(validation_alias=AliasPath("user", "id"))
    user_team_id: str | None = Field(None, validation_alias=AliasPath("user", "team_id"))
    action_id: str = Field(validation_alias=AliasPath("actions", 0, "action_id"))
    action_ts: str = Field("", validation_alias=AliasPath("actions", 0, "action_ts"))
    value: Annotated[str, BeforeValidator(lambda value: value or "")] = Field(
        "", validation_alias=AliasPath("actions", 0, "value")
    )
    channel_id: str | None = Field(None, validation_alias=AliasPath("channel", "id"))
    channel_name: Line | None = Field(None, validation_alias=AliasPath("channel", "name"))
    message_ts: str | None = Field(None, validation_alias=AliasPath("container", "message_ts"))
    is_ephemeral: bool = Field(False, validation_alias=AliasPath("container", "is_ephemeral"))  # noqa: FBT003
    view: PressedForm | None = None
    trigger_id: str
    response_url: str | None = None

    @property
    def shown_at(self) -> datetime | None:
        """When the message was posted that has the button."""
        try:
            return datetime.fromtimestamp(float(self.message_ts or ""), UTC)
        except (ValueError, OverflowError, OSError):
            return None

    @property
    def form(self) -> PressedForm | None:
        return self.view if self.view is not None and self.view.kind == "modal" else None

    @property
    def action(self) -> str:
        return f"button {self.action_id}"[:_ACTION_LIMIT]

    @property
    def request(self) -> Request:
        key = f"press:{self.user_id}:{self.action_ts}:{self.action_id}:{self.message_ts}"
        return Request(self.user_id, key)


class ChosenShortcut(Payload):
    """A chosen shortcut, on a message or global (Slack, "Shortcuts payloads")."""

    callback_id: str
    user_id: str = Field(validation_alias=AliasPath("user", "id"))
    user_team_id: str | None = Field(None, validation_alias=AliasPath("user", "team_id"))
    channel_id: str | None = Field(None, validation_alias=AliasPath("channel", "id"))
    channel_name: Line | None = Field(None, validation_alias=AliasPath("channel", "name"))
    message: SaidMessage | None = None
    trigger_id: str
    response_url: str | None = None

    @property
    def action(self) -> str:
        return f"shortcut {self.callback_id}"[:_ACTION_LIMIT]

    @property
    def origin(self) -> Origin:
        message = self.message
        thread_ts = None if message is None else message.thread_ts or message.ts
        return Origin(
            channel_id=self.channel_id, channel_name=self.channel_name, thread_ts=thread_ts
        )


def _flatten(values: object) -> object:
    """Take each input's value out of Slack's nesting by block and action."""
    if not isinstance(values, Mapping):
        return values
    return {
        block_id: _value_of(element)
        for block_id, elements in values.items()
        if isinstance(elements, Mapping)
        for element in elements.values()
    }


def _value_of(element: object) -> object:
    if not isinstance(element, Mapping):
        return None
    option = element.get("selected_option")
    if isinstance(option, Mapping):
        return option.get("value")
    moment = element.get("selected_date_time")
    return str(moment) if isinstance(moment, int) else element.get("value")


def _ticked(values: object) -> object:
    """The values of the boxes that are ticked, by block ID."""
    if not isinstance(values, Mapping):
        return values
    return {
        block_id: [option.get("value") for option in element["selected_options"]]
        for block_id, elements in values.items()
        if isinstance(elements, Mapping)
        for element in elements.values()
        if isinstance(element, Mapping) and element.get("selected_options")
    }


class Submission(Payload):
    """A submitted modal (Slack, "view_submission payload"); `values` and `ticked` by block ID."""

    user_id: str = Field(validation_alias=AliasPath("user", "id"))
    user_team_id: str | None = Field(None, validation_alias=AliasPath("user", "team_id"))
    view_id: str = Field(validation_alias=AliasPath("view", "id"))
    callback_id: str = Field(validation_alias=AliasPath("view", "callback_id"))
    private_metadata: str = Field("", validation_alias=AliasPath("view", "private_metadata"))
    values: Annotated[dict[str, str | None], BeforeValidator(_flatten)] = Field(
        validation_alias=AliasPath("view", "state", "values")
    )
    ticked: Annotated[dict[str, frozenset[str]], BeforeValidator(_ticked)] = Field(
        {}, validation_alias=AliasPath("view", "state", "values")
    )

    @property
    def action(self) -> str:
        return f"form {self.callback_id}"[:_ACTION_LIMIT]

    @property
    def request(self) -> Request:
        # A lost acknowledgement leaves the modal open; sent again, it has the same view ID.
        return Request(self.user_id, f"view:{self.view_id}")


class HomeOpened(Payload):
    """Somebody looks at the bot's Home tab (Slack, "app_home_opened event")."""

    user_id: str = Field(validation_alias=AliasPath("event", "user"))
    tab: str = Field("home", validation_alias=AliasPath("event", "tab"))


class Reaction(EventCallback):
    """Somebody reacted to something, or took that back (Slack, "reaction_added event").

    Without a channel and a timestamp it is about something else than a message.
    """

    kind: str = Field(validation_alias=AliasPath("event", "type"))
    user_id: str = Field(validation_alias=AliasPath("event", "user"))
    name: str = Field(validation_alias=AliasPath("event", "reaction"))
    channel_id: str | None = Field(None, validation_alias=AliasPath("event", "item", "channel"))
    message_ts: str | None = Field(None, validation_alias=AliasPath("event", "item", "ts"))
    author_id: str | None = Field(None, validation_alias=AliasPath("event", "item_user"))

    @property
    def is_added(self) -> bool:
        return self.kind == "reaction_added"

    @property
    def request(self) -> Request:
        # An event whose acknowledgement was lost comes again with the same ID.
        return Request(self.user_id, f"event:{self.event_id}")


def _id_of(channel: object) -> object:
    """A renamed channel comes with its name, all others by their ID alone."""
    return channel.get("id") if isinstance(channel, Mapping) else channel


class ChannelEvent(Payload):
    """Something happened to a channel (Slack, "channel_archive event" and those like it).

    `kind` is the same for private channels. `user_id` is who did it or whom it is about, as far as
    Slack says; `inviter_id` who brought them.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    kind: Annotated[str, BeforeValidator(lambda kind: str(kind).replace("group_", "channel_"))] = (
        Field(validation_alias=AliasPath("event", "type"))
    )
    channel_id: Annotated[str, BeforeValidator(_id_of)] = Field(
        validation_alias=AliasPath("event", "channel")
    )
    name: Line | None = Field(None, validation_alias=AliasPath("event", "channel", "name"))
    user_id: str | None = Field(None, validation_alias=AliasPath("event", "user"))
    inviter_id: str | None = Field(None, validation_alias=AliasPath("event", "inviter"))


class ChannelIdChanged(Payload):
    """Slack has given a channel another ID (Slack, "channel_id_changed event").

    It does so when a private channel is about to be shared with another organisation.
    """

    old_channel_id: str = Field(validation_alias=AliasPath("event", "old_channel_id"))
    new_channel_id: str = Field(validation_alias=AliasPath("event", "new_channel_id"))


def is_of(payload: Mapping[str, Any], installed_on: str | None, app_id: str | None) -> bool:
    """Whether a payload is meant for our installation and, as far as known, our app.

    `installed_on` is the ID of our workspace or, for an app of a whole organisation, of that.
    """
    app = payload.get("api_app_id")
    if app_id is not None and app is not None and app != app_id:
        return False
    return installed_on is not None and installed_on in _installations(payload)


def _installations(payload: Mapping[str, Any]) -> Iterator[object]:
    """The workspaces and organisations that a payload is for; where they stand is by its kind."""
    for name in ("team", "enterprise"):
        yield payload.get(f"{name}_id")
        about = payload.get(name)
        yield about.get("id") if isinstance(about, Mapping) else about
        yield _in(payload.get("team"), f"{name}_id")
    # A form that was opened in a channel shared with another workspace names that one in `team`.
    yield _in(payload.get("view"), "app_installed_team_id")
    # An event in such a channel, too; "authorizations" tells whom it was sent to (Events API).
    authorizations = payload.get("authorizations")
    for authorization in authorizations if isinstance(authorizations, list) else ():
        yield _in(authorization, "team_id")
        yield _in(authorization, "enterprise_id")


def _in(part: object, name: str) -> object:
    return part.get(name) if isinstance(part, Mapping) else None
