"""`incident-bot outbox`: what is not delivered is seen and mended, on a bot that runs or not."""

import re
from collections.abc import Callable
from typing import Final

import pytest
from click.testing import CliRunner

from incident_bot.cli import main
from incident_bot.domain.timeline import EntryKind
from incident_bot.operations.words import table
from incident_bot.sandbox.faults import Fault
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.undelivered import Message
from tests.bots.process import BotProcess
from tests.factories import FROM_THE_FUTURE, NOON
from tests.operations.support import operator, rest_of, starts_alone
from tests.postgres import PostgresServer
from tests.slack_people import DeclaredIncident, Slack
from tests.story import story

NewDatabase = Callable[[], dict[str, str]]

TOKENS: Final = {"INCIDENT_BOT_API_TOKENS": "ci:6fKq-first-canary"}
UPDATE: Final = EntryKind.UPDATE_POSTED
TOO_LONG: Final = Fault(method="chat.postMessage", kind="error", error="msg_too_long")


async def declared(bot: BotProcess, times: int = 1) -> None:
    """Declare incidents by REST; on a bot without Slack their announcements wait."""
    async with rest_of(bot) as rest:
        for _ in range(times):
            await rest.declares()


def is_being_sent(bot: BotProcess) -> None:
    """Have a worker, of which nobody knows, hold the messages."""
    with bot.opened_database() as database:
        database.execute(
            "UPDATE outbox SET state = 'sending', attempts = 1, claimed_by = 'worker', "
            "lease_until = '2030-01-01 00:00:00'"
        )


@pytest.fixture(params=["running", "running with tokens", "stopped", "PostgreSQL"])
async def bot_with_messages(request: pytest.FixtureRequest, bot: BotProcess) -> BotProcess:
    """Two incidents are to be announced by it, and that the first was resolved to be told."""
    settings: dict[str, str] = {}
    if request.param == "PostgreSQL":
        settings["INCIDENT_BOT_DATABASE_URL"] = request.getfixturevalue("postgres").new_database()
    if request.param == "running with tokens":
        settings |= TOKENS
    await starts_alone(bot, **settings)
    await declared(bot, 2)
    async with rest_of(bot) as rest:
        await rest.patch(1, {"status": "Resolved"})
    if request.param == "stopped":
        await bot.stops()
    return bot


async def test_what_is_not_sent_is_listed_in_columns(bot_with_messages: BotProcess) -> None:
    ended = await operator(bot_with_messages, "outbox", "list")

    assert (ended.status, ended.complained) == (0, "")
    head, post, _, told = ended.lines
    assert head.split() == [
        *("ID", "INCIDENT", "WHAT", "DESTINATION", "STATE", "TRIES", "AGE", "REASON")
    ]
    assert post.split()[:6] == ["1", "INC-1", "announcement", "incidents", "pending", "0"]
    assert told.split()[:5] == ["3", "INC-1", "notification:", "resolved", "incidents"]
    assert {line.find("incidents") for line in (post, told)} == {head.find("DESTINATION")}
    assert max(map(len, ended.lines)) <= 100


@pytest.mark.parametrize(
    ("operation", "entry_kind", "is_edit", "words"),
    [
        (Operation.ANNOUNCEMENT, None, False, "announcement"),
        (Operation.ANNOUNCEMENT, None, True, "edit of an announcement"),
        (Operation.DIRECT, UPDATE, False, "direct: update posted"),
        (Operation.DIRECT, UPDATE, True, "edit of a direct message: update posted"),
        (Operation.NOTIFICATION, UPDATE, True, "edit of a notification: update posted"),
        (Operation.TOPIC, None, False, "topic"),
        (Operation.DIRECT, FROM_THE_FUTURE, False, "direct: from_the_future"),
        (FROM_THE_FUTURE, None, False, "from_the_future"),
    ],
)
def test_what_a_message_is_is_told_in_words(
    operation: Operation | str, entry_kind: EntryKind | str | None, *, is_edit: bool, words: str
) -> None:
    what = (operation, entry_kind, is_edit)
    message = Message(1, 12, "slack", *what, "C0INC", "pending", 1, NOON, None)

    _head, line = table([message], NOON).splitlines()

    assert re.split("  +", line)[2] == words


async def test_messages_are_discarded_by_their_ids(bot_with_messages: BotProcess) -> None:
    first = await operator(bot_with_messages, "outbox", "discard", "1", "3")
    again = await operator(bot_with_messages, "outbox", "discard", "1", "2", "99", "9" * 30)

    assert (first.status, first.said, first.complained) == (0, "Discarded: 1, 3.\n", "")
    assert (again.status, again.said) == (1, "Discarded: 2.\n")
    assert set(again.complained.splitlines()) == {
        "incident-bot: 1 was discarded already.",
        "incident-bot: 99 is no message's ID.",
        f"incident-bot: {'9' * 30} is no message's ID.",
    }
    kept = await operator(bot_with_messages, "outbox", "list", "--all")
    assert [line.split()[-4:] for line in kept.lines[1:]] == [
        ["discarded", "by", "an", "operator"]
    ] * 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list"], "Nothing waits to be sent, and nothing has failed.\n"),
        (["list", "--all"], "The outbox is empty.\n"),
        (["retry", "--all"], "Nothing waits to be sent, and nothing has failed.\n"),
        (["discard", "--all"], "Nothing waits to be sent, and nothing has failed.\n"),
    ],
)
async def test_an_empty_outbox_is_told_in_a_sentence(
    bot: BotProcess, postgres: PostgresServer, arguments: list[str], said: str
) -> None:
    address = postgres.new_database()

    ended = await operator(bot, "outbox", *arguments, INCIDENT_BOT_DATABASE_URL=address)

    assert (ended.status, ended.said, ended.complained) == (0, said, "")


async def test_many_are_discarded_only_after_a_yes(bot: BotProcess) -> None:
    await starts_alone(bot)
    await declared(bot, 2)

    asked = await operator(bot, "outbox", "discard", "--all", typed="n\n")
    unheard = await operator(bot, "outbox", "discard", "--all")
    assert (asked.status, unheard.status) == (1, 1)
    assert "Discard these 2 messages? They will never be sent. [y/N]" in asked.said
    assert asked.lines[1].startswith("1   INC-1")

    agreed = await operator(bot, "outbox", "discard", "--all", typed="y\n")
    assert agreed.status == 0
    assert agreed.said.endswith("Discarded: 1, 2.\n")


async def test_only_what_is_old_is_discarded(bot: BotProcess) -> None:
    await starts_alone(bot, INCIDENT_BOT_TEST_CLOCK_SHIFT="-7500")
    await declared(bot)
    await bot.stops()
    await starts_alone(bot, INCIDENT_BOT_TEST_CLOCK_SHIFT="0")
    await declared(bot)

    none = await operator(bot, "outbox", "discard", "--older-than", "3h", "--yes")
    old = await operator(bot, "outbox", "discard", "--older-than", "2h", "--yes")

    assert (none.status, none.said) == (0, "Nothing that waits or has failed is so old.\n")
    assert (old.status, old.said) == (0, "Discarded: 1.\n")
    assert [line.split()[0] for line in (await operator(bot, "outbox", "list")).lines[1:]] == ["2"]


async def has_failed(slack: Slack) -> DeclaredIncident:
    """An incident whose announcement, message 1, Slack has refused, and would take now."""
    slack.breaks(TOO_LONG)
    incident = await slack.cara.declares(in_="incidents")
    await slack.bot.says("a message was refused")
    await slack.bot.is_quiet()
    slack.breaks()
    return incident


@story(own_process=True)
async def test_what_failed_is_sent_when_it_is_retried(
    slack: Slack, new_database: NewDatabase
) -> None:
    await slack.bot.starts(**new_database())
    incident = await has_failed(slack)
    listed = await operator(slack.bot, "outbox", "list")

    retried = await operator(slack.bot, "outbox", "retry", "1", "7")

    assert listed.lines[1].split()[4:6] == ["failed", "1"]
    assert listed.lines[1].endswith("msg_too_long")
    assert (retried.status, retried.said) == (1, "Due now: 1.\n")
    assert retried.complained == "incident-bot: 7 is no message's ID.\n"
    await slack.announcement(incident)
    await slack.bot.is_quiet()
    assert len(slack.posts(incident)) == 1


@story(own_process=True)
async def test_what_is_retried_while_no_bot_runs_is_sent_by_the_next(slack: Slack) -> None:
    await slack.bot.starts()
    incident = await has_failed(slack)
    await slack.bot.stops()

    retried = await operator(slack.bot, "outbox", "retry", "1")
    await slack.bot.starts()

    assert (retried.status, retried.said) == (0, "Due now: 1.\n")
    await slack.announcement(incident)


@story(own_process=True)
async def test_what_was_sent_is_not_sent_again(slack: Slack) -> None:
    await slack.bot.starts()
    incident = await slack.cara.declares(in_="incidents")
    await slack.bot.is_quiet()

    ended = await operator(slack.bot, "outbox", "retry", "1")

    assert (ended.status, ended.said) == (1, "")
    assert ended.complained == "incident-bot: 1 was sent already.\n"
    await slack.bot.is_quiet()
    assert len(slack.posts(incident)) == 1


@story(own_process=True)
async def test_what_waits_for_its_time_is_sent_when_all_is_retried(slack: Slack) -> None:
    await slack.bot.starts()
    await slack.cara.declares(in_="incidents")
    await slack.bot.is_quiet()
    with slack.bot.opened_database() as database:
        database.execute(
            "UPDATE outbox SET state = 'pending', settled_at = NULL, due_at = '2099-01-01 00:00:00'"
        )

    ended = await operator(slack.bot, "outbox", "retry", "--all")

    assert (ended.status, ended.said) == (0, "Due now: 1.\n")
    await slack.bot.is_quiet()


async def test_what_is_being_sent_cannot_be_discarded(bot: BotProcess) -> None:
    await starts_alone(bot)
    await declared(bot)
    is_being_sent(bot)

    for which in (["1"], ["--all", "--yes"]):
        ended = await operator(bot, "outbox", "discard", *which)

        assert (ended.status, ended.said) == (1, "")
        assert ended.complained == "incident-bot: 1 is being sent right now.\n"


@story(own_process=True)
async def test_what_is_discarded_never_comes(slack: Slack, new_database: NewDatabase) -> None:
    bot = slack.bot
    slack.changes_channel("incidents", has_bot=False)
    await bot.starts(**new_database())
    unheard = await slack.cara.declares("Not to be told")
    await bot.says("a message has to wait")

    ended = await operator(bot, "outbox", "discard", "--all", "--yes")
    while "is being sent" in ended.complained:  # tried again just now
        ended = await operator(bot, "outbox", "discard", "--all", "--yes")
    slack.changes_channel("incidents", has_bot=True)
    heard = await slack.cara.declares("To be told")

    assert ended.status == 0
    await slack.announcement(heard)
    await bot.is_quiet()
    assert slack.posts(unheard) == []


async def test_a_crash_while_sending_leaves_nothing_that_cannot_be_mended(bot: BotProcess) -> None:
    await starts_alone(bot)
    await declared(bot)
    await bot.is_killed()
    is_being_sent(bot)

    ended = await operator(bot, "outbox", "discard", "1")

    assert (ended.status, ended.said) == (0, "Discarded: 1.\n")


@pytest.mark.parametrize(
    "settings",
    [
        {"INCIDENT_BOT_PORT": "1"},
        {"INCIDENT_BOT_PORT": "0"},
        {"INCIDENT_BOT_HOST": "no.such.host.invalid"},
    ],
    ids=str,
)
async def test_a_bot_that_cannot_be_asked_is_told_in_one_line(
    bot: BotProcess, settings: dict[str, str]
) -> None:
    await starts_alone(bot)

    ended = await operator(bot, "outbox", "retry", "1", **settings)

    assert (ended.status, ended.said) == (2, "")
    [line] = ended.complained.splitlines()
    assert line.startswith("incident-bot: the bot that has the database does not answer at ")
    assert line.endswith("Run this with the settings of the bot, or stop the bot first.")


async def test_a_bot_that_wants_another_token_is_told_in_one_line(bot: BotProcess) -> None:
    await starts_alone(bot, **TOKENS)

    ended = await operator(bot, "outbox", "list", INCIDENT_BOT_API_TOKENS="ci:a-wrong-canary-token")

    assert (ended.status, ended.said) == (2, "")
    [line] = ended.complained.splitlines()
    assert f"{bot.url} answered 401." in line
    assert "canary" not in line


async def test_the_bot_of_another_database_is_not_taken_for_this_one(
    bot: BotProcess, new_bot: Callable[[str], BotProcess]
) -> None:
    await starts_alone(bot)
    other = new_bot("other")
    await starts_alone(other)
    await declared(other)

    port = other.settings["INCIDENT_BOT_PORT"]
    ended = await operator(bot, "outbox", "discard", "1", INCIDENT_BOT_PORT=port)

    assert (ended.status, ended.said) == (2, "")
    assert f"is process {other.pid}, but process {bot.pid} has the database" in ended.complained
    assert len((await operator(other, "outbox", "list")).lines) == 2


async def test_a_database_that_is_not_there_is_not_made(bot: BotProcess) -> None:
    ended = await operator(bot, "outbox", "list")

    assert (ended.status, ended.said) == (2, "")
    assert ended.complained == (
        "incident-bot: INCIDENT_BOT_DATABASE_URL is not usable: there is no incident_bot.db: "
        "starting the bot makes it.\n"
    )
    assert list(bot.folder.iterdir()) == []


async def test_a_wrong_setting_is_told_in_one_line(bot: BotProcess) -> None:
    ended = await operator(bot, "outbox", "list", INCIDENT_BOT_PORT="many")

    assert (ended.status, ended.said) == (2, "")
    [line] = ended.complained.splitlines()
    assert line.startswith("incident-bot: INCIDENT_BOT_PORT is wrong: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["retry"], "Name messages by their IDs, or say --all."),
        (["retry", "1", "--all"], "Name messages by their IDs, or say --all."),
        (["retry", "0"], "0 is not in the range"),
        (["discard"], "say --all or --older-than"),
        (["discard", "1", "--older-than", "2h"], "say --all or --older-than"),
        (["discard", "--all", "--older-than", "2h"], "say --all or --older-than"),
        (["discard", "--older-than", "soon"], "'soon' is no age such as 30m, 2h or 7d."),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(main, ["outbox", *arguments])

    assert result.exit_code == 2
    assert words in result.stderr
