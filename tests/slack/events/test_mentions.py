"""The bot is mentioned: answered once, to whoever did it, where they did."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from sqlalchemy import select

from incident_bot.domain.status import Status, Step
from incident_bot.slack.events.mentions import Mentions
from incident_bot.slack.replies.conversations import Messenger
from incident_bot.slack.services import Services
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from incident_bot.store.requests import AnsweredRequests
from incident_bot.store.rows.tables import requests
from tests.factories import A_VIEWER, ANA, BEN, EVE, GUS, Clock
from tests.movable_time import a_moment, put_forward, turns, until
from tests.new_sqlite import refuse_writes
from tests.slack.answers import deeds
from tests.slack.incidents import OWN, declared, with_channel
from tests.slack.payloads import OPS, mentioned
from tests.web_api import Json, WebApi, a_user, error, late, ok


@pytest.fixture
def answered(database: Database, clock: Clock) -> AnsweredRequests:
    return AnsweredRequests(database, clock)


@pytest.fixture
def mentions(
    services: Services, messenger: Messenger, answered: AnsweredRequests, web_api: WebApi
) -> Mentions:
    web_api.answers("chat.postEphemeral", ok())
    return Mentions(services, messenger, answered)


def told(web_api: WebApi) -> list[str]:
    """What was said to whoever mentioned the bot."""
    return [said["text"] for said in web_api.asked("chat.postEphemeral")]


async def test_the_words_are_a_command(
    mentions: Mentions, services: Services, web_api: WebApi
) -> None:
    await declared(services)

    assert await mentions.follow(mentioned("ack INC-1", BEN, thread_ts="100.1"))

    [said] = web_api.asked("chat.postEphemeral")
    assert said == {
        "channel": OPS,
        "user": BEN,
        "thread_ts": "100.1",
        "text": "You acknowledged INC-1; it is In Progress. You lead it.",
    }
    assert (await services.store.get(1, A_VIEWER)).lead == BEN


@pytest.mark.parametrize(
    "said",
    ["<@U0BOT> ack INC-1", "<@U0BOT|bot>: ack INC-1", "Hey <@U0BOT>, ack INC-1", "ack INC-1"],
)
async def test_what_stands_before_the_mention_does_not_matter(
    mentions: Mentions, services: Services, said: str
) -> None:
    await declared(services)

    await mentions.follow(mentioned("", text=said))

    assert (await services.store.get(1, A_VIEWER)).status is Status.IN_PROGRESS


async def test_somebody_is_named_by_a_mention_of_them(
    mentions: Mentions, services: Services, web_api: WebApi
) -> None:
    await declared(services)

    await mentions.follow(mentioned("", text="<@U0BOT> lead INC-1 <@U0BEN>"))

    assert told(web_api) == ["<@U0BEN> leads INC-1 now."]


async def test_names_come_with_what_is_kept(mentions: Mentions, services: Services) -> None:
    await declared(services)

    await mentions.follow(mentioned("", text="<@U0BOT> note INC-1 Ask <@U0BEN> &amp; wait"))

    [_, note] = await services.store.timeline(1, A_VIEWER)
    assert note.text == "Ask @Ben & wait"


async def test_names_are_waited_for_no_longer_than_a_second(
    mentions: Mentions, web_api: WebApi, services: Services
) -> None:
    await services.people.refuse_outsider(ANA)
    web_api.answers("users.info", late(ok(user=a_user(BEN))))

    following = asyncio.create_task(mentions.follow(mentioned("", text="<@U0BOT> <@U0BEN> x")))
    await until(lambda: len(web_api.asked("users.info")) == 2)
    put_forward(0.9)
    await turns()
    assert not following.done()
    put_forward(0.1)

    assert await following
    assert told(web_api)[0].startswith("“@U0BEN” is not a command.")


async def test_in_an_incident_s_own_channel_it_need_not_be_named(
    mentions: Mentions, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    await with_channel(services, outbox)

    await mentions.follow(mentioned("resolve", channel=OWN))

    assert told(web_api) == ["You resolved INC-1."]


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        (GUS, "resolve INC-1", "Guests may declare and read incidents, but not change them."),
        (EVE, "list", "Only people of this workspace may change incidents."),
        (ANA, "resolve INC-2", "There is no incident `INC-2`."),
        (ANA, "lsit", "“lsit” is not a command. Did you mean `/incident list`?"),
    ],
)
async def test_what_cannot_be_done_is_answered_too(
    mentions: Mentions, services: Services, web_api: WebApi, *, who: str, words: str, answer: str
) -> None:
    await declared(services)

    assert await mentions.follow(mentioned(words, who))

    assert told(web_api)[0].startswith(answer)
    assert await deeds(services) == []


async def test_what_somebody_may_not_do_is_in_the_log(
    mentions: Mentions, services: Services, logs: list[MutableMapping[str, Any]]
) -> None:
    await declared(services)

    await mentions.follow(mentioned("resolve INC-1", GUS))

    [refused] = [entry for entry in logs if entry["event"] == "a change was refused"]
    assert (refused["user_id"], refused["action"]) == (GUS, "mention resolve")


@pytest.mark.parametrize(
    "changes",
    [{"user": None}, {"bot_id": "B0ELSE"}, {"edited": {"user": ANA, "ts": "9.9"}}],
    ids=["nobody's", "a program's", "edited"],
)
async def test_what_no_person_says_anew_is_not_answered(
    mentions: Mentions, web_api: WebApi, changes: Json
) -> None:
    assert await mentions.follow(mentioned("help", **changes))

    assert web_api.calls == []


async def test_a_mention_that_slack_tells_again_is_answered_once(
    mentions: Mentions, services: Services, web_api: WebApi, logs: list[MutableMapping[str, Any]]
) -> None:
    await declared(services)
    mention = mentioned("list")

    await mentions.follow(mention)
    await mentions.follow(mention)

    assert len(told(web_api)) == 1
    assert logs[-1] == {"event": "a mention came again", "log_level": "info", "user_id": ANA}


async def test_while_another_process_answers_it_slack_is_to_ask_again(
    mentions: Mentions, answered: AnsweredRequests, database: Database, web_api: WebApi
) -> None:
    database.is_shared = True
    mention = mentioned("help")
    assert await answered.begin(mention.event_id)

    assert not await mentions.follow(mention)

    assert told(web_api) == []


async def test_an_answer_that_takes_long_is_left_to_the_process_that_began_it(
    mentions: Mentions,
    answered: AnsweredRequests,
    database: Database,
    clock: Clock,
    web_api: WebApi,
) -> None:
    database.is_shared = True
    web_api.answers("chat.postEphemeral", late(ok()))
    mention = mentioned("help")
    following = asyncio.create_task(mentions.follow(mention))
    await until(lambda: web_api.asked("chat.postEphemeral"))

    began = clock()
    clock.advance(14)
    put_forward(5)
    while await database.read(lambda connection: connection.scalar(select(requests.c.at))) == began:
        await a_moment()
    clock.advance(14)
    is_taken_over = await answered.begin(mention.event_id)
    web_api.gate.set()

    assert await following
    assert not is_taken_over
    assert len(told(web_api)) == 1


async def test_what_was_done_but_not_answered_is_answered_when_slack_tells_again(
    mentions: Mentions, services: Services, web_api: WebApi
) -> None:
    """As when the process died in between: the deed is done once, its answer comes."""
    await declared(services)
    mention = mentioned("ack INC-1")
    command = mention.command(ANA, "ack INC-1")
    await services.store.take(command.request, 1, Step.ACKNOWLEDGE)

    await mentions.follow(mention)

    [said] = told(web_api)
    assert said.startswith("That is done.\n🔶 INC-1 Checkout answers 500")
    assert len(await deeds(services)) == 2


async def test_while_the_database_is_away_that_is_the_answer(
    mentions: Mentions, services: Services, database: Database, web_api: WebApi
) -> None:
    await declared(services)
    await refuse_writes(database)

    assert await mentions.follow(mentioned("ack INC-1"))

    assert told(web_api) == [
        (
            "The database of the bot does not answer, so nothing was changed. "
            "Please try again in a minute."
        )
    ]


async def test_without_a_way_to_say_it_there_it_comes_in_a_direct_message(
    mentions: Mentions, web_api: WebApi
) -> None:
    web_api.answers("chat.postEphemeral", error("is_archived"))
    web_api.answers("chat.postMessage", ok(ts="1.000001"))

    await mentions.follow(mentioned("help", BEN))

    assert [said["channel"] for said in web_api.asked("chat.postMessage")] == [BEN]
