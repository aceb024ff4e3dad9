"""What a search finds, the same on both databases."""

import pytest

from incident_bot.domain.edits import Edit
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.queries.search import IncidentFilter, words_of
from tests.factories import A_VIEWER, CARA, INCIDENTS, a_declaration, by

_DISK = "Disk full on db-01.prod.example.com"
_CAFE = "Café tills are down in Zürich, Straße 5"
_JAPANESE = "データベース接続エラーが発生しています"
_CHINESE = "我家在上海东边机房断电"
_MIXED = "第3号機のDB障害"
_THAI = "ฐานข้อมูลล่มตั้งแต่เช้า"
_KOREAN = "데이터베이스가 응답하지 않습니다"
_WIDE = "ﾃﾞｰﾀ転送がＡＰＩで失敗"
_TITLES = (_DISK, _CAFE, _JAPANESE, _CHINESE, _MIXED, _THAI, _KOREAN, _WIDE)


async def declared(store: IncidentStore, title: str, description: str = "Seen by many") -> None:
    await store.declare(by(CARA), a_declaration(title=title, description=description), [INCIDENTS])


async def found(lists: IncidentLists, text: str) -> list[str]:
    incidents, total = await lists.find(IncidentFilter(words=words_of(text)), A_VIEWER, 20)
    assert total == len(incidents)
    return [incident.title for incident in incidents]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("db-01", [_DISK]),
        ("DB-01.PROD", [_DISK]),
        ("example.com", [_DISK]),
        ("example.com db-01", [_DISK]),
        ("01-db", []),
        ("exam", []),
        ("cafe", [_CAFE]),
        ("CAFÉ", [_CAFE]),
        ("Cafe\u0301", [_CAFE]),
        ("zurich strasse", [_CAFE]),
        ("データベース", [_JAPANESE]),
        ("接続エラー", [_JAPANESE]),
        ("発生 接続", [_JAPANESE]),
        ("エラー接続", []),
        ("上海", [_CHINESE]),
        ("断电", [_CHINESE]),
        ("机房断电", [_CHINESE]),
        ("上边", []),
        ("海", [_CHINESE]),
        ("电", [_CHINESE]),
        ("号機", [_MIXED]),
        ("第3号", [_MIXED]),
        ("のdb障害", [_MIXED]),
        ("DB障", [_MIXED]),
        ("機db", []),
        ("ข้อมูล", [_THAI]),
        ("데이터베이스", [_KOREAN]),
        ("データ", [_WIDE, _JAPANESE]),
        ("api", [_WIDE]),
    ],
)
async def test_a_search_finds_the_same_on_every_database(
    store: IncidentStore, lists: IncidentLists, text: str, titles: list[str]
) -> None:
    for title in _TITLES:
        await declared(store, title)

    assert await found(lists, text) == titles


@pytest.mark.parametrize(
    "text", ["'", "a'b\\", '"db" OR', "db:*", "a & !b", "<->", "(", "\\", "·", "'db':1", "x*", "ﷺ"]
)
async def test_nothing_in_a_search_is_an_operator(
    store: IncidentStore, lists: IncidentLists, text: str
) -> None:
    await declared(store, "Checkout")
    await declared(store, f"Somebody typed {text}")

    assert len(await found(lists, f"somebody {text}")) == 1


async def test_a_word_of_any_length_is_found(store: IncidentStore, lists: IncidentLists) -> None:
    await declared(store, "Long", "y" * 3000)

    assert await found(lists, "y" * 200) == ["Long"]


async def test_what_is_searched_for_does_not_go_from_the_title_into_the_description(
    store: IncidentStore, lists: IncidentLists
) -> None:
    await declared(store, "Full db", "01 is fine")

    assert await found(lists, "db-01") == []
    assert await found(lists, "db 01") == ["Full db"]


async def test_after_an_edit_only_the_new_words_are_found(
    store: IncidentStore, lists: IncidentLists
) -> None:
    await declared(store, "上海断电")

    await store.edit(by(CARA), 1, Edit(title="北京断电"))

    assert await found(lists, "上海") == []
    assert await found(lists, "北京") == ["北京断电"]


async def test_a_title_without_spaces_has_similar_incidents(
    store: IncidentStore, lists: IncidentLists
) -> None:
    await declared(store, _JAPANESE)
    await declared(store, _CHINESE)

    similar = await lists.find_similar("データベースが遅い", A_VIEWER, 3)

    assert [incident.title for incident in similar] == [_JAPANESE]
