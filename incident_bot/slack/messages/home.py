"""The Home tab: declare, and what is not resolved."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from incident_bot.domain.incident import Incident
from incident_bot.slack.messages.listing import listing
from incident_bot.slack.words import (
    Block,
    actions,
    button,
    context,
    plain,
    section,
)

DECLARE: Final = "declare"


def home(
    incidents: Sequence[Incident], total: int, permalinks: Mapping[int, str]
) -> dict[str, Any]:
    """The Home view of the `total` unresolved incidents, of which the newest are given."""
    blocks: list[Block] = [
        {"type": "header", "text": plain("Incidents")},
        actions(button(DECLARE, "Declare incident", style="primary")),
        {"type": "divider"},
    ]
    if incidents:
        count = "1 incident is" if total == 1 else f"{total} incidents are"
        blocks += [section(f"*{count} not resolved*"), listing(incidents, permalinks)]
        if total > len(incidents):
            shown = f"The newest {len(incidents)} are shown; `/incident list` takes filters."
            blocks.append(context(shown))
    else:
        blocks.append(section("Nothing is going on. All incidents are resolved."))
    blocks.append(context("`/incident help` shows all that can be done, from any channel."))
    return {"type": "home", "blocks": blocks}
