"""The registry of buttons, and what several of them have in common."""

from typing import Final

from incident_bot.domain.incident import Incident
from incident_bot.slack.payloads import Press
from incident_bot.slack.registry import Registry
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services

BUTTONS: Final = Registry[Press](
    "This button is of no use any more.", "`/incident list` shows what is there now."
)
"""By action ID."""

button: Final = BUTTONS.register


async def told(press: Press, services: Services, incident: Incident, said: str) -> AnyReply:
    """The sentence `said`; where the button was on a card of their own, with the card as it is."""
    said = services.told(said, incident)
    return await services.card(incident, said) if press.is_ephemeral else Reply(said)
