"""What came of what somebody did: words, a form, or a refusal."""

from collections.abc import Awaitable, Sequence
from typing import Any

import pytest

from incident_bot.domain.actors import EVERYTHING
from incident_bot.domain.errors import IncidentError
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.messages.refusals import explain
from incident_bot.slack.reply import AnyReply, OpenModal, Reply
from incident_bot.slack.services import Services


def said(answer: AnyReply) -> str:
    """The words of a reply."""
    assert isinstance(answer, Reply), answer
    return answer.text


def form(answer: AnyReply) -> dict[str, Any]:
    """The form that opens."""
    assert isinstance(answer, OpenModal), answer
    return answer.view


def field(view: dict[str, Any], name: str) -> dict[str, Any]:
    """The input element of a field."""
    (element,) = (block["element"] for block in view["blocks"] if block.get("block_id") == name)
    found: dict[str, Any] = element
    return found


def filled_with(view: dict[str, Any], name: str) -> str | None:
    """What a field begins with."""
    element = field(view, name)
    initial: dict[str, str] = element.get("initial_option") or {}
    text: str | None = element.get("initial_value", initial.get("value"))
    return text


def options(view: dict[str, Any], name: str) -> list[str]:
    return [option["value"] for option in field(view, name)["options"]]


async def refusal(work: Awaitable[object]) -> str:
    """The refusal, as the person reads it."""
    with pytest.raises(IncidentError) as refused:
        await work
    return explain(refused.value)


async def deeds(services: Services, incident_id: int = 1) -> Sequence[tuple[EntryKind | str, str]]:
    """What was done since an incident was declared, and by whom."""
    timeline = await services.store.timeline(incident_id, EVERYTHING)
    return [(entry.kind, entry.actor) for entry in timeline[1:]]
