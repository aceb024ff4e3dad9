import pytest

from incident_bot.sandbox.manifest import ManifestError, read_manifest

from .support import manifest

COMMAND = "{command: /x, description: x}"
SHORTCUT = "{name: x, type: global, callback_id: x, description: x}"


def test_a_manifest_gives_commands_scopes_and_events() -> None:
    read = read_manifest(manifest(["commands"], ["app_home_opened"]))

    assert read.command("/echo")
    assert read.command("/other") is None
    assert read.bot_scopes == ["commands"]
    assert read.bot_events == ["app_home_opened"]
    assert read.bot_name == "Test Bot"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the manifest"),
        ("a: [", "not YAML"),
        ("display_information: {name: ''}", "display_information.name"),
        (f"display_information: {{name: {'x' * 36}}}", "display_information.name"),
        ("display_information: {name: x, colour: red}", "display_information.colour"),
        ("display_information: {name: x, background_color: red}", "background_color"),
        (
            (
                "display_information: {name: x}\n"
                "features: {slash_commands: [{command: x, description: x}]}"
            ),
            "command",
        ),
        (
            (
                f"display_information: {{name: x}}\n"
                f"features: {{slash_commands: [{', '.join([COMMAND] * 51)}]}}"
            ),
            "slash_commands",
        ),
        (
            (
                f"display_information: {{name: x}}\n"
                f"features: {{shortcuts: [{SHORTCUT.replace('name: x', 'name: ' + 'x' * 25)}]}}"
            ),
            "name",
        ),
        (
            (
                "display_information: {name: x}\n"
                "settings: {event_subscriptions: {request_url: 'ftp://x'}}"
            ),
            "request_url",
        ),
    ],
)
def test_a_wrong_manifest_is_refused_by_the_name_of_its_fault(text: str, words: str) -> None:
    with pytest.raises(ManifestError, match=words):
        read_manifest(text)
