"""The storm of `tests/storm.py`, small enough for every day."""

import asyncio
from pathlib import Path

import pytest

from incident_bot.sandbox.application import Mode
from tests.pgbouncer import Pooler
from tests.postgres import PostgresServer
from tests.storm import Report, Size, storm

pytestmark = pytest.mark.slow

SIZE = {"incidents": 24, "kills": 2, "hangs": 0}


def test_a_storm_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    report = asyncio.run(storm(Size(**SIZE), "socket", tmp_path, {}))

    assert_all_is_well(report)


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_three_replicas_share_the_work_of_a_storm(
    tmp_path: Path, mode: Mode, postgres: PostgresServer
) -> None:
    database = {"INCIDENT_BOT_DATABASE_URL": postgres.new_database()}

    report = asyncio.run(storm(Size(replicas=3, **SIZE), mode, tmp_path, database))

    assert_all_is_well(report)


def test_two_replicas_work_by_way_of_pgbouncer(
    tmp_path: Path, postgres: PostgresServer, pooler: Pooler
) -> None:
    database = {"INCIDENT_BOT_DATABASE_URL": pooler.address(postgres.new_database())}

    report = asyncio.run(storm(Size(replicas=2, **SIZE), "http", tmp_path, database))

    assert_all_is_well(report)


def assert_all_is_well(report: Report) -> None:
    assert not [*report.lost, *report.doubled, *report.wrong]
    assert (report.announced, report.told) == (SIZE["incidents"], SIZE["incidents"])
    assert report.kills == SIZE["kills"]
    assert report.faults
