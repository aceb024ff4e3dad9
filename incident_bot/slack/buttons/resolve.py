"""Ends the incident, at one press: "Resolve"."""

from incident_bot.domain.status import Step
from incident_bot.slack.buttons.action import step_action

ACTION = step_action(Step.RESOLVE)
