"""The bot's parts as `app.py` puts them together, with a real store and a recorded Web API.

Time stands still here, on the wall (`clock`) and in the event loop (`tests/movable_time.py`).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from incident_bot.delivery.problems import Concern
from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.reminder import ReminderPolicy
from incident_bot.domain.role import Roles
from incident_bot.domain.severity import Severities
from incident_bot.slack.api.channels import Channels
from incident_bot.slack.api.people import People
from incident_bot.slack.api.slack_time import SlackTime
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.events.channel_events import ChannelEvents
from incident_bot.slack.events.mentions import Mentions
from incident_bot.slack.events.pins import Pins
from incident_bot.slack.events.suggestions import Suggestions
from incident_bot.slack.listeners import Listeners
from incident_bot.slack.replies.conversations import Messenger
from incident_bot.slack.replies.home import Home
from incident_bot.slack.sending.channel_steps import ChannelSteps
from incident_bot.slack.sending.history import History
from incident_bot.slack.sending.sender import SlackSender
from incident_bot.slack.services import Services
from incident_bot.slack.tasks import Tasks
from incident_bot.store.action_items import ActionItems
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.channels import IncidentChannels
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.notes import Timelines
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.reminders import Reminders
from incident_bot.store.requests import AnsweredRequests
from incident_bot.store.undo import Undoing
from tests.factories import INCIDENTS, Clock
from tests.movable_time import StillLoop
from tests.new_sqlite import opened_sqlite
from tests.slack.bolt import bolt_app
from tests.web_api import Json, WebApi

Sends = Callable[[Json], Awaitable[BoltResponse]]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"still": StillLoop}


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged; it is not written out, since drawing a traceback takes a second."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def web_api() -> AsyncIterator[WebApi]:
    async with WebApi() as entered:
        yield entered


@pytest.fixture
def client(web_api: WebApi) -> AsyncWebClient:
    return web_api.client


@pytest.fixture
async def workspace(web_api: WebApi, client: AsyncWebClient) -> Workspace:
    """Ours, which is known already: of how it became known no call is left."""
    found = Workspace(client)
    await found.connect()
    web_api.calls.clear()
    return found


@pytest.fixture
def people(client: AsyncWebClient, workspace: Workspace, clock: Clock) -> People:
    return People(client, workspace, clock)


@pytest.fixture
def channels(client: AsyncWebClient, workspace: Workspace) -> Channels:
    return Channels(client, workspace)


@pytest.fixture
def database() -> Iterator[Database]:
    with opened_sqlite() as opened:
        yield opened


@pytest.fixture
def store(services: Services) -> IncidentStore:
    return services.store


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


@pytest.fixture
def problems() -> dict[Concern, str]:
    """What keeps messages from going out just now."""
    return {}


@pytest.fixture
def services(
    database: Database,
    people: People,
    channels: Channels,
    workspace: Workspace,
    clock: Clock,
    problems: dict[Concern, str],
) -> Services:
    return Services(
        store=IncidentStore(database, clock),
        lists=IncidentLists(database),
        timelines=Timelines(database, clock),
        action_items=ActionItems(database, clock),
        incident_channels=IncidentChannels(database, clock),
        reminders=Reminders(database, clock, ReminderPolicy(), people.deactivated),
        undoing=Undoing(database, clock),
        people=people,
        channels=channels,
        workspace=workspace,
        severities=Severities(),
        roles=Roles(),
        channel=INCIDENTS,
        channel_policy=ChannelPolicy.ASK,
        problems=problems,
    )


@pytest.fixture
def home(client: AsyncWebClient, services: Services, clock: Clock) -> Home:
    return Home(client, services.lists, services.store, clock, INCIDENTS)


@pytest.fixture
def messenger(client: AsyncWebClient, home: Home) -> Messenger:
    return Messenger(client, home)


@pytest.fixture
async def tasks(web_api: WebApi) -> AsyncIterator[Tasks]:
    started = Tasks()
    yield started
    web_api.gate.set()  # they may wait for what is late
    await started.finish()


@pytest.fixture
def slack_time(clock: Clock) -> SlackTime:
    """Slack's clock is the bot's as long as no answer says otherwise."""
    return SlackTime(clock)


@pytest.fixture
def steps(
    client: AsyncWebClient,
    outbox: Outbox,
    channels: Channels,
    people: People,
    workspace: Workspace,
) -> ChannelSteps:
    return ChannelSteps(
        client,
        outbox,
        channels,
        people,
        workspace,
        announcement_channel=INCIDENTS,
    )


@pytest.fixture
def sender(
    client: AsyncWebClient,
    outbox: Outbox,
    services: Services,
    tasks: Tasks,
    steps: ChannelSteps,
) -> SlackSender:
    channels, people, workspace = services.channels, services.people, services.workspace
    return SlackSender(
        client,
        outbox,
        channels,
        History(client, workspace),
        services.severities,
        announcement_channel=INCIDENTS,
        tasks=tasks,
        people=people,
        steps=steps,
    )


async def _nowhere(_channel_id: str) -> None:
    """No channel is announced in that has opened."""


@pytest.fixture
def app(
    services: Services,
    database: Database,
    messenger: Messenger,
    client: AsyncWebClient,
    tasks: Tasks,
    clock: Clock,
) -> AsyncApp:
    app = bolt_app(client)
    people, channels, workspace = services.people, services.channels, services.workspace
    Listeners(
        services,
        Pins(client, services.timelines, people, channels, workspace),
        ChannelEvents(
            services.incident_channels,
            channels,
            people,
            workspace,
            _nowhere,
            _nowhere,
            moved=lambda *_: False,
        ),
        Mentions(services, messenger, AnsweredRequests(database, clock)),
        Suggestions(services, messenger),
        messenger=messenger,
        workspace=workspace,
        tasks=tasks,
    ).register(app)
    return app


@pytest.fixture
def sends(app: AsyncApp) -> Sends:
    """Gives what Slack is answered."""

    async def dispatched(payload: Json) -> BoltResponse:
        return await app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))

    return dispatched


def _nobody() -> None:
    """Nobody delivers here, so that nobody is woken."""
