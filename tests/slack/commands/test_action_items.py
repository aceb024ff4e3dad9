"""`/incident action` and `actions`."""

import pytest

from incident_bot.domain.errors import AlreadyDone
from incident_bot.slack.commands import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.mrkdwn import context, moment, quoted, section
from incident_bot.store.after_delivery import Outbox
from tests.factories import A_VIEWER, ANA, BEN, CARA, NOON, after, by
from tests.slack.answers import deeds, refusal, said
from tests.slack.incidents import OWN, declared, kept_private, with_channel
from tests.slack.payloads import typed
from tests.web_api import WebApi, a_user, ok

FRIDAY = after(5 * 24 * 60 + 5 * 60)
"""At the end of work, as NOON is a Sunday."""


@pytest.mark.parametrize("name", ["action", "todo"])
async def test_an_action_item_is_added_with_its_owner_and_due_time(
    services: Services, name: str
) -> None:
    await declared(services)

    answer = await dispatch(typed(f"{name} INC-1 Fix the <alert> @ben by Friday"), services)

    heading = f"Action item of *INC-1* added: <@U0BEN> · due {moment(FRIDAY)}"
    lists = "`/incident actions INC-1` lists them."
    assert answer == Reply(
        f"{heading}\nFix the &lt;alert&gt;\n{lists}",
        (section(heading), quoted("Fix the <alert>"), context(lists)),
    )
    [item] = await services.action_items.every(1, A_VIEWER)
    assert (item.text, item.owner, item.due_at) == ("Fix the <alert>", BEN, FRIDAY)
    assert item.created_by == ANA


@pytest.mark.parametrize(
    ("text", "words", "owner", "is_due"),
    [
        ("INC-1 Fix 1", "Fix 1", None, False),
        ("INC-1 @ben Fix 1", "Fix 1", BEN, False),
        ("@ben INC-1 Fix 1", "Fix 1", BEN, False),
        ("INC-1 Fix 1 @ben", "Fix 1", BEN, False),
        ("INC-1 Fix 1, @ben, by Friday", "Fix 1", BEN, True),
        ("INC-1 Fix 1 by Friday @ben", "Fix 1", BEN, True),
        ("INC-1 Ask @ben for logs", "Ask @ben for logs", BEN, False),
        ("INC-1 Ask @ben for logs by Friday", "Ask @ben for logs", BEN, True),
        ("INC-1 Update @babel/core <b>", "Update @babel/core <b>", None, False),
        ("1 Fix 2 alerts", "Fix 2 alerts", None, False),
    ],
)
async def test_no_word_is_lost_wherever_the_owner_is_named(
    services: Services, text: str, words: str, owner: str | None, *, is_due: bool
) -> None:
    await declared(services)

    await dispatch(typed(f"action {text}"), services)

    [item] = await services.action_items.every(1, A_VIEWER)
    due_at = FRIDAY if is_due else None
    assert (item.text, item.owner, item.due_at) == (words, owner, due_at)


async def test_in_its_own_channel_the_words_alone_are_enough(
    services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)

    await dispatch(typed("action Fix it @ben by Friday", channel_id=OWN), services)
    await dispatch(typed("action 2 disks are to be bought", channel_id=OWN), services)

    first, second = await services.action_items.every(1, A_VIEWER)
    assert (first.text, first.owner, first.due_at) == ("Fix it", BEN, FRIDAY)
    assert second.text == "2 disks are to be bought"


async def test_a_day_is_meant_in_the_writer_s_own_time_zone(
    services: Services, web_api: WebApi
) -> None:
    web_api.answers("users.info", ok(user=a_user(tz="Asia/Kathmandu")))
    await declared(services)

    await dispatch(typed("action INC-1 Fix it by Friday"), services)

    [item] = await services.action_items.every(1, A_VIEWER)
    assert item.due_at == after(5 * 24 * 60 - 45)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fix the alert", "“Fix” names no incident. Type for example `/incident action INC-12"),
        ("INC-1 tomorrow", "What is to be done?"),
        ("INC-1 @ben", "What is to be done?"),
        ("INC-1 @ben by Friday", "What is to be done?"),
        ("INC-1 Fix it by 2025-12-01", "It would be due 2025-12-01 17:00 your time, which is over"),
        (f"INC-1 {'x' * 501}", "An action item may have 500 characters; this has 501."),
        (
            "INC-1 Fix it @ana @ben",
            "An action item has one owner. Choose one person with @, and name others without it.",
        ),
        ("INC-1 Fix it @bne", "“@bne” is nobody whom Slack knows here."),
        ("INC-1 Fix it @gus", "<@U0GUS> is a guest, and guests may not change incidents."),
    ],
    ids=lambda value: value[:30],
)
async def test_what_cannot_be_added_is_refused(services: Services, text: str, words: str) -> None:
    await declared(services)

    assert (await refusal(dispatch(typed(f"action {text}"), services))).startswith(words)
    assert await deeds(services) == []


async def test_who_may_not_know_of_it_is_given_none(services: Services) -> None:
    await kept_private(services)

    words = await refusal(dispatch(typed("action INC-1 Fix it @ben", by=CARA), services))

    assert words == (
        "<@U0BEN> is not one of the people of INC-1, which is private. "
        "`/incident assign INC-1` makes them one."
    )


@pytest.mark.parametrize("text", ["actions INC-1", "action INC-1"])
async def test_action_items_are_listed(services: Services, text: str) -> None:
    await declared(services)
    await dispatch(typed("action INC-1 Fix it @ben"), services)

    answer = await dispatch(typed(text), services)

    assert said(answer) == (
        "*Action items of INC-1*: 1 open, 1 in all\n☐ Fix it · <@U0BEN> · no due time"
    )
    assert isinstance(answer, Reply)
    assert answer.replaces


async def test_without_action_items_the_answer_says_how_to_add_one(services: Services) -> None:
    await declared(services)

    assert said(await dispatch(typed("actions INC-1"), services)) == (
        "*INC-1 has no action items yet.* `/incident action INC-1 Fix the alert @ana by Friday` "
        "adds one."
    )


async def test_the_first_page_of_many_is_listed(services: Services) -> None:
    await declared(services)
    for number in range(11):
        await dispatch(typed(f"action INC-1 Fix {number}"), services)

    words = said(await dispatch(typed("actions INC-1"), services))

    assert words.startswith("*Action items of INC-1*: 11 open, 11 in all; here 1 to 10\n")


@pytest.mark.parametrize(
    ("words", "shown"),
    [("Fix `it`", "Fix 'it'"), ("x" * 200, f"{'x' * 176}…")],
)
async def test_words_after_actions_are_answered_with_how_to_add_them(
    services: Services, words: str, shown: str
) -> None:
    await declared(services)

    assert await refusal(dispatch(typed(f"actions INC-1 {words}"), services)) == (
        f"This command only lists. To add one, type `/incident action INC-1 {shown}`."
    )
    assert await deeds(services) == []


async def test_who_was_faster_is_told(services: Services) -> None:
    await declared(services)
    await dispatch(typed("action INC-1 Fix it"), services)
    await services.action_items.finish(by(BEN), 1, 1)

    with pytest.raises(AlreadyDone):
        await services.action_items.finish(by(ANA), 1, 1)
    assert await refusal(services.action_items.finish(by(ANA), 1, 1)) == (
        f"<@U0BEN> did this action item of INC-1 already, {moment(NOON)}."
    )
