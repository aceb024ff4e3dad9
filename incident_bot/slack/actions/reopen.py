"""Takes a resolved incident up again: "Reopen"."""

from incident_bot.domain.status import Status
from incident_bot.slack.actions.action import Action, move_to
from incident_bot.slack.answers import Answer
from incident_bot.slack.messages.announcement import REOPEN
from incident_bot.slack.payloads import Press
from incident_bot.slack.services import Services


async def run(press: Press, services: Services) -> Answer:
    return await move_to(
        Status.IN_PROGRESS, press, services, lambda incident: f"You reopened {incident.reference}."
    )


ACTION = Action(REOPEN, run)
