"""Whatever is done for somebody: when the database goes away once it is done, they hear so."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any, Final, TypeVar

import pytest
from sqlalchemy import Connection

from incident_bot.domain.action_item import NewActionItem
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.note import Note
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.status import Step
from incident_bot.slack import buttons, commands, modals
from incident_bot.slack.buttons.button import BUTTONS
from incident_bot.slack.commands.subcommand import COMMANDS, SUBCOMMANDS
from incident_bot.slack.modals.submitted import MODALS
from incident_bot.slack.registry import Permission, Registry
from incident_bot.slack.replies.conversations import (
    CommandConversation,
    Messenger,
    PressConversation,
    SubmissionConversation,
)
from incident_bot.slack.replies.replying import safely
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import (
    ButtonValue,
    Origin,
    SeenDeed,
    SeenEntry,
    SeenEntryForm,
    SeenForm,
    SeenIncident,
    SeenItem,
    SeenReminder,
)
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database, DatabaseAway
from tests.factories import ANA, BEN, CARA, by
from tests.new_sqlite import opened_sqlite
from tests.slack.incidents import declared, taken, with_channel
from tests.slack.payloads import pressed, submitted, typed

T = TypeVar("T")


class FragileDatabase(Database):
    """A real one which, once it `is_fragile`, goes away right after it has committed something."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_shared = database.is_shared
        self.is_fragile = False
        self.has_gone = False

    async def _commit(self, work: Callable[[Connection], T]) -> T:
        result = await self._database.write(work)
        self.has_gone = self.is_fragile
        return result

    async def read(self, work: Callable[[Connection], T]) -> T:
        if self.has_gone:
            raise DatabaseAway
        return await self._database.read(work)

    async def scan(self, work: Callable[[Connection], T]) -> T:
        if self.has_gone:
            raise DatabaseAway
        return await self._database.scan(work)

    def close(self) -> None:
        self._database.close()


@pytest.fixture
def database() -> Iterator[FragileDatabase]:
    with opened_sqlite() as opened:
        yield FragileDatabase(opened)


SEEN: Final = SeenIncident(incident_id=1, version=1)
ITEM: Final = SeenItem(incident_id=1, item_id=1)
SILENCE: Final = SeenReminder(incident_id=1, kind=ReminderKind.SILENCE)

Prepare = Callable[[Services, Outbox], Awaitable[ButtonValue]]


async def _open(services: Services, _: Outbox) -> ButtonValue:
    await declared(services)
    return SEEN


async def _resolved(services: Services, _: Outbox) -> ButtonValue:
    incident = await taken(services, Step.RESOLVE)
    return SeenIncident(incident_id=1, version=incident.version)


async def _acknowledged(services: Services, _: Outbox) -> ButtonValue:
    await taken(services, Step.ACKNOWLEDGE)
    return SeenDeed(incident_id=1, entry_id=2)


async def _with_a_channel_to_archive(services: Services, outbox: Outbox) -> ButtonValue:
    await with_channel(services, outbox)
    incident = await services.store.take(by(ANA), 1, Step.RESOLVE)
    return SeenIncident(incident_id=1, version=incident.version)


async def _with_note(services: Services, outbox: Outbox) -> ButtonValue:
    await _open(services, outbox)
    _, entry = await services.timelines.add_note(by(ANA), 1, Note("Rolled back"))
    return SeenEntry(incident_id=1, entry_id=entry.id or 0)


async def _led_by_ana(services: Services, _: Outbox) -> ButtonValue:
    await taken(services, Step.ACKNOWLEDGE)
    return SEEN


async def _with_item(services: Services, _: Outbox) -> ButtonValue:
    await declared(services)
    await services.action_items.add(by(BEN), 1, NewActionItem("Fix the alert"))
    return ITEM


async def _with_done_item(services: Services, outbox: Outbox) -> ButtonValue:
    await _with_item(services, outbox)
    await services.action_items.finish(by(BEN), 1, 1)
    return ITEM


async def _silent(services: Services, _: Outbox) -> ButtonValue:
    await declared(services)
    return SILENCE


async def _followed(services: Services, _: Outbox) -> ButtonValue:
    await declared(services)
    await services.store.follow(1, ANA)
    return SEEN


PRESSES: Final[dict[str, Prepare]] = {
    "acknowledge": _open,
    "resolve": _open,
    "reopen": _resolved,
    "join": _open,
    "join_instead": _open,
    "archive": _with_a_channel_to_archive,
    "delete": _led_by_ana,
    "remove_entry": _with_note,
    "snooze": _silent,
    "stop": _silent,
    "undo": _acknowledged,
    "finish_item": _with_item,
    "reopen_item": _with_done_item,
    "follow": _open,
    "unfollow": _followed,
}
OPENS_A_FORM: Final = {"update", "edit", "add_summary", "edit_entry"}

TYPED: Final = {
    "ack": "ack INC-1",
    "resolve": "resolve INC-1",
    "reopen": "reopen INC-1",
    "severity": "severity INC-1 Low",
    "lead": "lead INC-1 @ben",
    "assign": "assign INC-1 @ben Communications",
    "note": "note INC-1 Rolled back",
    "action": "action INC-1 Fix the alert",
    "follow": "follow INC-1",
    "unfollow": "unfollow INC-1",
}
ASKS_OR_OPENS_A_FORM: Final = {"update", "edit", "delete"}

FORM: Final = SeenForm(incident_id=1, version=1, status="Open", severity="High")
ENTRY_FORM: Final = SeenEntryForm(incident_id=1, entry_id=2)
SUBMISSIONS: Final[dict[str, tuple[ButtonValue, dict[str, str | None]]]] = {
    "declare": (Origin(), {"title": "Tills", "description": "Since noon", "severity": "High"}),
    "edit": (FORM, {"title": "Tills", "description": "Since noon", "severity": "High"}),
    "update": (FORM, {"message": "Rolled back", "status": "Open", "severity": "High"}),
    "add_summary": (FORM, {"summary": "A full disk"}),
    "edit_entry": (ENTRY_FORM, {"text": "Rolled back"}),
}


def test_no_button_command_or_form_that_changes_something_is_left_out() -> None:
    typed_changes = changes(COMMANDS) & SUBCOMMANDS.keys()

    assert changes(BUTTONS) - OPENS_A_FORM <= PRESSES.keys()
    assert typed_changes - ASKS_OR_OPENS_A_FORM <= TYPED.keys()
    assert MODALS.keys() == SUBMISSIONS.keys()


def changes(registry: Registry[Any]) -> set[str]:
    """The names of what changes incidents."""
    return {name for name, one in registry.items() if one.permission is Permission.MEMBERS}


def refuse_denial(answer: AnyReply, database: FragileDatabase) -> None:
    """Something was done: the answer must not say otherwise."""
    assert database.has_gone, "it was to commit something"
    assert isinstance(answer, Reply)
    assert "nothing was changed" not in answer.text


@pytest.mark.parametrize("is_ephemeral", [False, True])
@pytest.mark.parametrize("name", PRESSES)
async def test_no_button_that_did_something_says_that_nothing_was_changed(
    services: Services,
    outbox: Outbox,
    database: FragileDatabase,
    messenger: Messenger,
    name: str,
    *,
    is_ephemeral: bool,
) -> None:
    press = pressed(name, await PRESSES[name](services, outbox), is_ephemeral=is_ephemeral)
    database.is_fragile = True

    answer = await safely(PressConversation(messenger, press), buttons.dispatch(press, services))

    refuse_denial(answer, database)


@pytest.mark.parametrize("name", TYPED)
async def test_no_command_that_did_something_says_that_nothing_was_changed(
    services: Services, outbox: Outbox, database: FragileDatabase, messenger: Messenger, name: str
) -> None:
    prepare = {"reopen": _resolved, "unfollow": _followed}.get(name, _open)
    await prepare(services, outbox)
    command = typed(TYPED[name])
    database.is_fragile = True

    answer = await safely(
        CommandConversation(messenger, command), commands.dispatch(command, services)
    )

    refuse_denial(answer, database)


@pytest.mark.parametrize("name", SUBMISSIONS)
async def test_no_form_that_did_something_says_that_nothing_was_changed(
    services: Services, database: FragileDatabase, messenger: Messenger, name: str
) -> None:
    if name == "add_summary":
        await taken(services, Step.RESOLVE, actor=CARA)
    elif name != "declare":
        await declared(services)
        await services.store.post_update(
            by(CARA), 1, ProgressUpdate(message="Rolled bakc", next_update_in=timedelta(hours=1))
        )
    metadata, values = SUBMISSIONS[name]
    if isinstance(metadata, SeenForm):
        metadata = metadata.model_copy(update={"version": 2})
    submission = submitted(values, metadata, callback_id=name)
    database.is_fragile = True

    answer = await safely(
        SubmissionConversation(messenger, submission), modals.dispatch(submission, services)
    )

    refuse_denial(answer, database)


async def test_a_fault_after_the_change_is_told_with_its_reference(
    services: Services, messenger: Messenger
) -> None:
    await declared(services)
    press = pressed("resolve", SEEN)

    async def faulty() -> AnyReply:
        await buttons.dispatch(press, services)
        raise ZeroDivisionError

    answer = await safely(PressConversation(messenger, press), faulty())

    assert isinstance(answer, Reply)
    assert answer.text.startswith("It's done, but I couldn't show you the result.")
    assert "tell whoever runs the bot this reference: " in answer.text
