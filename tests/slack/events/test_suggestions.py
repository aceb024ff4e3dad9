"""While a title is typed: its form shows what is similar, the latest that was typed."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.severity import Severities
from incident_bot.slack.events.suggestions import Suggestions
from incident_bot.slack.modals import declare
from incident_bot.slack.payloads import Press
from incident_bot.slack.replies.conversations import Messenger
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import Origin
from tests.factories import BEN, CARA, EVE
from tests.movable_time import until
from tests.slack.incidents import SECRET, declared, kept_private
from tests.slack.payloads import in_form, pressed
from tests.web_api import Answer, Call, Json, WebApi, error, late, ok

FORM = declare.view(Severities(), ChannelPolicy.ASK, Origin())


class Form:
    """The form as Slack has it: each change gives it another hash, and refuses an old one."""

    def __init__(self) -> None:
        self.hash = "1.a"
        self.view: Json = FORM

    def changed(self, call: Call) -> Answer:
        if call.arguments["hash"] != self.hash:
            return error("hash_conflict")
        self.hash += "x"
        self.view = call.arguments["view"]
        return ok(view={**self.view, "id": "V0FORM", "hash": self.hash})

    @property
    def shows(self) -> list[str]:
        """The blocks of what is similar."""
        return [b["block_id"] for b in self.view["blocks"] if "similar" in b.get("block_id", "")]


@pytest.fixture
def form(web_api: WebApi) -> Form:
    shown = Form()
    web_api.answers("views.update", shown.changed)
    return shown


@pytest.fixture
def suggestions(services: Services, messenger: Messenger) -> Suggestions:
    return Suggestions(services, messenger)


def typing(form: Form, title: str, by: str = BEN, view_hash: str | None = None) -> Press:
    """A letter that was typed into the form as it is now, or was with that hash."""
    return pressed("typed_title", title, by, **in_form(form.view, view_hash or form.hash))


async def test_what_is_similar_shows_below_the_title(
    suggestions: Suggestions, services: Services, form: Form
) -> None:
    for title in ("Tills", "Mail", "Tills in Oslo", "Tills again", "Oslo tills"):
        await declared(services, title=f"{title} down")

    await suggestions.follow(typing(form, "Tills Oslo"))

    assert form.shows == ["similar", "similar_5", "similar_3", "similar_4"]


async def test_what_is_private_is_similar_for_its_people_alone(
    suggestions: Suggestions, services: Services, form: Form
) -> None:
    await kept_private(services)

    await suggestions.follow(typing(form, SECRET, BEN))
    assert form.shows == []
    await suggestions.follow(typing(form, SECRET, CARA))
    assert form.shows == ["similar", "similar_1"]


async def test_what_shows_already_is_not_shown_again(
    suggestions: Suggestions, services: Services, form: Form, web_api: WebApi
) -> None:
    await declared(services, title="Tills are down")

    await suggestions.follow(typing(form, "Till"))
    await suggestions.follow(typing(form, "Tills"))
    await suggestions.follow(typing(form, "Tills a"))

    assert len(web_api.asked("views.update")) == 1


async def test_what_was_typed_before_a_change_arrived_is_shown_in_what_it_became(
    suggestions: Suggestions, services: Services, form: Form
) -> None:
    await declared(services, title="Tills are down")
    await declared(services, title="Mail is slow")
    await suggestions.follow(typing(form, "Tills"))
    late_press = typing(Form(), "Mail", view_hash="1.a")

    await suggestions.follow(late_press)

    assert form.shows == ["similar", "similar_2"]


async def test_of_what_is_typed_meanwhile_the_latest_is_shown(
    suggestions: Suggestions, services: Services, form: Form, web_api: WebApi
) -> None:
    for title in ("Tills", "Mail", "Fax"):
        await declared(services, title=f"{title} is down")

    def slowly(call: Call) -> Answer:
        return late(form.changed(call))

    web_api.answers("views.update", slowly)
    presses = [typing(form, title) for title in ("Tills", "Mail", "Fax")]
    first = asyncio.create_task(suggestions.follow(presses[0]))
    await until(lambda: web_api.asked("views.update"))
    await suggestions.follow(presses[2])
    await suggestions.follow(presses[1])  # it was typed before, and comes late
    web_api.gate.set()
    await first

    assert form.shows == ["similar", "similar_3"]
    assert len(web_api.asked("views.update")) == 2


async def test_after_that_the_form_is_followed_anew(
    suggestions: Suggestions, services: Services, form: Form
) -> None:
    await declared(services, title="Tills are down")
    await suggestions.follow(typing(form, "Tills"))

    await suggestions.follow(typing(form, "Nothing like it"))

    assert form.shows == []


@pytest.mark.parametrize("name", ["hash_conflict", "not_found"])
async def test_what_cannot_be_shown_is_in_the_log(
    suggestions: Suggestions,
    services: Services,
    form: Form,
    web_api: WebApi,
    logs: list[MutableMapping[str, Any]],
    name: str,
) -> None:
    await declared(services, title="Tills are down")
    web_api.answers("views.update", error(name))

    await suggestions.follow(typing(form, "Tills"))
    await suggestions.follow(typing(form, "Tills"))

    said = [entry for entry in logs if entry["event"] == "similar incidents are not shown"]
    assert len(said) == 2
    assert name in said[0]["error"]


async def test_people_of_other_organisations_are_shown_nothing(
    suggestions: Suggestions, services: Services, form: Form, web_api: WebApi
) -> None:
    await declared(services, title="Tills are down")
    press = typing(form, "Tills", EVE).model_copy(update={"user_team_id": "T0PARTNER"})

    await suggestions.follow(press)

    assert web_api.calls == []


async def test_what_is_typed_elsewhere_than_in_a_form_is_left_alone(
    suggestions: Suggestions, web_api: WebApi
) -> None:
    await suggestions.follow(pressed("typed_title", "Tills"))
    home = {"id": "V0HOME", "type": "home", "blocks": []}
    await suggestions.follow(pressed("typed_title", "Tills", view=home))

    assert web_api.calls == []
