"""The chaos of `tests/chaos`, small enough for every day."""

import asyncio
from pathlib import Path

import pytest

from tests.chaos.plan import Size
from tests.chaos.scene import chaos
from tests.postgres import PostgresServer

pytestmark = pytest.mark.slow

SIZE = Size(incidents=18, perils=2)
SEED = 7


def test_in_a_chaos_nothing_is_lost_doubled_held_up_or_betrayed(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    report = asyncio.run(chaos(SIZE, "http", tmp_path, postgres.new_database(), SEED))

    assert not report.wrongs
    assert report.incidents == SIZE.incidents
    assert report.perils.total() == SIZE.perils * SIZE.replicas
    assert report.refusals == 3
    assert report.set_aside
    assert report.pried
    assert report.faults
