"""Action items: "Done", "Reopen", and the pages of their list."""

from collections.abc import Awaitable, Callable
from typing import Final

from incident_bot.domain.action_item import ActionItem
from incident_bot.domain.errors import AlreadyDone, NothingToChange
from incident_bot.domain.incident import Incident
from incident_bot.slack.buttons.button import button
from incident_bot.slack.messages.action_item import changed_item
from incident_bot.slack.messages.action_items import FINISH_ITEM, REOPEN_ITEM, TURN_ITEMS
from incident_bot.slack.messages.refusals import explain
from incident_bot.slack.payloads import Press
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenItem, SeenPage
from incident_bot.store.action_items import ActionItems
from incident_bot.store.requests import Request

ChangeItem = Callable[[ActionItems, Request, int, int], Awaitable[tuple[Incident, ActionItem]]]

_CHANGES: Final[dict[str, ChangeItem]] = {
    FINISH_ITEM: ActionItems.finish,
    REOPEN_ITEM: ActionItems.reopen,
}


@button(*_CHANGES)
async def change(press: Press, services: Services) -> AnyReply:
    """Note that it is done, or is not. A list shows in its own place how it is now.

    It does so also for who was slower than somebody else.
    """
    seen = await services.seen(SeenItem, press.value, press.shown_at)
    try:
        incident, item = await _CHANGES[press.action_id](
            services.action_items, press.request, seen.incident_id, seen.item_id
        )
    except (AlreadyDone, NothingToChange) as error:
        if not press.is_ephemeral:
            raise
        said = explain(error)
    else:
        if not press.is_ephemeral:
            return changed_item(incident, item)
        said = "It is done." if item.is_done else "It is open again."
    return await services.items(seen.incident_id, seen.page, press.user_id, said)


@button(*TURN_ITEMS, permission=Permission.EVERYONE)
async def turn(press: Press, services: Services) -> AnyReply:
    seen = await services.seen(SeenPage, press.value, press.shown_at)
    return await services.items(seen.incident_id, seen.page, press.user_id)
