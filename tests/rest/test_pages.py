"""Pages and search."""

import asyncio

import pytest

from tests.rest.client import Client, a_new_word


async def pages(rest: Client, limit: int, **filters: str) -> list[list[int]]:
    """All pages, as the cursors lead through them."""
    found: list[list[int]] = []
    query = {"limit": str(limit), **filters}
    while True:
        page = (await rest.get("/incidents", **query)).json
        found.append([incident["id"] for incident in page["incidents"]])
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 100])
async def test_all_pages_are_the_whole_list(rest: Client, limit: int) -> None:
    word = a_new_word()
    declared = [(await rest.declares(title=word))["id"] for _ in range(6)]
    whole = [i["id"] for i in (await rest.get("/incidents", q=word)).json["incidents"]]

    found = await pages(rest, limit, q=word)

    assert [one for page in found for one in page] == whole == declared[::-1]
    assert all(len(page) == limit for page in found[:-1])
    assert found[-1]


async def test_what_is_declared_meanwhile_is_on_no_page_twice(rest: Client) -> None:
    word = a_new_word()
    before = [(await rest.declares(title=word))["id"] for _ in range(30)]
    is_done = asyncio.Event()

    async def go_on_declaring() -> None:
        while not is_done.is_set():
            await rest.declares(title=word)

    declaring = asyncio.create_task(go_on_declaring())
    found = [one for page in await pages(rest, 4, q=word) for one in page]
    is_done.set()
    await declaring

    assert len(found) == len(set(found))
    assert [one for one in found if one <= before[-1]] == before[::-1]


async def test_every_page_says_how_many_there_are_in_all(rest: Client) -> None:
    word = a_new_word()
    for _ in range(3):
        await rest.declares(title=word)

    first = (await rest.get("/incidents", q=word, limit="2")).json
    second = (await rest.get("/incidents", q=word, limit="2", cursor=first["next_cursor"])).json

    assert (first["total"], second["total"]) == (3, 3)
    assert len(second["incidents"]) == 1


async def test_a_cursor_alone_gives_a_page(rest: Client) -> None:
    older, newer = await rest.declares(), await rest.declares()

    answer = (await rest.get("/incidents", cursor=str(newer["id"]))).json

    assert answer["incidents"][0] == older
    assert len(answer["incidents"]) <= 50


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "Closed"),
        ("status", "open"),
        ("status", ""),
        ("severity", "Worst"),
        ("severity", ""),
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "-1"),
        ("limit", "1.5"),
        ("limit", "ten"),
        ("limit", "٣"),
        ("limit", "0001"),
        ("limit", ""),
        ("cursor", "x"),
        ("cursor", "0"),
        ("cursor", "1" * 30),
        ("cursor", "1'--"),
        ("q", ""),
        ("q", "x" * 201),
    ],
)
async def test_a_filter_value_that_is_not_known_is_refused(
    rest: Client, name: str, value: str
) -> None:
    answer = await rest.get("/incidents", **{name: value})

    assert answer.is_refused(400, f"Invalid {name}")


@pytest.mark.parametrize("query", ["Status=Open", "Status=Open&Status=Resolved"])
async def test_a_parameter_that_is_not_known_is_named(rest: Client, query: str) -> None:
    answer = await rest.get(f"/incidents?{query}")

    assert answer.is_refused(400, "Unknown parameter(s)")
    assert answer.json["unknown"] == ["Status"]


async def test_a_parameter_may_be_given_once(rest: Client) -> None:
    answer = await rest.get("/incidents?status=Open&status=Resolved")

    assert answer.is_refused(400, "Invalid status", "once")


@pytest.mark.parametrize(
    "found",
    [
        "zürich",
        "ZURICH cafe",
        "printer zürich",
        "3rd-floor",
        "floor 3rd",
        "障害",
        "O'Brien",
        '"quoted"',
    ],
)
async def test_words_are_found_in_title_and_description(rest: Client, found: str) -> None:
    word = a_new_word()
    incident = await rest.declares(
        title=f"Café in Zürich {word}",
        description='The printer on the 3rd-floor; O\'Brien has a "quoted" 障害',
    )

    answer = (await rest.get("/incidents", q=f"{found} {word}")).json

    assert answer["incidents"] == [incident]


async def test_words_that_are_not_all_there_find_nothing(rest: Client) -> None:
    word = a_new_word()
    await rest.declares(title=word)

    assert (await rest.get("/incidents", q=f"{word} elsewhere")).json["incidents"] == []


async def test_an_edited_or_deleted_incident_is_found_by_what_it_says_now(rest: Client) -> None:
    old, new = a_new_word(), a_new_word()
    incident = await rest.declares(title=old)
    await rest.patch(incident["id"], {"title": new})

    assert (await rest.get("/incidents", q=old)).json["total"] == 0
    assert (await rest.get("/incidents", q=new)).json["total"] == 1
    await rest.delete(incident["id"])
    assert (await rest.get("/incidents", q=new)).json["total"] == 0
