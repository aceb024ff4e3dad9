"""What a channel hears of a change."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.domain.action_item import SomeActionItems
from incident_bot.domain.actors import BOT
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack.messages.notification import is_broadcast, notification, people_named
from incident_bot.slack.text.button_values import SeenDeed, SeenIncident, microseconds
from tests.factories import (
    ANA,
    BEN,
    CARA,
    FROM_THE_FUTURE,
    HOSTILE_TITLE,
    NOON,
    after,
    an_action_item,
    an_entry,
    an_incident,
    resolved,
)
from tests.slack.messages.entries import entry_of
from tests.slack.messages.extremes import MARKS, longest
from tests.slack.support import actions_of, check_message, shown

KINDS = sorted(kind for kind in EntryKind if kind.facts.is_told)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EntryKind.ACKNOWLEDGED, "🔶 <@U0ANA> acknowledged INC-12 · <!date^"),
        (EntryKind.RESOLVED, "✅ <@U0ANA> resolved *INC-12* after 5 min · <!date^"),
        (EntryKind.REOPENED, "🔶 <@U0ANA> reopened INC-12: In Progress · <!date^"),
        (EntryKind.SET_BACK, "🔺 <@U0ANA> set INC-12 back to Open · <!date^"),
        (
            EntryKind.SEVERITY_CHANGED,
            "<@U0ANA> changed the severity of INC-12 from Low to *High* · <!date^",
        ),
        (EntryKind.LEAD_CHANGED, "<@U0ANA> leads INC-12 now · <!date^"),
        (EntryKind.ROLE_ASSIGNED, "<@U0ANA> is *Scribe* of INC-12 now · <!date^"),
        (EntryKind.JOINED, "<@U0ANA> joined INC-12 as *Scribe* · <!date^"),
        (EntryKind.UPDATE_POSTED, "💬 Update on INC-12 by <@U0ANA> · <!date^"),
    ],
)
def test_each_change_is_told_with_who_and_when(kind: EntryKind, words: str) -> None:
    message = notification(an_incident(), entry_of(kind))

    assert message.text.startswith(words)


@pytest.mark.parametrize("kind", KINDS)
def test_every_change_that_is_told_can_be_told(kind: EntryKind) -> None:
    message = notification(an_incident(), entry_of(kind))

    check_message(message.text, message.blocks)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_notification_is_taken_by_slack(kind: EntryKind, mark: str) -> None:
    long: dict[str, Any] = {"actor": (mark * 100)[:100], "edited_at": after(9)}
    if kind is EntryKind.UPDATE_POSTED:
        long["text"] = (mark * 3000)[:3000]
    elif kind in (EntryKind.SEVERITY_CHANGED, EntryKind.LEAD_CHANGED):
        long |= {"before": mark * 75, "after": mark * 75}
    elif kind in (EntryKind.ROLE_ASSIGNED, EntryKind.JOINED):
        long |= {"before": BEN, "text": mark * 75}

    names = {ANA: mark * 80}
    message = notification(longest(mark, "resolved"), entry_of(kind, **long), names=names)

    check_message(message.text, message.blocks)


@pytest.mark.parametrize("kind", KINDS)
def test_only_resolved_is_seen_in_the_channel_too(kind: EntryKind) -> None:
    assert is_broadcast(entry_of(kind)) is (kind is EntryKind.RESOLVED)


@pytest.mark.parametrize(
    "entry",
    [
        an_entry(FROM_THE_FUTURE, actor=ANA),
        an_entry(EntryKind.REMINDED, actor=ANA, text=FROM_THE_FUTURE),
    ],
    ids=["a change", "a reminder"],
)
def test_what_only_a_newer_version_has_words_for_is_told_by_its_word(entry: TimelineEntry) -> None:
    message = notification(an_incident(), entry)

    check_message(message.text, message.blocks)
    said = "INC-12 · <@U0ANA>: from_the_future (recorded by a newer version of the bot)"
    assert said in message.text


def test_resolved_names_what_it_was_and_asks_for_a_summary() -> None:
    message = notification(resolved(), entry_of(EntryKind.RESOLVED, version=4))

    assert "Checkout answers 500" in message.text
    assert "Checkout answers 500" in shown(message.blocks)
    assert actions_of(message.blocks) == ["add_summary"]
    assert SeenIncident.parse(message.blocks[-1]["elements"][0]["value"]).version == 4


def test_a_lead_named_by_somebody_else_is_told_with_who_did() -> None:
    message = notification(an_incident(), entry_of(EntryKind.LEAD_CHANGED, actor=BEN))

    assert message.text.startswith("<@U0ANA> leads INC-12 now, says <@U0BEN> · ")


def test_a_role_that_changes_hands_is_told_with_who_had_it() -> None:
    entry = entry_of(EntryKind.ROLE_ASSIGNED, actor=CARA, before=BEN)

    message = notification(an_incident(), entry)

    assert message.text.startswith(
        "<@U0ANA> is *Scribe* of INC-12 now instead of <@U0BEN>, says <@U0CARA> · "
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Ana joined INC-12 as *Scribe* · <!date^"),
        ({"text": None}, "Ana joined INC-12 · <!date^"),
        ({"actor": BEN, "text": None}, "Ben\u200b_\u200b added Ana to INC-12 · <!date^"),
        ({"actor": "ci"}, "ci added Ana to INC-12 as *Scribe* · <!date^"),
    ],
)
def test_who_joins_is_named_and_nobody_is_mentioned(changes: dict[str, Any], words: str) -> None:
    entry = entry_of(EntryKind.JOINED, **changes)

    message = notification(an_incident(), entry, names={ANA: "Ana", BEN: "Ben_"})

    check_message(message.text, message.blocks)
    assert message.text.startswith(words)
    assert "<@" not in message.text


@pytest.mark.parametrize("kind", KINDS)
def test_only_of_who_joins_names_are_needed(kind: EntryKind) -> None:
    needed = people_named(entry_of(kind, actor=BEN))

    assert needed == (frozenset({ANA, BEN}) if kind is EntryKind.JOINED else frozenset())


def test_programs_have_no_names_to_be_looked_up() -> None:
    assert people_named(entry_of(EntryKind.JOINED, actor="ci")) == {ANA}


def test_a_lead_that_was_taken_away_is_told() -> None:
    message = notification(an_incident(), entry_of(EntryKind.LEAD_CHANGED, after=None))

    assert message.text.startswith("nobody leads INC-12 now, says <@U0ANA> · ")


def test_a_lead_whose_account_was_deactivated_is_told_with_the_way_out() -> None:
    entry = entry_of(EntryKind.LEAD_CHANGED, actor=BOT, before=BEN, after=None)

    message = notification(an_incident(), entry)

    assert message.text.startswith(
        "Nobody leads INC-12 now: <@U0BEN>'s Slack account was deactivated. "
        "`/incident lead INC-12 @person` names a new lead · "
    )


def test_what_is_told_is_what_was_and_not_what_is() -> None:
    entry = entry_of(EntryKind.ACKNOWLEDGED)

    before, now = notification(an_incident(), entry), notification(resolved(lead=BEN), entry)

    assert before == now


def test_an_update_is_shown_as_typed() -> None:
    message = notification(an_incident(), entry_of(EntryKind.UPDATE_POSTED, text=HOSTILE_TITLE))

    check_message(message.text, message.blocks)
    assert shown(message.blocks) == HOSTILE_TITLE


def test_an_update_that_was_edited_says_so_after_its_time() -> None:
    entry = entry_of(EntryKind.UPDATE_POSTED, edited_at=after(9))

    message = notification(an_incident(), entry)

    sentence = "<!date^1795349100^{date_short_pretty} at {time}|2026-11-22 12:05 UTC> (edited)"
    assert message.text.endswith(f"{sentence}\nRolled back.")
    assert message.blocks[0]["text"]["text"].endswith(sentence)


def test_an_update_of_normal_length_is_in_the_text_whole() -> None:
    message = notification(an_incident(), entry_of(EntryKind.UPDATE_POSTED, text="u" * 3000))

    assert "u" * 3000 in message.text


def test_a_clock_that_was_set_back_is_no_negative_time() -> None:
    message = notification(an_incident(), entry_of(EntryKind.RESOLVED, at=after(-30)))

    assert "after less than a minute" in message.text


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(KINDS),
    st.text(st.sampled_from("<>&|!@#^*_ \nUu01abc:/"), min_size=1, max_size=200),
)
def test_nothing_that_people_wrote_mentions_or_links(kind: EntryKind, words: str) -> None:
    changes: dict[str, Any] = {"actor": f"<{words}"}
    if kind is EntryKind.UPDATE_POSTED:
        changes["text"] = words
    elif kind in (EntryKind.SEVERITY_CHANGED, EntryKind.LEAD_CHANGED):
        changes |= {"before": f"{words}>", "after": f"<{words}"}
    elif kind in (EntryKind.ROLE_ASSIGNED, EntryKind.JOINED):
        changes |= {"text": words}

    message = notification(
        an_incident(title=words), entry_of(kind, **changes), names={ANA: f"<{words}"}
    )

    check_message(message.text, message.blocks)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_undone_stays_and_says_so(kind: EntryKind) -> None:
    said = notification(an_incident(), entry_of(kind)).text.split("\n")[0]

    undone = entry_of(kind, undone_at=after(6))
    message = notification(an_incident(), undone, can_be_undone=True)

    check_message(message.text, message.blocks)
    assert message.text == f"↩️ Undone by <@U0ANA>: ~{said}~"
    assert actions_of(message.blocks) == []
    assert is_broadcast(undone) is (kind is EntryKind.RESOLVED)


@pytest.mark.parametrize(
    ("kind", "buttons"),
    [
        (EntryKind.RESOLVED, ["add_summary", "undo"]),
        (EntryKind.ACKNOWLEDGED, ["undo"]),
        (EntryKind.SEVERITY_CHANGED, ["undo"]),
        (EntryKind.LEAD_CHANGED, ["undo"]),
    ],
)
def test_for_a_while_it_is_offered_to_be_undone(kind: EntryKind, buttons: list[str]) -> None:
    entry = entry_of(kind, id=7)

    message = notification(an_incident(), entry, can_be_undone=True)

    check_message(message.text, message.blocks)
    assert actions_of(message.blocks) == buttons
    value = message.blocks[-1]["elements"][-1]["value"]
    assert SeenDeed.parse(value) == SeenDeed(
        incident_id=12, made_at=microseconds(after(5)), entry_id=7
    )


@pytest.mark.parametrize(
    ("kind", "is_shown"),
    [(ReminderKind.SILENCE, True), (ReminderKind.UPDATE, True), (ReminderKind.ACTION, False)],
)
def test_a_reminder_is_shown_in_the_channel_unless_it_is_of_action_items(
    kind: ReminderKind, *, is_shown: bool
) -> None:
    entry = an_entry(EntryKind.REMINDED, text=kind)
    items = SomeActionItems((an_action_item(due_at=NOON),), 1)

    message = notification(an_incident(), entry, items=items)

    assert message.text.startswith("⏰ ")
    assert is_broadcast(entry) is is_shown
