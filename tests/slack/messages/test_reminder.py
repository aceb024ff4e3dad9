"""What a reminder says, and the buttons below it."""

import pytest

from incident_bot.domain.action_item import NO_ACTION_ITEMS, ActionItem, SomeActionItems
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.messages.reminder import reminder
from incident_bot.slack.text.parts import rendered
from tests.factories import ANA, BEN, HOSTILE_TITLE, NOON, after, an_entry, an_incident, in_progress
from tests.slack.messages.extremes import MARKS, STATUSES, longest
from tests.slack.support import actions_of, check_message, shown

DUE = in_progress(next_update_at=after(20), updated_at=after(9))


@pytest.mark.parametrize(
    ("kind", "words", "buttons"),
    [
        ("acknowledge", "Nobody has acknowledged *INC-12* yet, declared <!date", ["acknowledge"]),
        ("update", "The next update on *INC-12* was promised for <!date", ["update"]),
        ("silence", "Nothing was heard of *INC-12* since <!date", ["update", "resolve"]),
    ],
)
def test_a_reminder_says_what_is_missing_and_has_the_way_out(
    kind: str, words: str, buttons: list[str]
) -> None:
    incident = an_incident() if kind == "acknowledge" else DUE

    text, blocks = rendered(
        reminder(incident, an_entry(EntryKind.REMINDED, text=kind), NO_ACTION_ITEMS)
    )

    check_message(text, blocks)
    assert text.startswith(f"⏰ {words}")
    assert "Checkout answers 500" in text
    assert "Checkout answers 500" in shown(blocks)
    assert actions_of(blocks) == [*buttons, "snooze", "stop"]


def test_the_title_shows_as_typed() -> None:
    entry = an_entry(EntryKind.REMINDED, text="silence")

    text, blocks = rendered(reminder(an_incident(title=HOSTILE_TITLE), entry, NO_ACTION_ITEMS))

    check_message(text, blocks)
    assert "<!channel>" not in text
    assert HOSTILE_TITLE in shown(blocks)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("kind", sorted(set(ReminderKind) - {ReminderKind.ACTION}))
def test_the_longest_reminder_is_taken_by_slack(kind: str, status: str, mark: str) -> None:
    entry = an_entry(EntryKind.REMINDED, text=kind)

    text, blocks = rendered(reminder(longest(mark, status), entry, NO_ACTION_ITEMS))

    check_message(text, blocks)


def an_item(number: int = 7, text: str = "Fix the alert") -> ActionItem:
    return ActionItem(number, 12, text, BEN, after(3), NOON, ANA)


def test_due_action_items_have_a_button_each() -> None:
    items = SomeActionItems((an_item(7), an_item(8, "Write it down")), 2)
    entry = an_entry(EntryKind.REMINDED, text="action", before=BEN, after=BEN)

    text, blocks = rendered(reminder(an_incident(), entry, items))

    check_message(text, blocks)
    assert text.startswith("⏰ 2 action items of *INC-12* are due")
    for words in ("Fix the alert", "Write it down"):
        assert words in text
        assert words in shown(blocks)
    assert actions_of(blocks) == ["finish_item", "finish_item", "snooze", "stop"]


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_reminder_of_action_items_is_taken_by_slack(mark: str) -> None:
    items = SomeActionItems(
        tuple(an_item(2**53 - 1 - number, (mark * 500)[:500]) for number in range(30)), 30
    )
    entry = an_entry(EntryKind.REMINDED, text="action", before=BEN, after=BEN)

    text, blocks = rendered(reminder(longest(mark, "open"), entry, items))

    check_message(text, blocks)
    assert "… and 25 more." in text
