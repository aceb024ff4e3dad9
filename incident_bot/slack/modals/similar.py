"""What the form that declares shows of what is going on already, while its title is typed."""

from collections.abc import Sequence
from typing import Any, Final

from incident_bot.domain.incident import Incident
from incident_bot.slack.messages.announcement import STATUS_EMOJI
from incident_bot.slack.modals.form import NOTE, notice
from incident_bot.slack.payloads import PressedForm
from incident_bot.slack.text.button_values import SeenIncident
from incident_bot.slack.text.mrkdwn import (
    Block,
    button,
    context,
    link_to_announcement,
    plain,
    section,
)

SHOWN: Final = 3
"""How many incidents are shown."""

TYPED_TITLE: Final = "typed_title"
JOIN_INSTEAD: Final = "join_instead"

_PREFIX: Final = "similar"
_AFTER: Final = "title"


def with_similar(form: PressedForm, incidents: Sequence[Incident]) -> dict[str, Any] | None:
    """The form with these incidents below its title; None when it shows just them already."""
    new = _blocks(incidents)
    old = [block["block_id"] for block in form.blocks if _is_similar(block)]
    if old == [block["block_id"] for block in new]:
        return None
    blocks: list[Block] = []
    for block in form.blocks:
        if _is_similar(block) or block["block_id"] == NOTE:
            continue
        blocks.append(block)
        if block["block_id"] == _AFTER:
            blocks += new
    return form.with_blocks(blocks)


def joined(incident: Incident, said: str, permalink: str | None) -> dict[str, Any]:
    """What takes the form's place once somebody has joined; `said` is in mrkdwn."""
    where = f"`/incident show {incident.reference}` opens it."
    if permalink is not None:
        where = link_to_announcement(permalink)
    return notice(
        f"Joined {incident.reference}", section(f"{said} Nothing was declared."), context(where)
    )


def _is_similar(block: Block) -> bool:
    return str(block["block_id"]).startswith(_PREFIX)


def _blocks(incidents: Sequence[Incident]) -> list[Block]:
    if not incidents:
        return []
    heading = context("Is it one of these? Then join it rather than declare it again.")
    return [{**heading, "block_id": _PREFIX}, *map(_line, incidents)]


def _line(incident: Incident) -> Block:
    private = "🔒 private · " if incident.is_private else ""
    name = f"{STATUS_EMOJI[incident.status]} {incident.reference}"
    seen = SeenIncident.shown(incident)
    return {
        "type": "section",
        "block_id": f"{_PREFIX}_{incident.id}",
        "text": plain(f"{name} · {incident.title} · {private}{incident.status}"),
        "accessory": button(JOIN_INSTEAD, f"Join {incident.reference}", seen.dump()),
    }
