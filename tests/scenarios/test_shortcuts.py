"""Declaring by a shortcut: from anywhere, and from a message, below which a link is left."""

import pytest

from incident_bot.failpoints import Failpoint
from incident_bot.sandbox.faults import Fault
from incident_bot.sandbox.views import View
from tests.slack_people import DeclaredIncident, Person, Post, Slack
from tests.story import BOTH, story


def described(form: View) -> str:
    """What the form's description is prefilled with."""
    [description] = [block for block in form.blocks if block["block_id"] == "description"]
    prefilled = description["element"].get("initial_value", "")
    assert isinstance(prefilled, str)
    return prefilled


async def declared_from(message: Post, who: Person, title: str = "Cards") -> DeclaredIncident:
    form = await who.chooses("declare_from_message", on=message)
    await who.submits(title=title, description=described(form), severity="High")
    return await who.is_told_of_own_incident(title)


def replies(message: Post, words: str = "Declared as") -> list[Post]:
    return [post for post in message.thread if words in post.text]


@story
async def test_an_incident_is_declared_by_a_shortcut_from_anywhere(slack: Slack) -> None:
    form = await slack.gus.chooses("declare")
    await slack.gus.submits(title="Printer", description="It burns", severity="Low")

    incident = await slack.gus.is_told_of_own_incident("Printer")

    assert form.private_metadata == "{}"
    await slack.announcement(incident)


@story(modes=BOTH)
async def test_a_message_becomes_an_incident_and_its_thread_has_the_link(slack: Slack) -> None:
    message = slack.ben.writes("Cards are <refused> & @ana knows why")

    form = await slack.cara.chooses("declare_from_message", on=message)
    outcome = await slack.cara.submits(title="Cards", description=described(form), severity="High")

    assert outcome.ok
    link = f"{slack.sandbox.url}/archives/C0GENERAL/p{message.ts.replace('.', '')}"
    assert described(form) == f"Cards are <refused> & @Ana Lindqvist knows why\n\n{link}"
    incident = await slack.cara.is_told_of_own_incident("Cards")
    announcement = await slack.announcement(incident)
    reply = await message.hears(f"Declared as *{incident.reference}* by <@U0CARA>\nCards")
    await reply.shows("|Open the announcement>")
    assert announcement.ts.replace(".", "") in reply.text
    await slack.bot.is_quiet()
    assert len(replies(message)) == 1
    assert slack.announcements(incident, in_="general") == []
    *_, shown_last = announcement.message.blocks[2]["elements"][0]["elements"]
    assert shown_last == {"type": "link", "url": link}


@story
async def test_a_reply_in_a_thread_is_linked_and_answered_in_that_thread(slack: Slack) -> None:
    first = slack.ben.writes("How is checkout?")
    message = slack.cara.says("Slow", to=first)

    form = await slack.ana.chooses("declare_from_message", on=message)
    await slack.ana.submits(title="Slow", severity="Low")
    await slack.ana.is_told("A link to it is being left below the message.")
    await slack.ana.is_told_of_own_incident("Slow")

    assert described(form).endswith(f"?thread_ts={first.ts}&cid=C0GENERAL")
    await first.hears("Declared as")


@story
async def test_the_longest_message_is_cut_and_its_link_is_kept(slack: Slack) -> None:
    message = slack.ben.writes("&" * 9000)

    form = await slack.cara.chooses("declare_from_message", on=message)

    words, link = described(form).split("\n\n")
    assert words.endswith("&…")
    assert link.startswith("http")
    assert len(described(form)) == 3000
    await slack.cara.submits(title="Long", severity="Low")
    await slack.announcement(await slack.cara.is_told_of_own_incident("Long"))
    await message.hears("Declared as")


@story
async def test_a_form_opens_in_time_though_slack_is_slow_to_tell_names(slack: Slack) -> None:
    newcomer = slack.newcomer()
    slack.sandbox.workspace.directory.channels["C0GENERAL"].members.append(newcomer.id)
    message = slack.ben.writes(f"Ask @{newcomer.id.lower()}")
    slack.breaks(Fault(method="users.info", kind="slow", ms=2900))

    form = await slack.cara.chooses("declare_from_message", on=message)

    assert described(form).startswith(f"Ask @{newcomer.id}\n\n")


@story
@pytest.mark.parametrize(
    "fault",
    [
        {"method": "chat.postMessage", "kind": "lost_reply", "times": 2},
        {"method": "chat.postMessage", "kind": "rate_limited", "retry_after": 1, "times": 2},
        {"method": "chat.postMessage", "kind": "drop_before", "times": 2},
        {"method": "chat.update", "kind": "drop_before", "times": 1},
        {"method": "chat.getPermalink", "kind": "down", "times": 2},
    ],
    ids=lambda fault: f"{fault['method']}-{fault['kind']}",
)
async def test_the_thread_is_told_once_whatever_befalls_it(
    slack: Slack, fault: dict[str, object]
) -> None:
    message = slack.ben.writes("Cards are refused")
    slack.breaks(Fault.model_validate(fault))

    incident = await declared_from(message, slack.cara)

    reply = await message.hears("Declared as")
    await reply.shows("|Open the announcement>")
    await slack.bot.is_quiet()
    assert len(replies(message)) == 1
    assert len(slack.announcements(incident)) == 1


@story(own_process=True)
@pytest.mark.parametrize("passes", [0, 1, 2])  # the announcement and the reply, then its edit
async def test_the_thread_is_told_once_though_the_bot_dies(slack: Slack, passes: int) -> None:
    message = slack.ben.writes("Cards are refused")
    slack.process.will_die_at(Failpoint.AFTER_POST, passes)
    await slack.bot.starts()

    form = await slack.cara.chooses("declare_from_message", on=message)
    await slack.cara.submits(title="Cards", description=described(form), severity="High")
    await slack.process.ends()
    slack.process.will_die_at(None)
    await slack.bot.starts()

    reply = await message.hears("Declared as")
    await reply.shows("|Open the announcement>")
    await slack.bot.is_quiet()
    assert len(replies(message)) == 1


@story
async def test_what_is_private_is_not_mentioned_below_the_message(slack: Slack) -> None:
    message = slack.ben.writes("Somebody reads our mail")
    form = await slack.cara.chooses("declare_from_message", on=message)

    await slack.cara.submits(
        title="Mail", description=described(form), severity="High", channel="private"
    )

    told = await slack.cara.is_told("in private")
    assert "Nothing is said below the message." in told.text
    await slack.cara.is_told_of_own_incident("Mail")
    await slack.bot.is_quiet()
    assert message.thread == []


@story
async def test_in_a_channel_without_the_bot_the_declaration_goes_on_and_one_is_told(
    slack: Slack,
) -> None:
    message = slack.ben.writes("Cards are refused", in_="payments")

    incident = await declared_from(message, slack.cara)

    await slack.announcement(incident)
    told = await slack.cara.is_told("no link to it could be left below the message")
    assert told.channel_id == "D0CARA"
    assert "the bot is not in the channel" in told.text
    await slack.bot.is_quiet()
    assert message.thread == []


@story
async def test_a_message_that_is_gone_by_then_keeps_nothing_from_being_declared(
    slack: Slack,
) -> None:
    message = slack.ben.writes("Cards are refused")
    await slack.cara.chooses("declare_from_message", on=message)
    slack.deletes(message)

    await slack.cara.submits(title="Cards", severity="High")

    await slack.announcement(await slack.cara.is_told_of_own_incident("Cards"))
    told = await slack.cara.is_told("no link to it could be left below the message")
    assert "that message takes no replies, or it is gone" in told.text


@story
async def test_somebody_of_another_organisation_cannot_declare_by_a_shortcut(slack: Slack) -> None:
    message = slack.ben.writes("Cards are refused", in_="ext-acme")
    await slack.ben.chooses("declare_from_message", on=message)
    sent = slack.last_payload("message_action")
    sent["user"] |= {"id": "U0EVE", "team_id": "T0PARTNER"}

    await slack.delivers("message_action", sent)

    line = await slack.bot.says("a change was refused")
    assert "U0EVE" in line
    assert "shortcut declare_from_message" in line
    assert slack.eve.form is None


@story
async def test_a_shortcut_that_nobody_knows_any_more_is_answered(slack: Slack) -> None:
    await slack.ben.chooses("declare")
    sent = slack.last_payload("shortcut") | {"callback_id": "escalate"}

    await slack.delivers("shortcut", sent)

    await slack.ben.is_told("This shortcut is of no use any more. Type `/incident new` instead.")


@story
async def test_a_form_that_slack_does_not_open_is_answered_with_what_to_do(slack: Slack) -> None:
    message = slack.ben.writes("Cards are refused")
    slack.breaks(Fault(method="views.open", kind="error", error="expired_trigger_id", times=1))
    slack.cara.begins()

    outcome = await slack.sandbox.interactions.shortcut(
        "U0CARA", "declare_from_message", "C0GENERAL", message.ts
    )

    assert outcome.ok
    await slack.cara.is_told("Slack did not open the form. Please choose the shortcut again")
