"""views.*: modals by trigger, Home tabs by person."""

from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.methods.call import Arguments, Method, ViewArgument
from incident_bot.sandbox.methods.lookup import known_user
from incident_bot.sandbox.modals import check, open_view, publish_home, update_view
from incident_bot.sandbox.views import View
from incident_bot.sandbox.workspace import Workspace


class Open(Arguments):
    trigger_id: str
    view: ViewArgument


class Update(Arguments):
    view_id: str
    hash: str = ""
    view: ViewArgument


class Publish(Arguments):
    user_id: str
    hash: str = ""
    view: ViewArgument


def open_(workspace: Workspace, call: Open) -> JsonObject:
    # The view is checked first: a refused one does not use the trigger up.
    check(call.view, "modal")
    trigger = workspace.tickets.use_trigger(call.trigger_id)
    return _shown(open_view(workspace, trigger.user_id, call.view))


def update(workspace: Workspace, call: Update) -> JsonObject:
    view = workspace.views.get(call.view_id)
    if view is None:
        raise SlackError("not_found")
    _check_hash(view, call.hash)
    return _shown(update_view(workspace, view, call.view))


def publish(workspace: Workspace, call: Publish) -> JsonObject:
    if not workspace.manifest.features.app_home.home_tab_enabled:
        raise SlackError("not_enabled")
    user = known_user(workspace, call.user_id)
    if user.is_bot or user.is_external:
        raise SlackError("user_not_found")
    current = workspace.views.homes.get(user.id)
    if current:
        _check_hash(current, call.hash)
    return _shown(publish_home(workspace, user.id, call.view))


def _check_hash(view: View, given: str) -> None:
    if given and given != view.hash:
        raise SlackError("hash_conflict")


def _shown(view: View) -> JsonObject:
    return {"view": view.as_slack_sends_it()}


METHODS = [
    Method("views.open", Open, open_, ()),
    Method("views.update", Update, update, ()),
    Method("views.publish", Publish, publish, ()),
]
