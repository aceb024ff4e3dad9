"""Turns to the next page of a timeline: "Older"."""

from incident_bot.slack.buttons.action import page_action
from incident_bot.slack.messages.timeline import OLDER

ACTION = page_action(OLDER)
