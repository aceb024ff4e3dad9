"""`manifest.yml` against what the code registers and calls, and against Slack's rules."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

import incident_bot.slack
from incident_bot.manifest import manifest_text
from incident_bot.sandbox.manifest import read_manifest
from incident_bot.sandbox.methods import METHODS
from incident_bot.slack.commands import COMMAND, in_help
from incident_bot.slack.events.channel_events import EVENTS
from incident_bot.slack.shortcuts.shortcut import SHORTCUTS

_SLACK: Final = Path(incident_bot.slack.__file__).parent
# The scope depends on the kind of channel, so the stand-in checks it channel by channel.
_BY_CHANNEL: Final = {
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
}

# Slack, the pages of these events, "Required scopes".
_BY_EVENT: Final[dict[str, set[str]]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    **{
        f"{kind}_{what}": {scope}
        for kind, scope in (("channel", "channels:read"), ("group", "groups:read"))
        for what in ("archive", "deleted", "left", "rename", "unarchive")
    },
    "channel_id_changed": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
}


@pytest.fixture
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(manifest_text())
    return loaded


def test_slack_takes_the_manifest() -> None:
    manifest = read_manifest(manifest_text())

    assert manifest.bot_name == "Incident Bot"
    assert len(manifest.features.slash_commands[0].usage_hint) <= 1000


def test_the_command_is_the_one_that_the_bot_answers(manifest: dict[str, Any]) -> None:
    [command] = manifest["features"]["slash_commands"]

    assert command["command"] == COMMAND
    assert command["should_escape"] is True


def test_the_usage_hint_names_every_subcommand(manifest: dict[str, Any]) -> None:
    [command] = manifest["features"]["slash_commands"]

    hint = command["usage_hint"].strip("[]").split(" | ")

    assert hint == [subcommand.name for subcommand in in_help()]


def test_the_shortcuts_are_those_that_the_bot_answers(manifest: dict[str, Any]) -> None:
    offered = manifest["features"]["shortcuts"]

    assert {shortcut["callback_id"] for shortcut in offered} == SHORTCUTS.keys()
    assert [shortcut["type"] for shortcut in offered] == ["global", "message"]
    assert all(len(shortcut["name"]) <= 24 for shortcut in offered)


def test_the_events_are_those_that_the_bot_listens_to(manifest: dict[str, Any]) -> None:
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]

    assert sorted(subscribed) == sorted([*_arguments_of("event"), *EVENTS])


def test_the_scopes_are_those_that_calls_and_events_need_and_no_more(
    manifest: dict[str, Any],
) -> None:
    needed = {"commands"}
    for name in _methods_called():
        needed |= _BY_CHANNEL.get(name, set(METHODS[name].scopes))
    for event in manifest["settings"]["event_subscriptions"]["bot_events"]:
        needed |= _BY_EVENT[event]

    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed


def test_interactivity_and_socket_mode_are_on(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["interactivity"] == {"is_enabled": True}
    assert manifest["settings"]["socket_mode_enabled"] is True


def _methods_called() -> set[str]:
    """Slack's names of the methods that the package calls."""
    known = {name.replace(".", "_").lower(): name for name in METHODS}
    return {known[name] for name in _attributes_called() if name in known}


def _attributes_called() -> Iterator[str]:
    for call in _calls():
        if isinstance(call.func, ast.Attribute):
            yield call.func.attr.replace("getpermalink", "getPermalink").lower()


def _arguments_of(registration: str) -> list[str]:
    return [
        call.args[0].value
        for call in _calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == registration
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    ]


def _calls() -> Iterator[ast.Call]:
    for path in sorted(_SLACK.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield node
