"""Opening, changing and closing views, for the Web API and for a submission's answer."""

import json

from incident_bot.sandbox.block_kit import elements_in, validate_view, with_block_ids
from incident_bot.sandbox.bus import HomeChanged, ViewChanged
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.jsontypes import JsonList, JsonObject
from incident_bot.sandbox.text import parsed_blocks
from incident_bot.sandbox.views import View
from incident_bot.sandbox.workspace import Workspace

LARGEST_VIEW = 250_000  # bytes of JSON; Slack, views.update


def open_view(workspace: Workspace, user_id: str, given: JsonObject) -> View:
    """A new modal takes the place of what was open."""
    check(given, "modal")
    view = _new_view(workspace, user_id, given)
    workspace.views.show(view)
    workspace.bus.tell(ViewChanged(user_id, "open", view))
    return view


def update_view(workspace: Workspace, view: View, given: JsonObject) -> View:
    check(given, view.type)
    content = _content(workspace, given, before=view.blocks)
    content["state"] = _kept(view.state, content["blocks"])
    changed = view.model_copy(update=content)
    workspace.views.show(changed)
    if changed.type == "home":
        workspace.bus.tell(HomeChanged(changed.user_id, changed))
    else:
        workspace.bus.tell(ViewChanged(changed.user_id, "update", changed))
    return changed


def publish_home(workspace: Workspace, user_id: str, given: JsonObject) -> View:
    current = workspace.views.homes.get(user_id)
    if current:
        return update_view(workspace, current, given)
    check(given, "home")
    view = _new_view(workspace, user_id, given)
    workspace.views.show(view)
    workspace.bus.tell(HomeChanged(user_id, view))
    return view


def close_view(workspace: Workspace, view: View) -> None:
    workspace.views.close(view.user_id)
    workspace.bus.tell(ViewChanged(view.user_id, "close", view_id=view.id))


def check(given: JsonObject, kind: str) -> None:
    if len(json.dumps(given, ensure_ascii=False).encode()) > LARGEST_VIEW:
        raise SlackError("view_too_large")
    problems = validate_view(given)
    if given.get("type") != kind and not problems:
        problems = [f"[ERROR] must be of type {kind} [json-pointer:/view/type]"]
    if problems:
        raise SlackError("invalid_arguments", messages=problems)


def _content(workspace: Workspace, given: JsonObject, before: JsonList | None = None) -> JsonObject:
    """All of a view that its author decides; what the author leaves out goes back to nothing."""
    shape = View.model_fields
    optional = {
        name: given.get(name, shape[name].default)
        for name in ("title", "submit", "close", "private_metadata", "callback_id")
    }
    parsed = parsed_blocks(given["blocks"], workspace.directory)
    blocks = with_block_ids(parsed, workspace.ids, before)
    return {**optional, "blocks": blocks, "hash": _hash(workspace), "state": {}}


def _kept(state: JsonObject, blocks: JsonList) -> JsonObject:
    """What was entered where the same element is still there: block, action and type."""
    kept: JsonObject = {}
    for block in blocks:
        for element in elements_in(block):
            entered = state.get(block["block_id"], {}).get(element.get("action_id"))
            if entered and entered["type"] == element["type"]:
                kept.setdefault(block["block_id"], {})[element["action_id"]] = entered
    return kept


def _new_view(workspace: Workspace, user_id: str, given: JsonObject) -> View:
    return View(
        id=workspace.ids.new("V"),
        user_id=user_id,
        type=given["type"],
        **_content(workspace, given),
    )


def _hash(workspace: Workspace) -> str:
    return f"{int(workspace.clock.now())}.{workspace.ids.new('h')}"
