"""The buttons "Delete INC-12" and "Keep it", which answer the question; "Archive channel"."""

import pytest

from incident_bot.delivery.problems import Concern
from incident_bot.domain.errors import IncidentNotFound
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.buttons import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident
from incident_bot.store.after_delivery import Outbox
from tests.factories import A_VIEWER, ANA, BEN, CARA, NOON, by
from tests.slack.answers import deeds, refusal, said
from tests.slack.incidents import declared, taken, with_channel
from tests.slack.payloads import pressed

SEEN = SeenIncident(incident_id=1, version=1)


@pytest.mark.parametrize("who", [ANA, CARA])
async def test_its_lead_and_its_reporter_delete_it(services: Services, who: str) -> None:
    await taken(services, Step.ACKNOWLEDGE, actor=ANA)

    answer = await dispatch(pressed("delete", SEEN, who), services)

    assert answer == Reply("INC-1 is deleted.", replaces=True)
    with pytest.raises(IncidentNotFound):
        await services.store.get(1, A_VIEWER)


async def test_nobody_else_deletes_it(services: Services) -> None:
    await taken(services, Step.ACKNOWLEDGE, actor=ANA)

    assert await refusal(dispatch(pressed("delete", SEEN, BEN), services)) == (
        "Only who reported INC-1 or leads it may delete it."
    )
    assert await services.store.get(1, A_VIEWER)


async def test_what_is_kept_is_kept(services: Services) -> None:
    await declared(services)

    answer = await dispatch(pressed("keep", SEEN, CARA), services)

    assert answer == Reply("INC-1 is kept.", replaces=True)
    assert await deeds(services) == []


async def test_the_channel_of_what_is_resolved_is_archived(
    services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)
    await services.store.take(by(ANA), 1, Step.RESOLVE)

    answer = await dispatch(pressed("archive", SEEN), services)

    assert answer == Reply("<#C0OWN>, the channel of INC-1, is being archived.")
    assert (await services.store.get(1, A_VIEWER)).channel_closed_at == NOON
    assert (await deeds(services))[-1] == (EntryKind.CHANNEL_CLOSED, ANA)


async def test_a_card_shows_in_its_place_that_it_is_archived(
    services: Services, outbox: Outbox, problems: dict[Concern, str]
) -> None:
    await with_channel(services, outbox)
    await services.store.take(by(ANA), 1, Step.RESOLVE)
    problems["incidents"] = "the channel is archived"

    answer = await dispatch(pressed("archive", SEEN, is_ephemeral=True), services)

    assert said(answer).startswith(
        ":warning: <#C0OWN>, the channel of INC-1, is being archived.\n"
        "Nobody else is told yet: the channel is archived.\n✅ INC-1"
    )
    assert "<#C0OWN> (closed)" in said(answer)


@pytest.mark.parametrize("has_channel", [True, False])
async def test_what_cannot_be_archived_is_refused(
    services: Services, outbox: Outbox, *, has_channel: bool
) -> None:
    await (with_channel(services, outbox) if has_channel else taken(services, Step.RESOLVE))

    words = (
        "INC-1 is Open. Resolve it before its channel is archived."
        if has_channel
        else "INC-1 has no channel that could be archived."
    )
    assert await refusal(dispatch(pressed("archive", SEEN), services)) == words
