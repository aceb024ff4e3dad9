"""Whoever has only the text of a message misses nothing that its blocks show."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final, get_type_hints

import pytest

from incident_bot.domain.action_item import SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack import messages
from incident_bot.slack.messages.action_item import added_item, changed_item
from incident_bot.slack.messages.action_items import action_items, shown
from incident_bot.slack.messages.added import added
from incident_bot.slack.messages.announcement import announced, announcement, latest_update
from incident_bot.slack.messages.card import card
from incident_bot.slack.messages.deletion import question
from incident_bot.slack.messages.direct import direct
from incident_bot.slack.messages.given import given
from incident_bot.slack.messages.handover import handover
from incident_bot.slack.messages.list_page import list_page
from incident_bot.slack.messages.listing import LISTED, listing
from incident_bot.slack.messages.notification import notification, notified
from incident_bot.slack.messages.offer import declare_offer, edit_offer, update_offer
from incident_bot.slack.messages.origin import origin_reply
from incident_bot.slack.messages.reminder import reminder
from incident_bot.slack.messages.timeline import ENTRIES_SHOWN, noted, timeline
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.button_values import ListPage
from incident_bot.slack.text.mrkdwn import escape
from incident_bot.slack.text.parts import Message, Part, rendered
from incident_bot.store.action_items import ActionItemPage
from incident_bot.store.notes import TimelinePage
from tests.factories import (
    ANA,
    BEN,
    CARA,
    a_note,
    after,
    an_action_item,
    an_entry,
    an_incident,
    in_progress,
    resolved,
)
from tests.slack.messages.entries import DETAILS, told_to_them
from tests.slack.messages.extremes import MARKS, STATUSES, longest, many_responders, severities_of
from tests.slack.support import LINK, as_sent, check_message

Said = Message | Reply | Part | tuple[Part, ...]
Builder = Callable[..., Said]

INCIDENTS: Final = {
    "open": an_incident(is_private=True, channel_id="C0OWN", channel_closed_at=after(4)),
    "in progress": in_progress(
        title=" ".join(["Tills"] * 33),  # a header has room for 23
        latest_update="Rolled back.",
        latest_update_by=BEN,
        latest_update_at=after(60),
        next_update_at=after(90),
    ),
    "resolved": resolved(summary="A bad deploy."),
}
TEXT: Final = "Traffic <spikes> & drops"

_A_WORD: Final = re.compile(r"<[^<>]+>|\w+")


def said_of(incident: Incident, mark: str, text: str) -> Iterator[tuple[Builder, Said]]:
    """All that is said of an incident, in which people wrote the `text`; each by its function."""
    yield from _of_it(incident, mark, text)
    yield from _of_its_items(incident, mark, text)
    for entry in _entries(text):
        yield from _of_its_timeline(incident, entry, mark)


def _of_it(incident: Incident, mark: str, text: str) -> Iterator[tuple[Builder, Said]]:
    about = (incident, severities_of(mark))
    responders = many_responders(mark)
    yield announced, announced(*about, responders)
    yield announcement, announcement(*about, responders)
    yield latest_update, latest_update(incident)
    yield card, card(*about, LINK, f"<@{BEN}> resolved it already.", responders)
    yield question, question(incident)
    for link in (LINK, None):
        yield origin_reply, origin_reply(incident, "C0INCIDENTS", link)
    yield declare_offer, declare_offer(text)
    yield update_offer, update_offer(incident, text)
    yield edit_offer, edit_offer(incident)
    yield noted, noted(incident.reference, an_entry(EntryKind.NOTE, text=text))
    listed = [incident, replace(incident, id=7, title="Mail is late", lead=BEN)] * (LISTED // 2)
    yield listing, listing(listed, {incident.id: LINK})
    page = ListPage(words=text[:200], number=3)
    for found in (listed, []):
        yield list_page, list_page(page, found, 10**9, {}, is_exact=True)


def _of_its_items(incident: Incident, mark: str, text: str) -> Iterator[tuple[Builder, Said]]:
    item = an_action_item(text=text[:500], owner=BEN, due_at=after(8))
    done = an_action_item(text=text[:500], owner=BEN, done_by=CARA, done_at=after(9))
    about = (incident, severities_of(mark))
    entry = an_entry(EntryKind.ACTION_ITEM_ADDED, actor=ANA, after=BEN)
    some = SomeActionItems((item,) * 5, 10**6)
    yield shown, shown(item, after(60))
    yield added_item, added_item(incident, item)
    yield changed_item, changed_item(incident, done)
    page = ActionItemPage(incident, (item, done) * 5, 1, 10**6, 10**6, after(60))
    yield action_items, action_items(page, f"<@{CARA}> did it already.")
    yield given, given(incident, entry, about[1], SomeActionItems((item,), 1))
    handed_over = an_entry(EntryKind.LEAD_CHANGED, actor=text[:100], after=BEN)
    yield handover, handover(incident, handed_over, about[1], some)
    yield direct, told_to_them(incident, handed_over, about[1], LINK, some)
    for kind in ReminderKind:
        reminded = an_entry(EntryKind.REMINDED, text=kind, before=BEN)
        yield reminder, reminder(incident, reminded, some)
        yield notification, notification(incident, reminded, items=some)


def _entries(text: str) -> Iterator[TimelineEntry]:
    for kind, details in DETAILS.items():
        longer = {"text": text[:75] if "text" in details else None}
        if kind is EntryKind.UPDATE_POSTED:
            longer = {"text": text}
        for undone_at in (None, after(7)):
            changes = details | longer | {"undone_at": undone_at, "edited_at": after(6)}
            yield an_entry(kind, actor=text[:100], id=7, **changes)


def _of_its_timeline(
    incident: Incident, entry: TimelineEntry, mark: str
) -> Iterator[tuple[Builder, Said]]:
    levels = severities_of(mark)
    yield notified, notified(incident, entry)
    yield notification, notification(incident, entry, can_be_undone=True)
    yield direct, told_to_them(incident, entry, levels, LINK)
    if entry.kind is EntryKind.JOINED:
        yield added, added(incident, entry, levels, SomeActionItems((), 0))
    page = TimelinePage(incident, (entry, a_note()) * (ENTRIES_SHOWN // 2), 1, 10**6)
    yield timeline, timeline(page, entry.actor, "It is removed.")


def as_message(said: Said) -> Message:
    match said:
        case Message():
            return said
        case Reply(text=text, blocks=blocks):
            return Message(text, blocks or ())
        case Part():
            return rendered([said])
        case _:
            return rendered(said)


def message_functions() -> set[Builder]:
    """Whatever gives a message, or parts of one."""
    kinds = (Message, Reply, Part, tuple[Part, ...])
    modules = (
        importlib.import_module(f"{messages.__name__}.{one.name}")
        for one in pkgutil.iter_modules(messages.__path__)
    )
    return {
        function
        for module in modules
        for name, function in vars(module).items()
        if getattr(function, "__module__", None) == module.__name__
        and not name.startswith("_")
        and not isinstance(function, type)
        and get_type_hints(function).get("return") in kinds
    }


def words_seen(part: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """What people see in blocks, but for buttons: words, mentions, times."""
    match part:
        case {"type": "actions"}:
            return
        case {"type": "user", "user_id": user_id}:
            yield f"<@{user_id}>"
        case {"type": "date", "timestamp": timestamp}:
            yield str(timestamp)
        case {"type": "mrkdwn", "text": str(text)}:
            yield from _A_WORD.findall(text)
        case {"type": _, "text": str(text)}:
            yield from _A_WORD.findall(escape(text))
        case dict() | list():
            for inner in part.values() if isinstance(part, dict) else part:
                yield from words_seen(inner)


def test_every_function_that_gives_a_message_is_looked_at() -> None:
    said = {function for function, _ in said_of(INCIDENTS["open"], "x", TEXT)}

    assert said == message_functions()


@pytest.mark.parametrize("status", INCIDENTS)
def test_whatever_the_blocks_say_the_text_says(status: str) -> None:
    for function, said in said_of(INCIDENTS[status], "x", TEXT):
        text, blocks = as_message(said)

        heard = {*_A_WORD.findall(text), *re.findall(r"\^(\d+)\^", text)}
        missing = {*words_seen(as_sent(blocks))} - heard
        assert not missing, f"{function.__name__}: {missing} not in {text}"


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("status", STATUSES)
def test_the_longest_of_all_messages_are_taken_by_slack(status: str, mark: str) -> None:
    for _, said in said_of(longest(mark, status), mark, (mark * 3000)[:3000]):
        text, blocks = as_message(said)
        if blocks:
            check_message(text, blocks)
