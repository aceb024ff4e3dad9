"""A real store behind the forms; Slack itself is never asked."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.reminder import ReminderPolicy
from incident_bot.domain.role import Roles
from incident_bot.domain.severity import Severities
from incident_bot.slack.channels import Channels
from incident_bot.slack.people import People
from incident_bot.slack.services import Services
from incident_bot.slack.workspace import Workspace
from incident_bot.store.action_items import ActionItems
from incident_bot.store.incident_channels import IncidentChannels
from incident_bot.store.incident_lists import IncidentLists
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.opening import open_database
from incident_bot.store.reminders import Reminders
from incident_bot.store.timelines import Timelines
from incident_bot.store.undoing import Undoing
from tests.factories import INCIDENTS, Clock
from tests.store.conftest import migrated

__all__ = ["migrated"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(tmp_path: Path, migrated: Path, clock: Clock) -> Iterator[Services]:
    path = shutil.copy(migrated, tmp_path / "incident_bot.db")
    client = AsyncWebClient()
    with contextlib.closing(open_database(f"sqlite:///{path}")) as database:
        store = IncidentStore(database, clock, lambda: None)
        workspace = Workspace(client)
        people = People(client, workspace, clock)
        timelines = Timelines(database, clock)
        channels = Channels(client)
        yield Services(
            store=store,
            lists=IncidentLists(database),
            timelines=timelines,
            action_items=ActionItems(database, clock, lambda: None),
            incident_channels=IncidentChannels(database, clock, lambda: None),
            reminders=Reminders(database, clock, lambda: None, ReminderPolicy()),
            undoing=Undoing(database, clock, lambda: None),
            people=people,
            channels=channels,
            workspace=workspace,
            severities=Severities(),
            roles=Roles(),
            channel=INCIDENTS,
            channel_policy=ChannelPolicy.ASK,
            problems={},
        )
