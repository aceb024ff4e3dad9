"""auth.*, bots.*, and the opening of a Socket Mode connection."""

from incident_bot.sandbox.cast import BOT_ID, BOT_USER_ID, TEAM_ID, TEAM_NAME
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.methods.call import (
    Arguments,
    Method,
    NoArguments,
)
from incident_bot.sandbox.slack_json import bot_profile
from incident_bot.sandbox.workspace import Workspace


class BotsInfo(Arguments):
    bot: str = BOT_ID


def auth_test(workspace: Workspace, _call: NoArguments) -> JsonObject:
    return {
        "url": f"{workspace.address}/",
        "team": TEAM_NAME,
        "user": workspace.directory.users[BOT_USER_ID].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def bots_info(workspace: Workspace, call: BotsInfo) -> JsonObject:
    if call.bot != BOT_ID:
        raise SlackError("bot_not_found")
    return {"bot": bot_profile(workspace)}


def connections_open(workspace: Workspace, _call: NoArguments) -> JsonObject:
    address = workspace.address.replace("http://", "ws://", 1)
    return {"url": f"{address}/link?ticket={workspace.tickets.new_socket()}"}


METHODS = [
    Method("auth.test", NoArguments, auth_test),
    Method("bots.info", BotsInfo, bots_info, ("users:read",)),
    Method(
        "apps.connections.open",
        NoArguments,
        connections_open,
        token="app",  # noqa: S106 - a kind of token, not one
    ),
]
