"""What people do in Slack and what they see there: the words that the stories are told in."""

import asyncio
import copy
import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from incident_bot.sandbox.application import Mode, SandboxServer
from incident_bot.sandbox.cast import BOT_USER_ID, Channel
from incident_bot.sandbox.control import ChannelChange, UserChange
from incident_bot.sandbox.conversing import Conversing
from incident_bot.sandbox.dispatch import Ack, Timing
from incident_bot.sandbox.faults import Fault
from incident_bot.sandbox.interactions import Container, Outcome, Press
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.payloads import Place
from incident_bot.sandbox.tickets import TRIGGER_SECONDS
from incident_bot.sandbox.views import View
from tests.bots.bot import Bot
from tests.bots.hosted import HostedBot
from tests.bots.ports import free_port
from tests.bots.process import BotProcess
from tests.waiting import DEADLINE, eventually

Json = dict[str, Any]
T = TypeVar("T")

_WHILE_IN_TROUBLE: Final = 0.1
"""Seconds that pass at each look for what comes of it."""

_DECLARED: Final = re.compile(r"You declared \*(INC-(\d+))\*")


@dataclass(frozen=True)
class DeclaredIncident:
    """An incident of this story."""

    reference: str
    id: int
    title: str


@dataclass(frozen=True)
class Post:
    """A message in Slack, as it is whenever it is looked at."""

    slack: "Slack"
    channel_id: str
    ts: str

    @property
    def message(self) -> Message:
        message = self.slack.sandbox.workspace.posting.get(self.channel_id, self.ts)
        assert message is not None, "the message is gone"
        return message

    @property
    def is_there(self) -> bool:
        """Whether nobody has deleted it."""
        message = self.slack.sandbox.workspace.posting.get(self.channel_id, self.ts)
        return message is not None and not message.is_stone

    @property
    def text(self) -> str:
        """What a phone's notification and a screen reader say."""
        return self.message.text

    @property
    def words(self) -> str:
        """What its blocks show."""
        return "\n".join(_words(self.message.blocks))

    @property
    def buttons(self) -> list[str]:
        return [element["text"]["text"] for _, element in _buttons(self.message.blocks)]

    @property
    def thread(self) -> list["Post"]:
        log = self.slack.sandbox.workspace.posting.logs[self.channel_id]
        return [self._beside(m) for m in log.replies(self.ts) if m.ephemeral_to is None]

    @property
    def is_broadcast(self) -> bool:
        """Whether a message of a thread is shown in the channel, too."""
        return self.message.is_broadcast

    async def shows(self, *wanted: str) -> None:
        """Wait until text and blocks both say all of `wanted`."""
        await self.slack.until(
            lambda: all(words in self.text and words in self.words for words in wanted),
            f"a message shows {wanted}; it shows: {self.text}",
        )

    async def has_buttons(self, *labels: str) -> None:
        """Wait until its buttons are these."""
        await self.slack.until(lambda: self.buttons == list(labels), f"buttons {labels}")

    async def hears(self, words: str) -> "Post":
        """Wait for a message in its thread that says `words`."""
        return await self.slack.until(
            lambda: next((post for post in self.thread if words in post.text), None),
            f"the thread hears “{words}”; it heard {[post.text for post in self.thread]}",
        )

    def button(self, label: str) -> "Button":
        """A button as it is now; it can be pressed later, when it is a different one."""
        for block_id, element in _buttons(self.message.blocks):
            if element["text"]["text"] == label:
                return Button(self, block_id, element["action_id"], element["value"])
        raise AssertionError(f"there is no button {label}; there are {self.buttons}")

    def _beside(self, message: Message) -> "Post":
        return Post(self.slack, self.channel_id, message.ts)


@dataclass(frozen=True)
class Button:
    """A button of a message, with the value that it had when it was looked at."""

    post: Post
    block_id: str
    action_id: str
    value: str


@dataclass
class Person:
    """Somebody in the workspace. What they do is acknowledged, or the story fails."""

    slack: "Slack"
    id: str
    _since: str = ""

    async def types(self, typed: str, in_: str = "general") -> Outcome:
        """Send a slash command in a channel, or in the direct message with the bot ("dm")."""
        outcome = await self.tries(typed, in_)
        assert outcome.ok, outcome
        return outcome

    async def tries(self, typed: str, in_: str = "general") -> Outcome:
        """The same, where it may fail."""
        self.begins()
        return await self.slack.sandbox.interactions.command(
            self.id, self.slack.channel_id(in_, self), typed
        )

    async def opens(self, typed: str, in_: str = "general") -> View:
        """Send a command that opens a form; gives the form."""
        before = self.form
        await self.types(typed, in_)
        return await self._new_view(before)

    async def presses(self, label: str, on: Post) -> Outcome:
        """Press the button that is there now."""
        self.begins()
        outcome = await self._press(on.button(label))
        assert outcome.ok, outcome
        return outcome

    async def opens_by(self, label: str, on: Post) -> View:
        """Press a button that opens a form; gives the form."""
        before = self.form
        await self.presses(label, on)
        return await self._new_view(before)

    async def opens_from_home(self, label: str) -> View:
        """Press a button of the Home tab that opens a form; gives the form."""
        self.begins()
        before = self.form
        await self.presses_on_home(label)
        return await self._new_view(before)

    async def presses_on_home(self, label: str, nth: int = 0) -> None:
        """Press a button of the Home tab, the first of its name or another."""
        self.begins()
        await self.slack.until(lambda: self.home is not None, "the Home tab shows something")
        assert self.home is not None
        found = [one for one in _buttons(self.home.blocks) if one[1]["text"]["text"] == label]
        block_id, element = found[nth]
        container = Container(type="home")
        press = Press(container=container, block_id=block_id, action_id=element["action_id"])
        outcome = await self.slack.sandbox.interactions.press(self.id, press)
        assert outcome.ok, outcome

    def looks_at_home(self) -> None:
        """Open the Home tab."""
        directory = self.slack.sandbox.workspace.directory
        self.slack.sandbox.events.home_opened(self.id, directory.channels[f"D{self.id[1:]}"])

    async def sees_at_home(self, *words: str, but: str = "nothing else") -> None:
        """Wait until the Home tab says `words`, and does not say `but`."""

        def sees() -> bool:
            # The bot looks now and then whether it is current: it need not wait for that.
            if isinstance(self.slack.bot, HostedBot):
                self.slack.bot.puts_clocks_forward(0.2)
            return all(one in self.home_words for one in words) and but not in self.home_words

        await self.slack.until(
            sees,
            f"the Home tab of {self.id} says {words}, not {but}; it says {self.home_words}",
        )

    @property
    def home(self) -> View | None:
        return self.slack.sandbox.workspace.views.homes.get(self.id)

    @property
    def home_words(self) -> str:
        """What the Home tab shows."""
        return "\n".join(_words(self.home.blocks)) if self.home else ""

    async def chooses(self, callback_id: str, on: Post | None = None) -> View:
        """Choose a shortcut that opens a form, on a message if that is given; gives the form."""
        self.begins()
        before = self.form
        place = (on.channel_id, on.ts) if on else ()
        outcome = await self.slack.sandbox.interactions.shortcut(self.id, callback_id, *place)
        assert outcome.ok, outcome
        return await self._new_view(before)

    async def presses_late(self, button: Button, **changed: object) -> Ack:
        """Press a button as it was when it was looked at, or with `changed` in its place."""
        self.begins()
        return await self.slack.delivers(
            "block_actions", self.slack.press_payload(self, button, **changed)
        )

    async def types_into(self, name: str, typed: str) -> None:
        """Type into an input that tells the bot of each letter; what was there is replaced."""
        self.begins()
        for end in range(1, len(typed) + 1):
            view = self.form
            assert view is not None
            block = next(block for block in view.blocks if block["block_id"] == name)
            action_id = block["element"]["action_id"]
            value = {"type": "plain_text_input", "value": typed[:end]}
            press = Press(
                container=Container(type="view", view_id=view.id),
                block_id=name,
                action_id=action_id,
                value=value,
                state={name: {action_id: value}},
            )
            outcome = await self.slack.sandbox.interactions.press(self.id, press)
            assert outcome.ok, outcome

    async def presses_in_form(self, label: str) -> None:
        """Press the button beside a line of the open form."""
        self.begins()
        view = self.form
        assert view is not None
        [(block_id, action_id)] = [
            (block["block_id"], block["accessory"]["action_id"])
            for block in view.blocks
            if "accessory" in block and block["accessory"]["text"]["text"] == label
        ]
        container = Container(type="view", view_id=view.id)
        press = Press(container=container, block_id=block_id, action_id=action_id, state=view.state)
        outcome = await self.slack.sandbox.interactions.press(self.id, press)
        assert outcome.ok, outcome

    @property
    def reads(self) -> str:
        """What the open form says, apart from its inputs."""
        blocks = self.form.blocks if self.form else []
        return "\n".join(_words([block for block in blocks if block["type"] != "input"]))

    async def reads_in_form(self, words: str, *, is_there: bool = True) -> None:
        """Wait until the open form says `words`, or does not say them any more."""
        await self.slack.until(
            lambda: (words in self.reads) is is_there,
            f"the form says “{words}”: {is_there}; it says: {self.reads}",
        )

    async def submits(self, **fields: str) -> Outcome:
        """Fill the open form and send it; what is not given stays as the form has it."""
        self.begins()
        view = self.form
        assert view is not None
        return await self.slack.sandbox.interactions.submit(self.id, view.id, filled(view, fields))

    def writes(self, text: str, in_: str = "general") -> Post:
        """Write into a channel."""
        self.begins()
        channel_id = self.slack.channel_id(in_, self)
        said = self._conversing.say(self.id, channel_id, text, None)
        return Post(self.slack, channel_id, said.ts)

    def says(self, text: str, to: Post) -> Post:
        """Write into the thread of a message."""
        self.begins()
        said = self._conversing.say(self.id, to.channel_id, text, to.ts)
        return Post(self.slack, to.channel_id, said.ts)

    def mentions(self, words: str, in_: str = "general", to: Post | None = None) -> Post:
        """Write to the bot among people: in a channel, or into the thread of a message."""
        text = f"@Incident Bot {words}"
        return self.writes(text, in_) if to is None else self.says(text, to)

    def reacts(self, emoji: str, on: Post) -> None:
        self.begins()
        self._conversing.react(self.id, on.channel_id, on.ts, emoji, add=True)

    def takes_back(self, emoji: str, on: Post) -> None:
        self.begins()
        self._conversing.react(self.id, on.channel_id, on.ts, emoji, add=False)

    @property
    def _conversing(self) -> Conversing:
        return Conversing(self.slack.sandbox.workspace)

    async def declares(
        self,
        title: str = "Checkout is down",
        description: str = "Cards are refused since ten o'clock",
        severity: str = "High",
        in_: str = "general",
        channel: str = "",
    ) -> DeclaredIncident:
        """Declare an incident, by command and form, and read the answer.

        `channel` are the boxes that are ticked: "channel", "private", or both.
        """
        await self.opens("/incident new", in_)
        ticked = {"channel": channel} if channel else {}
        outcome = await self.submits(
            title=title, description=description, severity=severity, **ticked
        )
        assert outcome.ok, outcome
        incident = await self.is_told_of_own_incident(title)
        if self.slack.is_well and "private" not in channel:
            # What is done to it before would show in the first post, in one mode or in both.
            await self.slack.announcement(incident)
        return incident

    async def is_told_of_own_incident(self, title: str) -> DeclaredIncident:
        """Read the answer to a declaration."""
        answer = await self.is_told("You declared")
        match = _DECLARED.search(answer.text)
        assert match, answer.text
        incident = DeclaredIncident(match[1], int(match[2]), title)
        self.slack.incidents.append(incident)
        return incident

    async def is_told(self, words: str) -> Post:
        """Wait for an answer to the latest thing done, for this person's eyes only."""
        return await self.slack.until(
            lambda: next((post for post in self.told if words in post.text), None),
            f"{self.id} is told “{words}”; was told {[post.text for post in self.told]}",
        )

    async def timeline(self, incident: DeclaredIncident) -> Post:
        """Ask for the timeline of an incident; gives its newest page."""
        await self.types(f"/incident timeline {incident.reference}", in_="incidents")
        return await self.is_told(f"*Timeline of {incident.reference}*")

    @property
    def told(self) -> list[Post]:
        """All answers to the latest thing done, new or in the place of an older message."""
        posting = self.slack.sandbox.workspace.posting
        return [
            Post(self.slack, message.channel_id, message.ts)
            for message in posting.every()
            if (message.ephemeral_to == self.id or message.channel_id == f"D{self.id[1:]}")
            and max(message.ts, message.edited.ts if message.edited else "") > self._since
        ]

    @property
    def form(self) -> View | None:
        """The form that is open on this person's screen."""
        return self.slack.sandbox.workspace.views.modals.get(self.id)

    async def _new_view(self, before: View | None) -> View:
        known = before.id if before else None
        return await self.slack.until(
            lambda: self.form if self.form and self.form.id != known else None,
            f"a form opens for {self.id}; was told {[post.text for post in self.told]}",
        )

    async def _press(self, button: Button) -> Outcome:
        container = Container(type="message", channel=button.post.channel_id, ts=button.post.ts)
        press = Press(container=container, block_id=button.block_id, action_id=button.action_id)
        return await self.slack.sandbox.interactions.press(self.id, press)

    def begins(self) -> None:
        """Do something new: what was told before was the answer to something else."""
        self._since = self.slack.sandbox.workspace.ids.message_ts()


@dataclass
class Slack:
    """The workspace, its people, and the bot in it."""

    mode: Mode
    sandbox: SandboxServer
    bot: Bot
    incidents: list[DeclaredIncident] = field(default_factory=list)
    number: int = 0
    first_call: int = 0
    first_ts: str = ""
    interchangeable: tuple[str, ...] = ()
    spare: Post | None = None
    has_trouble: bool = False

    def __post_init__(self) -> None:
        self.ana = Person(self, "U0ANA")
        self.ben = Person(self, "U0BEN")
        self.cara = Person(self, "U0CARA")
        self.gus = Person(self, "U0GUS")
        self.eve = Person(self, "U0EVE")

    def begins_a_story(self, number: int) -> None:
        """What was before is no part of the new story; `number` tells stories apart."""
        self.number = number
        self.bot.begins_a_story()
        self.incidents.clear()
        self.interchangeable = ()
        self.has_trouble = False
        self.sandbox.faults.set([])
        entries = self.sandbox.traffic.after(0)
        self.first_call = entries[-1].n if entries else 0
        self.first_ts = self.sandbox.workspace.ids.message_ts()

    async def card_in(self, channel: Channel, incident: DeclaredIncident) -> Post:
        """Wait for the announcement in an incident's own channel, the first that is said there."""
        return await self.until(
            lambda: min(self.posts(incident, channel.name), key=lambda post: post.ts, default=None),
            f"{incident.reference} is announced in its channel",
        )

    async def announcement(self, incident: DeclaredIncident, in_: str = "incidents") -> Post:
        """Wait for the announcement of an incident in a channel."""
        return await self.until(
            lambda: next(iter(self.announcements(incident, in_)), None),
            f"{incident.reference} is announced in #{in_}",
        )

    @property
    def is_well(self) -> bool:
        """Whether nothing keeps an incident from being announced at once."""
        channel = self.sandbox.workspace.directory.named("incidents")
        is_open = channel is not None and channel.has_bot and not channel.is_archived
        is_elsewhere = "INCIDENT_BOT_CHANNEL" in self.bot.settings
        is_broken = bool(self.sandbox.faults.shown()) or not self.bot.is_running
        return is_open and not is_elsewhere and not is_broken

    def announcements(self, incident: DeclaredIncident, in_: str = "incidents") -> list[Post]:
        """All announcements of an incident in a channel: one, or something is wrong."""
        return [p for p in self.posts(incident, in_) if not p.message.is_reply]

    def posts(self, incident: DeclaredIncident, in_: str = "incidents") -> list[Post]:
        """All that a channel was told of an incident."""
        channel_id = self.channel_id(in_)
        name = re.compile(rf"\b{incident.reference}\b")
        return [
            Post(self, channel_id, message.ts)
            for message in self.sandbox.workspace.posting.logs[channel_id]
            if message.ephemeral_to is None
            and message.user_id == BOT_USER_ID
            and name.search(message.text)
        ]

    def direct_messages(self, user_id: str) -> list[str]:
        """What this story's direct messages to somebody say."""
        log = self.sandbox.workspace.posting.logs[f"D{user_id[1:]}"]
        return [message.text for message in log if message.ts > self.first_ts]

    def channel(self, name: str) -> Channel:
        channel = self.sandbox.workspace.directory.named(name)
        assert channel is not None, name
        return channel

    async def own_channel(self, incident: DeclaredIncident) -> Channel:
        """Wait for the channel of an incident."""
        name = re.compile(rf"inc-{incident.id}(-.*)?")
        channels = self.sandbox.workspace.directory.channels
        return await self.until(
            lambda: next((one for one in channels.values() if name.fullmatch(one.name)), None),
            f"{incident.reference} has a channel",
        )

    def channel_id(self, name: str, person: Person | None = None) -> str:
        """By the channel's name; "dm" is the direct message with the bot."""
        if name == "dm":
            assert person is not None
            return f"D{person.id[1:]}"
        return self.channel(name).id

    def changes_channel(self, channel: str, **change: Any) -> None:  # noqa: ANN401 - its fields
        """Archive a channel, rename it, invite the bot, remove it: see ChannelChange."""
        known = self.sandbox.workspace.directory.named(channel)
        given = {"id": known.id} if known else {"name": channel}
        self.sandbox.control.change_channel(ChannelChange.model_validate(given | change))

    def is_patient(self) -> None:
        """Wait longer than Slack does: how quick this machine is, is not a story's question."""
        self.sandbox.dispatcher.timing = Timing(ack=DEADLINE)

    def takes_forms_for_longer(self) -> None:
        """Than Slack's three seconds: for what this machine may stand still."""
        self.sandbox.workspace.tickets.trigger_seconds = 10 * TRIGGER_SECONDS

    def lacks(self, scope: str) -> None:
        """Take a scope from the app, as if its manifest had never asked for it."""
        scopes = self.sandbox.workspace.manifest.oauth_config.scopes
        for names in (scopes.bot, scopes.bot_optional):
            if scope in names:
                names.remove(scope)

    def breaks(self, *faults: Fault) -> None:
        """Have Slack fail in these ways."""
        self.has_trouble |= bool(faults)
        self.sandbox.faults.set(list(faults))

    def calls(self, method: str = "") -> list[Json]:
        """The bot's calls in this story."""
        return self.sandbox.control.calls(method, after=self.first_call)

    def deletes(self, post: Post) -> None:
        """Take a message of the bot's away, as an administrator may."""
        self.sandbox.workspace.posting.delete(post.message)

    def rows(self, table: str) -> int:
        """How many rows the bot's database has in a table, or in a part of it."""
        with self.bot.opened_database() as database:
            [[number]] = database.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - ours
        assert isinstance(number, int)
        return number

    async def links_are_known(self) -> None:
        """Wait until the links to what was announced are stored, which is after the posting."""
        ids = ", ".join(str(incident.id) for incident in self.incidents)
        unknown = f"announcements WHERE permalink IS NULL AND incident_id IN ({ids})"
        await self.until(lambda: self.rows(unknown) == 0, "the links are known")
        await self.bot.is_quiet()

    async def time_passes(self, seconds: float) -> None:
        """Move all clocks forward and wait until everything due has been sent."""
        await self.hosted.time_passes(seconds)
        if self.bot.is_running:
            await self.bot.is_quiet()

    async def time_passes_until(self, seconds: float) -> None:
        """Move the clocks to so many seconds after the start; see `time_passes`."""
        assert seconds >= self.hosted.ahead, "time does not go backwards"
        await self.time_passes(seconds - self.hosted.ahead)

    @property
    def hosted(self) -> HostedBot:
        """The bot of a story with `own_bot`, or the shared one."""
        assert isinstance(self.bot, HostedBot)
        return self.bot

    @property
    def process(self) -> BotProcess:
        """The bot of a story with `own_process`."""
        assert isinstance(self.bot, BotProcess)
        return self.bot

    def another_bot(self) -> BotProcess:
        """A second bot in the same folder."""
        environment, folder = self.sandbox.environment(), self.bot.folder
        return BotProcess(environment, folder, free_port(), "second.log")

    def newcomer(self) -> Person:
        """A member whom the bot has never looked up."""
        user_id = f"U0NEW{self.number}"
        self.sandbox.control.change_user(UserChange(id=user_id, name=user_id.lower()))
        return Person(self, user_id)

    def deactivates(self, person: Person) -> None:
        """As when somebody leaves the company."""
        gone = UserChange(id=person.id, name=person.id.lower(), is_deleted=True)
        self.sandbox.control.change_user(gone)

    async def until(self, look: Callable[[], T | None], what: str) -> T:
        """Wait for `what`; gives what `look` gives, as soon as that is true.

        Nobody waits in real time for what the bot puts off while Slack is in trouble.
        """

        def looked() -> T | None:
            found = look()
            if not found and self.has_trouble and isinstance(self.bot, HostedBot):
                self.bot.puts_clocks_forward(_WHILE_IN_TROUBLE)
            return found

        return await eventually(looked, what)

    async def at_once(self, *works: Coroutine[Any, Any, T]) -> list[T]:
        """Do several things at the same time."""
        return await asyncio.gather(*works)

    def told_in_vain(self) -> int:
        """How many events of this story nobody has acknowledged."""
        sent = self.sandbox.traffic.after(
            self.first_call, direction="to_bot", kind="event_callback"
        )
        return sum(not entry.exchange.ok for entry in sent)

    def last_payload(self, kind: str) -> Json:
        """A copy of what the bot was sent last."""
        [*_, entry] = self.sandbox.traffic.after(self.first_call, direction="to_bot", kind=kind)
        payload = copy.deepcopy(entry.exchange.request)
        assert isinstance(payload, dict)
        return payload

    def calls_alike(self, *user_ids: str) -> None:
        """Which of these people it was is chance, and may differ between the modes."""
        self.interchangeable += user_ids

    async def last_event(self, kind: str, saying: str = "", of: str = "") -> Json:
        """A copy of the event of this kind that the bot was sent last; waits until it answered."""

        def sent() -> list[Json]:
            entries = self.sandbox.traffic.after(
                self.first_call, direction="to_bot", kind="event_callback"
            )
            payloads: list[Any] = [entry.exchange.request for entry in entries]
            return [
                payload
                for payload in payloads
                if payload["event"]["type"] == kind
                and saying in payload["event"].get("text", "")
                and of in payload["event"]["user"]
            ]

        [*_, payload] = await self.until(sent, f"{kind} is sent")
        return copy.deepcopy(payload)

    async def some_message(self) -> Post:
        """A message of the bot's with buttons, as a story finds it at its beginning."""
        if self.spare is None or "Acknowledge" not in self.spare.buttons:
            incident = await self.cara.declares("For forged buttons", in_="incidents")
            self.spare = await self.announcement(incident)
            await self.until(lambda: bool(self.calls("chat.getPermalink")), "its link is known")
            await self.bot.is_quiet()
            self.begins_a_story(self.number)
        return self.spare

    async def delivers(self, kind: str, payload: Json) -> Ack:
        """Send the bot any payload."""
        return await self.sandbox.dispatcher.deliver(kind, payload)

    def press_payload(self, person: Person, button: Button, **changed: object) -> Json:
        """What Slack sends when `person` presses `button`; what they are told counts from now."""
        person.begins()
        directory = self.sandbox.workspace.directory
        action = {
            "type": "button",
            "action_id": button.action_id,
            "block_id": button.block_id,
            "value": button.value,
            "action_ts": self.sandbox.workspace.ids.message_ts(),
            **changed,
        }
        place = Place(directory.channels[button.post.channel_id], button.post.message)
        return self.sandbox.payloads.block_actions(directory.users[person.id], place, action, {})


def filled(view: View, fields: Mapping[str, str]) -> Json:
    """What Slack's client gives for a form in which these inputs were filled, by block ID."""
    elements = {block["block_id"]: block["element"] for block in view.blocks if "element" in block}
    return {
        name: {elements[name]["action_id"]: _value_of(elements[name], text)}
        for name, text in fields.items()
    }


def _value_of(element: Json, text: str) -> Json:
    """A value as Slack's client gives it; checkboxes are parted by commas."""
    if element["type"] == "plain_text_input":
        return {"type": "plain_text_input", "value": text}
    if element["type"] == "datetimepicker":
        return {"type": "datetimepicker", "selected_date_time": int(text)}
    if element["type"] == "checkboxes":
        chosen = text.split(",")
        options = [option for option in element["options"] if option["value"] in chosen]
        return {"type": "checkboxes", "selected_options": options}
    option = next(option for option in element["options"] if option["value"] == text)
    return {"type": element["type"], "selected_option": option}


def _buttons(blocks: list[Json]) -> list[tuple[str, Json]]:
    """Each with the ID of its block."""
    return [
        (block["block_id"], element)
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def _words(part: object) -> list[str]:
    """All that is shown of a block or a list of blocks, in its order."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, list):
        return [word for inner in part for word in _words(inner)]
    if not isinstance(part, dict):
        return []
    if part.get("type") == "user":
        return [f"<@{part['user_id']}>"]
    shown = (part.get(key) for key in ("text", "fields", "elements", "fallback"))
    return [word for inner in shown for word in _words(inner)]
