"""Buttons: what each has in common with the others."""

from datetime import timedelta
from typing import Any

import pytest

from incident_bot.delivery.problems import SLACK, Concern
from incident_bot.domain.action_item import NewActionItem
from incident_bot.domain.errors import RepeatedRequest
from incident_bot.domain.note import Note
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.status import Step
from incident_bot.slack.buttons import dispatch
from incident_bot.slack.buttons.button import BUTTONS
from incident_bot.slack.modals import add_summary, edit, edit_entry, update
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import (
    ButtonValue,
    ListPage,
    Seen,
    SeenDeed,
    SeenEntry,
    SeenEntryForm,
    SeenForm,
    SeenIncident,
    SeenItem,
    SeenPage,
    SeenReminder,
    SeenTyped,
    microseconds,
)
from tests.factories import ANA, BEN, CARA, EVE, GUS, NOON, Clock, by
from tests.slack.answers import deeds, refusal, said
from tests.slack.incidents import declared, kept_private
from tests.slack.payloads import pressed, submitted

SEEN = SeenIncident(incident_id=1, version=1)
CHANGES: dict[str, ButtonValue] = {
    "acknowledge": SEEN,
    "update": SeenTyped(incident_id=1, version=1),
    "edit": SEEN,
    "resolve": SEEN,
    "reopen": SEEN,
    "join": SEEN,
    "join_instead": SEEN,
    "add_summary": SEEN,
    "archive": SEEN,
    "delete": SEEN,
    "edit_entry": SeenEntry(incident_id=1, entry_id=2),
    "remove_entry": SeenEntry(incident_id=1, entry_id=2),
    "snooze": SeenReminder(incident_id=1, kind=ReminderKind.SILENCE),
    "stop": SeenReminder(incident_id=1, kind=ReminderKind.SILENCE),
    "undo": SeenDeed(incident_id=1, entry_id=2),
    "finish_item": SeenItem(incident_id=1, item_id=1),
    "reopen_item": SeenItem(incident_id=1, item_id=1),
}
LISTS = ["list_newer", "list_older", *(f"list_filter_{number}" for number in range(6))]
HOMES = [name.replace("list_", "home_") for name in LISTS]
LOOKS: dict[str, ButtonValue | str] = {
    "keep": SEEN,
    "declare": "",
    "follow": SEEN,
    "unfollow": SEEN,
    **dict.fromkeys([*LISTS, *HOMES], ListPage()),
    "newer": SeenPage(incident_id=1),
    "older": SeenPage(incident_id=1),
    "items_before": SeenPage(incident_id=1),
    "items_after": SeenPage(incident_id=1),
}
OLD = "This button is of no use any more. `/incident list` shows what is there now."
UNKNOWN = "There is no incident `INC-1`. `/incident list all` shows what there is."
# They say or show the same whatever there is.
BLIND = {"keep", "declare", *LISTS, *HOMES}


async def prepared(services: Services) -> None:
    """An incident with a note and an action item, which are changed by their buttons."""
    await declared(services)
    await services.timelines.add_note(by(ANA), 1, Note("Rolled back"))
    await services.action_items.add(by(ANA), 1, NewActionItem("Fix it"))


def test_each_button_changes_something_or_looks() -> None:
    assert BUTTONS.keys() == CHANGES.keys() | LOOKS.keys()


async def test_a_button_that_is_no_more_says_so(services: Services) -> None:
    assert await refusal(dispatch(pressed("frobnicate"), services)) == OLD


@pytest.mark.parametrize("value", ["", "{}", '{"incident_id": 0}', "x"])
async def test_a_value_that_is_not_ours_is_refused(services: Services, value: str) -> None:
    taken_by = {"": {"declare"}, "{}": {"declare", *LISTS, *HOMES}}.get(value, set())

    for name in (CHANGES.keys() | LOOKS.keys()) - taken_by:
        assert await refusal(dispatch(pressed(name, value), services)) == OLD


async def test_guests_change_nothing(services: Services) -> None:
    await prepared(services)
    before = await deeds(services)

    for name, value in CHANGES.items():
        words = await refusal(dispatch(pressed(name, value, GUS), services))
        assert words.startswith("Guests may declare and read incidents, but not change them.")

    assert await deeds(services) == before


async def test_guests_look(services: Services) -> None:
    await prepared(services)

    for name, value in LOOKS.items():
        await dispatch(pressed(name, value, GUS), services)


async def test_people_of_other_organisations_change_and_follow_nothing(
    services: Services,
) -> None:
    await prepared(services)

    for name in (*CHANGES, "follow"):
        words = await refusal(dispatch(pressed(name, (CHANGES | LOOKS)[name], EVE), services))
        assert words.startswith("Only people of this workspace may change incidents.")


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_press_on_what_is_private_or_not_there_finds_nothing(
    services: Services, *, is_there: bool
) -> None:
    if is_there:
        await kept_private(services)
        await services.timelines.add_note(by(CARA), 1, Note("Rolled back"))

    for name in (CHANGES.keys() | LOOKS.keys()) - BLIND:
        words = await refusal(dispatch(pressed(name, (CHANGES | LOOKS)[name], BEN), services))
        assert words == UNKNOWN

    if is_there:
        assert len(await services.store.timeline(1, by(CARA).viewer)) == 2


@pytest.mark.parametrize(
    "name", ["acknowledge", "resolve", "join", "remove_entry", "finish_item", "snooze", "stop"]
)
async def test_a_press_that_slack_sends_again_is_carried_out_once(
    services: Services, name: str
) -> None:
    await prepared(services)
    press = pressed(name, CHANGES[name])
    await dispatch(press, services)
    before = await deeds(services)

    with pytest.raises(RepeatedRequest):
        await dispatch(press, services)

    assert await deeds(services) == before


@pytest.mark.parametrize("is_ephemeral", [True, False])
@pytest.mark.parametrize("name", ["acknowledge", "resolve", "join"])
async def test_what_keeps_others_from_hearing_of_a_change_is_said(
    services: Services, problems: dict[Concern, str], name: str, *, is_ephemeral: bool
) -> None:
    await declared(services)
    problems[SLACK] = "Slack cannot be reached"

    words = said(await dispatch(pressed(name, SEEN, is_ephemeral=is_ephemeral), services))

    assert words.startswith(":warning: You ")
    assert "\nNobody else is told yet: Slack cannot be reached." in words


NEEDS_NO_INCIDENT = {"declare", *LISTS, *HOMES}
OF_INCIDENTS = {
    name: token
    for name, token in (CHANGES | LOOKS).items()
    if isinstance(token, Seen) and name not in NEEDS_NO_INCIDENT
}


def test_every_button_of_an_incident_knows_when_that_was_made() -> None:
    assert BUTTONS.keys() - OF_INCIDENTS.keys() == NEEDS_NO_INCIDENT


@pytest.mark.parametrize("name", OF_INCIDENTS)
async def test_the_button_of_another_incident_of_that_number_is_of_no_use(
    services: Services, name: str
) -> None:
    """As after a backup was restored that is older than the message with the button."""
    await prepared(services)
    await services.store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    before = await deeds(services)
    token = OF_INCIDENTS[name].model_copy(
        update={"made_at": microseconds(NOON - timedelta(days=1))}
    )

    assert await refusal(dispatch(pressed(name, token), services)) == OLD
    assert await deeds(services) == before


@pytest.mark.parametrize("name", OF_INCIDENTS)
async def test_the_button_of_an_earlier_version_is_of_no_use_if_it_was_posted_before_the_incident(
    services: Services, name: str
) -> None:
    await prepared(services)
    posted = f"{(NOON - timedelta(days=1)).timestamp():.6f}"
    press = pressed(name, OF_INCIDENTS[name], container={"message_ts": posted})

    assert await refusal(dispatch(press, services)) == OLD


async def test_the_button_of_an_earlier_version_works_where_it_was_posted_with_the_incident(
    services: Services, clock: Clock
) -> None:
    clock.advance(4 * 60)  # ahead of Slack's
    await prepared(services)

    assert said(await dispatch(pressed("resolve", SEEN), services)) == "You resolved INC-1."


@pytest.mark.parametrize("modal", [edit, update, add_summary, edit_entry])
async def test_the_form_of_another_incident_of_that_number_is_of_no_use(
    services: Services,
    modal: Any,  # noqa: ANN401 - a module
) -> None:
    await prepared(services)
    made_at = microseconds(NOON - timedelta(days=1))
    token: ButtonValue = SeenForm(
        incident_id=1, made_at=made_at, version=1, status="Open", severity="High"
    )
    if modal is edit_entry:
        token = SeenEntryForm(incident_id=1, made_at=made_at, entry_id=2)

    assert await refusal(modal.submit(submitted({}, token), services)) == OLD
