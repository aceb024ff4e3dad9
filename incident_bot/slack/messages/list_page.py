"""A page of a list of incidents: what it shows, and the buttons to other pages and filters."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from incident_bot.domain.incident import Incident
from incident_bot.domain.status import UNRESOLVED, Status
from incident_bot.slack.messages.listing import LISTED, listing
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.button_values import ListPage
from incident_bot.slack.text.mrkdwn import Block, actions, button, escape
from incident_bot.slack.text.parts import Part, aside, rendered, sentence

TURN: Final = ("list_newer", "list_older")
FILTER: Final = tuple(f"list_filter_{number}" for number in range(len(Status) + 3))

_FILTERS: Final = {
    "Unresolved": UNRESOLVED,
    **{status.value: frozenset({status}) for status in Status},
    "All": frozenset[Status](),
}


def list_page(
    page: ListPage,
    found: Sequence[Incident],
    total: int,
    permalinks: Mapping[int, str],
    *,
    is_exact: bool,
) -> Reply:
    """The incidents `found` of the `total` that there are, `is_exact` or at least.

    One more than LISTED shows that there is a page after this one.
    """
    shown = found[:LISTED]
    if not shown:
        said = f"There are no {kind(page, 0)}. `/incident new` declares one."
        return Reply(*rendered((sentence(said), Part((filters(page),)))), replaces=True)
    number = total if is_exact else f"More than {total}"
    heading = f"*{number} {kind(page, total)}*, newest first{_place(page, total, is_exact)}"
    parts = (
        sentence(heading),
        listing(shown, permalinks),
        aside(f"`/incident show {shown[0].reference}` opens one."),
        Part(turns(page, shown[-1].id, has_older=len(found) > len(shown))),
        Part((filters(page),)),
    )
    return Reply(*rendered(parts), replaces=True)


def _place(page: ListPage, total: int, is_exact: bool) -> str:  # noqa: FBT001 - ours alone
    if page.number == 1 and total <= LISTED:
        return ""
    of = f" of {-(-total // LISTED)}" if is_exact else ""
    return f", page {page.number}{of}"


def turns(
    page: ListPage, last_id: int, names: tuple[str, str] = TURN, *, has_older: bool
) -> tuple[Block, ...]:
    """The buttons to the pages beside this one, if there are any; `names` are their action IDs."""
    shown = []
    if page.number > 1:
        shown.append(_button(names[0], "Newer", page.newer()))
    if has_older:
        shown.append(_button(names[1], "Older", page.older(last_id)))
    return (actions(*shown),) if shown else ()


def filters(page: ListPage, names: tuple[str, ...] = FILTER) -> Block:
    """The buttons that filter; `names` are their action IDs."""
    buttons = {label: page.filtered(statuses=statuses) for label, statuses in _FILTERS.items()}
    mine = "Everybody's" if page.is_mine else "Mine"
    buttons[mine] = page.filtered(is_mine=not page.is_mine)
    return actions(
        *(
            _button(action_id, label, other, is_on=other == page.filtered())
            for action_id, (label, other) in zip(names, buttons.items(), strict=True)
        )
    )


def _button(action_id: str, label: str, page: ListPage, *, is_on: bool = False) -> dict[str, Any]:
    """What it is at is told by a mark as well as by colour."""
    shown, style = (f"✓ {label}", "primary") if is_on else (label, None)
    return button(action_id, shown, page.dump(), style)


def kind(page: ListPage, number: int) -> str:
    """Such as "unresolved High incidents that you lead with the words “disk full”"."""
    parts = []
    if page.statuses == UNRESOLVED:
        parts.append("unresolved")
    elif page.statuses:
        parts.append(" or ".join(status for status in Status if status in page.statuses))
    if page.severity is not None:
        parts.append(escape(page.severity))
    parts.append("incident" if number == 1 else "incidents")
    if page.is_mine:
        parts.append("that you lead")
    if page.words:
        parts.append(f"with the words “{escape(page.words)}”")
    return " ".join(parts)
