"""Slack's side of the bot: what people type and press comes in here, messages go out.

Listeners validate into Pydantic models and call the store; messages are pure functions.
"""
