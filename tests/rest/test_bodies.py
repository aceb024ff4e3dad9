"""What a body may be: bounded, JSON, and text that can be kept."""

import asyncio
import gzip
import json

import pytest

from tests.rest.client import DECLARATION, Client, connected, raw
from tests.waiting import DEADLINE

LIMIT = 64 * 1024


def of_size(size: int) -> bytes:
    body = json.dumps(DECLARATION).encode()
    return body + b" " * (size - len(body))


def head(url: str, *lines: str) -> bytes:
    host = url.removeprefix("http://")
    start = ("POST /incidents HTTP/1.1", f"Host: {host}", "Content-Type: application/json")
    return "\r\n".join([*start, *lines, "", ""]).encode()


async def test_a_body_of_just_the_limit_is_taken(rest: Client) -> None:
    assert (await rest.post(of_size(LIMIT))).status == 201


async def test_a_body_that_is_too_large_is_refused(rest: Client) -> None:
    answer = await rest.post(of_size(LIMIT + 1))

    assert answer.is_refused(413, "Request body too large", "65536")


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(rest: Client) -> None:
    answer = await raw(rest.url, head(rest.url, "Content-Length: 20000000"))

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'{"error":"Request body too large"' in answer


async def test_a_body_without_a_length_is_read_no_further_than_the_limit(rest: Client) -> None:
    chunk = b"4000\r\n%s\r\n" % (b" " * 0x4000)

    async def send_fifty_megabytes() -> None:
        async with connected(rest.url) as (_, writer), asyncio.timeout(DEADLINE):
            writer.write(head(rest.url, "Transfer-Encoding: chunked"))
            for _ in range(3000):
                writer.write(chunk)
                await writer.drain()

    with pytest.raises(ConnectionError):
        await send_fifty_megabytes()


async def test_an_answer_to_a_body_in_chunks_comes_at_the_limit(rest: Client) -> None:
    chunk = b"%x\r\n%s\r\n" % (LIMIT + 1, b" " * (LIMIT + 1))

    answer = await raw(rest.url, head(rest.url, "Transfer-Encoding: chunked"), chunk)

    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("opening", ["[", '{"a":'])
async def test_deep_nesting_is_refused(rest: Client, opening: str) -> None:
    nested = opening * 10_000
    body = f'{{"title": {nested}'

    assert (await rest.post(body)).status == 400


async def test_nesting_beyond_what_anyone_needs_is_refused(rest: Client) -> None:
    nested = '{"a":' * 20 + "1" + "}" * 20

    answer = await rest.post(json.dumps(DECLARATION)[:-1] + f', "extra": {nested}}}')

    assert answer.is_refused(400, "nested deeper than 16 levels")


@pytest.mark.parametrize(
    "number", ["1" + "0" * 18, "-1" + "0" * 18, "9" * 5000, "1e18", "1e999", "-1e999"]
)
async def test_huge_numbers_are_refused(rest: Client, number: str) -> None:
    answer = await rest.post(json.dumps(DECLARATION)[:-1] + f', "extra": {number}}}')

    assert answer.is_refused(400, "A number is too large")


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
async def test_what_only_javascript_knows_is_no_json(rest: Client, constant: str) -> None:
    answer = await rest.post(json.dumps(DECLARATION)[:-1] + f', "extra": {constant}}}')

    assert answer.is_refused(400, "No JSON data provided")


@pytest.mark.parametrize("escape", [r"\u0000", r"\ud800", r"\udc00\ud800"])
@pytest.mark.parametrize("place", ["title", "extra", "key"])
async def test_text_that_cannot_be_kept_is_refused(rest: Client, escape: str, place: str) -> None:
    extra = f'"a{escape}b": 1' if place == "key" else f'"{place}": ["a{escape}b"]'

    answer = await rest.post(json.dumps(DECLARATION)[:-1] + f", {extra}}}")

    assert answer.is_refused(400, "Invalid text")


async def test_whole_surrogate_pairs_are_text(rest: Client) -> None:
    answer = await rest.post(json.dumps({**DECLARATION, "title": "\U0001f525"}))

    assert answer.json["title"] == "\U0001f525"


@pytest.mark.parametrize("body", [b"\xff", b'{"title": "\xc3"}', '{"title": 1}'.encode("utf-16")])
async def test_bytes_that_are_no_utf_8_are_no_json(rest: Client, body: bytes) -> None:
    answer = await rest.post(body)

    assert answer.is_refused(400, "No JSON data provided")


async def test_a_byte_order_mark_is_overlooked(rest: Client) -> None:
    answer = await rest.post(b"\xef\xbb\xbf" + json.dumps(DECLARATION).encode())

    assert answer.status == 201


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        ('{"title": "T"}', {"Content_Type": "application/x-www-form-urlencoded"}, "Content-Type"),
        ("{'title': 'T'}", {}, "The body is not JSON: Expecting property name"),
        ("{'title': 'T'}", {}, "(line 1, column 2)"),
        ('{"a": NaN}', {}, "NaN is not JSON"),
        ("[]", {}, "The body is a list. Send a JSON object."),
        ("null", {}, "The body is null."),
        ('"T"', {}, "The body is text."),
        ("true", {}, "The body is true or false."),
        ("{}", {}, "The object in the body is empty."),
        ("", {}, "There is no body."),
        ('{"title": "é"}'.encode("latin-1"), {}, "not encoded as UTF-8"),
        (gzip.compress(b"{}", mtime=0), {"Content_Encoding": "gzip"}, "encoded (gzip)"),
    ],
)
async def test_a_body_that_is_no_json_object_is_told_why(
    rest: Client, body: str | bytes, headers: dict[str, str], words: str
) -> None:
    answer = await rest.post(body, **headers)

    assert answer.json["error"] == "No JSON data provided"
    assert words in answer.json["message"]


@pytest.mark.parametrize("description", ["ab\r\n" * 900, "ab\u200b" * 1100, " " * 4000 + "ab"])
async def test_text_is_cleaned_before_it_is_counted(rest: Client, description: str) -> None:
    answer = await rest.post(DECLARATION | {"description": description})

    assert answer.status == 201
    assert len(answer.json["description"]) < 3000


async def test_text_that_is_too_long_is_told_how_long_it_is(rest: Client) -> None:
    answer = await rest.post(DECLARATION | {"description": "ab\r\n" * 1500})

    assert answer.is_refused(400, "Description may have 3000 characters; this has 4499")
