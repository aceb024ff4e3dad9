"""Ends the incident, at one press: "Resolve"."""

from incident_bot.domain.status import Status
from incident_bot.slack.actions.action import Action, move_to
from incident_bot.slack.answers import Answer
from incident_bot.slack.messages.announcement import RESOLVE
from incident_bot.slack.payloads import Press
from incident_bot.slack.services import Services


async def run(press: Press, services: Services) -> Answer:
    return await move_to(
        Status.RESOLVED, press, services, lambda incident: f"You resolved {incident.reference}."
    )


ACTION = Action(RESOLVE, run)
