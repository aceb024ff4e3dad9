"""What a button is, and what several have in common."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from incident_bot.domain.status import Step
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.messages.done import done
from incident_bot.slack.payloads import Press, SeenIncident, SeenPage
from incident_bot.slack.services import Services


@dataclass(frozen=True)
class Action:
    """One row of the table; `is_change` needs the right to change incidents."""

    action_id: str
    run: Callable[[Press, Services], Awaitable[Answer]]
    is_change: bool = True


def step_action(step: Step) -> Action:
    """The button that takes the incident a step along its life cycle."""

    async def run(press: Press, services: Services) -> Answer:
        seen = SeenIncident.parse(press.value)
        incident = await services.store.take(press.request, seen.incident_id, step, seen.version)
        said = services.told(done(step, incident, press.user_id))
        return await services.card(incident, said) if press.is_ephemeral else Reply(said)

    return Action(step, run)


def page_action(action_id: str) -> Action:
    """A button that shows another page of a timeline, in the place of this one."""

    async def run(press: Press, services: Services) -> Answer:
        seen = SeenPage.parse(press.value)
        return await services.timeline(seen.incident_id, seen.page, press.user_id)

    return Action(action_id, run, is_change=False)
