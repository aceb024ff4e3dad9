"""`/incident delete`: asks, and deletes nothing by itself."""

from incident_bot.domain.status import Step
from incident_bot.slack.commands import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident
from incident_bot.slack.text.mrkdwn import actions, button, section
from incident_bot.slack.text.mrkdwn import typed as as_typed
from incident_bot.store.after_delivery import Outbox
from tests.factories import A_VIEWER, ANA, BEN, CARA
from tests.slack.answers import refusal, said
from tests.slack.incidents import declared, taken, with_channel
from tests.slack.payloads import typed

ASKED = (
    "Delete *INC-1*? It disappears from lists and its announcement is emptied; what its thread "
    "was told stays there."
)


async def test_its_reporter_is_asked_before_it_is_deleted(services: Services) -> None:
    await declared(services, title="Tills & <scanners>")

    answer = await dispatch(typed("delete INC-1", by=CARA), services)

    value = SeenIncident.shown(await services.store.get(1, A_VIEWER)).dump()
    buttons = actions(
        button("delete", "Delete INC-1", value, "danger"), button("keep", "Keep it", value)
    )
    assert answer == Reply(
        f"{ASKED}\nTills &amp; &lt;scanners&gt;",
        (section(ASKED), as_typed("Tills & <scanners>"), buttons),
    )
    assert not (await services.store.get(1, A_VIEWER)).is_deleted


async def test_a_channel_of_its_own_is_archived_with_it(services: Services, outbox: Outbox) -> None:
    await with_channel(services, outbox)

    words = said(await dispatch(typed("delete INC-1", by=CARA), services))

    assert words.startswith(f"{ASKED} Its channel is archived.\n")


async def test_others_are_not_asked(services: Services) -> None:
    await taken(services, Step.ACKNOWLEDGE, actor=ANA)

    assert said(await dispatch(typed("delete INC-1", by=ANA), services)).startswith(ASKED)
    assert await refusal(dispatch(typed("delete INC-1", by=BEN), services)) == (
        "Only who reported INC-1 or leads it may delete it."
    )
