"""What people do in a chaos, each until it is done; and who must see nothing of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from incident_bot.sandbox.control import ChannelChange
from incident_bot.sandbox.interactions import Container, Press
from tests.chaos.plan import SECRET, Errand
from tests.chaos.records import Records
from tests.chaos.witness import Secret, Witness
from tests.slack_people import Slack
from tests.storms.stubborn import StubbornPerson, Tries
from tests.waiting import eventually

T = TypeVar("T")

GENERAL: Final = "C0GENERAL"
# Longer than anything that befalls a replica.
_ANSWER_WITHIN: Final = 30.0
_NOTED_WITHIN: Final = 120.0
_GUESTS: Final = 3


@dataclass
class Done:
    """An errand that somebody has run, and who heard of it in direct messages."""

    errand: Errand
    incident_id: int
    title: str
    reporter: str
    follower: str | None = None
    channel_id: str | None = None
    put_out: set[str] = field(default_factory=set)


@dataclass
class Crowd:
    """The people of a workspace; `acts` is how often one of them was told that it is done."""

    slack: Slack
    records: Records
    witness: Witness
    tries: Tries
    acts: int = 0
    pried: int = 0
    done: list[Done] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._others = [self.person(f"other{number}") for number in range(_GUESTS)]
        self._busy = {other.id: asyncio.Lock() for other in self._others}

    def person(self, name: str) -> StubbornPerson:
        return StubbornPerson(self.slack, f"U0{name.upper()}", name, self.tries)

    async def run(self, worker: StubbornPerson, errand: Errand) -> None:
        """Declare, acknowledge, tell of progress, resolve."""
        done = Done(errand, *await self._declares(worker, errand), worker.id)
        guest, stranger = self._others_for(done.incident_id)
        secret = None
        if errand.is_private:
            secret = await self._lets_in(done, guest)
        elif errand.is_followed:
            await self._follows(guest, done)
        await self._steps(worker, done.incident_id, "ack", "You acknowledged", "already In")
        await self._tells(worker, done)
        if secret is not None:
            await self._pries(stranger, done)
            if not errand.is_guest_to_stay:
                async with self._busy[guest.id]:  # they are owed no answer then
                    await self._puts_out(secret, guest)
                done.put_out.add(guest.id)
                await self._pries(guest, done)
        await self._steps(worker, done.incident_id, "resolve", "You resolved", "already Resolved")
        self.done.append(done)

    def _others_for(self, incident_id: int) -> tuple[StubbornPerson, StubbornPerson]:
        return tuple(self._others[(incident_id + n) % _GUESTS] for n in range(2))  # type: ignore[return-value]

    async def _declares(self, worker: StubbornPerson, errand: Errand) -> tuple[int, str]:
        channel_id = self.slack.channel_id(errand.channel)
        fields = {"description": "It all goes wrong", "severity": "High"}
        if errand.box:
            fields["channel"] = errand.box
        titles: list[str] = []
        while (found := self.records.declared(titles)) is None:
            titles.append(errand.title_of_form(len(titles)))
            typed = f"/incident new {titles[-1]}"
            worker.person.begins()
            await worker.fills(typed, channel_id, titles[-1], title=titles[-1], **fields)
            await worker.hears("You declared", within=_ANSWER_WITHIN)
        self.acts += 1
        return found

    async def _steps(self, worker: StubbornPerson, incident_id: int, verb: str, *done: str) -> None:
        typed = f"/incident {verb} INC-{incident_id}"
        await worker.is_told(lambda: worker.types(typed, GENERAL), *done)
        self.acts += 1

    async def _tells(self, worker: StubbornPerson, done: Done) -> None:
        number, reference = 0, f"INC-{done.incident_id}"
        while number == 0 or not self.records.updates(done.incident_id):
            text = done.errand.update_of_form(number)
            number += 1
            worker.person.begins()
            await worker.fills(
                f"/incident update {reference}", GENERAL, f"Update {reference}", message=text
            )
            await worker.hears("Your update on", within=_ANSWER_WITHIN)
        self.acts += 1

    async def _follows(self, fan: StubbornPerson, done: Done) -> None:
        typed, said = f"/incident follow INC-{done.incident_id}", f"INC-{done.incident_id}"
        async with self._busy[fan.id]:
            await fan.is_told(
                lambda: fan.types(typed, GENERAL), f"You follow {said} now", f"{said} already"
            )
        done.follower = fan.id

    # Who may see what

    async def _lets_in(self, done: Done, guest: StubbornPerson) -> Secret:
        """By hand, once the channel is there; then they follow it."""
        incident_id = done.incident_id
        done.channel_id = await self._noted(
            lambda: self.records.channel_of(incident_id), f"INC-{incident_id} has a channel"
        )
        people = {done.reporter, guest.id}
        secret = Secret(incident_id, done.title, done.channel_id, people)
        self.witness.secrets.append(secret)
        channel = self.slack.sandbox.workspace.directory.channels[secret.channel_id]
        self._changes_members(secret, [*channel.members, guest.id])
        await self._noted(
            lambda: self.records.responds(incident_id, guest.id), f"{guest.id} is let in"
        )
        await self._follows(guest, done)
        return secret

    async def _puts_out(self, secret: Secret, guest: StubbornPerson) -> None:
        channel = self.slack.sandbox.workspace.directory.channels[secret.channel_id]
        self._changes_members(secret, [one for one in channel.members if one != guest.id])
        incident_id = secret.incident_id
        await self._noted(
            lambda: not self.records.responds(incident_id, guest.id), f"{guest.id} is put out"
        )
        # What is on its way to Slack at this moment cannot be called back.
        await self._noted(
            lambda: not self.records.is_being_told(incident_id, guest.id), f"{guest.id} is told"
        )
        self.witness.puts_out(secret, guest.id)

    def _changes_members(self, secret: Secret, members: list[str]) -> None:
        change = ChannelChange(id=secret.channel_id, members=members)
        self.slack.sandbox.control.change_channel(change)

    async def _noted(self, look: Callable[[], T | None], what: str) -> T:
        return await eventually(look, what, _NOTED_WITHIN)

    async def _pries(self, person: StubbornPerson, done: Done) -> None:
        """In all the ways that there are, once each: whatever comes of it, it must be nothing."""
        reference, title = f"INC-{done.incident_id}", done.title
        async with self._busy[person.id]:
            for typed in (
                f"show {reference}",
                f"timeline {reference}",
                f"update {reference}",
                f"resolve {reference}",
                f"search {SECRET} {title.split()[0]}",
                "list all",
            ):
                await person.types(f"/incident {typed}", GENERAL)
            person.person.looks_at_home()
            await self._types_its_title(person, title)
            self.pried += 1

    async def _types_its_title(self, person: StubbornPerson, title: str) -> None:
        """Into the form of a new incident, which tells of similar ones."""
        await person.types("/incident new", GENERAL)
        views = self.slack.sandbox.workspace.views
        view = views.modals.get(person.id)
        if view is None:  # Slack or the bot is in trouble
            return
        element = next(one["element"] for one in view.blocks if one["block_id"] == "title")
        value = {"type": "plain_text_input", "value": title}
        press = Press(
            container=Container(type="view", view_id=view.id),
            block_id="title",
            action_id=element["action_id"],
            value=value,
            state={"title": {element["action_id"]: value}},
        )
        await self.slack.sandbox.interactions.press(person.id, press)
        views.close(person.id)
