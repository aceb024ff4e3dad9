"""What Slack is answered to each thing that it sends: in time, in words, and only to our own."""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from sqlalchemy import text

from incident_bot.domain.status import Status
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.commands import dispatch
from incident_bot.slack.services import Services
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.text.button_values import ListPage, Origin, SeenForm, SeenIncident
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from tests.factories import A_VIEWER, ANA, CARA, EVE, GUS, by
from tests.movable_time import put_forward, turns, until
from tests.slack.answers import deeds, said
from tests.slack.conftest import Sends
from tests.slack.incidents import OWN, declared, with_channel
from tests.slack.payloads import (
    OPS,
    command_payload,
    event_payload,
    in_form,
    mention_payload,
    press_payload,
    shortcut_payload,
    submission_payload,
    typed,
)
from tests.web_api import ADDRESS, RESPONSE_URL, Json, WebApi, a_user, error, late, ok

Logs = list[MutableMapping[str, Any]]

SEEN = SeenIncident(incident_id=1, version=1)
DECLARED = {"title": "Tills are down", "description": "Since noon.", "severity": "High"}
GUESTS = (
    "Guests may declare and read incidents, but not change them. "
    "Ask a member of the workspace to do it."
)
OUTSIDERS = (
    "Only people of this workspace may change incidents. Ask one of them in this channel to do it."
)
WAIT = "This takes longer than usual. The answer follows."


def body(response: BoltResponse) -> Any:  # noqa: ANN401 - JSON
    assert response.status == 200, response.body
    return json.loads(response.body) if response.body else None


async def breaks(database: Database) -> None:
    """The store has a fault from now on."""
    statement = text("ALTER TABLE incidents RENAME TO gone")
    await database.write(lambda connection: connection.execute(statement))


async def test_a_command_is_answered_in_its_acknowledgement(
    sends: Sends, services: Services, web_api: WebApi
) -> None:
    await declared(services)

    response = await sends(command_payload("resolve INC-1"))

    assert body(response) == {"text": "You resolved INC-1.", "response_type": "ephemeral"}
    assert (await services.store.get(1, A_VIEWER)).status is Status.RESOLVED
    assert web_api.methods == ["users.info"]


async def test_a_command_of_another_name_is_answered_with_what_to_change(
    sends: Sends, logs: Logs
) -> None:
    shown = body(await sends(command_payload("list") | {"command": "/inc"}))

    assert shown["text"] == (
        "I answer to `/incident`, not to `/inc`. Whoever set up the app can name its slash command "
        "`/incident` in its manifest at api.slack.com."
    )
    assert logs[-1]["event"].startswith("a slash command of another name came")
    assert (logs[-1]["command"], logs[-1]["expected"]) == ("/inc", "/incident")


async def test_blocks_go_with_the_answer(sends: Sends, services: Services) -> None:
    answer = await dispatch(typed("help"), services)

    shown = body(await sends(command_payload("help")))

    assert shown["text"] == said(answer)
    assert [block["type"] for block in shown["blocks"]] == ["section"]


async def test_a_form_opens_by_a_call(sends: Sends, web_api: WebApi, tasks: Tasks) -> None:
    web_api.answers("views.open", ok())
    payload = command_payload("new Tills")

    assert body(await sends(payload)) is None
    await tasks.finish()

    [opened] = web_api.asked("views.open")
    assert opened["trigger_id"] == payload["trigger_id"]
    assert opened["view"]["callback_id"] == "declare"


async def test_a_command_that_slack_sends_again_is_acknowledged_alone(
    sends: Sends, services: Services
) -> None:
    await declared(services)
    payload = command_payload("resolve INC-1")
    await sends(payload)

    assert body(await sends(payload)) is None


async def test_what_cannot_be_done_is_answered_in_words(sends: Sends, logs: Logs) -> None:
    shown = body(await sends(command_payload("resolve INC-1")))

    assert shown["text"] == (
        "There is no incident `INC-1`. `/incident list all` shows what there is."
    )
    assert [entry for entry in logs if entry["log_level"] == "warning"] == []


async def test_what_somebody_may_not_do_is_in_the_log_too(sends: Sends, logs: Logs) -> None:
    shown = body(await sends(command_payload("resolve INC-1", by=GUS)))

    assert shown["text"] == GUESTS
    assert logs[-1] == {
        "event": "a change was refused",
        "log_level": "warning",
        "user_id": GUS,
        "action": "/incident resolve",
        "reason": GUESTS,
    }


async def test_a_fault_is_answered_with_a_reference_that_the_log_has(
    sends: Sends, database: Database, logs: Logs
) -> None:
    await breaks(database)

    shown = body(await sends(command_payload("resolve INC-1")))

    fault = next(entry for entry in logs if entry["event"] == "a fault")
    assert len(fault["reference"]) == 8
    assert fault["exc_info"]
    assert shown["text"] == (
        "Something went wrong and nothing was changed. Please try again; if it goes on, tell "
        f"whoever runs the bot this reference: {fault['reference']}."
    )


async def test_who_waits_for_two_seconds_is_told_so_and_answered_later(
    sends: Sends, services: Services, web_api: WebApi, tasks: Tasks
) -> None:
    await declared(services)
    web_api.answers("users.info", late(ok(user=a_user())))
    web_api.answers(RESPONSE_URL, ok())
    payload = command_payload("resolve INC-1", response_url=web_api.response_url)

    sending = asyncio.ensure_future(sends(payload))
    await until(lambda: web_api.calls)
    put_forward(1.9)
    await turns()
    assert not sending.done()
    put_forward(0.1)
    shown = body(await sending)
    web_api.gate.set()
    await tasks.finish()

    assert shown == {"text": WAIT, "response_type": "ephemeral"}
    assert [told["text"] for told in web_api.asked(RESPONSE_URL)] == ["You resolved INC-1."]


async def test_who_pressed_and_waits_is_told_so_by_a_call(
    sends: Sends, services: Services, web_api: WebApi, tasks: Tasks
) -> None:
    await declared(services)
    web_api.answers("users.info", late(ok(user=a_user())))
    web_api.answers(RESPONSE_URL, ok())

    sending = asyncio.ensure_future(
        sends(press_payload("resolve", SEEN, response_url=web_api.response_url))
    )
    await until(lambda: web_api.calls)
    put_forward(2)
    assert body(await sending) is None
    web_api.gate.set()
    await tasks.finish()

    told = [told["text"] for told in web_api.asked(RESPONSE_URL)]
    assert sorted(told) == sorted([WAIT, "You resolved INC-1."])


async def test_a_press_is_answered_by_a_call(
    sends: Sends, services: Services, web_api: WebApi, tasks: Tasks
) -> None:
    await declared(services)
    web_api.answers(RESPONSE_URL, ok())

    response = await sends(press_payload("resolve", SEEN, response_url=web_api.response_url))
    await tasks.finish()

    assert body(response) is None
    assert [told["text"] for told in web_api.asked(RESPONSE_URL)] == ["You resolved INC-1."]


async def test_of_other_organisations_nobody_presses_chooses_or_submits(
    sends: Sends, services: Services, web_api: WebApi, tasks: Tasks, logs: Logs
) -> None:
    """Their workspace tells, before anybody is looked up."""
    await declared(services)
    web_api.answers(RESPONSE_URL, ok())
    who = {"id": EVE, "team_id": "T0PARTNER"}
    where: Json = {"user": who, "response_url": web_api.response_url}

    await sends(press_payload("keep", SEEN, **where))
    await sends(shortcut_payload("declare", **where))
    submitted = submission_payload("declare", DECLARED, Origin()) | {"user": who}
    refused = body(await sends(submitted))
    await tasks.finish()

    assert [told["text"] for told in web_api.asked(RESPONSE_URL)] == [OUTSIDERS, OUTSIDERS]
    assert refused == {"response_action": "errors", "errors": {"title": OUTSIDERS}}
    assert web_api.methods == [RESPONSE_URL, RESPONSE_URL]
    actions = [entry["action"] for entry in logs if entry["event"] == "a change was refused"]
    assert actions == ["button keep", "shortcut declare", "form declare"]


async def test_what_is_typed_into_a_form_is_acknowledged_and_followed(
    sends: Sends, services: Services, web_api: WebApi, tasks: Tasks
) -> None:
    await declared(services, title="Tills are down")
    web_api.answers("views.update", ok(view={"id": "V0FORM", "type": "modal"}))
    title = {"type": "input", "block_id": "title"}
    form = in_form({"type": "modal", "blocks": [title]})

    response = await sends(press_payload("typed_title", "Tills", **form))
    await tasks.finish()

    assert body(response) is None
    [shown] = web_api.asked("views.update")
    assert [block["block_id"] for block in shown["view"]["blocks"]] == [
        "title",
        "similar",
        "similar_1",
    ]


async def test_a_shortcut_opens_its_form(sends: Sends, web_api: WebApi, tasks: Tasks) -> None:
    web_api.answers("views.open", ok())

    assert body(await sends(shortcut_payload("declare"))) is None
    await tasks.finish()

    assert [opened["view"]["callback_id"] for opened in web_api.asked("views.open")] == ["declare"]


async def test_a_shortcut_on_a_message_opens_the_form_with_what_it_says(
    sends: Sends, web_api: WebApi, tasks: Tasks
) -> None:
    web_api.answers("views.open", ok())
    message = {"ts": "100.1", "user": CARA, "text": "It is down"}
    channel = {"id": OPS, "name": "ops"}

    await sends(shortcut_payload("declare_from_message", message=message, channel=channel))
    await tasks.finish()

    [opened] = web_api.asked("views.open")
    description = opened["view"]["blocks"][1]["element"]["initial_value"]
    assert description == f"It is down\n\n{ADDRESS}archives/{OPS}/p1001"


async def test_a_submitted_form_is_answered_where_it_was_asked_for(
    sends: Sends, services: Services, web_api: WebApi, tasks: Tasks
) -> None:
    web_api.answers("chat.postEphemeral", ok())

    origin = Origin(channel_id=OPS, channel_name="ops")
    response = await sends(submission_payload("declare", DECLARED, origin))
    await tasks.finish()

    assert body(response) is None
    [told] = web_api.asked("chat.postEphemeral")
    assert told["text"].startswith("You declared *INC-1*, High.")
    assert (told["channel"], told["user"]) == (OPS, CARA)
    assert (await services.store.get(1, A_VIEWER)).title == "Tills are down"


async def test_what_is_wrong_in_a_form_is_shown_there(sends: Sends) -> None:
    values = DECLARED | {"title": ""}

    assert body(await sends(submission_payload("declare", values, Origin()))) == {
        "response_action": "errors",
        "errors": {"title": "Title needs some text."},
    }


async def test_guests_declare_and_send_no_other_form(
    sends: Sends, services: Services, web_api: WebApi, tasks: Tasks
) -> None:
    web_api.answers("chat.postMessage", ok(ts="1.000001"))
    await sends(submission_payload("declare", DECLARED, Origin(), GUS))
    await tasks.finish()
    incident = await services.store.get(1, A_VIEWER)
    seen = SeenForm.of(incident, None)

    for callback_id in ("edit", "update", "add_summary", "edit_entry"):
        refused = body(await sends(submission_payload(callback_id, {"message": "x"}, seen, GUS)))
        assert refused["errors"] == {"message": GUESTS}

    assert incident.reported_by == GUS
    assert await deeds(services) == []


async def test_a_form_that_is_no_more_says_so(sends: Sends) -> None:
    refused = body(await sends(submission_payload("frobnicate", {"title": "x"})))

    assert refused["errors"] == {
        "title": "This form is of no use any more. Cancel it and open a new one."
    }


@pytest.mark.parametrize(("tab", "users"), [("home", [ANA]), ("messages", [])])
async def test_who_looks_at_the_home_tab_is_shown_it(
    sends: Sends, web_api: WebApi, tasks: Tasks, tab: str, users: list[str]
) -> None:
    web_api.answers("views.publish", ok())

    response = await sends(event_payload("app_home_opened", user=ANA, tab=tab))
    await tasks.finish()

    assert body(response) is None
    assert [shown["user_id"] for shown in web_api.asked("views.publish")] == users


async def test_nobody_of_another_organisation_is_shown_the_home_tab(
    sends: Sends, web_api: WebApi, tasks: Tasks
) -> None:
    await sends(event_payload("app_home_opened", user=EVE, tab="home"))
    await tasks.finish()

    assert "views.publish" not in web_api.methods


async def test_a_mention_is_answered(sends: Sends, web_api: WebApi) -> None:
    web_api.answers("chat.postEphemeral", ok())

    assert body(await sends(mention_payload("help"))) is None

    [told] = web_api.asked("chat.postEphemeral")
    assert told["text"].startswith("`/incident new [title]` declares an incident")


@pytest.mark.parametrize("kind", ["reaction_added", "reaction_removed"])
async def test_reactions_are_followed(
    sends: Sends, services: Services, outbox: Outbox, web_api: WebApi, kind: str
) -> None:
    await with_channel(services, outbox)
    pins = [{"name": "pushpin", "users": [ANA]}]
    message = {"ts": "100.1", "user": CARA, "text": "It is the cache", "reactions": pins}
    web_api.answers("conversations.replies", ok(messages=[message]))
    web_api.answers("chat.getPermalink", ok(permalink="https://a.example/p1"))
    item = {"type": "message", "channel": OWN, "ts": "100.1"}

    response = await sends(event_payload(kind, user=ANA, reaction="pushpin", item=item))

    assert body(response) is None
    *_, entry = await services.store.timeline(1, A_VIEWER)
    assert (entry.text == "It is the cache") is (kind == "reaction_added")


async def test_an_event_that_cannot_be_followed_now_is_asked_for_again(
    sends: Sends, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    await with_channel(services, outbox, is_private=True)
    web_api.answers("users.info", error("internal_error"))

    response = await sends(event_payload("member_joined_channel", channel=OWN, user=ANA))

    assert (response.status, response.body) == (503, "ask again")


async def test_a_channel_with_another_id_is_followed(
    sends: Sends, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    await with_channel(services, outbox)
    web_api.answers("conversations.info", ok(channel={"id": "C0NEW", "name": "war"}))

    payload = event_payload("channel_id_changed", old_channel_id=OWN, new_channel_id="C0NEW")
    assert body(await sends(payload)) is None

    assert (await services.store.get(1, A_VIEWER)).channel_id == "C0NEW"


async def test_what_is_done_to_a_channel_is_followed(
    sends: Sends, services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)
    renamed = {"id": OWN, "name": "war-is-over"}

    assert body(await sends(event_payload("channel_rename", channel=renamed))) is None

    assert (await services.store.get(1, A_VIEWER)).channel_name == "war-is-over"


async def test_an_event_is_not_acknowledged_before_it_is_done(
    sends: Sends, web_api: WebApi, tasks: Tasks
) -> None:
    web_api.answers("users.info", late(ok(user=a_user())))
    web_api.answers("chat.postEphemeral", ok())
    payload = mention_payload("resolve INC-1")

    sending = asyncio.ensure_future(sends(payload))
    await until(lambda: web_api.calls)
    put_forward(2)
    assert (await sending).status == 503
    again = asyncio.ensure_future(sends(payload))
    web_api.gate.set()

    assert (await again).status == 200
    await tasks.finish()
    assert len(web_api.asked("chat.postEphemeral")) == 1


async def test_an_event_that_takes_long_and_fails_is_followed_when_slack_asks_again(
    sends: Sends, services: Services, outbox: Outbox, web_api: WebApi, tasks: Tasks
) -> None:
    await with_channel(services, outbox, is_private=True)
    web_api.answers("conversations.members", ok(members=[ANA]))
    web_api.answers("users.info", late(error("internal_error")), ok(user=a_user()))
    payload = event_payload("member_joined_channel", channel=OWN, user=ANA)

    sending = asyncio.ensure_future(sends(payload))
    await until(lambda: web_api.calls)
    put_forward(2)
    assert (await sending).status == 503
    web_api.gate.set()
    await tasks.finish()

    assert (await sends(payload)).status == 200
    assert [one.user_id for one in await services.store.responders(1)] == [ANA]


async def test_an_event_that_was_done_late_does_not_undo_a_younger_one(
    sends: Sends, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    """As Slack asks again a minute later."""
    await with_channel(services, outbox, is_private=True)
    await services.store.add_responder(by(CARA), 1, ANA)
    web_api.answers("conversations.members", late(ok(members=[])), ok(members=[]))
    payload = event_payload("member_left_channel", channel=OWN, user=ANA)

    sending = asyncio.ensure_future(sends(payload))
    await until(lambda: web_api.calls)
    put_forward(2)
    assert (await sending).status == 503
    web_api.gate.set()
    assert (await sends(payload)).status == 200
    await services.store.add_responder(by(CARA), 1, ANA)

    assert (await sends(payload)).status == 200
    assert [one.user_id for one in await services.store.responders(1)] == [ANA]


@pytest.mark.parametrize(
    "change",
    [{"team_id": "T0ELSE"}, {"team_id": None}, {"api_app_id": "A0ELSE"}],
    ids=str,
)
async def test_what_is_for_another_workspace_or_app_is_refused(
    sends: Sends, web_api: WebApi, logs: Logs, change: Json
) -> None:
    response = await sends(command_payload("help") | change)

    assert response.status == 403
    assert response.body == "This request is for another workspace or app."
    assert logs[-1]["event"] == "a request for another workspace or app was refused"
    assert web_api.calls == []


async def test_an_app_that_is_not_known_yet_is_asked_for_meanwhile(
    sends: Sends, workspace: Workspace, tasks: Tasks
) -> None:
    workspace.app_id = None

    assert (await sends(command_payload("help"))).status == 200
    await tasks.finish()

    assert workspace.app_id == "A0BOT"


async def test_before_slack_is_reached_requests_wait_for_two_seconds(
    app: AsyncApp, sends: Sends, workspace: Workspace
) -> None:
    del app
    workspace._known.clear()  # noqa: SLF001 - as it is before `connect`

    sending = asyncio.ensure_future(sends(command_payload("help")))
    await until(sending.done, pace=0.5)

    response = await sending
    assert (response.status, response.body) == (503, "The bot has not reached Slack yet.")


@pytest.mark.parametrize(
    "payload",
    [
        command_payload() | {"user_id": None},
        press_payload("resolve") | {"user": {}},
        shortcut_payload("declare") | {"user": {}},
        submission_payload("declare", {}) | {"user": {}},
        mention_payload("help", channel=None),
        event_payload("reaction_added"),
        event_payload("channel_archive", channel={}),
        event_payload("channel_id_changed", old_channel_id=OWN),
    ],
    ids=["command", "press", "shortcut", "form", "mention", "reaction", "channel", "ID"],
)
async def test_what_is_malformed_is_refused(sends: Sends, logs: Logs, payload: Json) -> None:
    response = await sends(payload)

    assert (response.status, response.body) == (400, "malformed")
    assert logs[-1]["event"] == "a malformed payload was refused"
    assert logs[-1]["fields"]


async def test_a_fault_that_nobody_can_be_told_of_has_a_reference(
    sends: Sends, database: Database, logs: Logs
) -> None:
    await breaks(database)

    response = await sends(event_payload("channel_archive", channel=OWN, user=ANA))

    reference = logs[-1]["reference"]
    assert (response.status, response.body) == (500, f"fault {reference}")
    assert logs[-1]["event"] == "a fault"


async def test_lists_turn_their_pages_by_a_press(
    sends: Sends, services: Services, web_api: WebApi, tasks: Tasks
) -> None:
    await declared(services)
    web_api.answers(RESPONSE_URL, ok())
    url = {"response_url": web_api.response_url}

    await sends(press_payload("list_filter_4", ListPage(), is_ephemeral=True, **url))
    await tasks.finish()

    [told] = web_api.asked(RESPONSE_URL)
    assert told["replace_original"] is True
    assert told["text"].startswith("*1 incident*, newest first")
