"""The timeline of an incident, a page at a time, for the person who asks."""

from collections.abc import Iterator
from typing import Final

from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.entries import in_timeline
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.button_values import SeenEntry, SeenPage, microseconds
from incident_bot.slack.text.mrkdwn import Block, button, cut, moment, plain
from incident_bot.slack.text.parts import (
    Part,
    buttons,
    joined,
    lines,
    quotation,
    rendered,
    sentence,
)
from incident_bot.store.notes import TimelinePage

ENTRIES_SHOWN: Final = 10
"""How many entries a page has."""

NEWER: Final = "newer"
OLDER: Final = "older"
EDIT_ENTRY: Final = "edit_entry"
REMOVE_ENTRY: Final = "remove_entry"

_TEXT_LIMIT: Final = 200
"""Of what somebody wrote, as much as a glance has room for."""


def timeline(page: TimelinePage, user_id: str, said: str | None = None) -> Reply:
    """The page; entries that the reader may change have buttons. `said` is in mrkdwn."""
    heading = _heading(page)
    if said is not None:
        heading = f"{said}\n{heading}"
    entries = lines(joined(": ", *_shown(page, entry, user_id)) for entry in page.entries)
    return Reply(*rendered((sentence(heading), entries, *_pages(page))), replaces=True)


def noted(reference: str, entry: TimelineEntry) -> Reply:
    """What a person reads after writing a note."""
    said = f"Noted in the timeline of *{reference}*: {moment(entry.happened_at)}"
    return Reply(*rendered((sentence(said), quotation(str(entry.text)))))


def _heading(page: TimelinePage) -> str:
    name = f"*Timeline of {page.incident.reference}*, newest first"
    if page.total <= ENTRIES_SHOWN:
        return name
    first = page.number * ENTRIES_SHOWN + 1
    return f"{name}: {first} to {first + len(page.entries) - 1} of {page.total}"


def _shown(page: TimelinePage, entry: TimelineEntry, user_id: str) -> Iterator[Part]:
    yield sentence(_line(entry))
    if text := cut(entry.prose, _TEXT_LIMIT):
        yield quotation(text)
    if page.incident.may_change_entry(entry, user_id):
        yield _changes(page, entry)


def _line(entry: TimelineEntry) -> str:
    is_edited = " (edited)" if entry.edited_at is not None else ""
    is_undone = " (undone)" if entry.undone_at is not None else ""
    return f"{moment(entry.happened_at)} · {in_timeline(entry)}{is_edited}{is_undone}"


def _changes(page: TimelinePage, entry: TimelineEntry) -> Part:
    seen = SeenEntry(
        incident_id=page.incident.id,
        made_at=microseconds(entry.at),
        page=page.number,
        entry_id=entry.id or 0,
        edited_at=entry.edited_at,
    )
    edit = button(EDIT_ENTRY, "Edit", seen.dump())
    if not entry.facts.is_written:  # what was told is not taken back
        return buttons(edit)
    remove = button(REMOVE_ENTRY, "Remove", seen.dump())
    remove["confirm"] = {
        "title": plain("Remove it?"),
        "text": plain(f"It disappears from the timeline of {page.incident.reference}."),
        "confirm": plain("Remove"),
        "deny": plain("Keep it"),
        "style": "danger",
    }
    return buttons(edit, remove)


def _pages(page: TimelinePage) -> list[Part]:
    """The buttons to the pages beside this one, if there are any."""
    turns = []
    if page.number > 0:
        turns.append(_page_button(NEWER, page, page.number - 1))
    if (page.number + 1) * ENTRIES_SHOWN < page.total:
        turns.append(_page_button(OLDER, page, page.number + 1))
    return [buttons(*turns)] if turns else []


def _page_button(action_id: str, page: TimelinePage, number: int) -> Block:
    leads_to = SeenPage(
        incident_id=page.incident.id, made_at=microseconds(page.incident.declared_at), page=number
    )
    return button(action_id, action_id.capitalize(), leads_to.dump())
