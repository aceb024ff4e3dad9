"""How an answer reaches the person who did something: the ways, best first, and what follows."""

import asyncio
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest

from incident_bot.domain.errors import AlreadyInStatus
from incident_bot.domain.status import Status
from incident_bot.slack.modals.form import notice
from incident_bot.slack.replies.conversations import (
    CommandConversation,
    MentionConversation,
    Messenger,
    PressConversation,
    ShortcutConversation,
    SubmissionConversation,
)
from incident_bot.slack.reply import (
    AnyReply,
    FieldErrors,
    Nothing,
    OpenModal,
    Reply,
    ShowHome,
    UpdateModal,
)
from incident_bot.slack.text.button_values import ListPage, Origin
from incident_bot.slack.text.errors import NotUnderstood
from incident_bot.slack.text.mrkdwn import quoted, section
from tests.factories import ANA, BEN, CARA, NOON, an_entry
from tests.movable_time import until
from tests.slack.payloads import OPS, chosen, in_form, mentioned, pressed, submitted, typed
from tests.slack.support import as_sent
from tests.web_api import RESPONSE_URL, Json, WebApi, error, ok
from tests.web_api import Answer as FromSlack

WORDS = (section("*Done*"),)
DONE = Reply("Done", WORDS)
VIEW = notice("A form", section("of ours"))
EVERY_WAY = ("chat.postEphemeral", "chat.postMessage", RESPONSE_URL)


def is_told(web_api: WebApi, *methods: str) -> None:
    """From now on Slack takes what is said in these ways, and in no other."""
    for method in EVERY_WAY:
        web_api.answers(method, error("is_archived"))
    for method in methods:
        web_api.answers(method, ok(ts="1.000001"))


def by_url(text: str = "Done", blocks: object = WORDS, *, replaces: bool = False) -> Json:
    """What is sent by the URL that came with what was done."""
    shown = {} if blocks is None else {"blocks": as_sent(blocks)}
    sent = {"text": text, "response_type": "ephemeral", "replace_original": replaces}
    return sent | shown


def whispered(user_id: str = ANA, **more: str) -> Json:
    said = {"channel": OPS, "user": user_id, "text": "Done", "blocks": as_sent(WORDS)}
    return said | more


def written(user_id: str = ANA) -> Json:
    return {"channel": user_id, "text": "Done", "blocks": as_sent(WORDS)}


@pytest.fixture
def command(messenger: Messenger, web_api: WebApi) -> CommandConversation:
    url = web_api.response_url
    return CommandConversation(messenger, typed("new `Tills` <b>", response_url=url))


@pytest.fixture
def press(messenger: Messenger, web_api: WebApi) -> PressConversation:
    press = pressed("join", "x", is_ephemeral=True, response_url=web_api.response_url)
    return PressConversation(messenger, press)


@pytest.fixture
def press_in_form(messenger: Messenger) -> PressConversation:
    return PressConversation(messenger, pressed("join_instead", "x", **in_form(VIEW)))


@pytest.fixture
def shortcut(messenger: Messenger, web_api: WebApi) -> ShortcutConversation:
    message = {"ts": "100.1", "text": "It is down"}
    where: Json = {"channel": {"id": OPS}, "response_url": web_api.response_url}
    return ShortcutConversation(messenger, chosen("declare_from_message", message=message, **where))


@pytest.fixture
def mention(messenger: Messenger) -> MentionConversation:
    command = mentioned("list", thread_ts="100.1").command(ANA, "list")
    return MentionConversation(messenger, command)


@pytest.fixture
def submission(messenger: Messenger) -> SubmissionConversation:
    values = {"title": "Tills <are> down", "description": None, "severity": "High"}
    return SubmissionConversation(messenger, submitted(values, Origin(channel_id=OPS)))


async def test_a_command_is_answered_with_its_acknowledgement(command: CommandConversation) -> None:
    assert command.in_acknowledgement(DONE) == {
        "text": "Done",
        "blocks": WORDS,
        "response_type": "ephemeral",
    }
    assert command.in_acknowledgement(Nothing()) == {}
    assert command.in_acknowledgement(OpenModal(VIEW)) is None


@pytest.mark.parametrize("answer", [DONE, OpenModal(VIEW), FieldErrors()])
async def test_the_acknowledgement_of_a_press_or_a_shortcut_carries_nothing(
    press: PressConversation, shortcut: ShortcutConversation, answer: AnyReply
) -> None:
    assert press.in_acknowledgement(answer) is None
    assert shortcut.in_acknowledgement(answer) is None
    assert press.in_acknowledgement(Nothing()) == {}


async def test_the_acknowledgement_of_a_form_carries_what_is_wrong_in_it(
    submission: SubmissionConversation,
) -> None:
    errors = {"title": "Title needs some text."}

    assert submission.in_acknowledgement(FieldErrors(errors)) == {
        "response_action": "errors",
        "errors": errors,
    }
    assert submission.in_acknowledgement(DONE) is None
    assert submission.in_acknowledgement(Nothing()) == {}


async def test_a_form_opens(command: CommandConversation, web_api: WebApi) -> None:
    web_api.answers("views.open", ok())

    await command.tell(OpenModal(VIEW))

    [opened] = web_api.asked("views.open")
    assert opened == {"trigger_id": command.trigger_id, "view": as_sent(VIEW)}


async def test_what_was_answered_before_says_nothing(
    command: CommandConversation, web_api: WebApi
) -> None:
    await command.tell(Nothing())

    assert web_api.calls == []


async def test_who_types_reads_that_no_form_opened_and_what_they_typed(
    command: CommandConversation, web_api: WebApi
) -> None:
    web_api.answers("views.open", error("expired_trigger_id"))
    is_told(web_api, RESPONSE_URL)

    await command.tell(OpenModal(VIEW))

    [told] = web_api.asked(RESPONSE_URL)
    assert told == by_url(
        "Slack did not open the form. Please type it again: `/incident new 'Tills' &lt;b&gt;`",
        None,
    )


async def test_who_presses_or_chooses_reads_that_no_form_opened(
    press: PressConversation, shortcut: ShortcutConversation, web_api: WebApi
) -> None:
    web_api.answers("views.open", error("expired_trigger_id"))
    is_told(web_api, RESPONSE_URL)

    await press.tell(OpenModal(VIEW))
    await shortcut.tell(OpenModal(VIEW))

    again, choose = (told["text"] for told in web_api.asked(RESPONSE_URL))
    assert again == "Slack did not open the form. Please press again."
    assert choose == (
        "Slack did not open the form. Please choose the shortcut again, or type `/incident new`."
    )


async def test_a_command_is_answered_by_its_url_then_in_a_direct_message(
    command: CommandConversation, web_api: WebApi
) -> None:
    is_told(web_api, RESPONSE_URL)
    await command.tell(DONE)
    is_told(web_api, "chat.postMessage")
    await command.tell(DONE)

    assert web_api.methods == [RESPONSE_URL, RESPONSE_URL, "chat.postMessage"]
    assert web_api.asked(RESPONSE_URL)[0] == by_url()
    assert web_api.asked("chat.postMessage") == [written()]


async def test_a_press_is_answered_by_its_url_then_there_then_in_a_direct_message(
    press: PressConversation, web_api: WebApi
) -> None:
    is_told(web_api, "chat.postEphemeral")
    await press.tell(DONE)
    assert web_api.methods == [RESPONSE_URL, "chat.postEphemeral"]
    assert web_api.asked("chat.postEphemeral") == [whispered()]

    is_told(web_api, "chat.postMessage")
    await press.tell(DONE)
    assert web_api.methods[-2:] == ["chat.postEphemeral", "chat.postMessage"]
    assert web_api.asked("chat.postMessage") == [written()]


async def test_a_shortcut_is_answered_by_its_url_then_there_then_in_a_direct_message(
    shortcut: ShortcutConversation, web_api: WebApi
) -> None:
    is_told(web_api, "chat.postMessage")

    await shortcut.tell(DONE)

    assert web_api.methods == [RESPONSE_URL, "chat.postEphemeral", "chat.postMessage"]
    assert web_api.asked(RESPONSE_URL) == [by_url()]
    assert web_api.asked("chat.postEphemeral") == [whispered()]


async def test_a_mention_is_answered_in_its_thread_then_in_a_direct_message(
    mention: MentionConversation, web_api: WebApi
) -> None:
    is_told(web_api, "chat.postMessage")

    await mention.tell(DONE)

    assert web_api.methods == ["chat.postEphemeral", "chat.postMessage"]
    assert web_api.asked("chat.postEphemeral") == [whispered(thread_ts="100.1")]


async def test_a_form_is_answered_where_it_was_asked_for_then_in_a_direct_message(
    submission: SubmissionConversation, web_api: WebApi
) -> None:
    is_told(web_api, "chat.postMessage")

    await submission.tell(DONE)

    assert web_api.methods == ["chat.postEphemeral", "chat.postMessage"]
    assert web_api.asked("chat.postEphemeral") == [whispered(CARA)]
    assert web_api.asked("chat.postMessage") == [written(CARA)]


@pytest.mark.parametrize("metadata", ["", "x", "{}", '{"channel_id": 7}'])
async def test_a_form_that_knows_of_no_channel_is_answered_in_a_direct_message(
    messenger: Messenger, web_api: WebApi, metadata: str
) -> None:
    is_told(web_api, "chat.postMessage")

    await SubmissionConversation(messenger, submitted({}, metadata)).tell(DONE)

    assert web_api.methods == ["chat.postMessage"]


@pytest.mark.parametrize(
    "url", [None, "", "https://evil.example/x", "https://hooks.slack.com.evil.example/x"]
)
async def test_nothing_is_sent_to_a_url_that_is_not_slack_s(
    messenger: Messenger, web_api: WebApi, url: str | None
) -> None:
    is_told(web_api, "chat.postMessage")

    await CommandConversation(messenger, typed(response_url=url)).tell(DONE)

    assert web_api.methods == ["chat.postMessage"]


@pytest.mark.parametrize(
    ("answer", "is_taken"),
    [
        (FromSlack("ok"), True),
        (FromSlack("[]"), True),
        (FromSlack('{"ok": true}'), True),
        (FromSlack('{"ok": false, "error": "expired_url"}'), False),
        (FromSlack("ok", 404), False),
        (FromSlack("no_text", 500), False),
    ],
)
async def test_a_url_says_whether_something_came_of_it(
    command: CommandConversation, web_api: WebApi, answer: FromSlack, *, is_taken: bool
) -> None:
    is_told(web_api, "chat.postMessage")
    web_api.answers(RESPONSE_URL, answer)

    await command.tell(DONE)

    assert web_api.methods[1:] == ([] if is_taken else ["chat.postMessage"])


@pytest.mark.parametrize(
    ("is_ephemeral", "replaces"), [(True, True), (True, False), (False, True), (False, False)]
)
async def test_only_a_message_for_this_person_alone_is_replaced(
    messenger: Messenger, web_api: WebApi, *, is_ephemeral: bool, replaces: bool
) -> None:
    is_told(web_api, RESPONSE_URL)
    url = web_api.response_url
    press = pressed("join", is_ephemeral=is_ephemeral, response_url=url)

    await PressConversation(messenger, press).tell(replace(DONE, replaces=replaces))

    [told] = web_api.asked(RESPONSE_URL)
    assert told["replace_original"] is (is_ephemeral and replaces)


async def test_what_slack_takes_in_no_way_is_said_again_for_five_minutes(
    command: CommandConversation, web_api: WebApi, logs: list[MutableMapping[str, Any]]
) -> None:
    is_told(web_api)
    began = asyncio.get_running_loop().time()

    telling = asyncio.create_task(command.tell(DONE))
    await until(telling.done, pace=1)

    assert web_api.methods == [RESPONSE_URL, "chat.postMessage"] * 9
    waited = asyncio.get_running_loop().time() - began
    assert 307 <= waited < 330
    assert logs[-1]["event"] == "a reply reached nobody"
    assert logs[-1]["characters"] == len("Done")


async def test_what_slack_takes_again_is_said_once(
    command: CommandConversation, web_api: WebApi
) -> None:
    is_told(web_api)
    web_api.answers("chat.postMessage", error("is_archived"), ok(ts="1.000001"))

    telling = asyncio.create_task(command.tell(DONE))
    await until(lambda: len(web_api.calls) == 2)
    assert not telling.done()
    await until(telling.done, pace=1)

    assert web_api.methods == [RESPONSE_URL, "chat.postMessage"] * 2


async def test_a_refused_press_is_said_in_words(press: PressConversation) -> None:
    entry = an_entry(actor=BEN, at=NOON)
    refused = AlreadyInStatus(1, Status.IN_PROGRESS, entry)

    answer = press.refusal(refused)

    assert isinstance(answer, Reply)
    assert answer.text.startswith("INC-1 is already In Progress: <@U0BEN> acknowledged it <!date^")


async def test_in_a_form_a_refused_press_is_said_there(press_in_form: PressConversation) -> None:
    answer = press_in_form.refusal(NotUnderstood("No *such* incident."))

    words = "No \u200b*\u200bsuch\u200b*\u200b incident."
    assert isinstance(answer, UpdateModal)
    assert answer.instead == Reply(words)
    assert answer.view["blocks"][0] == {**section(words), "block_id": "note"}
    assert not answer.is_final


@pytest.mark.parametrize("is_final", [True, False])
async def test_a_form_in_which_was_pressed_changes(
    press_in_form: PressConversation, web_api: WebApi, *, is_final: bool
) -> None:
    """Where it has changed since, only what is final takes its place."""
    web_api.answers("views.update", ok(view={"id": "V0FORM"}))

    await press_in_form.tell(UpdateModal(VIEW, DONE, is_final=is_final))

    [changed] = web_api.asked("views.update")
    expected: Json = {"view_id": "V0FORM", "view": as_sent(VIEW)}
    assert changed == (expected if is_final else expected | {"hash": "1.a"})


async def test_a_form_that_cannot_be_changed_is_answered_in_a_message(
    press_in_form: PressConversation, web_api: WebApi
) -> None:
    web_api.answers("views.update", error("hash_conflict"))
    is_told(web_api, "chat.postMessage")

    await press_in_form.tell(UpdateModal(VIEW, DONE))

    assert web_api.methods == ["views.update", "chat.postMessage"]
    assert web_api.asked("chat.postMessage") == [written()]


async def test_a_change_of_a_form_that_is_none_is_said(
    press: PressConversation, web_api: WebApi
) -> None:
    is_told(web_api, RESPONSE_URL)

    await press.tell(UpdateModal(VIEW, DONE))

    assert web_api.asked(RESPONSE_URL) == [by_url()]


async def test_the_home_tab_is_shown_or_it_is_said_that_it_is_not(
    press: PressConversation, web_api: WebApi
) -> None:
    web_api.answers("views.publish", ok(), error("internal_error"))
    is_told(web_api, RESPONSE_URL)

    await press.tell(ShowHome(ListPage()))
    assert web_api.methods == ["views.publish"]
    await press.tell(ShowHome(ListPage()))

    assert web_api.asked("views.publish")[0]["user_id"] == ANA
    assert [told["text"] for told in web_api.asked(RESPONSE_URL)] == [
        "Slack did not show that page. Please press again."
    ]


async def test_who_mentions_the_bot_is_given_a_button_for_a_form(
    mention: MentionConversation, web_api: WebApi
) -> None:
    is_told(web_api, "chat.postEphemeral")

    await mention.tell(OpenModal(VIEW, DONE))
    await mention.tell(OpenModal(VIEW))

    offered, without = web_api.asked("chat.postEphemeral")
    assert offered == whispered(thread_ts="100.1")
    assert without["text"] == ("This takes a form, which opens by the command `/incident` alone.")


async def test_a_refused_form_stays_open_with_the_reason_below_its_first_field(
    submission: SubmissionConversation,
) -> None:
    refused = AlreadyInStatus(1, Status.RESOLVED, an_entry(actor=BEN, at=NOON))

    assert submission.refusal(refused) == FieldErrors(
        {"title": "INC-1 is already Resolved, since 12:00 UTC."}
    )


async def test_a_form_without_a_field_is_refused_in_a_message(messenger: Messenger) -> None:
    conversation = SubmissionConversation(messenger, submitted({}))

    assert conversation.refusal(NotUnderstood("No.")) == Reply("No.")


async def test_who_sent_a_form_that_is_closed_by_now_gets_back_what_they_wrote(
    submission: SubmissionConversation, web_api: WebApi
) -> None:
    is_told(web_api, "chat.postEphemeral")

    await submission.tell(FieldErrors({"title": "Too <long>.", "severity": "None such."}))

    [told] = web_api.asked("chat.postEphemeral")
    words = "Too &lt;long&gt;.\nNone such.\nYou wrote:"
    assert told["text"] == f"{words}\nTills &lt;are&gt; down\nHigh"
    assert told["blocks"] == as_sent((section(words), quoted("Tills <are> down\nHigh")))


async def test_what_was_wrong_in_no_form_is_said_line_by_line(
    press: PressConversation, web_api: WebApi
) -> None:
    is_told(web_api, RESPONSE_URL)

    await press.tell(FieldErrors({"title": "Too <long>.", "severity": "None such."}))

    [told] = web_api.asked(RESPONSE_URL)
    assert told["text"] == "Too &lt;long&gt;.\nNone such."
