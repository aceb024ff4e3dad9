"""Action items: the list, what is told of one, and what a new lead reads of them."""

from typing import Any

import pytest

from incident_bot.domain.action_item import ActionItem, SomeActionItems
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.messages.action_item import added_item, changed_item
from incident_bot.slack.messages.action_items import ITEMS_SHOWN, action_items
from incident_bot.store.action_items import ActionItemPage
from tests.factories import (
    ANA,
    BEN,
    CARA,
    HOSTILE_TITLE,
    after,
    an_action_item,
    an_entry,
    in_progress,
)
from tests.slack.messages.entries import told_to_them
from tests.slack.messages.extremes import MARKS, longest, severities_of
from tests.slack.support import LINK, actions_of, check_message, shown, texts_of

LEVELS = Severities()
DATE = "{date_short_pretty} at {time}"


def a_page(*items: ActionItem, **changes: Any) -> ActionItemPage:  # noqa: ANN401 - ActionItemPage's
    values: dict[str, Any] = {
        "incident": in_progress(),
        "items": items,
        "number": 0,
        "still_open": sum(not item.is_done for item in items),
        "total": len(items),
        "at": after(60),
    }
    return ActionItemPage(**(values | changes))


def moment(minutes: float, shown_: str) -> str:
    return f"<!date^{int(after(minutes).timestamp())}^{DATE}|2026-11-22 {shown_} UTC>"


def the_longest(mark: str, **changes: Any) -> ActionItem:  # noqa: ANN401 - ActionItem's
    values: dict[str, Any] = {
        "id": 2**53 - 1,
        "incident_id": 2**53 - 1,
        "text": (mark * 500)[:500],
        "owner": BEN,
        "due_at": after(1),
        "done_by": CARA,
        "done_at": after(2),
    }
    return an_action_item(**(values | changes))


def test_a_line_says_what_whose_and_when() -> None:
    reply = action_items(
        a_page(
            an_action_item(text="Fix the alert", owner=BEN, due_at=after(59)),
            an_action_item(text="Write it up", due_at=after(61)),
            an_action_item(text="Buy a fan", owner=CARA),
            an_action_item(text="Call them", owner=CARA, done_by=BEN, done_at=after(9)),
            an_action_item(text="Reboot", done_by=BEN, done_at=after(8)),
            an_action_item(text="Sleep", owner=BEN, done_by=BEN, done_at=after(7)),
        )
    )

    check_message(reply.text, reply.blocks)
    assert reply.text.split("\n") == [
        "*Action items of INC-12*: 3 open, 6 in all",
        f"☐ Fix the alert · <@U0BEN> · ⚠️ was due {moment(59, '12:59')}",
        f"☐ Write it up · nobody yet · due {moment(61, '13:01')}",
        "☐ Buy a fan · <@U0CARA> · no due time",
        f"☑ Call them · <@U0CARA> · done by <@U0BEN> {moment(9, '12:09')}",
        f"☑ Reboot · done by <@U0BEN> {moment(8, '12:08')}",
        f"☑ Sleep · done by <@U0BEN> {moment(7, '12:07')}",
    ]
    assert actions_of(reply.blocks or ()) == ["finish_item"] * 3 + ["reopen_item"] * 3
    for line in ("☐ Fix the alert", "☑ Reboot"):
        assert line in shown(reply.blocks)


def test_an_incident_without_any_says_how_to_add_one() -> None:
    reply = action_items(a_page())

    check_message(reply.text, reply.blocks)
    assert reply.text == (
        "*INC-12 has no action items yet.* `/incident action INC-12 Fix the alert @ana by Friday` "
        "adds one."
    )


@pytest.mark.parametrize(
    ("number", "place", "buttons"),
    [
        (0, "; here 1 to 10", ["items_after"]),
        (1, "; here 11 to 20", ["items_before", "items_after"]),
        (2, "; here 21 to 25", ["items_before"]),
    ],
)
def test_the_buttons_lead_to_the_pages_that_there_are(
    number: int, place: str, buttons: list[str]
) -> None:
    items = (an_action_item(),) * (ITEMS_SHOWN if number < 2 else 5)

    reply = action_items(a_page(*items, number=number, total=25), "It is done.")

    assert reply.text.startswith("It is done.\n*Action items of INC-12*: ")
    assert place in reply.text
    turns = [name for name in actions_of(reply.blocks or ()) if name.startswith("items_")]
    assert turns == buttons


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("is_done", ["done", "open"])
def test_the_longest_page_is_taken_by_slack(is_done: str, mark: str) -> None:
    changes = {} if is_done == "done" else {"done_at": None, "done_by": None}
    items = (the_longest(mark, **changes),) * ITEMS_SHOWN
    page = a_page(*items, incident=longest(mark, "open"), number=5, total=10**6)

    reply = action_items(page, f"<@{ANA}> did this action item of INC-9007199254740991 already.")

    check_message(reply.text, reply.blocks)
    assert reply.text.count("☑" if is_done == "done" else "☐") == ITEMS_SHOWN
    assert shown(reply.blocks).count((mark * 500)[:500]) == ITEMS_SHOWN


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_action_item_is_read_back(mark: str) -> None:
    incident, item = longest(mark, "open"), the_longest(mark)

    for reply in (added_item(incident, item), changed_item(incident, item)):
        check_message(reply.text, reply.blocks)
        assert item.text in shown(reply.blocks)


def test_who_adds_one_reads_what_was_understood() -> None:
    item = an_action_item(owner=BEN, due_at=after(90))

    reply = added_item(in_progress(), item)

    assert reply.text == (
        f"Action item of *INC-12* added: <@U0BEN> · due {moment(90, '13:30')}\nFix the alert\n"
        "`/incident actions INC-12` lists them."
    )


def test_who_changes_one_elsewhere_than_in_the_list_reads_which() -> None:
    item = an_action_item()

    done = changed_item(in_progress(), item.finish(ANA, after(9)))
    reopened = changed_item(in_progress(), item)

    assert done.text.startswith("You did this action item of *INC-12*.\nFix the alert")
    assert reopened.text.startswith("This action item of *INC-12* is open again.\nFix the alert")


GIVEN = an_entry(EntryKind.ACTION_ITEM_ADDED, actor=ANA, after=BEN, text="Fix the alert")


def test_whom_somebody_gave_one_is_told_what_and_can_say_that_it_is_done() -> None:
    item = an_action_item(owner=BEN, due_at=after(90))

    text, blocks = told_to_them(in_progress(), GIVEN, LEVELS, LINK, SomeActionItems((item,), 1))

    check_message(text, blocks)
    assert text.startswith(f"<@{ANA}> gave you an action item of *INC-12* · <!date^")
    for words in ("Checkout answers 500", "Fix the alert"):
        assert words in text
        assert words in shown(blocks)
    due = f"<@U0BEN> · due {moment(90, '13:30')}"
    assert due in text
    assert due in list(texts_of(blocks, "mrkdwn"))
    assert actions_of(blocks) == ["finish_item"]
    assert text.endswith(f"<{LINK}|Open the announcement>")


def test_one_that_is_done_by_now_has_no_button() -> None:
    item = an_action_item(owner=BEN, done_by=CARA, done_at=after(9))

    text, blocks = told_to_them(in_progress(), GIVEN, LEVELS, None, SomeActionItems((item,), 1))

    check_message(text, blocks)
    assert "done by <@U0CARA>" in text
    assert actions_of(blocks) == []


HANDED_OVER = an_entry(EntryKind.LEAD_CHANGED, actor=ANA, before=ANA, after=BEN)


@pytest.mark.parametrize(
    ("total", "more"), [(1, "`/incident"), (5, "`/incident"), (8, "and 3 more: `/incident")]
)
def test_a_new_lead_is_told_what_is_open(total: int, more: str) -> None:
    items = tuple(
        an_action_item(text=f"Step {number}", owner=CARA, due_at=after(90))
        for number in range(min(total, 5))
    )

    text, blocks = told_to_them(
        in_progress(), HANDED_OVER, LEVELS, LINK, SomeActionItems(items, total)
    )

    check_message(text, blocks)
    assert f"\n*Open action items* · {total}\n☐ Step 0 · <@U0CARA> · due <!date^" in text
    assert f"\n{more} actions INC-12` lists them.\n" in text
    assert f"*Open action items* · {total}" in list(texts_of(blocks, "mrkdwn"))
    assert [f"☐ Step {number}" in shown(blocks) for number in range(5)] == [
        number < total for number in range(5)
    ]


def test_where_none_is_open_a_new_lead_is_told_of_none() -> None:
    text, blocks = told_to_them(in_progress(), HANDED_OVER, LEVELS, LINK)

    assert "ction items" not in text + str(blocks)


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_direct_messages_are_taken_by_slack(mark: str) -> None:
    item = the_longest(mark, done_at=None, done_by=None)
    incident, levels = longest(mark, "open"), severities_of(mark)
    handed_over = an_entry(EntryKind.LEAD_CHANGED, actor=mark * 100, after=BEN)

    check_message(*told_to_them(incident, GIVEN, levels, LINK, SomeActionItems((item,), 1)))
    check_message(
        *told_to_them(incident, handed_over, levels, LINK, SomeActionItems((item,) * 5, 10**6))
    )


def test_a_hostile_text_pings_nobody_and_shows_as_typed() -> None:
    item = an_action_item(text=HOSTILE_TITLE, owner=BEN)

    listed, added = action_items(a_page(item)), added_item(in_progress(), item)
    given = told_to_them(in_progress(), GIVEN, LEVELS, None, SomeActionItems((item,), 1))

    for text, blocks in ((listed.text, listed.blocks), (added.text, added.blocks), given):
        check_message(text, blocks)
        assert HOSTILE_TITLE in shown(blocks)
