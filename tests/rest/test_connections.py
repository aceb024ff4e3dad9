"""How many connections there may be at once."""

import socket
from contextlib import ExitStack

import pytest
from structlog.testing import capture_logs

from incident_bot.rest.connections import MOST, Connections
from tests.bots.bot import Bot
from tests.slack_people import Slack
from tests.story import story


class Caller:
    """A connection that notes whether it was turned away."""

    is_turned_away = False

    def turn_away(self) -> None:
        self.is_turned_away = True


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def turned_away(callers: list[Caller]) -> list[bool]:
    return [caller.is_turned_away for caller in callers]


def test_whoever_has_asked_nothing_for_longest_makes_room() -> None:
    connections = Connections(3, Time())
    callers = [Caller() for _ in range(5)]
    for caller in callers[:3]:
        connections.add(caller)
    connections.asks(callers[0])

    connections.add(callers[3])
    connections.waits(callers[0])
    connections.add(callers[4])

    assert turned_away(callers) == [False, True, True, False, False]


def test_when_all_are_being_answered_the_new_one_is_turned_away() -> None:
    connections = Connections(2, Time())
    callers = [Caller() for _ in range(3)]
    for caller in callers[:2]:
        connections.add(caller)
        connections.asks(caller)

    connections.add(callers[2])

    assert turned_away(callers) == [False, False, True]


def test_who_hangs_up_leaves_room() -> None:
    connections = Connections(1, Time())
    callers = [Caller(), Caller()]

    connections.add(callers[0])
    connections.remove(callers[0])
    connections.waits(callers[0])
    connections.add(callers[1])

    assert turned_away(callers) == [False, False]
    assert connections.problems == {}


def test_too_many_are_logged_once_until_a_minute_was_quiet() -> None:
    time = Time()
    connections = Connections(1, time)

    with capture_logs() as logs:
        for time.now in (0, 1, 50, 100, 200, 201):
            connections.add(Caller())
        connections.add(Caller())
        found = connections.problems
        time.now = 262

    assert [line["event"] for line in logs] == ["too many connections"] * 2
    assert found == {"HTTP server": "too many connections: there may be 1 at once"}
    assert connections.problems == {}


def half_a_request(bot: Bot) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", bot.port))
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
    return connection


@pytest.mark.parametrize("number", [MOST + 200])
@story(own_process=True)
async def test_slack_gets_through_however_many_send_half_a_request(
    slack: Slack, number: int
) -> None:
    await slack.bot.starts()
    with ExitStack() as until_the_end:
        held = [until_the_end.enter_context(half_a_request(slack.bot)) for _ in range(number)]
        outcomes = [await slack.ana.tries("/incident list") for _ in range(5)]
        held[0].settimeout(10)
        refusal = held[0].recv(1000)
        _, readiness = await slack.bot.answers("/readyz")

    assert [outcome.ok for outcome in outcomes] == [True] * 5
    assert refusal.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert refusal.endswith(b'{"error": "Too many connections"}')
    assert "too many connections" in readiness["problems"]["HTTP server"]
    assert slack.bot.output.count("too many connections") == 1
