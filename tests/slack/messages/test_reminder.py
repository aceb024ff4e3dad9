"""What a reminder says, and the buttons below it."""

import pytest

from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.messages.reminder import reminder
from incident_bot.slack.words import MESSAGE_LIMIT
from tests.factories import HOSTILE_TITLE, after, an_entry, an_incident, in_progress
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

    text, blocks = reminder(incident, an_entry(EntryKind.REMINDED, text=kind), MESSAGE_LIMIT)

    check_message(text, blocks)
    assert text.startswith(f"⏰ {words}")
    assert "Checkout answers 500" in text
    assert "Checkout answers 500" in shown(blocks)
    assert actions_of(blocks) == [*buttons, "snooze", "stop"]


def test_the_title_shows_as_typed() -> None:
    entry = an_entry(EntryKind.REMINDED, text="silence")

    text, blocks = reminder(an_incident(title=HOSTILE_TITLE), entry, MESSAGE_LIMIT)

    check_message(text, blocks)
    assert "<!channel>" not in text
    assert HOSTILE_TITLE in shown(blocks)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("kind", ReminderKind)
def test_the_longest_reminder_is_taken_by_slack(kind: str, status: str, mark: str) -> None:
    text, blocks = reminder(
        longest(mark, status), an_entry(EntryKind.REMINDED, text=kind), MESSAGE_LIMIT
    )

    check_message(text, blocks)
