"""The buttons "Join", "Follow" and "Unfollow"; and "Join INC-12" in the form that declares."""

import pytest

from incident_bot.delivery.problems import Concern
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.buttons import dispatch
from incident_bot.slack.reply import Reply, UpdateModal
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident
from incident_bot.store.after_delivery import Outbox
from tests.factories import ANA, BEN, CARA, GUS, Clock, by
from tests.hearing import following
from tests.slack.answers import deeds, refusal, said
from tests.slack.incidents import declared, taken
from tests.slack.payloads import pressed
from tests.slack.support import check_view, texts_of

SEEN = SeenIncident(incident_id=1, version=1)


async def test_who_joins_gets_the_first_role_that_is_free(services: Services) -> None:
    await declared(services)

    answers = [await dispatch(pressed("join", SEEN, who), services) for who in (ANA, BEN, CARA)]

    assert answers == [
        Reply("You are Communications of INC-1 now."),
        Reply("You are Scribe of INC-1 now."),
        Reply("You respond to INC-1 now."),
    ]
    responders = await services.store.responders(1)
    assert [(one.user_id, one.role) for one in responders] == [
        (ANA, "Communications"),
        (BEN, "Scribe"),
        (CARA, None),
    ]
    assert await deeds(services) == [(EntryKind.JOINED, who) for who in (ANA, BEN, CARA)]


async def test_who_joins_at_a_card_sees_themselves_there(services: Services) -> None:
    await declared(services)

    answer = await dispatch(pressed("join", SEEN, is_ephemeral=True), services)

    assert isinstance(answer, Reply)
    assert answer.replaces
    assert said(answer).startswith("You are Communications of INC-1 now.\n🔺 INC-1")
    assert "Responders: <@U0ANA> (Communications)" in said(answer)


async def test_who_responds_already_is_told_so(services: Services) -> None:
    await declared(services)
    await dispatch(pressed("join", SEEN), services)

    assert await refusal(dispatch(pressed("join", SEEN), services)) == (
        "<@U0ANA> is Communications of INC-1 already."
    )


async def test_what_is_resolved_is_not_joined(services: Services) -> None:
    await taken(services, Step.RESOLVE)

    assert await refusal(dispatch(pressed("join", SEEN), services)) == (
        "INC-1 is Resolved. Reopen it if there is something left to do."
    )


@pytest.mark.parametrize("is_linked", [True, False])
async def test_who_joins_rather_than_declare_reads_so_in_the_form(
    services: Services, outbox: Outbox, clock: Clock, *, is_linked: bool
) -> None:
    await declared(services)
    if is_linked:
        [announcement] = await outbox.claim(clock(), 9, 9)
        await outbox.sent(announcement, "C0INC", "1.000001", clock())
        await outbox.messages.keep_permalink(announcement, "https://a.example/p1")

    answer = await dispatch(pressed("join_instead", SEEN), services)

    assert isinstance(answer, UpdateModal)
    where = "`/incident show INC-1` opens it."
    assert [*texts_of(answer.view["blocks"], "mrkdwn")] == [
        "You are Communications of INC-1 now. Nothing was declared.",
        "<https://a.example/p1|Open the announcement>" if is_linked else where,
    ]
    assert answer.view["title"]["text"] == "Joined INC-1"
    assert answer.instead == Reply("You are Communications of INC-1 now.")
    assert answer.is_final
    if not is_linked:
        check_view(answer.view)


@pytest.mark.parametrize("who", [ANA, GUS])
async def test_somebody_follows_and_unfollows(services: Services, who: str) -> None:
    await declared(services)

    began = await dispatch(pressed("follow", SEEN, who), services)
    again = await dispatch(pressed("follow", SEEN, who), services)
    assert len(await following(services.store, 1)) == 1
    ended = await dispatch(pressed("unfollow", SEEN, who), services)

    assert said(began).startswith("You follow INC-1 now")
    assert said(again).startswith("You follow INC-1 already.")
    assert ended == Reply("You follow INC-1 no more.")
    assert await following(services.store, 1) == []


async def test_what_is_private_is_said_in_its_own_channel_alone(
    services: Services, problems: dict[Concern, str]
) -> None:
    """What keeps the announcement channel from hearing is no news to its people."""
    await declared(services, is_private=True)
    problems["incidents"] = "the channel is archived"
    await services.store.add_responder(by(CARA), 1, BEN)

    answer = await dispatch(pressed("acknowledge", SEEN, BEN), services)

    assert answer == Reply("You acknowledged INC-1; it is In Progress. You lead it.")
