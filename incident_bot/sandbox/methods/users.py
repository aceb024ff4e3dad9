"""users.*: who people are, guests and outsiders included."""

from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.methods.call import Arguments, Method
from incident_bot.sandbox.methods.lookup import known_user
from incident_bot.sandbox.slack_json import user_json
from incident_bot.sandbox.workspace import Workspace


class Info(Arguments):
    user: str


def info(workspace: Workspace, call: Info) -> JsonObject:
    return {"user": user_json(workspace, known_user(workspace, call.user))}


METHODS = [
    Method("users.info", Info, info, ("users:read",)),
]
