"""What one person is told in a direct message."""

from dataclasses import replace

import pytest

from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.messages.direct import UNFOLLOW, direct
from tests.factories import ANA, BEN, CARA, HOSTILE_TITLE, after, an_entry, an_incident, in_progress
from tests.slack.messages.entries import entry_of, told_to_them
from tests.slack.messages.extremes import MARKS, STATUSES, longest, severities_of
from tests.slack.support import LINK, actions_of, check_message, shown, texts_of

LEVELS = Severities()
HANDED_OVER = an_entry(EntryKind.LEAD_CHANGED, actor=ANA, before=ANA, after=BEN)


def test_a_new_lead_is_told_what_it_is_and_how_it_stands() -> None:
    incident = in_progress(
        lead=BEN, latest_update="Rolled back.", latest_update_by=ANA, latest_update_at=after(9)
    )

    text, blocks = told_to_them(incident, HANDED_OVER, LEVELS, LINK)

    check_message(text, blocks)
    assert text.startswith(f"<@{ANA}> made you the lead of *INC-12* · <!date^")
    for words in ["Checkout answers 500", "Rolled back."]:
        assert words in text
        assert words in shown(blocks)
    stands = "🔶 In Progress · severity High  ▮▮▮ · declared <!date^"
    assert stands in text
    assert any(mrkdwn.startswith(stands) for mrkdwn in texts_of(blocks, "mrkdwn"))
    assert text.endswith(f"<{LINK}|Open the announcement>")


@pytest.mark.parametrize("kind", [EntryKind.LEAD_CHANGED, EntryKind.JOINED])
def test_who_reads_of_somebody_else_is_not_told_that_it_is_them(kind: EntryKind) -> None:
    entry = an_entry(kind, actor=ANA, after=BEN)

    text, blocks = direct(in_progress(), entry, LEVELS, LINK, reader=CARA)

    check_message(text, blocks)
    assert " you " not in text
    assert f"<@{BEN}>" in text
    assert UNFOLLOW not in actions_of(blocks), "they hear of it for another reason"


def test_a_link_that_is_not_known_yet_is_left_out() -> None:
    text, blocks = told_to_them(an_incident(), HANDED_OVER, LEVELS, None)

    check_message(text, blocks)
    assert "announcement" not in text + str(blocks)
    assert "update" not in text


def test_a_program_that_hands_over_is_named() -> None:
    entry = an_entry(EntryKind.LEAD_CHANGED, actor="ci", after=BEN)

    text, _ = told_to_them(an_incident(), entry, LEVELS, None)

    assert text.startswith("ci made you the lead of *INC-12*")


@pytest.mark.parametrize(("role", "words"), [(None, "INC-12* · "), ("Scribe", "as *Scribe* · ")])
def test_who_was_made_a_responder_is_told_by_whom_and_of_what(role: str | None, words: str) -> None:
    entry = an_entry(EntryKind.JOINED, actor=ANA, after=BEN, text=role)

    text, blocks = told_to_them(an_incident(), entry, LEVELS, LINK)

    check_message(text, blocks)
    assert text.startswith(f"<@{ANA}> made you a responder to *INC-12*")
    assert words in text
    assert "Checkout answers 500" in text
    assert "Checkout answers 500" in shown(blocks)


@pytest.mark.parametrize("kind", sorted(one for one in EntryKind if one.facts.is_followed))
def test_all_else_is_told_as_in_the_thread_and_can_be_ended(kind: EntryKind) -> None:
    text, blocks = told_to_them(an_incident(), entry_of(kind), LEVELS, LINK)

    check_message(text, blocks)
    assert "INC-12" in text
    assert text.endswith(f"<{LINK}|Open the announcement>")
    assert actions_of(blocks) == [UNFOLLOW]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("status", STATUSES)
def test_the_longest_hand_over_is_taken_by_slack(status: str, mark: str) -> None:
    entry = an_entry(EntryKind.LEAD_CHANGED, actor=mark * 100, after=BEN)

    check_message(*told_to_them(longest(mark, status), entry, severities_of(mark), LINK))


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_update_is_taken_by_slack(mark: str) -> None:
    entry = an_entry(EntryKind.UPDATE_POSTED, actor=mark * 100, text=(mark * 3000)[:3000])

    check_message(*told_to_them(longest(mark, "open"), entry, severities_of(mark), LINK))


def test_a_hostile_title_pings_nobody_and_shows_as_typed() -> None:
    text, blocks = told_to_them(an_incident(title=HOSTILE_TITLE), HANDED_OVER, LEVELS, LINK)

    check_message(text, blocks)
    assert HOSTILE_TITLE in shown(blocks)


def test_what_was_undone_says_so_to_whom_it_was_told() -> None:
    undone = replace(HANDED_OVER, undone_at=after(6))

    text, blocks = told_to_them(in_progress(), undone, LEVELS, None)

    check_message(text, blocks)
    assert text.startswith("↩️ Undone by <@U0ANA>: ~<@U0BEN> leads INC-12 now, says <@U0ANA>")
    assert actions_of(blocks) == []


def test_a_reminder_is_told_in_its_own_words() -> None:
    entry = an_entry(EntryKind.REMINDED, text="silence", after=ANA)

    text, blocks = told_to_them(in_progress(), entry, LEVELS, LINK)

    check_message(text, blocks)
    assert text.startswith("⏰ Nothing was heard of *INC-12* since ")
    assert actions_of(blocks) == ["update", "resolve", "snooze", "stop"]
