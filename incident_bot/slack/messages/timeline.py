"""The timeline of an incident, a page at a time, for the person who asks."""

from typing import Final

from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.entries import in_timeline
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.button_values import SeenEntry, SeenPage, microseconds
from incident_bot.slack.text.mrkdwn import (
    MESSAGE_LIMIT,
    Block,
    actions,
    as_many_as_fit,
    button,
    cut,
    escape,
    moment,
    plain,
    quoted,
    section,
)
from incident_bot.store.notes import TimelinePage

ENTRIES_SHOWN: Final = 10
"""How many entries a page has."""

NEWER: Final = "newer"
OLDER: Final = "older"
EDIT_ENTRY: Final = "edit_entry"
REMOVE_ENTRY: Final = "remove_entry"

_TEXT_LIMIT: Final = 200


def timeline(page: TimelinePage, user_id: str, said: str | None = None) -> Reply:
    """The page; entries that the reader may change have buttons. `said` is in mrkdwn."""
    heading = _heading(page)
    if said is not None:
        heading = f"{said}\n{heading}"
    blocks = [section(heading)]
    for entry in page.entries:
        blocks += _blocks(page, entry, user_id)
    blocks += _pages(page)
    lines = as_many_as_fit([_in_words(entry) for entry in page.entries], _room(heading))
    return Reply(f"{heading}\n{lines}", tuple(blocks), replaces=True)


def noted(reference: str, entry: TimelineEntry) -> Reply:
    """What a person reads after writing a note."""
    sentence = f"Noted in the timeline of *{reference}*: {moment(entry.happened_at)}"
    text = str(entry.text)
    words = f"{sentence}\n{escape(text, _room(sentence))}"
    return Reply(words, (section(sentence), quoted(text)))


def _room(before: str) -> int:
    return MESSAGE_LIMIT - len(before) - 1


def _heading(page: TimelinePage) -> str:
    name = f"*Timeline of {page.incident.reference}*, newest first"
    if page.total <= ENTRIES_SHOWN:
        return name
    first = page.number * ENTRIES_SHOWN + 1
    return f"{name}: {first} to {first + len(page.entries) - 1} of {page.total}"


def _blocks(page: TimelinePage, entry: TimelineEntry, user_id: str) -> list[Block]:
    blocks = [section(_line(entry))]
    if text := _written(entry):
        blocks.append(quoted(text))
    if page.incident.may_change_entry(entry, user_id):
        blocks.append(_buttons(page, entry))
    return blocks


def _in_words(entry: TimelineEntry) -> str:
    text = _written(entry)
    return f"{_line(entry)}: {escape(text)}" if text else _line(entry)


def _line(entry: TimelineEntry) -> str:
    is_edited = " (edited)" if entry.edited_at is not None else ""
    is_undone = " (undone)" if entry.undone_at is not None else ""
    return f"{moment(entry.happened_at)} · {in_timeline(entry)}{is_edited}{is_undone}"


def _written(entry: TimelineEntry) -> str:
    """What somebody wrote, as far as a glance has room for it."""
    return cut(entry.prose, _TEXT_LIMIT)


def _buttons(page: TimelinePage, entry: TimelineEntry) -> Block:
    seen = SeenEntry(
        incident_id=page.incident.id,
        made_at=microseconds(entry.at),
        page=page.number,
        entry_id=entry.id or 0,
        edited_at=entry.edited_at,
    )
    edit = button(EDIT_ENTRY, "Edit", seen.dump())
    if not entry.facts.is_written:  # what was told is not taken back
        return actions(edit)
    remove = button(REMOVE_ENTRY, "Remove", seen.dump())
    remove["confirm"] = {
        "title": plain("Remove it?"),
        "text": plain(f"It disappears from the timeline of {page.incident.reference}."),
        "confirm": plain("Remove"),
        "deny": plain("Keep it"),
        "style": "danger",
    }
    return actions(edit, remove)


def _pages(page: TimelinePage) -> list[Block]:
    """The buttons to the pages beside this one, if there are any."""
    buttons = []
    if page.number > 0:
        buttons.append(_page_button(NEWER, page, page.number - 1))
    if (page.number + 1) * ENTRIES_SHOWN < page.total:
        buttons.append(_page_button(OLDER, page, page.number + 1))
    return [actions(*buttons)] if buttons else []


def _page_button(action_id: str, page: TimelinePage, number: int) -> Block:
    leads_to = SeenPage(
        incident_id=page.incident.id, made_at=microseconds(page.incident.declared_at), page=number
    )
    return button(action_id, action_id.capitalize(), leads_to.dump())
