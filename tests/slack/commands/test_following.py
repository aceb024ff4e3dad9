"""`/incident follow` and `unfollow`."""

from incident_bot.slack.commands import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from tests.factories import ANA, GUS
from tests.hearing import following
from tests.slack.answers import deeds
from tests.slack.incidents import declared
from tests.slack.payloads import typed


async def followers(services: Services) -> int:
    return len(await following(services.store, 1))


async def test_somebody_follows_and_unfollows(services: Services) -> None:
    await declared(services)

    assert await dispatch(typed("follow INC-1"), services) == Reply(
        "You follow INC-1 now: its updates and statuses come to you in direct messages. "
        "`/incident unfollow INC-1` ends it."
    )
    assert await followers(services) == 1
    assert await dispatch(typed("unfollow INC-1"), services) == Reply("You follow INC-1 no more.")
    assert await followers(services) == 0
    assert await deeds(services) == []


async def test_what_is_so_already_is_said(services: Services) -> None:
    await declared(services)

    assert await dispatch(typed("unfollow INC-1"), services) == Reply(
        "You do not follow INC-1. `/incident follow INC-1` begins it."
    )
    await services.store.follow(1, ANA)
    assert await dispatch(typed("follow INC-1"), services) == Reply(
        "You follow INC-1 already. `/incident unfollow INC-1` ends it."
    )
    assert await followers(services) == 1


async def test_a_guest_may_follow(services: Services) -> None:
    await declared(services)

    await dispatch(typed("follow INC-1", by=GUS), services)

    assert await followers(services) == 1
