"""A page of a timeline."""

from typing import Any, Final

import pytest

from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack.messages.timeline import ENTRIES_SHOWN, noted, timeline
from incident_bot.slack.text.mrkdwn import MESSAGE_LIMIT
from incident_bot.store.notes import TimelinePage
from tests.factories import (
    ANA,
    BEN,
    CARA,
    FROM_THE_FUTURE,
    HOSTILE_TITLE,
    NOON,
    a_note,
    after,
    an_entry,
    an_update,
    in_progress,
)
from tests.slack.messages.extremes import MARKS, longest
from tests.slack.support import LINK, actions_of, check_message, shown, texts_of


def a_page(*entries: TimelineEntry, number: int = 0, **changes: Any) -> TimelinePage:  # noqa: ANN401 - Incident's
    return TimelinePage(in_progress(**changes), entries, number, len(entries))


def a_pin(**changes: Any) -> TimelineEntry:  # noqa: ANN401 - TimelineEntry's
    values = {"actor": BEN, "author": CARA, "permalink": LINK, "text": "It is the cache", "id": 8}
    return an_entry(EntryKind.PINNED, **(values | changes))


_DONE_BY_NOBODY: Final = {
    EntryKind.CHANNEL_MADE,
    EntryKind.CHANNEL_RENAMED,
    EntryKind.CHANNEL_CLOSED,
}
"""What Slack does not say who did, or the bot did by itself."""


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_of_entry_has_its_line(kind: EntryKind) -> None:
    text = "silence" if kind is EntryKind.REMINDED else "c"
    entry = an_entry(kind, before="a", after=ANA, text=text, author=CARA, permalink=LINK, id=1)

    reply = timeline(a_page(entry), ANA)

    check_message(reply.text, reply.blocks)
    assert kind in _DONE_BY_NOBODY or "<@U0ANA>" in reply.text


def test_what_a_newer_version_recorded_is_shown_by_its_word_with_who_and_when() -> None:
    entry = an_entry(FROM_THE_FUTURE, actor=ANA, before="a", after="b", text="c")

    reply = timeline(a_page(entry), ANA)

    check_message(reply.text, reply.blocks)
    line = reply.text.splitlines()[-1]
    assert line.startswith("<!date^")
    assert line.endswith("· <@U0ANA>: from_the_future (recorded by a newer version of the bot)")


def test_a_reminder_of_a_kind_that_a_newer_version_knows_is_shown_by_its_word() -> None:
    entry = an_entry(EntryKind.REMINDED, after=BEN, text=FROM_THE_FUTURE)

    reply = timeline(a_page(entry), ANA)

    assert reply.text.endswith("⏰ <@U0BEN> was reminded: from_the_future")


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("kind", [*EntryKind, FROM_THE_FUTURE * 20])
def test_the_longest_page_is_taken_by_slack(kind: EntryKind | str, mark: str) -> None:
    text = (mark * 3000)[:3000]
    value = text if kind in (EntryKind.EDITED, EntryKind.UPDATE_EDITED) else text[:100]
    if kind is EntryKind.REMINDED:
        text = "silence"
    entry = an_entry(
        kind, actor=text[:100], author=text[:100], before=value, after=value, text=text,
        permalink=LINK, id=2**53 - 1, edited_at=after(1),
    )  # fmt: skip
    entries = (entry,) * ENTRIES_SHOWN
    page = TimelinePage(longest(mark, "open", lead=ANA), entries, 5, 10**6)

    reply = timeline(page, ANA, "It is removed.")

    check_message(reply.text, reply.blocks)


def test_ten_notes_of_normal_length_are_said_whole() -> None:
    notes = [a_note(text="x" * 200)] * ENTRIES_SHOWN

    reply = timeline(a_page(*notes), ANA)

    assert "more" not in reply.text
    assert reply.text.count("x" * 200) == ENTRIES_SHOWN


def test_what_people_wrote_shows_as_typed() -> None:
    reply = timeline(a_page(a_note(text=HOSTILE_TITLE), a_pin(author=HOSTILE_TITLE)), ANA)

    check_message(reply.text, reply.blocks)
    assert HOSTILE_TITLE in shown(reply.blocks)


def test_a_line_says_when_who_and_what() -> None:
    reply = timeline(a_page(a_note(edited_at=after(9)), a_pin()), CARA)

    date = "{date_short_pretty} at {time}"
    moment = f"<!date^{int(after(5).timestamp())}^{date}|2026-11-22 12:05 UTC>"
    assert reply.text.split("\n") == [
        "*Timeline of INC-12*, newest first",
        f"{moment} · 📝 <@U0ANA> noted (edited): Rolled back",
        f"{moment} · 📌 <{LINK}|message> by <@U0CARA>, pinned by <@U0BEN>: It is the cache",
    ]


@pytest.mark.parametrize(
    ("kind", "owner", "words"),
    [
        ("added", CARA, "📋 <@U0BEN> added an action item for <@U0CARA>: Fix the alert"),
        ("added", None, "📋 <@U0BEN> added an action item: Fix the alert"),
        ("done", CARA, "<@U0BEN> did an action item: Fix the alert"),
        ("reopened", CARA, "<@U0BEN> reopened an action item: Fix the alert"),
    ],
)
def test_what_becomes_of_action_items_is_told_and_cannot_be_edited_there(
    kind: str, owner: str | None, words: str
) -> None:
    entry = an_entry(
        EntryKind(f"action item {kind}"), actor=BEN, after=owner, text="Fix the alert", id=9
    )

    reply = timeline(a_page(entry), BEN)

    assert words in reply.text
    assert actions_of(reply.blocks or ()) == []


@pytest.mark.parametrize(
    ("reader", "lead", "buttons"),
    [
        (ANA, ANA, ["edit_entry", "remove_entry"]),
        (BEN, ANA, ["edit_entry", "remove_entry"]),
        (CARA, ANA, []),
        (CARA, None, []),
    ],
)
def test_only_who_wrote_it_and_the_lead_have_its_buttons(
    reader: str, lead: str | None, buttons: list[str]
) -> None:
    reply = timeline(a_page(a_note(actor=BEN), an_entry(actor=BEN), lead=lead), reader)

    assert actions_of(reply.blocks or ()) == buttons


@pytest.mark.parametrize(
    ("reader", "buttons"), [(ANA, ["edit_entry"]), (BEN, ["edit_entry"]), (CARA, [])]
)
def test_an_update_can_be_edited_and_not_removed(reader: str, buttons: list[str]) -> None:
    reply = timeline(a_page(an_update(actor=BEN), an_entry(actor=BEN)), reader)

    assert actions_of(reply.blocks or ()) == buttons


def test_an_edit_of_an_update_shows_what_it_says_now() -> None:
    edit = an_entry(EntryKind.UPDATE_EDITED, before="Rolled bakc", after="Rolled back")

    reply = timeline(a_page(edit, an_update(text="Rolled back", edited_at=after(9))), CARA)

    assert "<@U0ANA> edited an update: Rolled back" in reply.text
    assert "<@U0BEN> posted an update (edited): Rolled back" in reply.text


def test_slack_asks_before_an_entry_is_removed() -> None:
    reply = timeline(a_page(a_note()), ANA)

    assert "It disappears from the timeline of INC-12." in texts_of(reply.blocks, "plain_text")


@pytest.mark.parametrize(
    ("number", "buttons"), [(0, ["older"]), (1, ["newer", "older"]), (2, ["newer"])]
)
def test_the_buttons_lead_to_the_pages_that_there_are(number: int, buttons: list[str]) -> None:
    entries = (an_entry(),) * (ENTRIES_SHOWN if number < 2 else 5)

    reply = timeline(TimelinePage(in_progress(), entries, number, 25), ANA)

    assert actions_of(reply.blocks or ()) == buttons


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_note_is_read_back(mark: str) -> None:
    text = (mark * 3000)[:3000]

    reply = noted("INC-9007199254740991", a_note(text=text, happened_at=NOON))

    check_message(reply.text, reply.blocks)
    assert text in shown(reply.blocks)


def test_a_note_is_read_back_as_far_as_a_message_is_long() -> None:
    reply = noted("INC-12", a_note(text="x" * 4 * MESSAGE_LIMIT, happened_at=NOON))

    assert len(reply.text) == MESSAGE_LIMIT


@pytest.mark.parametrize(
    ("kind", "details", "words"),
    [
        (EntryKind.DECLARED, {}, "<@U0ANA> declared it"),
        (EntryKind.ACKNOWLEDGED, {}, "<@U0ANA> acknowledged it"),
        (EntryKind.ACKNOWLEDGED, {"undone_at": after(6)}, "<@U0ANA> acknowledged it (undone)"),
        (EntryKind.RESOLVED, {}, "<@U0ANA> resolved it"),
        (EntryKind.REOPENED, {}, "<@U0ANA> reopened it"),
        (EntryKind.SET_BACK, {}, "<@U0ANA> set it back to Open"),
        (
            EntryKind.SEVERITY_CHANGED,
            {"before": "So & so", "after": "High"},
            "<@U0ANA> changed the severity from So &amp; so to High",
        ),
        (EntryKind.LEAD_CHANGED, {"after": ANA}, "<@U0ANA> leads it now"),
        (EntryKind.LEAD_CHANGED, {"after": BEN}, "<@U0BEN> leads it now, says <@U0ANA>"),
        (EntryKind.LEAD_CHANGED, {"after": None}, "nobody leads it now, says <@U0ANA>"),
        (EntryKind.ROLE_ASSIGNED, {"after": ANA, "text": "Scribe"}, "<@U0ANA> is Scribe now"),
        (
            EntryKind.ROLE_ASSIGNED,
            {"before": CARA, "after": BEN, "text": "Scribe"},
            "<@U0BEN> is Scribe now instead of <@U0CARA>, says <@U0ANA>",
        ),
        (EntryKind.JOINED, {"after": ANA}, "<@U0ANA> joined"),
        (EntryKind.JOINED, {"after": ANA, "text": "Scribe"}, "<@U0ANA> joined as Scribe"),
        (EntryKind.JOINED, {"after": BEN}, "<@U0ANA> added <@U0BEN>"),
        (EntryKind.JOINED, {"after": BEN, "text": "x"}, "<@U0ANA> added <@U0BEN> as x"),
        (EntryKind.LEFT, {}, "<@U0ANA> left"),
        (EntryKind.EDITED, {"before": "x", "after": "Slow"}, "<@U0ANA> edited it: Slow"),
        (EntryKind.UPDATE_POSTED, {"text": "Up"}, "<@U0ANA> posted an update: Up"),
        (
            EntryKind.UPDATE_EDITED,
            {"before": "Pu", "after": "Up"},
            "<@U0ANA> edited an update: Up",
        ),
        (EntryKind.SUMMARY_ADDED, {"text": "Over"}, "<@U0ANA> added a summary: Over"),
        (EntryKind.CHANNEL_MADE, {"after": "inc-12"}, "its channel #inc-12 was made"),
        (
            EntryKind.CHANNEL_RENAMED,
            {"before": "inc-12", "after": "war"},
            "its channel #inc-12 is named #war now",
        ),
        (EntryKind.CHANNEL_CLOSED, {}, "<@U0ANA> archived its channel"),
        (
            EntryKind.CHANNEL_CLOSED,
            {"text": "gone & away"},
            "nothing can be said in its channel any more: gone &amp; away",
        ),
        (EntryKind.CHANNEL_OPENED, {}, "<@U0ANA> opened its channel again"),
        (EntryKind.DELETED, {}, "<@U0ANA> deleted it"),
        (EntryKind.UNDONE, {"text": "resolved"}, "<@U0ANA> undid that"),
        (
            EntryKind.PINNED,
            {"author": "Grafana (app)", "text": "Firing"},
            "📌 message by Grafana (app), pinned by <@U0ANA>: Firing",
        ),
        (
            EntryKind.REMINDED,
            {"text": "acknowledge"},
            "⏰ everybody was reminded: nobody has acknowledged it",
        ),
        (
            EntryKind.REMINDED,
            {"text": "update", "after": BEN},
            "⏰ <@U0BEN> was reminded: an update was due",
        ),
        (
            EntryKind.REMINDED,
            {"text": "silence"},
            "⏰ everybody was reminded: nothing was heard for a day",
        ),
        (
            EntryKind.REMINDED,
            {"text": "action", "after": BEN},
            "⏰ <@U0BEN> was reminded: action items are due",
        ),
    ],
)
def test_every_kind_of_entry_has_its_sentence(
    kind: EntryKind, details: dict[str, Any], words: str
) -> None:
    reply = timeline(a_page(an_entry(kind, **details)), CARA)

    check_message(reply.text, reply.blocks)
    assert reply.text.split(" · ", 1)[1] == words
