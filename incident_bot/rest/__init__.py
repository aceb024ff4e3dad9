"""The HTTP routes that are not Slack's."""
