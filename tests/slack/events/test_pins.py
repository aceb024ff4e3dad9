"""📌, by each thing that Slack may say of a message (conversations.replies)."""

from collections.abc import MutableMapping
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import update

from incident_bot.slack.api.people import People
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.events.pins import Pins
from incident_bot.slack.payloads import Reaction
from incident_bot.slack.services import Services
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.rows.tables import announcements
from tests.factories import A_VIEWER, ANA, BEN, CARA, GUS, INCIDENTS, NOON, a_declaration, by
from tests.web_api import Answer, Call, WebApi, a_user, error, ok

THREAD = f"{NOON.timestamp() - 60:.6f}"
MESSAGE = f"{NOON.timestamp():.6f}"


class Thread:
    """What Slack shows of a thread: its announcement is given with whatever is asked for."""

    def __init__(self) -> None:
        self.message: dict[str, Any] | None = {"user": CARA, "text": "It is the cache"}
        self.pinned_by = [ANA]
        self.is_taken_back_meanwhile = False

    def shown(self, _call: Call) -> Answer:
        parent = {"ts": THREAD, "thread_ts": THREAD, "user": "U0BOT", "text": "INC-1"}
        if self.message is None:
            return ok(messages=[parent])
        reactions = [{"name": "pushpin", "users": self.pinned_by, "count": len(self.pinned_by)}]
        reply = {"ts": MESSAGE, "thread_ts": THREAD, "reactions": reactions}
        return ok(messages=[parent, reply | self.message])

    def linked(self, _call: Call) -> Answer:
        if self.is_taken_back_meanwhile:
            self.pinned_by = []
        return ok(permalink="https://example.slack.com/archives/C0INC/p1")


@pytest.fixture
def thread(web_api: WebApi) -> Thread:
    thread = Thread()
    web_api.answers("conversations.replies", thread.shown)
    web_api.answers("chat.getPermalink", thread.linked)
    return thread


@pytest.fixture
async def store(database: Database, services: Services) -> IncidentStore:
    """With INC-1, which is announced."""
    await services.store.declare(by(CARA), a_declaration(), [INCIDENTS])
    place = {"channel_id": "C0INC", "message_ts": THREAD}
    await database.write(
        lambda connection: connection.execute(update(announcements).values(place)).rowcount
    )
    return services.store


@pytest.fixture
def pins(
    client: AsyncWebClient,
    services: Services,
    store: IncidentStore,
    thread: Thread,
    people: People,
    workspace: Workspace,
) -> Pins:
    del store, thread  # the incident is declared, and Slack shows its thread
    return Pins(client, services.timelines, people, services.channels, workspace)


def reaction(kind: str = "reaction_added", **changes: Any) -> Reaction:  # noqa: ANN401 - JSON
    event = {
        "type": kind,
        "user": ANA,
        "reaction": "pushpin",
        "item": {"type": "message", "channel": "C0INC", "ts": MESSAGE},
        "item_user": CARA,
    }
    return Reaction.model_validate({"event_id": f"Ev{kind}", "event": event | changes})


async def pinned(store: IncidentStore) -> list[str | None]:
    return [entry.text for entry in (await store.timeline(1, A_VIEWER))[1:]]


@pytest.mark.parametrize(
    ("message", "author", "words"),
    [
        ({"user": CARA, "text": "a &lt; b &amp; c"}, CARA, "a < b & c"),
        ({"user": CARA, "text": "Ask <@U0BEN>"}, CARA, "Ask @Ben <> Okafor"),
        (
            {"user": CARA, "text": "See <https://a.example|here>"},
            CARA,
            "See here (https://a.example)",
        ),
        ({"user": CARA, "files": [{"name": "graph.png"}, {}]}, CARA, "graph.png"),
        ({"user": CARA, "text": "\u200b"}, CARA, "a message without words"),
        ({"username": "Grafana", "text": "firing"}, "Grafana (app)", "firing"),
        ({"text": "firing"}, "an app", "firing"),
        (
            {"text": "", "attachments": [{"title": "Firing", "text": "<https://a.example|Graph>"}]},
            "an app",
            "Firing\nGraph (https://a.example)",
        ),
        ({"text": None, "attachments": [{"fallback": "Firing"}]}, "an app", "Firing"),
        ({"username": "x", "text": "Down", "attachments": [{"text": "y"}]}, "x (app)", "Down"),
        ({"user": CARA, "text": "x" * 9000}, CARA, "x" * 2999 + "…"),
    ],
)
async def test_a_message_is_pinned_as_it_reads(
    pins: Pins,
    web_api: WebApi,
    thread: Thread,
    store: IncidentStore,
    *,
    message: dict[str, Any],
    author: str,
    words: str,
) -> None:
    profile = {"display_name": "Ben <|> Okafor"}
    web_api.answers("users.info", ok(user=a_user(profile=profile)))
    thread.message = message

    await pins.follow(reaction())

    [_, entry] = await store.timeline(1, A_VIEWER)
    assert (entry.text, entry.author, entry.actor) == (words, author, ANA)
    assert entry.happened_at == NOON


@pytest.mark.parametrize(
    "changes",
    [
        {"reaction": "eyes"},
        {"item": {"type": "file", "file": "F1"}},
        {"item": {"type": "message", "channel": "C0ELSE", "ts": MESSAGE}},
        {"item_user": "U0BOT"},
    ],
    ids=str,
)
async def test_what_is_no_pin_of_ours_asks_slack_nothing(
    pins: Pins, web_api: WebApi, store: IncidentStore, changes: dict[str, Any]
) -> None:
    await pins.follow(reaction(**changes))

    assert (web_api.calls, await pinned(store)) == ([], [])


@pytest.mark.parametrize(
    "message",
    [None, {"user": "U0BOT", "text": "told"}, {"user": CARA, "text": "x", "thread_ts": "1.2"}],
    ids=str,
)
async def test_what_is_gone_or_in_no_thread_of_ours_is_not_pinned(
    pins: Pins, thread: Thread, store: IncidentStore, message: dict[str, Any] | None
) -> None:
    thread.message = message

    await pins.follow(reaction())

    assert await pinned(store) == []


async def test_events_that_overtake_each_other_leave_what_slack_shows(
    pins: Pins, thread: Thread, store: IncidentStore
) -> None:
    thread.pinned_by = []  # pinned, and taken back at once
    await pins.follow(reaction("reaction_removed"))
    await pins.follow(reaction())
    assert await pinned(store) == []

    thread.pinned_by = [BEN]  # taken back by one, pinned by the other
    await pins.follow(reaction(user=BEN))
    await pins.follow(reaction("reaction_removed"))
    assert await pinned(store) == ["It is the cache"]

    thread.message = None  # somebody deleted it
    await pins.follow(reaction("reaction_removed", user=BEN))
    assert await pinned(store) == []


async def test_what_is_taken_back_while_it_is_pinned_is_not_in_the_timeline(
    pins: Pins, thread: Thread, store: IncidentStore
) -> None:
    thread.is_taken_back_meanwhile = True

    await pins.follow(reaction())

    assert await pinned(store) == []


async def test_an_event_that_comes_twice_pins_once(pins: Pins, store: IncidentStore) -> None:
    await pins.follow(reaction())
    await pins.follow(reaction())

    assert await pinned(store) == ["It is the cache"]


async def test_guests_pin_nothing_and_take_no_pin_of_others_away(
    pins: Pins, thread: Thread, store: IncidentStore, logs: list[MutableMapping[str, Any]]
) -> None:
    thread.pinned_by = [GUS]

    assert await pins.follow(reaction(user=GUS))

    assert await pinned(store) == []
    assert logs[-1]["event"] == "a change was refused"
    assert (logs[-1]["user_id"], logs[-1]["action"]) == (GUS, "reaction pushpin")


async def test_a_pin_of_a_guest_alone_keeps_nothing_in_the_timeline(
    pins: Pins, thread: Thread, store: IncidentStore
) -> None:
    await pins.follow(reaction())
    thread.pinned_by = [GUS]

    await pins.follow(reaction("reaction_removed"))

    assert await pinned(store) == []


async def test_of_whom_slack_says_nothing_a_pin_is_believed(
    pins: Pins, thread: Thread, store: IncidentStore, web_api: WebApi
) -> None:
    await pins.follow(reaction())
    thread.pinned_by = [BEN]
    web_api.answers("users.info", error("internal_error"))

    await pins.follow(reaction("reaction_removed"))

    assert await pinned(store) == ["It is the cache"]


async def test_what_slack_does_not_show_now_is_asked_for_again(
    pins: Pins, store: IncidentStore, web_api: WebApi, logs: list[MutableMapping[str, Any]]
) -> None:
    web_api.answers("conversations.replies", error("internal_error"))

    assert not await pins.follow(reaction())

    assert await pinned(store) == []
    assert logs[-1]["event"] == "a message could not be pinned or unpinned"


async def test_who_is_not_looked_up_now_is_asked_for_again(
    pins: Pins, store: IncidentStore, web_api: WebApi
) -> None:
    web_api.answers("users.info", error("internal_error"))

    assert not await pins.follow(reaction())
    assert await pinned(store) == []


async def test_what_was_never_pinned_is_not_looked_at(
    pins: Pins, store: IncidentStore, web_api: WebApi
) -> None:
    assert await pins.follow(reaction("reaction_removed"))

    assert (web_api.calls, await pinned(store)) == ([], [])
