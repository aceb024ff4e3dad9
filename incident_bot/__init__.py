"""A Slack bot with which a team declares, works and resolves incidents."""

from importlib.metadata import version

__version__ = version("incident-bot")
