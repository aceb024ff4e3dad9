"""Which incidents may be about the same as a title that is being typed."""

import pytest

from incident_bot.domain.actors import Viewer
from incident_bot.domain.role import Roles
from incident_bot.domain.status import Step
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.queries.search import FAR, telling_words
from tests.databases import ON_SQLITE, Rows
from tests.factories import A_VIEWER, ANA, BEN, CARA, INCIDENTS, a_declaration, by

_RESOLVED_SINCE = f"""
    WITH RECURSIVE numbers (number) AS (
        SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {FAR}
    )
    INSERT INTO incidents (title, description, reported_by, severity, status, declared_at,
        updated_at, resolved_at, version, has_named_reporter, is_private, search_terms)
    SELECT 'Checkout', 'Over', '{CARA}', 'High', 'Resolved', declared_at, declared_at,
        declared_at, 1, false, false, 'checkout · over'
    FROM incidents, numbers
"""  # noqa: S608 - a test's words


async def declared(store: IncidentStore, *titles: str, **changes: object) -> None:
    for title in titles:
        declaration = a_declaration(title=title, **({"description": "Seen by many"} | changes))
        await store.declare(by(CARA), declaration, [INCIDENTS])


async def found(lists: IncidentLists, title: str, viewer: Viewer = A_VIEWER) -> list[str]:
    return [incident.title for incident in await lists.find_similar(title, viewer, 3)]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("", ()),
        ("DB", ()),
        ("Is it up?", ()),
        ("The checkout is down", ("checkout", "down")),
        ("checkout CHECKOUT Check-out!", ("checkout", "check", "out")),
        ("Störung: 500er im Überweisen", ("uberweisen", "storung", "500er")),
        ("'; DROP \"TABLE* NEAR(", ("table", "drop", "near")),
    ],
)
def test_words_of_three_letters_and_more_tell_what_a_title_is_about(
    title: str, words: tuple[str, ...]
) -> None:
    assert telling_words(title) == words


def test_of_many_words_the_longest_are_taken() -> None:
    words = telling_words(" ".join("abcdefghijklmnop"[:length] for length in range(3, 16)))

    assert [len(word) for word in words] == [15, 14, 13, 12, 11, 10, 9, 8]


async def test_any_word_will_do_and_those_with_most_of_them_come_first(
    store: IncidentStore, lists: IncidentLists
) -> None:
    await declared(store, "Checkout is down", "Checkout", "Mail is slow", "Checkout is slow")

    assert await found(lists, "checkout down") == [
        "Checkout is down",
        "Checkout is slow",
        "Checkout",
    ]
    assert await found(lists, "Is the mail down?") == ["Mail is slow", "Checkout is down"]
    assert await found(lists, "che") == []


async def test_words_of_descriptions_count_too(store: IncidentStore, lists: IncidentLists) -> None:
    await declared(store, "Tills", description="Cards are refused")

    assert await found(lists, "cards") == ["Tills"]


async def test_what_is_resolved_or_deleted_is_not_found(
    store: IncidentStore, lists: IncidentLists
) -> None:
    await declared(store, "Checkout 1", "Checkout 2", "Checkout 3")
    await store.take(by(ANA), 1, Step.RESOLVE)
    await store.delete(by(CARA), 2)
    await store.take(by(ANA), 3, Step.ACKNOWLEDGE)

    assert await found(lists, "checkout") == ["Checkout 3"]


async def test_what_is_private_is_found_by_its_people_alone(
    store: IncidentStore, lists: IncidentLists
) -> None:
    await declared(store, "Checkout", is_private=True)
    await store.join(by(CARA), 1, Roles())

    assert await found(lists, "checkout", Viewer(BEN)) == []
    assert await found(lists, "checkout", Viewer(CARA)) == ["Checkout"]
    await store.hand_over(by(CARA), 1, ANA)
    assert await found(lists, "checkout", Viewer(ANA)) == ["Checkout"]


@pytest.mark.parametrize("title", ["checkout' OR 1=1", 'x" OR "checkout', "checkout*", "^checkout"])
async def test_nothing_in_a_title_is_an_operator(
    store: IncidentStore, lists: IncidentLists, title: str
) -> None:
    await declared(store, "Checkout")

    assert await found(lists, title) == ["Checkout"]


@ON_SQLITE
async def test_of_a_frequent_word_the_newest_count_and_of_a_rare_one_all(
    store: IncidentStore, lists: IncidentLists, rows: Rows
) -> None:
    await declared(store, "Checkout of stamps")
    rows.execute(_RESOLVED_SINCE)
    await declared(store, "Checkout")

    assert await found(lists, "checkout") == ["Checkout"]
    assert await found(lists, "stamps checkout") == ["Checkout", "Checkout of stamps"]


@ON_SQLITE
@pytest.mark.parametrize(("others", "is_found"), [(499, True), (500, False)])
async def test_of_each_word_the_newest_500_are_looked_at(
    store: IncidentStore, lists: IncidentLists, rows: Rows, *, others: int, is_found: bool
) -> None:
    await declared(store, "Checkout")
    rows.execute(_RESOLVED_SINCE.replace(f"number < {FAR}", f"number < {others}"))

    assert bool(await found(lists, "checkout")) is is_found
