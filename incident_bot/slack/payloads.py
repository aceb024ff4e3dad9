"""What Slack sends, as frozen models: parsed once, at the edge. The rest of it is not read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AliasPath,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)

from incident_bot.domain.declaration import OriginMessage
from incident_bot.domain.errors import IncidentError
from incident_bot.domain.incident import Incident
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.speech import SaidMessage
from incident_bot.slack.words import Block, unescape
from incident_bot.store.requests import Request
from incident_bot.store.timelines import SeenVersion

M = TypeVar("M", bound=BaseModel)

SEARCH_LIMIT: Final = 200
"""Characters that a search may have."""

TYPED_LIMIT: Final = 900
"""Characters that a button remembers: it has 2,000, and JSON may write two for one."""

IncidentId = Annotated[int, Field(ge=1, lt=2**53)]

_ACTION_LIMIT: Final = 60
# With a value for each this leaves room for the words: Slack takes 2,000 characters.
_TRAIL: Final = 40
_CHANNEL_ID: Final = re.compile(r"[CG][A-Z0-9]{1,40}")


class Payload(BaseModel):
    """Something that came from Slack."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class SlashCommand(Payload):
    """A typed `/incident …` (Slack, "Slash command payload").

    `sent` is its text as Slack sends it, where people are `<@U0ANA|ana>`.
    """

    command: str = "/incident"
    user_id: str
    channel_id: str
    channel_name: str = ""
    sent: str = Field("", validation_alias="text")
    trigger_id: str
    response_url: str | None = None

    @property
    def text(self) -> str:
        """As it was typed."""
        return unescape(self.sent)

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


class Mention(Payload):
    """Somebody mentions the bot in a channel (Slack, "app_mention event")."""

    event_id: str
    user_id: str | None = Field(None, validation_alias=AliasPath("event", "user"))
    bot_id: str | None = Field(None, validation_alias=AliasPath("event", "bot_id"))
    channel_id: str = Field(validation_alias=AliasPath("event", "channel"))
    text: str = Field("", validation_alias=AliasPath("event", "text"))
    thread_ts: str | None = Field(None, validation_alias=AliasPath("event", "thread_ts"))
    edited_ts: str | None = Field(None, validation_alias=AliasPath("event", "edited", "ts"))

    @property
    def speaker_id(self) -> str | None:
        """Who says it; None for a program, or when a message was changed that Slack told before."""
        return self.user_id if self.bot_id is None and self.edited_ts is None else None

    def words(self, bot_user_id: str | None) -> str:
        """What follows the mention, as Slack sends it."""
        *_, words = re.split(rf"<@{bot_user_id}(?:\|[^<>]*)?>", self.text, maxsplit=1)
        return words.lstrip(":, \u00a0")

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
    channel_name: str | None = Field(None, validation_alias=AliasPath("channel", "name"))
    message_ts: str | None = Field(None, validation_alias=AliasPath("container", "message_ts"))
    is_ephemeral: bool = Field(False, validation_alias=AliasPath("container", "is_ephemeral"))  # noqa: FBT003
    view: PressedForm | None = None
    trigger_id: str
    response_url: str | None = None

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
    channel_name: str | None = Field(None, validation_alias=AliasPath("channel", "name"))
    message: SaidMessage | None = None
    trigger_id: str
    response_url: str | None = None

    @property
    def action(self) -> str:
        return f"shortcut {self.callback_id}"[:_ACTION_LIMIT]

    @property
    def origin(self) -> "Origin":
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


class Reaction(Payload):
    """Somebody reacted to something, or took that back (Slack, "reaction_added event").

    Without a channel and a timestamp it is about something else than a message.
    """

    event_id: str
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

    kind: Annotated[str, BeforeValidator(lambda kind: str(kind).replace("group_", "channel_"))] = (
        Field(validation_alias=AliasPath("event", "type"))
    )
    channel_id: Annotated[str, BeforeValidator(_id_of)] = Field(
        validation_alias=AliasPath("event", "channel")
    )
    name: str | None = Field(None, validation_alias=AliasPath("event", "channel", "name"))
    user_id: str | None = Field(None, validation_alias=AliasPath("event", "user"))
    inviter_id: str | None = Field(None, validation_alias=AliasPath("event", "inviter"))


class Token(BaseModel):
    """What the bot hands to Slack with a button or a form and gets back with it.

    It comes back by way of the person's client, so it is validated like any input.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises IncidentError when it is not what this bot hands out."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise IncidentError(
                "This button is of no use any more. `/incident list` shows what is there now."
            ) from error

    def dump(self) -> str:
        return self.model_dump_json(exclude_none=True)


class SeenIncident(Token):
    """The incident that a person was looking at, in the version that was shown."""

    incident_id: IncidentId
    version: Annotated[int, Field(ge=1, lt=2**53)]


class SeenDeed(Token):
    """What somebody did, as its notification tells it."""

    incident_id: IncidentId
    entry_id: Annotated[int, Field(ge=1, lt=2**53)]


class SeenReminder(Token):
    """A reminder that somebody wants to hear later, or no more; `owner` is whose items it is of."""

    incident_id: IncidentId
    kind: ReminderKind
    owner: Annotated[str, StringConstraints(max_length=40)] = ""


class Typed(Token):
    """What somebody typed, for a form to begin with."""

    typed: Annotated[str, StringConstraints(max_length=TYPED_LIMIT)] = ""


class SeenTyped(SeenIncident, Typed):
    """The same for a form of an incident."""


class SeenPage(Token):
    """The page of a timeline, or of action items, that a button leads to."""

    incident_id: IncidentId
    page: Annotated[int, Field(ge=0, lt=2**31)] = 0


class SeenEntry(SeenPage):
    """A timeline entry as a person was looking at it, and the page on which it was."""

    entry_id: Annotated[int, Field(ge=1, lt=2**53)]
    edited_at: AwareDatetime | None = None

    @property
    def version(self) -> SeenVersion:
        return SeenVersion(self.incident_id, self.entry_id, self.edited_at)


class SeenItem(SeenPage):
    """An action item, and the page on which it was."""

    item_id: Annotated[int, Field(ge=1, lt=2**53)]


class SeenEntryForm(SeenEntry):
    """The same with the time that the form was filled with: None for an update, which keeps it.

    `channel_id` is where the form was asked for, and where its reply goes.
    """

    happened_at: AwareDatetime | None = None
    channel_id: str | None = None

    @classmethod
    def of(cls, incident: Incident, entry: TimelineEntry, channel_id: str | None) -> Self:
        return cls(
            incident_id=incident.id,
            entry_id=entry.id or 0,
            edited_at=entry.edited_at,
            happened_at=entry.happened_at if entry.is_written else None,
            channel_id=channel_id,
        )

    def moment_meant_by(self, chosen: datetime) -> datetime:
        """A form shows minutes: one that was not changed stands for the very moment."""
        filled = self.happened_at
        if filled is not None and chosen == filled.replace(second=0, microsecond=0):
            return filled
        return chosen


class SeenForm(SeenIncident):
    """The same with what a form was filled with, to know what the person changed.

    `channel_id` is where the form was asked for, and where its reply goes.
    """

    status: str
    severity: str
    channel_id: str | None = None

    @classmethod
    def of(cls, incident: Incident, channel_id: str | None) -> Self:
        return cls(
            incident_id=incident.id,
            version=incident.version,
            status=incident.status,
            severity=incident.severity,
            channel_id=channel_id,
        )


class ListPage(Token):
    """Which incidents a list shows, and on which page.

    `is_mine` are those that the reader leads. `trail` are the incidents with which the pages before
    this one ended, as far as they are remembered.
    """

    # Sorted, so that the same page has the same value.
    statuses: Annotated[frozenset[Status], PlainSerializer(sorted)] = frozenset()
    severity: Annotated[str | None, StringConstraints(max_length=75)] = None
    is_mine: bool = False
    words: Annotated[str, StringConstraints(max_length=SEARCH_LIMIT)] = ""
    number: Annotated[int, Field(ge=1, lt=2**31)] = 1
    trail: Annotated[tuple[IncidentId, ...], Field(max_length=_TRAIL)] = ()

    def older(self, last_id: int) -> Self:
        """The next page; this one ends with the incident `last_id`."""
        trail = (*self.trail, last_id)[-_TRAIL:]
        return self.model_copy(update={"number": self.number + 1, "trail": trail})

    def newer(self) -> Self:
        """The page before; the first where it is not remembered."""
        trail = self.trail[:-1]
        return self.model_copy(update={"number": self.number - 1 if trail else 1, "trail": trail})

    def filtered(self, **filters: Any) -> Self:  # noqa: ANN401 - names and types are the fields'
        """The first page of a list with other filters."""
        return self.model_copy(update={"number": 1, "trail": (), **filters})


class Origin(Token):
    """Where somebody began to declare an incident; `thread_ts` if it was at a message."""

    channel_id: str | None = None
    channel_name: str | None = None
    thread_ts: Annotated[str | None, StringConstraints(pattern=r"^\d{1,20}\.\d{1,20}$")] = None

    @property
    def message(self) -> OriginMessage | None:
        if self.channel_id is None or self.thread_ts is None:
            return None
        return OriginMessage(self.channel_id, self.thread_ts)

    @property
    def postable_channel_id(self) -> str | None:
        """The channel's ID unless it is a direct message or no ID at all."""
        is_channel = self.channel_id is not None and _CHANNEL_ID.fullmatch(self.channel_id)
        return self.channel_id if is_channel and self.channel_name != "directmessage" else None


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
