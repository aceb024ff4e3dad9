"""users.*: who people are, guests and outsiders included."""

from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.methods.call import TIER_2, TIER_4, Arguments, Method, Page
from incident_bot.sandbox.methods.lookup import known_user, page_of, with_cursor
from incident_bot.sandbox.slack_json import user_json
from incident_bot.sandbox.workspace import Workspace


class Info(Arguments):
    user: str
    include_locale: bool = False


def info(workspace: Workspace, call: Info) -> JsonObject:
    return {"user": user_json(workspace, known_user(workspace, call.user))}


def list_users(workspace: Workspace, call: Page) -> JsonObject:
    users = [user for user in workspace.directory.users.values() if not user.is_external]
    page, next_cursor = page_of(users, [user.id for user in users], call.limit, call.cursor)
    body = {"members": [user_json(workspace, user) for user in page]}
    return with_cursor(body, next_cursor)


METHODS = [
    Method("users.info", Info, info, ("users:read",), TIER_4),
    Method("users.list", Page, list_users, ("users:read",), TIER_2),
]
