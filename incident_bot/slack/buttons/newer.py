"""Turns to the page before in a timeline: "Newer"."""

from incident_bot.slack.buttons.action import page_action
from incident_bot.slack.messages.timeline import NEWER

ACTION = page_action(NEWER)
