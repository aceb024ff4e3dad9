"""What a request's head may be: bounded in size and time, and what else holds a connection."""

import asyncio
from collections.abc import Callable

import pytest

from tests.bots.hosted import HostedBot
from tests.rest.client import Client, connected, raw
from tests.waiting import DEADLINE

KB = 1024
START = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


async def until_closed(bot: HostedBot, *parts: bytes, then: bytes = b"") -> bytes:
    """Send `parts`, then `then`, and let time pass; gives all that is answered."""
    async with connected(bot.url) as (reader, writer):
        for part in parts:
            writer.write(part)
        await writer.drain()
        answer = b"" if not then else await reader.readuntil(b"}")
        writer.write(then)
        reading = asyncio.create_task(reader.read())
        async with asyncio.timeout(DEADLINE):
            while not reading.done():
                bot.puts_clocks_forward(0.5)
                await asyncio.wait({reading}, timeout=0.02)
        return answer + await reading


def assert_refused(answer: bytes, status: int, error: str) -> None:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer[:300]
    assert b"Content-Type: application/json" in head
    assert body == b'{"error": "%s"}' % error.encode()


async def test_a_url_of_just_the_limit_is_taken(rest: Client) -> None:
    path = "/healthz?q="

    answer = await rest.get(path + "x" * (8 * KB - len(path)))

    assert answer.status == 200


@pytest.mark.parametrize("size", [8 * KB + 1, 40 * KB, 1024 * KB])
async def test_a_longer_url_is_refused(rest: Client, size: int) -> None:
    url = b"/healthz?".ljust(size, b"x")

    assert_refused(await raw(rest.url, b"GET %s HTTP/1.1\r\n\r\n" % url), 414, "URL too long")


async def test_a_url_without_an_end_is_refused(rest: Client) -> None:
    answer = await raw(rest.url, b"GET /", *[b"x" * KB] * 40)

    assert_refused(answer, 414, "URL too long")


@pytest.mark.parametrize(
    "headers",
    [
        b"X: %s\r\n" % (b"a" * 31 * KB),
        b"".join(b"X-%03d: %s\r\n" % (number, b"a" * 300) for number in range(100)),
    ],
    ids=["one", "many"],
)
async def test_a_head_below_the_limit_is_taken(rest: Client, headers: bytes) -> None:
    answer = await raw(rest.url, START + headers + b"Connection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "parts",
    [
        [b"X: %s\r\n" % (b"a" * 33 * KB), b"\r\n"],
        [b"X: %s" % (b"a" * KB), *[b"a" * 1000] * 40],
        [b"X" * KB, *[b"X" * 1000] * 40],
        [b"X-%03d: %s\r\n" % (number, b"a" * 400) for number in range(100)],
        [b"".join(b"%d:\r\n" % number for number in range(5000)), b"\r\n"],
        [b"X:", *[b" " * 1000] * 40],
        [b"X-%d: %s\r\n" % (number, b"A" * 60000) for number in range(100)],
    ],
    ids=["one", "one without an end", "a name", "many", "many short", "spaces", "many megabytes"],
)
async def test_a_larger_head_is_refused(rest: Client, parts: list[bytes]) -> None:
    assert_refused(await raw(rest.url, START, *parts), 431, "Request head too large")


async def test_headers_after_a_body_are_bounded_too(rest: Client) -> None:
    head = b"POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"

    answer = await raw(rest.url, head, *[b"X: %s\r\n" % (b"a" * 1000)] * 40)

    assert len(answer) < KB


@pytest.mark.parametrize("part", [b"G", b"GET /heal", START, START + b"X: 1\r\n"])
async def test_half_a_request_is_not_waited_for_any_longer_than_ten_seconds(
    own: HostedBot, part: bytes
) -> None:
    assert_refused(await until_closed(own, part), 408, "Request too slow")


async def test_a_connection_that_asks_nothing_is_closed_without_a_word(own: HostedBot) -> None:
    assert await until_closed(own) == b""


async def test_half_a_second_request_is_not_waited_for_either(own: HostedBot) -> None:
    answer = await until_closed(own, START + b"\r\n", then=b"GET /he")

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer


async def test_the_rest_of_a_body_that_nobody_reads_is_not_waited_for(own: HostedBot) -> None:
    head = b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"

    answer = await until_closed(own, head, then=b"x")

    assert answer.startswith(b"HTTP/1.1 405 ")


async def test_requests_sent_one_behind_the_other_are_all_answered(rest: Client) -> None:
    answer = await raw(rest.url, (START + b"\r\n") * 50 + START + b"Connection: close\r\n\r\n")

    assert answer.count(b"HTTP/1.1 200 ") == 51


async def test_too_many_requests_at_once_are_not_kept(rest: Client) -> None:
    answer = await raw(rest.url, (START + b"\r\n") * 3000)

    assert answer.count(b"HTTP/1.1 200 ") <= 101


async def test_after_all_that_it_answers_as_before(
    own: HostedBot, client_of: Callable[[HostedBot], Client]
) -> None:
    for part in (b"GET /" + b"x" * 9 * KB, START + b"X: " + b"a" * 33 * KB, b"GARBAGE\r\n\r\n"):
        await until_closed(own, part)

    assert (await client_of(own).get("/incidents")).status == 200
