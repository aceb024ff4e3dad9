"""The Web API: one module a family of methods, and here the table of them all.

A method is a plain function from its parsed arguments to the answer; HTTP is not its business.
"""

from incident_bot.sandbox.methods import (
    auth,
    channels,
    chat,
    conversations,
    users,
    views,
)
from incident_bot.sandbox.methods.call import Method

_FAMILIES = (auth, channels, chat, conversations, users, views)

METHODS: dict[str, Method] = {
    method.name: method for family in _FAMILIES for method in family.METHODS
}
