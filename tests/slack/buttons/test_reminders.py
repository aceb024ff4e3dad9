"""The buttons "Snooze" and "Stop" of a reminder."""

from datetime import timedelta

import pytest

from incident_bot.domain.action_item import NewActionItem
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.buttons import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenReminder
from incident_bot.slack.text.mrkdwn import moment
from tests.factories import ANA, BEN, Clock, by
from tests.slack.answers import deeds, refusal
from tests.slack.incidents import declared
from tests.slack.payloads import pressed

SILENCE = SeenReminder(incident_id=1, kind=ReminderKind.SILENCE)
UPDATE = SeenReminder(incident_id=1, kind=ReminderKind.UPDATE)
BENS_ITEMS = SeenReminder(incident_id=1, kind=ReminderKind.ACTION, owner=BEN)


async def reminded(services: Services) -> int:
    """How often it was reminded of, once what is due now is said."""
    await services.reminders.remind()
    return [kind for kind, _ in await deeds(services)].count(EntryKind.REMINDED)


async def promised(services: Services, clock: Clock) -> None:
    """An update that was due a minute ago."""
    await declared(services)
    progress = ProgressUpdate(message="Looking", next_update_in=timedelta(minutes=30))
    await services.store.post_update(by(ANA), 1, progress)
    clock.advance(31 * 60)


async def test_who_snoozes_hears_of_it_again_in_four_hours(
    services: Services, clock: Clock
) -> None:
    await promised(services, clock)

    answer = await dispatch(pressed("snooze", UPDATE), services)

    again = clock() + timedelta(hours=4)
    assert answer == Reply(f"You will hear of it again {moment(again)}, unless it is done by then.")
    assert await reminded(services) == 0
    clock.now = again
    assert await reminded(services) == 1


async def test_what_is_silent_is_snoozed_for_three_days(services: Services, clock: Clock) -> None:
    await declared(services)
    clock.advance(25 * 60 * 60)

    answer = await dispatch(pressed("snooze", SILENCE), services)

    again = clock() + timedelta(days=3)
    assert answer == Reply(f"You will hear of it again {moment(again)}, unless it is done by then.")


async def test_what_is_due_for_too_long_is_not_said_again(services: Services, clock: Clock) -> None:
    await promised(services, clock)
    clock.advance(24 * 60 * 60 - 4 * 60 * 60)

    assert await dispatch(pressed("snooze", UPDATE), services) == Reply(
        "Nobody is reminded of this any more: it has been due for too long."
    )


async def test_who_stops_hears_of_it_no_more(services: Services, clock: Clock) -> None:
    await promised(services, clock)

    answer = await dispatch(pressed("stop", UPDATE), services)

    assert answer == Reply("There will be no more reminders of this for INC-1.")
    clock.advance(5 * 60 * 60)
    assert await reminded(services) == 0


@pytest.mark.parametrize("name", ["snooze", "stop"])
async def test_action_items_are_hushed_for_their_owner_alone(
    services: Services, clock: Clock, name: str
) -> None:
    await declared(services)
    for owner in (ANA, BEN):
        due = clock() + timedelta(hours=1)
        await services.action_items.add(by(owner), 1, NewActionItem("Fix it", owner, due))
    clock.advance(2 * 60 * 60)

    await dispatch(pressed(name, BENS_ITEMS), services)

    assert await reminded(services) == 1
    *_, entry = await services.store.timeline(1, by(ANA).viewer)
    assert (entry.before, entry.after) == (ANA, ANA)


@pytest.mark.parametrize("name", ["snooze", "stop"])
@pytest.mark.parametrize("seen", [SILENCE, UPDATE, BENS_ITEMS], ids=["silence", "update", "items"])
async def test_what_is_missing_no_more_needs_no_reminder(
    services: Services, name: str, seen: SeenReminder
) -> None:
    await declared(services)
    await services.store.take(by(ANA), 1, Step.RESOLVE)

    assert await refusal(dispatch(pressed(name, seen), services)) == (
        "INC-1 needs no such reminder any more."
    )
