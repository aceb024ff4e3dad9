"""What a button is, and what several have in common."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from incident_bot.domain.action_item import ActionItem
from incident_bot.domain.errors import AlreadyDone, NothingToChange
from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Step
from incident_bot.slack.messages.action_item import changed_item
from incident_bot.slack.messages.done import done
from incident_bot.slack.messages.refusals import explain
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident, SeenItem, SeenPage
from incident_bot.store.action_items import ActionItems
from incident_bot.store.requests import Request

ChangeItem = Callable[[ActionItems, Request, int, int], Awaitable[tuple[Incident, ActionItem]]]


@dataclass(frozen=True)
class Action:
    """One row of the table; `is_change` needs the right to change incidents."""

    action_id: str
    run: Callable[[Press, Services], Awaitable[Answer]]
    is_change: bool = True


def step_action(step: Step) -> Action:
    """The button that takes the incident a step along its life cycle."""

    async def run(press: Press, services: Services) -> Answer:
        seen = await services.seen(SeenIncident, press.value, press.shown_at)
        incident = await services.store.take(press.request, seen.incident_id, step, seen.version)
        said = services.told(done(step, incident, press.user_id), incident)
        return await services.card(incident, said) if press.is_ephemeral else Reply(said)

    return Action(step, run)


def page_action(action_id: str) -> Action:
    """A button that shows another page of a timeline, in the place of this one."""

    async def run(press: Press, services: Services) -> Answer:
        seen = await services.seen(SeenPage, press.value, press.shown_at)
        return await services.timeline(seen.incident_id, seen.page, press.user_id)

    return Action(action_id, run, is_change=False)


def item_action(action_id: str, change: ChangeItem) -> Action:
    """A button of an action item. A list shows in its own place how it is now.

    It does so also for who was slower than somebody else.
    """

    async def run(press: Press, services: Services) -> Answer:
        seen = await services.seen(SeenItem, press.value, press.shown_at)
        try:
            incident, item = await change(
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

    return Action(action_id, run)
