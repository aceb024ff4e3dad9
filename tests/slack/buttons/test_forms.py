"""Buttons that open forms."""

import pytest

from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.status import Step
from incident_bot.slack.buttons import dispatch
from incident_bot.slack.modals import add_summary, declare, edit, update
from incident_bot.slack.reply import OpenModal
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import Origin, SeenForm, SeenIncident, SeenTyped, Typed
from tests.factories import A_VIEWER, ANA, BEN, CARA, INCIDENTS, by
from tests.hearing import announced_in
from tests.slack.answers import filled_with, form, refusal
from tests.slack.incidents import declared, taken
from tests.slack.payloads import OPS, pressed

SEEN = SeenIncident(incident_id=1, version=1)
HERE = Origin(channel_id=OPS, channel_name="ops")


@pytest.mark.parametrize(
    ("value", "words"),
    [("", None), (Typed(typed="Tills <are> down").dump(), "Tills <are> down")],
)
async def test_the_form_that_declares_opens_with_what_was_typed_before(
    services: Services, value: str, words: str | None
) -> None:
    answer = await dispatch(pressed("declare", value), services)

    view = declare.view(services.severities, ChannelPolicy.ASK, HERE, words or "")
    assert answer == OpenModal(view)
    assert filled_with(form(answer), "title") == words


async def test_from_the_home_tab_it_is_declared_nowhere(services: Services) -> None:
    answer = await dispatch(pressed("declare", channel=None), services)

    assert Origin.parse(form(answer)["private_metadata"]) == Origin()


async def test_the_form_that_updates_opens_with_what_was_typed_before(services: Services) -> None:
    await declared(services)
    seen = SeenTyped(incident_id=1, version=1, typed="Rolled back")

    answer = await dispatch(pressed("update", seen), services)

    incident = await services.store.get(1, A_VIEWER)
    hearers = announced_in(INCIDENTS)
    expected = update.view(incident, services.severities, OPS, hearers, "Rolled back")
    assert form(answer) == expected


async def test_the_button_of_an_announcement_opens_an_empty_update(services: Services) -> None:
    await declared(services)

    view = form(await dispatch(pressed("update", SEEN), services))

    assert filled_with(view, "message") is None


async def test_the_form_that_edits_shows_the_incident_as_it_is(services: Services) -> None:
    await declared(services)
    incident = await services.store.set_severity(by(BEN), 1, "Low")

    view = form(await dispatch(pressed("edit", SEEN), services))

    assert view == edit.view(incident, services.severities, OPS)


@pytest.mark.parametrize("who", [ANA, BEN])
async def test_who_resolved_or_leads_it_writes_the_summary(services: Services, who: str) -> None:
    await taken(services, Step.ACKNOWLEDGE, actor=ANA)
    incident = await services.store.take(by(BEN), 1, Step.RESOLVE)

    answer = await dispatch(pressed("add_summary", SEEN, who), services)

    assert answer == OpenModal(add_summary.view(incident, OPS))
    metadata = form(answer)["private_metadata"]
    assert SeenForm.parse(metadata) == SeenForm.of(incident, OPS)


async def test_others_are_told_whom_to_ask_for_a_summary(services: Services) -> None:
    await taken(services, Step.RESOLVE, actor=ANA)
    await services.store.take(by(ANA), 1, Step.REOPEN)
    await services.store.take(by(BEN), 1, Step.RESOLVE)

    assert await refusal(dispatch(pressed("add_summary", SEEN, CARA), services)) == (
        "<@U0BEN> resolved INC-1: ask them, or its lead, for a summary."
    )


async def test_anybody_sums_up_what_a_program_resolved(services: Services) -> None:
    await taken(services, Step.RESOLVE, actor="monitor")

    answer = await dispatch(pressed("add_summary", SEEN, CARA), services)

    assert form(answer)["callback_id"] == "add_summary"


async def test_what_was_reopened_is_not_summed_up(services: Services) -> None:
    await taken(services, Step.RESOLVE, Step.REOPEN)

    assert await refusal(dispatch(pressed("add_summary", SEEN), services)) == (
        "INC-1 was reopened; resolve it before you add a summary."
    )
