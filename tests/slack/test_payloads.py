"""What Slack sends, parsed once."""

from typing import Any

import pytest
from pydantic import ValidationError

from incident_bot.domain.declaration import OriginMessage
from incident_bot.slack.payloads import (
    ChosenShortcut,
    HomeOpened,
    Mention,
    Press,
    SlashCommand,
    Submission,
    is_of,
)
from incident_bot.slack.text.button_values import Origin
from incident_bot.store.requests import Request
from tests.factories import ANA, CARA

COMMAND = {"user_id": CARA, "channel_id": "C0OPS", "channel_name": "ops", "trigger_id": "1.2.abc"}
PRESS = {
    "type": "block_actions",
    "user": {"id": ANA, "team_id": "T0ORG"},
    "trigger_id": "1.2.abc",
    "channel": {"id": "C0INC"},
    "container": {"message_ts": "100.1"},
    "actions": [{"action_id": "resolve", "action_ts": "101.5", "value": "{}"}],
}
CHOSEN = {
    "type": "message_action",
    "callback_id": "declare_from_message",
    "user": {"id": ANA, "team_id": "T0ORG"},
    "trigger_id": "1.2.abc",
    "channel": {"id": "C0OPS", "name": "ops"},
}
SUBMISSION = {
    "type": "view_submission",
    "user": {"id": CARA, "team_id": "T0ORG"},
    "view": {"id": "V0FORM", "callback_id": "declare", "state": {"values": {}}},
}


def submission(values: Any) -> Submission:  # noqa: ANN401 - whatever a client sends
    view = {**SUBMISSION["view"], "state": {"values": values}}  # type: ignore[dict-item]
    return Submission.model_validate({**SUBMISSION, "view": view})


def test_a_command_is_read_as_it_was_typed() -> None:
    command = SlashCommand.model_validate({**COMMAND, "text": "new &lt;b&gt; by <@U0ANA|ana>"})

    assert command.text == "new <b> by @ana"
    assert command.sent == "new &lt;b&gt; by <@U0ANA|ana>"
    assert command.response_url is None
    assert command.user_team_id is None


def test_a_command_sent_again_has_the_same_key() -> None:
    command = SlashCommand.model_validate(COMMAND)

    assert (command.request.actor, command.request.key) == (CARA, "command:1.2.abc")


def test_a_press_is_read_out_of_its_nesting() -> None:
    press = Press.model_validate(PRESS)

    assert (press.user_id, press.user_team_id) == (ANA, "T0ORG")
    assert (press.action_id, press.value) == ("resolve", "{}")
    assert (press.channel_id, press.message_ts, press.is_ephemeral) == ("C0INC", "100.1", False)


@pytest.mark.parametrize(
    ("message", "thread_ts"),
    [({"ts": "100.1"}, "100.1"), ({"ts": "101.5", "thread_ts": "100.1"}, "100.1")],
)
def test_a_shortcut_on_a_message_begins_in_that_message_s_thread(
    message: dict[str, str], thread_ts: str
) -> None:
    chosen = ChosenShortcut.model_validate({**CHOSEN, "message": message})

    assert Origin.parse(chosen.origin.dump()).message == OriginMessage("C0OPS", thread_ts)


def test_a_shortcut_from_anywhere_begins_nowhere() -> None:
    payload = {key: CHOSEN[key] for key in ("callback_id", "user", "trigger_id")}

    chosen = ChosenShortcut.model_validate(payload)

    assert (chosen.message, chosen.origin) == (None, Origin())


def test_a_press_in_the_home_tab_has_no_channel_and_no_message() -> None:
    payload = {key: PRESS[key] for key in ("user", "trigger_id", "actions")}

    press = Press.model_validate({**payload, "container": {"type": "view", "view_id": "V1"}})

    assert (press.channel_id, press.message_ts) == (None, None)


def test_a_press_again_is_another_request_but_a_delivery_again_is_not() -> None:
    first = Press.model_validate(PRESS).request
    again = Press.model_validate(PRESS).request
    pressed_again = {**PRESS, "actions": [{"action_id": "resolve", "action_ts": "109.9"}]}

    assert first == again
    assert first != Press.model_validate(pressed_again).request


@pytest.mark.parametrize("missing", ["user", "trigger_id", "actions"])
def test_a_press_that_lacks_something_is_refused(missing: str) -> None:
    with pytest.raises(ValidationError):
        Press.model_validate({key: value for key, value in PRESS.items() if key != missing})


def test_a_form_is_read_by_its_fields() -> None:
    form = submission(
        {
            "title": {"value": {"type": "plain_text_input", "value": "Down"}},
            "severity": {"value": {"type": "static_select", "selected_option": {"value": "High"}}},
            "description": {"value": {"type": "plain_text_input", "value": None}},
            "status": {"value": {"type": "static_select", "selected_option": None}},
        }
    )

    assert form.values == {
        "title": "Down",
        "severity": "High",
        "description": None,
        "status": None,
    }


def test_a_form_sent_again_has_the_same_key() -> None:
    assert submission({}).request.key == "view:V0FORM"


@pytest.mark.parametrize("values", [None, [], "x", {"title": {"value": {"value": {"a": 1}}}}])
def test_a_form_of_another_shape_is_refused(values: object) -> None:
    with pytest.raises(ValidationError):
        submission(values)


def test_odd_fields_of_a_form_are_empty() -> None:
    assert submission({"title": "x", "description": {"value": 7}}).values == {"description": None}


def test_refused_payloads_are_not_shown() -> None:
    with pytest.raises(ValidationError) as refusal:
        SlashCommand.model_validate({**COMMAND, "text": 12345})

    assert "12345" not in str(refusal.value)


def test_who_opens_the_home_tab_is_read() -> None:
    opened = HomeOpened.model_validate({"event": {"user": CARA, "tab": "messages"}})

    assert (opened.user_id, opened.tab) == (CARA, "messages")


@pytest.mark.parametrize(
    "payload",
    [
        {"team_id": "T0ORG"},
        {"team": {"id": "T0ORG"}},
        {"team": "T0ORG"},
        {"team_id": "T0ORG", "api_app_id": "A0BOT"},
        {"team_id": "T0ORG", "enterprise_id": "E0ORG"},
        {"team": {"id": "T0FRIEND"}, "view": {"app_installed_team_id": "T0ORG"}},
        {"team_id": "T0FRIEND", "authorizations": [{"team_id": "T0ORG"}]},
    ],
)
def test_what_is_meant_for_our_workspace_and_app_is_ours(payload: dict[str, Any]) -> None:
    assert is_of(payload, "T0ORG", "A0BOT")


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"team_id": ""},
        {"team": None, "authorizations": None},
        {"team": ["T0ORG"], "view": "T0ORG", "authorizations": ["T0ORG"]},
        {"team_id": "T0ORG", "api_app_id": "A0EVIL"},
        {"team_id": "T0EVIL", "api_app_id": "A0BOT"},
        {"team_id": "T0SISTER", "enterprise_id": "E0ORG", "api_app_id": "A0BOT"},
        {"team": {"id": "T0SISTER", "enterprise_id": "E0ORG"}, "enterprise": {"id": "E0ORG"}},
    ],
)
def test_what_is_meant_for_another_workspace_or_app_is_not(payload: dict[str, Any]) -> None:
    assert not is_of(payload, "T0ORG", "A0BOT")


@pytest.mark.parametrize(
    "payload",
    [
        {"team_id": "T0SISTER", "enterprise_id": "E0ORG"},
        {"team": {"id": "T0SISTER", "enterprise_id": "E0ORG"}},
        {"team": None, "enterprise": {"id": "E0ORG"}},
        {"authorizations": [{"team_id": None, "enterprise_id": "E0ORG"}]},
    ],
)
def test_an_app_of_the_organisation_serves_all_its_workspaces(payload: dict[str, Any]) -> None:
    assert is_of(payload, "E0ORG", "A0BOT")
    assert not is_of(payload, "E0EVIL", "A0BOT")


def test_an_app_that_we_do_not_know_is_not_looked_at() -> None:
    assert is_of({"team_id": "T0ORG", "api_app_id": "A0BOT"}, "T0ORG", None)


def test_before_we_know_our_workspace_nothing_is_ours() -> None:
    assert not is_of({"team": None}, None, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@U0BOT> list", "list"),
        ("<@U0BOT|incident_bot>: list High", "list High"),
        ("hey <@U0BOT>\u00a0ack INC-12", "ack INC-12"),
        ("<@U0BOT> ask <@U0BOT> & <@U0ANA>", "ask <@U0BOT> & <@U0ANA>"),
        ("<@U0BOT>", ""),
        ("\u200b<@U0BOT>\u200b: list", "list"),
        ("list", "list"),
    ],
)
def test_what_follows_a_mention_is_the_command(text: str, words: str) -> None:
    mention = Mention.model_validate(
        {"event_id": "Ev1", "event": {"user": ANA, "channel": "C0OPS", "text": text}}
    )

    assert mention.words("U0BOT") == words
    assert mention.speaker_id == ANA
    assert mention.command(ANA, words).request == Request(ANA, "event:Ev1")


@pytest.mark.parametrize("text", ["", None])
def test_a_mention_without_text_says_what_its_blocks_show(text: str | None) -> None:
    elements = [{"type": "user", "user_id": "U0BOT"}, {"type": "text", "text": " list High"}]
    section = {"type": "rich_text_section", "elements": elements}
    event = {"user": ANA, "channel": "C0OPS", "text": text}

    mention = Mention.model_validate(
        {
            "event_id": "Ev1",
            "event": event | {"blocks": [{"type": "rich_text", "elements": [section]}]},
        }
    )

    assert mention.words("U0BOT") == "list High"
