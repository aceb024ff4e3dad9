"""The buttons of action items: "Done", "Reopen", "Previous", "Next"."""

import pytest

from incident_bot.domain.action_item import NewActionItem
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.buttons import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenItem, SeenPage
from incident_bot.slack.text.mrkdwn import context, moment, quoted, section
from tests.factories import A_VIEWER, ANA, BEN, NOON, by
from tests.slack.answers import deeds, refusal, said
from tests.slack.incidents import declared
from tests.slack.payloads import pressed

ITEM = SeenItem(incident_id=1, item_id=1)
LISTS = "`/incident actions INC-1` lists them."


async def added(services: Services, number: int = 1) -> None:
    """So many action items of an incident."""
    await declared(services)
    for _ in range(number):
        await services.action_items.add(by(ANA), 1, NewActionItem("Fix it"))


async def test_in_a_list_what_is_done_shows_in_its_place(services: Services) -> None:
    await added(services)

    answer = await dispatch(pressed("finish_item", ITEM, BEN, is_ephemeral=True), services)

    assert said(answer) == (
        "It is done.\n*Action items of INC-1*: 0 open, 1 in all\n"
        f"☑ Fix it · done by <@U0BEN> {moment(NOON)}"
    )
    assert isinstance(answer, Reply)
    assert answer.replaces
    [item] = await services.action_items.every(1, A_VIEWER)
    assert (item.done_by, item.done_at) == (BEN, NOON)
    assert (await deeds(services))[-1] == (EntryKind.ACTION_ITEM_DONE, BEN)


async def test_in_a_list_what_is_open_again_shows_in_its_place(services: Services) -> None:
    await added(services)
    await services.action_items.finish(by(BEN), 1, 1)

    answer = await dispatch(pressed("reopen_item", ITEM, is_ephemeral=True), services)

    assert said(answer) == (
        "It is open again.\n*Action items of INC-1*: 1 open, 1 in all\n"
        "☐ Fix it · nobody yet · no due time"
    )
    [item] = await services.action_items.every(1, A_VIEWER)
    assert (item.is_done, item.done_by) == (False, None)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("finish_item", "You did this action item of *INC-1*."),
        ("reopen_item", "This action item of *INC-1* is open again."),
    ],
)
async def test_in_a_direct_message_it_is_answered_below(
    services: Services, name: str, words: str
) -> None:
    await added(services)
    if name == "reopen_item":
        await services.action_items.finish(by(BEN), 1, 1)

    answer = await dispatch(pressed(name, ITEM), services)

    assert answer == Reply(
        f"{words}\nFix it\n{LISTS}", (section(words), quoted("Fix it"), context(LISTS))
    )


DONE_BEFORE = f"<@U0BEN> did this action item of INC-1 already, {moment(NOON)}."
OPEN_BEFORE = "This action item of INC-1 is open already."


@pytest.mark.parametrize(
    ("name", "words"), [("finish_item", DONE_BEFORE), ("reopen_item", OPEN_BEFORE)]
)
async def test_who_was_slower_reads_so(services: Services, name: str, words: str) -> None:
    await added(services)
    if name == "finish_item":
        await services.action_items.finish(by(BEN), 1, 1)
    before = await deeds(services)

    shown = await dispatch(pressed(name, ITEM, is_ephemeral=True), services)

    assert said(shown).startswith(f"{words}\n*Action items of INC-1*: ")
    assert await refusal(dispatch(pressed(name, ITEM), services)) == words
    assert await deeds(services) == before


@pytest.mark.parametrize("name", ["finish_item", "reopen_item"])
@pytest.mark.parametrize("is_ephemeral", [True, False])
async def test_an_action_item_that_is_not_there_is_refused(
    services: Services, name: str, *, is_ephemeral: bool
) -> None:
    await declared(services)

    press = pressed(name, ITEM, is_ephemeral=is_ephemeral)
    assert await refusal(dispatch(press, services)) == (
        "INC-1 has no such action item. `/incident actions INC-1` shows what there is."
    )


async def test_the_page_on_which_it_was_is_shown_again(services: Services) -> None:
    await added(services, 12)
    last = SeenItem(incident_id=1, item_id=12, page=1)

    answer = await dispatch(pressed("finish_item", last, is_ephemeral=True), services)

    assert said(answer).startswith(
        "It is done.\n*Action items of INC-1*: 11 open, 12 in all; here 11 to 12\n"
    )


@pytest.mark.parametrize("name", ["items_before", "items_after"])
async def test_another_page_takes_the_place_of_this_one(services: Services, name: str) -> None:
    await added(services, 11)

    answer = await dispatch(pressed(name, SeenPage(incident_id=1, page=1)), services)

    assert said(answer) == (
        "*Action items of INC-1*: 11 open, 11 in all; here 11 to 11\n"
        "☐ Fix it · nobody yet · no due time"
    )
    assert isinstance(answer, Reply)
    assert answer.replaces
