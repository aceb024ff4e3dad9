"""`/incident lead` and `assign`: people are named, and get the lead or a role."""

import pytest

from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.commands import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.store.after_delivery import Outbox
from tests.factories import A_VIEWER, ANA, BEN, CARA, by
from tests.slack.answers import deeds, refusal
from tests.slack.incidents import OWN, declared, kept_private, taken, with_channel
from tests.slack.payloads import typed
from tests.web_api import WebApi, error

WHO = "Type @ and choose somebody from the list that Slack shows."


async def roles(services: Services) -> list[tuple[str, str | None]]:
    return [(one.user_id, one.role) for one in await services.store.responders(1)]


@pytest.mark.parametrize("text", ["lead INC-1 @ben", "lead @ben INC-1", "lead @ben 1"])
async def test_the_lead_is_handed_over(services: Services, text: str) -> None:
    await taken(services, Step.ACKNOWLEDGE)

    answer = await dispatch(typed(text), services)

    assert answer == Reply("<@U0BEN> leads INC-1 now.")
    assert (await services.store.get(1, A_VIEWER)).lead == BEN
    assert (await deeds(services))[-1] == (EntryKind.LEAD_CHANGED, ANA)


async def test_who_takes_the_lead_is_told_so(services: Services) -> None:
    await declared(services)

    assert await dispatch(typed("lead INC-1 @ana"), services) == Reply("You lead INC-1 now.")


async def test_in_its_own_channel_only_the_person_is_named(
    services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)

    await dispatch(typed("lead @ben", channel_id=OWN), services)
    await dispatch(typed("assign @cara scribe", channel_id=OWN), services)

    assert (await services.store.get(1, A_VIEWER)).lead == BEN
    assert await roles(services) == [(CARA, "Scribe")]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("assign INC-1 @ben", "<@U0BEN> responds to INC-1 now.", (BEN, None)),
        ("assign INC-1 @ana", "You respond to INC-1 now.", (ANA, None)),
        ("assign INC-1 @ben scribe", "<@U0BEN> is Scribe of INC-1 now.", (BEN, "Scribe")),
        ("assign @ben SCRIBE INC-1", "<@U0BEN> is Scribe of INC-1 now.", (BEN, "Scribe")),
        (
            "assign INC-1 communications @ana",
            "You are Communications of INC-1 now.",
            (ANA, "Communications"),
        ),
    ],
)
async def test_somebody_responds_in_a_role_or_without_one(
    services: Services, text: str, words: str, expected: tuple[str, str | None]
) -> None:
    await declared(services)

    answer = await dispatch(typed(text), services)

    assert answer == Reply(words)
    assert await roles(services) == [expected]


async def test_giving_the_lead_s_role_hands_over_the_lead(services: Services) -> None:
    await declared(services)

    answer = await dispatch(typed("assign INC-1 @ben Lead"), services)

    assert answer == Reply("<@U0BEN> leads INC-1 now.")
    assert (await services.store.get(1, A_VIEWER)).lead == BEN
    assert await roles(services) == []


@pytest.mark.parametrize(
    ("before", "text", "words"),
    [
        ("lead INC-1 @ben", "lead INC-1 @ben", "<@U0BEN> leads INC-1 already."),
        ("lead INC-1 @ben", "assign INC-1 @ben lead", "<@U0BEN> leads INC-1 already."),
        ("lead INC-1 @ben", "assign INC-1 @ben", "<@U0BEN> leads INC-1 already."),
        (
            "assign INC-1 @ben scribe",
            "assign INC-1 @ben Scribe",
            "<@U0BEN> is Scribe of INC-1 already.",
        ),
        ("assign INC-1 @ben scribe", "assign INC-1 @ben", "<@U0BEN> is Scribe of INC-1 already."),
        ("assign INC-1 @ben", "assign INC-1 @ben", "<@U0BEN> responds to INC-1 already."),
    ],
)
async def test_who_does_that_already_is_left_alone(
    services: Services, before: str, text: str, words: str
) -> None:
    await declared(services)
    await dispatch(typed(before), services)
    done = await deeds(services)

    assert await refusal(dispatch(typed(text), services)) == words
    assert await deeds(services) == done


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lead INC-1", "Who? Type for example `/incident lead INC-12 @ana`."),
        ("assign INC-1", "Who? Type for example `/incident assign INC-12 @ana Scribe`."),
        ("assign INC-1 Scribe", "Who? Type for example `/incident assign INC-12 @ana Scribe`."),
        (
            "lead INC-1 @ana @ben",
            "One person at a time. Type for example `/incident lead INC-12 @ana`.",
        ),
        ("lead INC-1 @bne", f"“@bne” is nobody whom Slack knows here. {WHO}"),
        ("lead INC-1 @ben @bne", f"“@bne” is nobody whom Slack knows here. {WHO}"),
        (f"assign INC-1 @{'x' * 40}", f"“@{'x' * 38}…” is nobody whom Slack knows here. {WHO}"),
        (
            "lead INC-1 @ben please",
            ("“please” is too much. Type for example `/incident lead INC-12 @ana`; "
            "`/incident assign` gives other roles."),
        ),
        (
            f"lead INC-1 @ben {'x' * 41}",
            (f"“{'x' * 39}…” is too much. Type for example `/incident lead INC-12 @ana`; "
            "`/incident assign` gives other roles."),
        ),
        (
            "assign INC-1 @ben scrib",
            "“scrib” is not a role. Did you mean Scribe? Roles are Lead, Communications, Scribe.",
        ),
        (
            "lead INC-1 @gus",
            ("<@U0GUS> is a guest, and guests may not change incidents. Name a member of this "
            "workspace."),
        ),
        (
            "assign INC-1 @eve",
            "<@U0EVE> is not of this workspace. Name a member of this workspace.",
        ),
    ],
    ids=lambda value: value[:30],
)  # fmt: skip
async def test_who_is_not_named_well_gets_nothing(
    services: Services, text: str, words: str
) -> None:
    await declared(services)

    assert await refusal(dispatch(typed(text), services)) == words
    assert await deeds(services) == []


async def test_whom_slack_does_not_name_gets_no_role(services: Services, web_api: WebApi) -> None:
    await declared(services)
    await services.people.refuse_change(ANA)
    web_api.answers("users.info", error("internal_error"))

    words = await refusal(dispatch(typed("lead INC-1 @ben"), services))

    assert words == (
        "Slack did not say who that is, so nothing was changed. Please try again in a moment."
    )
    assert await deeds(services) == []


async def test_the_same_person_named_twice_is_one(services: Services) -> None:
    await declared(services)

    assert await dispatch(typed("lead INC-1 @ben @ben"), services) == Reply(
        "<@U0BEN> leads INC-1 now."
    )


async def test_who_is_brought_into_what_is_private_sees_it(services: Services) -> None:
    await kept_private(services)

    await dispatch(typed("assign INC-1 @ben", by=CARA), services)

    assert await services.store.get(1, by(BEN).viewer)
