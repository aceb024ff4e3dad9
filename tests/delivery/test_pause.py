"""No delivery: what is written waits."""

import asyncio

from incident_bot.delivery.pause import Pause
from tests.delivery.support import Stage


async def test_a_pause_sends_nothing_until_it_is_stopped(stage: Stage) -> None:
    pause = Pause()
    running = asyncio.ensure_future(pause.run())
    await stage.declare()
    pause.wake()
    await stage.settle()
    assert not running.done()

    pause.stop()
    await running

    assert stage.states() == ["pending"]
    assert pause.problems == {}
