"""The buttons "Acknowledge", "Resolve" and "Reopen"; "Undo", which takes them back."""

from datetime import timedelta

import pytest

from incident_bot.delivery.problems import Concern
from incident_bot.domain.status import Status, Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.buttons import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenDeed, SeenIncident
from incident_bot.slack.text.mrkdwn import moment
from tests.factories import A_VIEWER, ANA, BEN, NOON, Clock, by
from tests.slack.answers import deeds, refusal, said
from tests.slack.incidents import declared, taken
from tests.slack.payloads import pressed
from tests.slack.support import actions_of

SEEN = SeenIncident(incident_id=1, version=1)
DEED = SeenDeed(incident_id=1, entry_id=2)


@pytest.mark.parametrize(
    ("steps", "name", "words", "status"),
    [
        (
            [],
            "acknowledge",
            "You acknowledged INC-1; it is In Progress. You lead it.",
            Status.IN_PROGRESS,
        ),
        ([], "resolve", "You resolved INC-1.", Status.RESOLVED),
        (
            [Step.RESOLVE],
            "reopen",
            "You reopened INC-1; it is In Progress. You lead it.",
            Status.IN_PROGRESS,
        ),
    ],
)
async def test_a_step_is_taken_at_one_press(
    services: Services, steps: list[Step], name: str, words: str, status: Status
) -> None:
    incident = await taken(services, *steps)
    seen = SeenIncident(incident_id=1, version=incident.version)

    answer = await dispatch(pressed(name, seen), services)

    assert answer == Reply(words)
    assert (await services.store.get(1, A_VIEWER)).status is status


async def test_a_card_for_one_person_shows_in_its_place_how_it_is_now(services: Services) -> None:
    await declared(services)

    answer = await dispatch(pressed("acknowledge", SEEN, is_ephemeral=True), services)

    assert isinstance(answer, Reply)
    assert answer.blocks is not None
    assert answer.replaces
    assert said(answer).startswith(
        "You acknowledged INC-1; it is In Progress. You lead it.\n🔶 INC-1 Checkout answers 500"
    )
    assert actions_of(answer.blocks) == ["update", "resolve", "join", "follow"]


@pytest.mark.parametrize(
    ("steps", "name", "words"),
    [
        ([Step.ACKNOWLEDGE], "acknowledge", "INC-1 is already In Progress: <@U0BEN> acknowledged"),
        ([Step.RESOLVE], "resolve", "INC-1 is already Resolved: <@U0BEN> resolved it"),
        ([Step.RESOLVE], "acknowledge", "Nothing was changed: <@U0BEN> resolved it"),
        ([Step.ACKNOWLEDGE], "resolve", "Nothing was changed: <@U0BEN> acknowledged it"),
    ],
)
async def test_a_button_that_others_were_faster_than_changes_nothing(
    services: Services, steps: list[Step], name: str, words: str
) -> None:
    await taken(services, *steps, actor=BEN)
    before = await deeds(services)

    assert (await refusal(dispatch(pressed(name, SEEN), services))).startswith(words)
    assert await deeds(services) == before


async def test_a_stale_press_is_told_where_to_look(services: Services) -> None:
    await taken(services, Step.RESOLVE, actor=BEN)

    assert await refusal(dispatch(pressed("acknowledge", SEEN), services)) == (
        f"Nothing was changed: <@U0BEN> resolved it {moment(NOON)}, after what you were looking "
        "at. `/incident show INC-1` shows how it is now."
    )


async def test_another_kind_of_change_makes_no_button_old(services: Services) -> None:
    await declared(services)
    await services.store.set_severity(by(BEN), 1, "Low")

    assert said(await dispatch(pressed("resolve", SEEN), services)) == "You resolved INC-1."


@pytest.mark.parametrize(
    ("name", "words"),
    [("reopen", "INC-1 is Open. What can be done now: acknowledge or resolve.")],
)
async def test_a_step_that_does_not_follow_is_refused(
    services: Services, name: str, words: str
) -> None:
    await declared(services)

    assert await refusal(dispatch(pressed(name, SEEN), services)) == words


async def test_who_did_it_takes_it_back(services: Services) -> None:
    await taken(services, Step.ACKNOWLEDGE)

    answer = await dispatch(pressed("undo", DEED), services)

    now = await services.store.get(1, A_VIEWER)
    assert answer == Reply("It is undone, and what was posted says so: INC-1 is Open.")
    assert (now.status, now.lead) == (Status.OPEN, None)
    assert (await deeds(services))[-1] == (EntryKind.UNDONE, ANA)


async def test_what_keeps_others_from_hearing_of_it_is_said(
    services: Services, problems: dict[Concern, str]
) -> None:
    await taken(services, Step.ACKNOWLEDGE)
    problems["incidents"] = "the channel is archived"

    words = said(await dispatch(pressed("undo", DEED), services))

    assert words.startswith(":warning: It is undone")
    assert words.endswith("Nobody else is told yet: the channel is archived.")


@pytest.mark.parametrize(
    ("who", "seconds", "entry_id", "words"),
    [
        (BEN, 0, 2, "Only who did this can undo it, within five minutes."),
        (ANA, 300, 2, "This was more than five minutes ago, and others may count on it."),
        (ANA, 0, 1, "This is not in the timeline of INC-1 any more."),
        (ANA, 0, 99, "This is not in the timeline of INC-1 any more."),
    ],
)
async def test_what_cannot_be_taken_back_stays(
    services: Services, clock: Clock, *, who: str, seconds: int, entry_id: int, words: str
) -> None:
    await taken(services, Step.RESOLVE)
    clock.advance(seconds)
    deed = SeenDeed(incident_id=1, entry_id=entry_id)

    assert (await refusal(dispatch(pressed("undo", deed, who), services))).startswith(words)
    assert (await services.store.get(1, A_VIEWER)).status is Status.RESOLVED


async def test_it_can_be_taken_back_until_the_last_moment(services: Services, clock: Clock) -> None:
    await taken(services, Step.RESOLVE)
    clock.now += timedelta(seconds=299)

    await dispatch(pressed("undo", DEED), services)

    assert (await services.store.get(1, A_VIEWER)).status is Status.OPEN


async def test_what_was_undone_is_not_undone_again(services: Services) -> None:
    await taken(services, Step.RESOLVE)
    await dispatch(pressed("undo", DEED), services)

    assert await refusal(dispatch(pressed("undo", DEED), services)) == "This is undone already."
