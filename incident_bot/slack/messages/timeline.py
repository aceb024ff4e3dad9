"""The timeline of an incident, a page at a time, for the person who asks."""

from collections.abc import Callable
from typing import Final

from incident_bot.domain.newer import known
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack.messages.newer import recorded_by_newer
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
    mention,
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
# Their text is the role, or what was missing.
_NAMED_BY_THE_SENTENCE: Final = frozenset(
    {
        EntryKind.ROLE_ASSIGNED,
        EntryKind.JOINED,
        EntryKind.REMINDED,
        EntryKind.CHANNEL_CLOSED,
        EntryKind.UNDONE,
    }
)
_EDIT_KINDS: Final = frozenset({EntryKind.EDITED, EntryKind.UPDATE_EDITED})


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
    return f"{moment(entry.happened_at)} · {_sentence(entry)}{is_edited}{is_undone}"


def _written(entry: TimelineEntry) -> str:
    """What somebody wrote, as far as a glance has room for it."""
    if entry.kind in _NAMED_BY_THE_SENTENCE or not isinstance(entry.kind, EntryKind):
        return ""
    text = entry.after if entry.kind in _EDIT_KINDS else entry.text
    return cut(text or "", _TEXT_LIMIT)


def _sentence(entry: TimelineEntry) -> str:
    if isinstance(entry.kind, EntryKind):
        return _SENTENCES[entry.kind](entry)
    return recorded_by_newer(entry.actor, entry.kind)


def _did(what: str) -> Callable[[TimelineEntry], str]:
    return lambda entry: f"{mention(entry.actor)} {what}"


def _severity_changed(entry: TimelineEntry) -> str:
    before, after = escape(str(entry.before)), escape(str(entry.after))
    return f"{mention(entry.actor)} changed the severity from {before} to {after}"


def _lead_changed(entry: TimelineEntry) -> str:
    if entry.is_loss_of_lead:
        return f"nobody leads it now: {mention(entry.before)}'s Slack account was deactivated"
    if entry.is_taking_the_lead:
        return f"{mention(entry.actor)} leads it now"
    return f"{mention(entry.after)} leads it now, says {mention(entry.actor)}"


def _role_assigned(entry: TimelineEntry) -> str:
    instead = "" if entry.before is None else f" instead of {mention(entry.before)}"
    says = "" if entry.actor == entry.after else f", says {mention(entry.actor)}"
    return f"{mention(entry.after)} is {escape(str(entry.text), _TEXT_LIMIT)} now{instead}{says}"


def _joined(entry: TimelineEntry) -> str:
    role = "" if entry.text is None else f" as {escape(entry.text, _TEXT_LIMIT)}"
    if entry.actor == entry.after:
        return f"{mention(entry.actor)} joined{role}"
    return f"{mention(entry.actor)} added {mention(entry.after)}{role}"


def _pinned(entry: TimelineEntry) -> str:
    message = "message" if entry.permalink is None else f"<{escape(entry.permalink)}|message>"
    return f"📌 {message} by {mention(entry.author)}, pinned by {mention(entry.actor)}"


def _action_item_added(entry: TimelineEntry) -> str:
    owner = "" if entry.after is None else f" for {mention(entry.after)}"
    return f"📋 {mention(entry.actor)} added an action item{owner}"


def _channel(name: str | None) -> str:
    return f"#{escape(str(name), _TEXT_LIMIT)}"


def _renamed(entry: TimelineEntry) -> str:
    return f"its channel {_channel(entry.before)} is named {_channel(entry.after)} now"


def _closed(entry: TimelineEntry) -> str:
    if entry.text is None:
        return f"{mention(entry.actor)} archived its channel"
    return f"nothing can be said in its channel any more: {escape(entry.text, _TEXT_LIMIT)}"


def _reminded(entry: TimelineEntry) -> str:
    whom = mention(entry.after) if entry.after else "everybody"
    kind = known(ReminderKind, str(entry.text))
    what = _MISSING[kind] if isinstance(kind, ReminderKind) else escape(kind, _TEXT_LIMIT)
    return f"⏰ {whom} was reminded: {what}"


_MISSING: Final = {
    ReminderKind.ACKNOWLEDGE: "nobody has acknowledged it",
    ReminderKind.UPDATE: "an update was due",
    ReminderKind.SILENCE: "nothing was heard for a day",
    ReminderKind.ACTION: "action items are due",
}

_SENTENCES: Final[dict[EntryKind, Callable[[TimelineEntry], str]]] = {
    EntryKind.DECLARED: _did("declared it"),
    EntryKind.ACKNOWLEDGED: _did("acknowledged it"),
    EntryKind.RESOLVED: _did("resolved it"),
    EntryKind.REOPENED: _did("reopened it"),
    EntryKind.SET_BACK: _did("set it back to Open"),
    EntryKind.SEVERITY_CHANGED: _severity_changed,
    EntryKind.LEAD_CHANGED: _lead_changed,
    EntryKind.ROLE_ASSIGNED: _role_assigned,
    EntryKind.JOINED: _joined,
    EntryKind.EDITED: _did("edited it"),
    EntryKind.UPDATE_POSTED: _did("posted an update"),
    EntryKind.UPDATE_EDITED: _did("edited an update"),
    EntryKind.SUMMARY_ADDED: _did("added a summary"),
    EntryKind.LEFT: _did("left"),
    EntryKind.CHANNEL_MADE: lambda entry: f"its channel {_channel(entry.after)} was made",
    EntryKind.CHANNEL_RENAMED: _renamed,
    EntryKind.CHANNEL_CLOSED: _closed,
    EntryKind.CHANNEL_OPENED: _did("opened its channel again"),
    EntryKind.DELETED: _did("deleted it"),
    EntryKind.NOTE: lambda entry: f"📝 {mention(entry.actor)} noted",
    EntryKind.PINNED: _pinned,
    EntryKind.REMINDED: _reminded,
    EntryKind.UNDONE: _did("undid that"),
    EntryKind.ACTION_ITEM_ADDED: _action_item_added,
    EntryKind.ACTION_ITEM_DONE: _did("did an action item"),
    EntryKind.ACTION_ITEM_REOPENED: _did("reopened an action item"),
}


def _buttons(page: TimelinePage, entry: TimelineEntry) -> Block:
    seen = SeenEntry(
        incident_id=page.incident.id,
        made_at=microseconds(entry.at),
        page=page.number,
        entry_id=entry.id or 0,
        edited_at=entry.edited_at,
    )
    edit = button(EDIT_ENTRY, "Edit", seen.dump())
    if not entry.is_written:  # what was told is not taken back
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
