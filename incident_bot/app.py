"""Builds everything from the settings, in one function, and runs it."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final

import aiohttp
import structlog
import uvloop
from fastapi import FastAPI
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot import failpoints, log
from incident_bot.delivery import problems
from incident_bot.delivery.pace import POST_INTERVAL, Pace
from incident_bot.delivery.targets import Targets
from incident_bot.delivery.worker import Worker
from incident_bot.domain.channel import ChannelPolicy
from incident_bot.housekeeping import Housekeeping
from incident_bot.integrations.event_log.file import check
from incident_bot.integrations.event_log.sender import EventLogSender
from incident_bot.process import Process
from incident_bot.rest import health
from incident_bot.rest.access import Access
from incident_bot.rest.application import application
from incident_bot.settings import SettingError, Settings, unknown_names
from incident_bot.slack.api.channels import Channels
from incident_bot.slack.api.people import People
from incident_bot.slack.api.slack_time import SlackTime
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.events.channel_census import ChannelCensus
from incident_bot.slack.events.channel_events import ChannelEvents
from incident_bot.slack.events.mentions import Mentions
from incident_bot.slack.events.pins import Pins
from incident_bot.slack.events.suggestions import Suggestions
from incident_bot.slack.listeners import Listeners
from incident_bot.slack.replies.conversations import Messenger
from incident_bot.slack.replies.home import Home
from incident_bot.slack.sending.announcement_channel import AnnouncementChannel
from incident_bot.slack.sending.channel_steps import ChannelSteps
from incident_bot.slack.sending.history import History
from incident_bot.slack.sending.sender import SlackSender
from incident_bot.slack.services import Services
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.transport.connection import Connection, NoConnection, TokenRefused
from incident_bot.slack.transport.http_mode import HttpMode
from incident_bot.slack.transport.socket_mode import SocketMode
from incident_bot.store.action_items import ActionItems
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.channels import IncidentChannels
from incident_bot.store.engine.database import Database
from incident_bot.store.engine.errors import DatabaseUnusable
from incident_bot.store.engine.opening import open_database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.notes import Timelines
from incident_bot.store.outbox.operations import EVENT_LOG, SLACK
from incident_bot.store.outbox.queue import LONGEST_CALL
from incident_bot.store.outbox.undelivered import Undelivered
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.reminders import Reminders
from incident_bot.store.requests import AnsweredRequests
from incident_bot.store.transaction import Clock
from incident_bot.store.undo import Undoing

logger = structlog.get_logger(__name__)

_BACKLOG: Final = 2048


def run(settings: Settings, *, with_slack: bool = True) -> None:
    """Run the bot until SIGTERM or SIGINT; raises SettingError when it cannot start.

    A fault that ends it is logged, where secrets are taken out, and the exit status is 1.
    """
    log.set_up(settings.log_format, settings.secrets)
    for name, nearest in unknown_names().items():
        logger.warning("an unknown setting is ignored", name=name, did_you_mean=nearest)
    for name in settings.weak_api_tokens:
        logger.warning("an API token is short and might be guessed", token_of=name)
    if settings.test_failpoint is not None:
        failpoints.arm(settings.test_failpoint, settings.test_failpoint_passes)
    try:
        _require_writable(settings)
        with listening(settings) as listener, database_of(settings) as database:
            uvloop.run(_serve(settings, listener, database, with_slack=with_slack))
    except TokenRefused as error:
        raise SettingError(error.setting, str(error)) from error
    except SettingError:
        raise
    except Exception:
        logger.exception("a fault ended the bot")
        sys.exit(1)


async def _serve(
    settings: Settings, listener: socket.socket, database: Database, *, with_slack: bool
) -> None:
    async with built(settings, database, _clock(settings), with_slack=with_slack) as process:
        # What is here now stays: the collector need not look at it again. Measured: p99 a fifth.
        gc.freeze()
        gc.enable()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _signalled, process)
        await process.run(listener)


def _signalled(process: Process) -> None:
    if process.is_stopping:
        os._exit(1)  # asked twice: now
    process.stop()


@contextlib.asynccontextmanager
async def built(
    settings: Settings, database: Database, clock: Clock, *, with_slack: bool = True
) -> AsyncIterator[Process]:
    """Put all parts of the bot together, ready to run on `database`."""
    if not with_slack:
        yield build_without_slack(settings, database, clock)
        return
    slack_time = SlackTime(clock)
    async with _slack_client(settings, slack_time) as client:
        yield build(settings, database, client, clock, slack_time)


def build_without_slack(settings: Settings, database: Database, clock: Clock) -> Process:
    """Put together what serves REST; what is for Slack stays in the outbox."""
    targets = Targets(_workers_beside_slack(settings, database, clock))
    database.wake_when_outgoing(targets.wake)
    store = IncidentStore(database, clock)
    undelivered = Undelivered(database, clock, targets.retry_now)
    action_items = ActionItems(database, clock)
    access = _access(settings, is_behind_proxy=False)
    web = _web(settings, access, store, IncidentLists(database), action_items, undelivered)
    channels = IncidentChannels(database, clock)
    # Without Slack no channel can be archived, and nobody be reminded.
    housekeeping = Housekeeping(store, channels, clock, archive_after=None)
    process = Process(web, database, housekeeping, undelivered, targets, Tasks(), NoConnection())
    web.include_router(health.router(process.readiness, access))
    return process


def _workers_beside_slack(
    settings: Settings, database: Database, clock: Clock
) -> dict[str, Worker]:
    """A worker for each other target that the settings name; the database tells them all."""
    workers: dict[str, Worker] = {}
    if settings.event_log is not None:
        outbox = Outbox(database, EVENT_LOG)
        sender = EventLogSender(settings.event_log, outbox)
        workers[EVENT_LOG] = Worker(outbox, sender, clock, Pace(interval=0), problems.EVENT_LOG)
    database.tell_of_changes(workers)
    return workers


@dataclass(frozen=True)
class _Slack:
    """What speaks with Slack, and what is known of it."""

    client: AsyncWebClient
    workspace: Workspace
    channels: Channels
    people: People
    tasks: Tasks
    time: SlackTime


def build(
    settings: Settings,
    database: Database,
    client: AsyncWebClient,
    clock: Clock,
    slack_time: SlackTime,
) -> Process:
    """Put the parts together."""
    workspace = Workspace(client)
    channels, people = Channels(client, workspace), People(client, workspace, clock)
    slack = _Slack(client, workspace, channels, people, Tasks(), slack_time)
    outbox = Outbox(database, slack_now=slack_time.now)
    worker = Worker(outbox, _sender(settings, slack, outbox), clock, _pace(settings))
    targets = Targets({SLACK: worker, **_workers_beside_slack(settings, database, clock)})
    database.wake_when_outgoing(targets.wake)
    services = _services(settings, database, clock, slack, worker)
    channel = AnnouncementChannel(settings.channel, channels, worker, outbox, clock)
    home = Home(client, services.lists, services.store, clock, settings.channel)
    channel_events = ChannelEvents(
        services.incident_channels,
        channels,
        people,
        workspace,
        channel.opened,
        channel.closed,
        moved=channel.moved,
    )
    answered = AnsweredRequests(database, clock)
    app = _listening_app(slack, services, home, channel_events, answered)
    undelivered = Undelivered(database, clock, targets.retry_now)
    access = _access(settings, is_behind_proxy=settings.is_http_mode)
    web = _web(settings, access, services.store, services.lists, services.action_items, undelivered)
    connection = Connection(workspace, channel, _open_to_slack(settings, app, web))
    census = ChannelCensus(services.incident_channels, channels, channel_events, workspace)
    housekeeping = _housekeeping(settings, services, clock, census)
    process = Process(
        web, database, housekeeping, undelivered, targets, slack.tasks, connection, home, slack_time
    )
    web.include_router(health.router(process.readiness, access))
    return process


def _sender(settings: Settings, slack: _Slack, outbox: Outbox) -> SlackSender:
    client, workspace = slack.client, slack.workspace
    steps = ChannelSteps(
        client,
        outbox,
        slack.channels,
        slack.people,
        workspace,
        announcement_channel=settings.channel,
    )
    return SlackSender(
        client,
        outbox,
        slack.channels,
        History(client, workspace),
        settings.severities,
        announcement_channel=settings.channel,
        tasks=slack.tasks,
        people=slack.people,
        steps=steps,
    )


def _services(
    settings: Settings, database: Database, clock: Clock, slack: _Slack, worker: Worker
) -> Services:
    deactivated = slack.people.deactivated
    return Services(
        store=IncidentStore(database, clock),
        lists=IncidentLists(database),
        timelines=Timelines(database, clock),
        action_items=ActionItems(database, clock),
        incident_channels=IncidentChannels(database, clock),
        reminders=Reminders(database, clock, settings.reminder_policy, deactivated),
        undoing=Undoing(database, clock),
        people=slack.people,
        channels=slack.channels,
        workspace=slack.workspace,
        severities=settings.severities,
        roles=settings.roles,
        channel=settings.channel,
        channel_policy=settings.incident_channels,
        problems=worker.problems,
    )


def _listening_app(
    slack: _Slack,
    services: Services,
    home: Home,
    channel_events: ChannelEvents,
    answered: AnsweredRequests,
) -> AsyncApp:
    """Bolt's app, with all that listens to Slack."""
    app = _bolt_app(slack.client, slack.workspace)
    messenger = Messenger(slack.client, home)
    Listeners(
        services,
        Pins(slack.client, services.timelines, slack.people, slack.channels, slack.workspace),
        channel_events,
        Mentions(services, messenger, answered),
        Suggestions(services, messenger),
        messenger=messenger,
        workspace=slack.workspace,
        tasks=slack.tasks,
    ).register(app)
    return app


def _housekeeping(
    settings: Settings, services: Services, clock: Clock, census: ChannelCensus
) -> Housekeeping:
    return Housekeeping(
        services.store,
        services.incident_channels,
        clock,
        settings.archive_after,
        often=(services.reminders.remind, services.undoing.end_old),
        hourly=(census.take,),
    )


def _open_to_slack(settings: Settings, app: AsyncApp, web: FastAPI) -> SocketMode | None:
    """By the connection that the bot opens; or, without an app token, by requests that come in."""
    if settings.app_token is not None:
        return SocketMode(app, settings.app_token.get_secret_value())
    if settings.signing_secret is not None:
        if not settings.api_tokens:
            logger.warning("the REST API is closed: in HTTP mode it needs INCIDENT_BOT_API_TOKENS")
        secret = settings.signing_secret.get_secret_value()
        web.include_router(HttpMode(app, secret, _now).router())
    return None


def _access(settings: Settings, *, is_behind_proxy: bool) -> Access:
    tokens = [(name, token.get_secret_value()) for name, token in settings.api_tokens]
    return Access(
        tokens,
        settings.api_private,
        lambda: asyncio.get_running_loop().time(),
        is_behind_proxy=is_behind_proxy,
    )


def _web(
    settings: Settings,
    access: Access,
    store: IncidentStore,
    lists: IncidentLists,
    action_items: ActionItems,
    undelivered: Undelivered,
) -> FastAPI:
    return application(
        store,
        lists,
        undelivered,
        access,
        settings.severities,
        settings.channel,
        action_items=action_items,
        has_channels=settings.incident_channels is ChannelPolicy.ALWAYS,
    )


def _bolt_app(client: AsyncWebClient, workspace: Workspace) -> AsyncApp:
    async def authorize(**_: Any) -> AuthorizeResult:  # noqa: ANN401 - Bolt's arguments
        """Say who we are without asking Slack: Bolt's own way is a call before the first ack."""
        return AuthorizeResult(
            enterprise_id=workspace.enterprise_id,
            team_id=workspace.team_id,
            bot_id=workspace.bot_id,
            bot_user_id=workspace.bot_user_id,
            bot_token=client.token,
        )

    # Bolt looks at SLACK_BOT_TOKEN by itself and warns that it does not use it.
    bolts_logger = logging.getLogger("incident_bot.bolt")
    bolts_logger.setLevel(logging.ERROR)
    return AsyncApp(
        # Without one Bolt looks for a name in all the source files, for a twentieth of a second.
        name="incident-bot",
        logger=bolts_logger,
        client=client,
        authorize=authorize,
        # The acknowledgement leaves when the listener returns. Bolt's default looks for it every
        # 10 ms; measured, that makes 11 ms of 0.2.
        process_before_response=True,
        # HttpMode has checked the signature before anything was parsed.
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )


@contextlib.asynccontextmanager
async def _slack_client(settings: Settings, slack_time: SlackTime) -> AsyncIterator[AsyncWebClient]:
    timeout = aiohttp.ClientTimeout(total=LONGEST_CALL)
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=30)
    async with aiohttp.ClientSession(
        timeout=timeout, connector=connector, trace_configs=[slack_time.watching()]
    ) as session:
        yield AsyncWebClient(
            token=settings.bot_token.get_secret_value() if settings.bot_token else None,
            base_url=settings.api_url,
            timeout=int(LONGEST_CALL),
            session=session,
            # The default repeats a post whose reply was lost, which shows it twice.
            retry_handlers=[],
        )


@contextlib.contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket that the HTTP server takes requests from; raises SettingError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        _require_tokens_beyond_this_machine(settings, str(address[0]))
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        words = error.strerror if isinstance(error, OSError) else error
        raise SettingError("INCIDENT_BOT_HOST", f"is no address: {words}.") from error
    with contextlib.closing(listener):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise SettingError(
                "INCIDENT_BOT_PORT", f"cannot be listened on, {where}: {error.strerror}."
            ) from error
        listener.setblocking(False)  # noqa: FBT003 - it takes no keyword
        yield listener


def _require_tokens_beyond_this_machine(settings: Settings, address: str) -> None:
    if not settings.api_tokens and not ip_address(address.partition("%")[0]).is_loopback:
        raise SettingError(
            "INCIDENT_BOT_API_TOKENS",
            f"is not set, and INCIDENT_BOT_HOST={settings.host} lets others in: set tokens for "
            "the REST API, as name:token, or listen on 127.0.0.1.",
        )


def _require_writable(settings: Settings) -> None:
    if settings.event_log is None:
        return
    try:
        check(settings.event_log)
    except OSError as error:
        words = f"cannot be written, {settings.event_log}: {error.strerror}."
        raise SettingError("INCIDENT_BOT_EVENT_LOG", words) from error


@contextlib.contextmanager
def database_of(settings: Settings) -> Iterator[Database]:
    """The database, opened and up to date; raises SettingError."""
    try:
        database = open_database(settings.database_url)
    except DatabaseUnusable as error:
        raise SettingError("INCIDENT_BOT_DATABASE_URL", f"is not usable: {error}") from error
    with contextlib.closing(database):
        yield database


def _pace(settings: Settings) -> Pace:
    interval = settings.test_post_interval
    return Pace(interval=POST_INTERVAL if interval is None else interval)


def _clock(settings: Settings) -> Clock:
    file, shift = settings.test_clock_file, timedelta(seconds=settings.test_clock_shift)
    if file is not None:  # it may change at any time
        return lambda: _now() + timedelta(seconds=float(file.read_text()))
    return lambda: _now() + shift


def _now() -> datetime:
    return datetime.now(UTC)
