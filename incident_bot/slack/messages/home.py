"""The Home tab: declare, and the incidents, one's own first, each with its buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from incident_bot.domain.incident import Incident
from incident_bot.slack.messages.announcement import steps
from incident_bot.slack.messages.list_page import FILTER, filters, kind, turns
from incident_bot.slack.messages.listing import line
from incident_bot.slack.text.button_values import ListPage
from incident_bot.slack.text.mrkdwn import Block, actions, button, context, plain, rich, section

DECLARE: Final = "declare"
TURN: Final = ("home_newer", "home_older")
FILTERS: Final = tuple(name.replace("list_", "home_") for name in FILTER)

MINE_SHOWN: Final = 5
SHOWN: Final = 10
"""How many incidents a page shows beside one's own; Slack takes 100 blocks (Views)."""


@dataclass(frozen=True)
class HomeContent:
    """What somebody sees. `mine` are those that they lead, on the first page of all.

    `others` has one more than SHOWN where there is a page after this one; the totals are of all
    pages.
    """

    page: ListPage
    mine: Sequence[Incident]
    mine_total: int
    others: Sequence[Incident]
    others_total: int
    permalinks: Mapping[int, str]


def home(content: HomeContent) -> dict[str, Any]:
    """The Home view."""
    page, shown = content.page, content.others[:SHOWN]
    blocks: list[Block] = [
        {"type": "header", "text": plain("Incidents")},
        actions(button(DECLARE, "Declare incident", style="primary")),
        filters(page, FILTERS),
        {"type": "divider"},
    ]
    if content.mine:
        more = content.mine_total - len(content.mine)
        rest = f", and {more} more: “Mine” shows them" if more > 0 else ""
        blocks += _group(f"*You lead {content.mine_total}*{rest}", content.mine, content)
    if shown:
        heading = f"*{content.others_total} {_kind(content)}*, newest first{_place(content)}"
        blocks += _group(heading, shown, content)
        blocks += turns(page, shown[-1].id, TURN, has_older=len(content.others) > SHOWN)
    elif not content.mine:
        blocks.append(section(f"There are no {kind(page, 0)}."))
    blocks.append(context("`/incident help` shows all that can be done, from any channel."))
    return {"type": "home", "blocks": blocks}


def _group(heading: str, incidents: Sequence[Incident], content: HomeContent) -> list[Block]:
    blocks = [section(heading)]
    for incident in incidents:
        blocks += [rich(line(incident, content.permalinks.get(incident.id))), steps(incident)]
    return blocks


def _kind(content: HomeContent) -> str:
    others = "other " if content.mine_total and not content.page.is_mine else ""
    return f"{others}{kind(content.page, content.others_total)}"


def _place(content: HomeContent) -> str:
    pages = -(-content.others_total // SHOWN)
    return f", page {content.page.number} of {pages}" if pages > 1 else ""
