"""The action items of an incident, a page at a time, for the person who asks."""

from datetime import datetime
from typing import Any, Final

from incident_bot.domain.action_item import ActionItem
from incident_bot.domain.incident import Incident
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.button_values import SeenItem, SeenPage, microseconds
from incident_bot.slack.text.mrkdwn import button, mention, moment
from incident_bot.slack.text.parts import (
    Part,
    as_typed,
    aside,
    buttons,
    joined,
    rendered,
    sentence,
)
from incident_bot.store.action_items import ActionItemPage

ITEMS_SHOWN: Final = 10
"""How many action items a page has."""

FINISH_ITEM: Final = "finish_item"
REOPEN_ITEM: Final = "reopen_item"
TURN_ITEMS: Final = ("items_before", "items_after")

# They differ in shape.
_OPEN, _DONE = "☐", "☑"


def action_items(page: ActionItemPage, said: str | None = None) -> Reply:
    """The page, with a button for each; `said` is a sentence in mrkdwn to begin with."""
    heading = _heading(page)
    if said is not None:
        heading = f"{said}\n{heading}"
    parts = [sentence(heading)]
    for item in page.items:
        parts += [shown(item, page.at), buttons(_change_button(item, page.number))]
    return Reply(*rendered((*parts, *_turns(page))), replaces=True)


def shown(item: ActionItem, at: datetime) -> Part:
    """One without its button, as of `at`."""
    mark = _DONE if item.is_done else _OPEN
    return joined(" · ", as_typed(f"{mark} {item.text}"), aside(facts(item, at)))


def facts(item: ActionItem, at: datetime) -> str:
    """Whose it is, and when it is due or was done, in mrkdwn."""
    owner = None if item.owner is None else mention(item.owner)
    if item.done_at is not None:
        whose = "" if item.owner in (None, item.done_by) else f"{owner} · "
        return f"{whose}done by {mention(item.done_by)} {moment(item.done_at)}"
    return f"{owner or 'nobody yet'} · {_due(item, at)}"


def finish_button(item: ActionItem, page: int = 0) -> dict[str, Any]:
    """Says that it is done."""
    return button(FINISH_ITEM, "Done", _value(item, page))


def how_to_list(incident: Incident) -> str:
    return f"`/incident actions {incident.reference}` lists them."


def _due(item: ActionItem, at: datetime) -> str:
    if item.due_at is None:
        return "no due time"
    return f"{'⚠️ was due' if item.is_overdue(at) else 'due'} {moment(item.due_at)}"


def _heading(page: ActionItemPage) -> str:
    name = page.incident.reference
    if not page.total:
        return (
            f"*{name} has no action items yet.* `/incident action {name} Fix the alert @ana by "
            "Friday` adds one."
        )
    counted = f"*Action items of {name}*: {page.still_open} open, {page.total} in all"
    if page.total <= ITEMS_SHOWN:
        return counted
    first = page.number * ITEMS_SHOWN + 1
    return f"{counted}; here {first} to {first + len(page.items) - 1}"


def _change_button(item: ActionItem, page: int) -> dict[str, Any]:
    if item.is_done:
        return button(REOPEN_ITEM, "Reopen", _value(item, page))
    return finish_button(item, page)


def _value(item: ActionItem, page: int) -> str:
    return SeenItem(
        incident_id=item.incident_id,
        made_at=microseconds(item.created_at),
        page=page,
        item_id=item.id,
    ).dump()


def _turns(page: ActionItemPage) -> list[Part]:
    """The buttons to the pages beside this one, if there are any."""
    before, after = TURN_ITEMS
    turns = []
    if page.number > 0:
        turns.append(_turn(before, "Previous", page, page.number - 1))
    if (page.number + 1) * ITEMS_SHOWN < page.total:
        turns.append(_turn(after, "Next", page, page.number + 1))
    return [buttons(*turns)] if turns else []


def _turn(action_id: str, label: str, page: ActionItemPage, number: int) -> dict[str, Any]:
    return button(
        action_id,
        label,
        SeenPage(
            incident_id=page.incident.id,
            made_at=microseconds(page.incident.declared_at),
            page=number,
        ).dump(),
    )
