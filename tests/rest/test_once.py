"""Nothing twice, and nothing overwritten: Idempotency-Key, ETag and If-Match."""

import asyncio

import pytest

from tests.rest.client import DECLARATION, JSON, Client, a_new_word


async def test_the_same_key_and_body_declare_once(rest: Client) -> None:
    key, body = a_new_word(), {**DECLARATION, "title": a_new_word()}
    first = await rest.post(body, Idempotency_Key=key)
    await rest.patch(first.json["id"], {"status": "Resolved"})

    again = await rest.post(dict(reversed(body.items())), Idempotency_Key=key)

    assert (again.status, again.text, again.etag) == (201, first.text, first.etag)
    assert again.headers["Location"] == first.headers["Location"]
    assert (await rest.get("/incidents", q=body["title"])).json["total"] == 1


async def test_sent_many_times_at_once_it_is_declared_once(rest: Client) -> None:
    key = a_new_word()

    answers = await asyncio.gather(
        *(rest.post(DECLARATION, Idempotency_Key=key) for _ in range(20))
    )

    assert {answer.text for answer in answers} == {answers[0].text}
    assert {answer.status for answer in answers} == {201}


async def test_the_same_key_with_another_body_is_a_conflict(rest: Client) -> None:
    key = a_new_word()
    await rest.post(DECLARATION, Idempotency_Key=key)

    answer = await rest.post({**DECLARATION, "severity": "Low"}, Idempotency_Key=key)

    assert answer.is_refused(409, "Idempotency-Key was used for another request")


async def test_a_refused_declaration_does_not_use_up_the_key(rest: Client) -> None:
    key = a_new_word()
    refused = await rest.post({"title": "x"}, Idempotency_Key=key)

    answer = await rest.post(DECLARATION, Idempotency_Key=key)

    assert (refused.status, answer.status) == (400, 201)


async def test_a_deleted_incident_is_still_the_answer(rest: Client) -> None:
    key = a_new_word()
    first = await rest.post(DECLARATION, Idempotency_Key=key)
    await rest.delete(first.json["id"])

    assert (await rest.post(DECLARATION, Idempotency_Key=key)).text == first.text


@pytest.mark.parametrize("key", ["", "x" * 256, "ä"])
async def test_a_key_that_is_none_is_refused(rest: Client, key: str) -> None:
    answer = await rest.post(DECLARATION, Idempotency_Key=key)

    assert answer.is_refused(400, "Invalid Idempotency-Key")


async def test_two_keys_are_refused(rest: Client) -> None:
    headers = [*JSON.items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]

    answer = await rest.ask("POST", "/incidents", DECLARATION, headers)

    assert answer.is_refused(400, "Invalid Idempotency-Key")


async def test_every_incident_has_an_etag_that_changes_with_it(rest: Client) -> None:
    declared = await rest.post(DECLARATION)
    path = f"/incidents/{declared.json['id']}"
    shown = await rest.get(path)
    changed = await rest.patch(declared.json["id"], {"severity": "Low"})
    unchanged = await rest.patch(declared.json["id"], {"severity": "Low"})

    assert declared.etag == shown.etag == '"1"'
    assert changed.etag == unchanged.etag == (await rest.get(path)).etag == '"2"'


@pytest.mark.parametrize("tag", ['"2"', '"1", "2"', '"x","2"', "*"])
async def test_a_matching_tag_lets_the_change_through(rest: Client, tag: str) -> None:
    incident = await rest.declares()
    await rest.patch(incident["id"], {"severity": "Low"})

    changed = await rest.patch(incident["id"], {"severity": "Medium"}, If_Match=tag)

    assert changed.status == 200


@pytest.mark.parametrize(
    "tag", ['"1"', '"3"', 'W/"2"', "2", '"x"', "", '"2', '"99999999999999999"']
)
async def test_any_other_tag_is_refused_and_nothing_is_changed(rest: Client, tag: str) -> None:
    incident = await rest.declares()
    shown = await rest.patch(incident["id"], {"severity": "Low"})

    changed = await rest.patch(incident["id"], {"severity": "Medium"}, If_Match=tag)
    deleted = await rest.delete(incident["id"], If_Match=tag)

    assert changed.is_refused(412, "Incident has changed")
    assert deleted.is_refused(412, "Incident has changed")
    assert (await rest.get(f"/incidents/{incident['id']}")).json == shown.json


async def test_a_weak_tag_is_refused_as_that(rest: Client) -> None:
    declared = await rest.post(DECLARATION)

    answer = await rest.patch(declared.json["id"], {"severity": "Low"}, If_Match='W/"1"')

    assert answer.is_refused(412, "is a weak tag", "Send the tag without W/")


@pytest.mark.parametrize("tag", ["1", '"1-gzip"', '"1', "", '"x", 1'])
async def test_of_no_incident_no_tag_is_judged(rest: Client, tag: str) -> None:
    assert (await rest.delete(987654321, If_Match=tag)).status == 404


@pytest.mark.parametrize("tag", ["1", '"1-gzip"', '"1', "", '"x", 1'])
async def test_what_is_no_tag_is_not_taken_for_a_change(rest: Client, tag: str) -> None:
    declared = await rest.post(DECLARATION)

    answer = await rest.patch(declared.json["id"], {"severity": "Low"}, If_Match=tag)

    assert answer.is_refused(412, "no tag of this bot", "in quotation marks")


async def test_deleting_the_version_that_was_seen(rest: Client) -> None:
    declared = await rest.post(DECLARATION)

    answer = await rest.delete(declared.json["id"], If_Match=declared.etag)

    assert answer.status == 200


async def test_of_200_changes_at_once_exactly_one_wins_each_version(rest: Client) -> None:
    incident = await rest.declares()
    path = f"/incidents/{incident['id']}"
    won: list[int] = []

    async def change(number: int) -> None:
        """Try until it is won, each time on the version that was seen."""
        while True:
            etag = (await rest.get(path)).etag
            answer = await rest.patch(incident["id"], {"title": f"Try {number}"}, If_Match=etag)
            if answer.status == 200:
                assert answer.etag == f'"{int(etag[1:-1]) + 1}"'
                won.append(int(etag[1:-1]))
                return
            assert answer.status == 412

    await asyncio.gather(*(change(number) for number in range(20)))
    at_once = await asyncio.gather(
        *(
            rest.patch(incident["id"], {"title": f"At once {n}"}, If_Match='"21"')
            for n in range(200)
        )
    )

    assert sorted(won) == list(range(1, 21))
    assert sorted(answer.status for answer in at_once) == [200, *[412] * 199]
    assert (await rest.get(path)).etag == '"22"'
    assert len(await rest.timeline(incident["id"])) == 22
