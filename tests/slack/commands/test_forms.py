"""`/incident new`, `update`, `edit` and `show`: what opens, and what is offered where none may."""

import pytest

from incident_bot.domain.status import Step
from incident_bot.slack.commands import dispatch
from incident_bot.slack.reply import OpenModal, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import Origin, SeenForm, SeenIncident, SeenTyped, Typed
from incident_bot.slack.text.mrkdwn import actions, button, section
from incident_bot.store.after_delivery import Outbox
from tests.factories import ANA, BEN, CARA, Clock, by
from tests.slack.answers import field, filled_with, form, said
from tests.slack.incidents import OWN, declared, taken, with_channel
from tests.slack.payloads import OPS, typed
from tests.slack.support import actions_of, texts_of
from tests.web_api import WebApi


def offer(answer: object) -> Reply:
    """The button that opens the form elsewhere."""
    assert isinstance(answer, OpenModal)
    assert answer.offer is not None
    return answer.offer


def a_button(label: str, action_id: str, value: str) -> Reply:
    words = f"“{label}” opens the form."
    return Reply(words, (section(words), actions(button(action_id, label, value, "primary"))))


@pytest.mark.parametrize("name", ["new", "declare", "create", "open", "New"])
async def test_the_form_that_declares_begins_with_what_was_typed(
    services: Services, name: str
) -> None:
    answer = await dispatch(typed(f"{name}  Tills & <scanners>  @ana"), services)

    view = form(answer)
    assert view["callback_id"] == "declare"
    assert filled_with(view, "title") == "Tills & <scanners> @ana"
    assert Origin.parse(view["private_metadata"]) == Origin(channel_id=OPS, channel_name="ops")
    value = Typed(typed="Tills & <scanners>  @ana").dump()
    assert offer(answer) == a_button("Declare incident", "declare", value)


async def test_the_form_that_declares_opens_at_once(services: Services, web_api: WebApi) -> None:
    """Neither Slack nor the database is asked: a trigger lasts three seconds."""
    view = form(await dispatch(typed("new", channel_name=""), services))

    assert filled_with(view, "title") is None
    assert Origin.parse(view["private_metadata"]) == Origin(channel_id=OPS)
    assert web_api.calls == []


@pytest.mark.parametrize("text", ["update INC-1", "update INC-1 Rolled back <b>"])
async def test_the_form_that_updates_shows_the_incident_as_it_is(
    services: Services, text: str
) -> None:
    incident = await taken(services, Step.ACKNOWLEDGE)
    await services.store.follow(1, ANA)
    await services.store.follow(1, BEN)
    words = text.removeprefix("update INC-1").strip()

    answer = await dispatch(typed(text), services)

    view = form(answer)
    assert (view["callback_id"], view["title"]["text"]) == ("update", "Update INC-1")
    assert filled_with(view, "message") == (words or None)
    assert field(view, "message")["multiline"]
    assert filled_with(view, "status") == "In Progress"
    assert filled_with(view, "severity") == "High"
    assert [*texts_of(view["blocks"], "mrkdwn")] == [
        (
            "Posted in the announcement's thread in #incidents, shown in the announcement, sent to "
            "1 follower."
        )
    ]
    assert SeenForm.parse(view["private_metadata"]) == SeenForm.of(incident, OPS)
    seen = SeenTyped(**SeenIncident.shown(incident).model_dump(), typed=words)
    assert offer(answer) == a_button("Update INC-1", "update", seen.dump())


async def test_in_its_own_channel_all_words_are_the_update(
    services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)

    view = form(await dispatch(typed("update 2 hosts left", channel_id=OWN), services))

    assert filled_with(view, "message") == "2 hosts left"
    assert next(iter(texts_of(view["blocks"], "mrkdwn"))).startswith(
        "Posted in <#C0OWN> and in the"
    )


async def test_the_form_that_edits_is_filled_with_what_the_incident_says(
    services: Services,
) -> None:
    incident = await declared(services)

    answer = await dispatch(typed("edit INC-1"), services)

    view = form(answer)
    assert (view["callback_id"], view["title"]["text"]) == ("edit", "Edit INC-1")
    assert filled_with(view, "title") == "Checkout answers 500"
    assert filled_with(view, "description") == "Since noon nobody can pay."
    assert filled_with(view, "severity") == "High"
    assert field(view, "description")["multiline"]
    assert SeenForm.parse(view["private_metadata"]) == SeenForm.of(incident, OPS)
    value = SeenIncident.shown(incident).dump()
    assert offer(answer) == a_button("Edit INC-1", "edit", value)


async def test_an_incident_is_shown_with_its_buttons_responders_and_link(
    services: Services, outbox: Outbox, clock: Clock
) -> None:
    await declared(services)
    [announcement] = await outbox.claim(clock(), 9, 9)
    await outbox.sent(announcement, "C0INC", "1.000001", clock())
    await outbox.messages.keep_permalink(
        announcement, "https://example.slack.com/archives/C0INC/p1"
    )
    await services.store.add_responder(by(ANA), 1, BEN)

    answer = await dispatch(typed("show INC-1", by=CARA), services)

    assert isinstance(answer, Reply)
    assert answer.blocks is not None
    assert "🔺 INC-1 Checkout answers 500" in said(answer)
    assert "Responders: <@U0BEN>" in said(answer)
    assert said(answer).endswith(
        "<https://example.slack.com/archives/C0INC/p1|Open the announcement>"
    )
    assert actions_of(answer.blocks) == ["acknowledge", "update", "resolve", "join", "follow"]
    assert answer.replaces
