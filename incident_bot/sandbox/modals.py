"""Opening, pushing, changing and closing views, for the Web API and for a submission's answer."""

import json

from incident_bot.sandbox.block_kit import elements_in, validate_view, with_block_ids
from incident_bot.sandbox.bus import HomeChanged, ViewChanged
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.jsontypes import JsonList, JsonObject
from incident_bot.sandbox.text import parsed_blocks
from incident_bot.sandbox.views import STACK_LIMIT, View
from incident_bot.sandbox.workspace import Workspace

LARGEST_VIEW = 250_000  # bytes of JSON; Slack, views.update
_WORDS = ("title", "submit", "close")


def open_view(workspace: Workspace, user_id: str, given: JsonObject) -> View:
    """Slack's client shows one stack of modals: a new one takes the place of what was open."""
    check(workspace, given, "modal")
    view = _new_view(workspace, user_id, given)
    workspace.views.stacks[user_id] = [view]
    workspace.bus.tell(ViewChanged(user_id, "open", view))
    return view


def push_view(workspace: Workspace, user_id: str, given: JsonObject) -> View:
    stack = workspace.views.stack(user_id)
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= STACK_LIMIT:
        raise SlackError("push_limit_reached")
    check(workspace, given, "modal")
    view = _new_view(workspace, user_id, given)
    view.root_view_id = stack[0].root_view_id
    view.previous_view_id = stack[-1].id
    stack.append(view)
    workspace.bus.tell(ViewChanged(user_id, "push", view))
    return view


def update_view(workspace: Workspace, view: View, given: JsonObject) -> View:
    check(workspace, given, view.type, replacing=view)
    content = _content(workspace, given, before=view.blocks)
    content["state"] = _kept(view.state, content["blocks"])
    changed = view.model_copy(update=content)
    workspace.views.replace(changed)
    if changed.type == "home":
        workspace.bus.tell(HomeChanged(changed.user_id, changed))
    else:
        workspace.bus.tell(ViewChanged(changed.user_id, "update", changed))
    return changed


def publish_home(workspace: Workspace, user_id: str, given: JsonObject) -> View:
    current = workspace.views.homes.get(user_id)
    if current:
        return update_view(workspace, current, given)
    check(workspace, given, "home")
    view = _new_view(workspace, user_id, given)
    workspace.views.homes[user_id] = view
    workspace.bus.tell(HomeChanged(user_id, view))
    return view


def close_view(workspace: Workspace, view: View) -> None:
    workspace.views.drop(view)
    workspace.bus.tell(ViewChanged(view.user_id, "close", view_id=view.id))


def clear_views(workspace: Workspace, user_id: str) -> None:
    workspace.views.stack(user_id).clear()
    workspace.bus.tell(ViewChanged(user_id, "clear"))


def check(
    workspace: Workspace, given: JsonObject, kind: str, *, replacing: View | None = None
) -> None:
    if len(json.dumps(given, ensure_ascii=False).encode()) > LARGEST_VIEW:
        raise SlackError("view_too_large")
    problems = validate_view(given)
    if given.get("type") != kind and not problems:
        problems = [f"[ERROR] must be of type {kind} [json-pointer:/view/type]"]
    if problems:
        raise SlackError("invalid_arguments", messages=problems)
    other = workspace.views.by_external_id(given.get("external_id", ""))
    if other and (replacing is None or other.id != replacing.id):
        raise SlackError("duplicate_external_id")


def _content(workspace: Workspace, given: JsonObject, before: JsonList | None = None) -> JsonObject:
    """All of a view that its author decides; what the author leaves out goes back to nothing."""
    shape = View.model_fields
    optional = {
        name: given.get(name, shape[name].default)
        for name in (
            *_WORDS,
            "private_metadata",
            "callback_id",
            "external_id",
            "clear_on_close",
            "notify_on_close",
            "submit_disabled",
        )
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
    view_id = workspace.ids.new("V")
    return View(
        id=view_id,
        user_id=user_id,
        root_view_id=view_id,
        type=given["type"],
        **_content(workspace, given),
    )


def _hash(workspace: Workspace) -> str:
    return f"{int(workspace.clock.now())}.{workspace.ids.new('h')}"
