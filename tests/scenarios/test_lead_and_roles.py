"""Who leads, who responds, in which role: handed over, assigned, joined."""

import pytest

from incident_bot.sandbox.control import UserChange
from incident_bot.sandbox.faults import Fault
from tests.slack_people import DeclaredIncident, Post, Slack
from tests.story import story


async def declared(slack: Slack) -> tuple[DeclaredIncident, Post]:
    """An incident and its announcement, to which there is a link by now."""
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.until(lambda: bool(slack.calls("chat.getPermalink")), "the link is asked for")
    await slack.bot.is_quiet()
    return incident, announcement


def told_in(announcement: Post) -> list[str]:
    """What the thread was told, without the times."""
    return [post.text.split(" · ")[0] for post in announcement.thread]


@story
async def test_the_lead_is_handed_over_and_the_new_lead_is_told_in_person(slack: Slack) -> None:
    ana, ben, cara = slack.ana, slack.ben, slack.cara
    incident, announcement = await declared(slack)
    await ana.presses("Acknowledge", on=announcement)
    await cara.opens_by("Update", on=announcement)
    await cara.submits(message="The index is being rebuilt")
    await announcement.hears("Update on")
    await announcement.shows("<@U0ANA>", "The index is being rebuilt")

    ben.begins()
    await ana.types(f"/incident lead {incident.reference} @ben")

    await ana.is_told(f"<@U0BEN> leads {incident.reference} now.")
    await announcement.shows("<@U0BEN>", "In Progress")
    heard = await announcement.hears(f"<@U0BEN> leads {incident.reference} now, says <@U0ANA>")
    assert not heard.is_broadcast
    told = await ben.is_told(f"<@U0ANA> made you the lead of *{incident.reference}*")
    await told.shows("Checkout is down", "In Progress", "High", "The index is being rebuilt")
    await told.shows(f"/archives/{announcement.channel_id}/p{announcement.ts.replace('.', '')}")
    await slack.bot.is_quiet()
    assert len(slack.direct_messages("U0BEN")) == 1


@story
async def test_who_takes_the_lead_is_not_written_to(slack: Slack) -> None:
    incident, announcement = await declared(slack)

    await slack.ben.types(f"/incident lead @ben {incident.id}")

    await slack.ben.is_told(f"You lead {incident.reference} now.")
    await announcement.hears(f"<@U0BEN> leads {incident.reference} now · ")
    await slack.bot.is_quiet()
    assert slack.direct_messages("U0BEN") == []


@story
async def test_somebody_other_may_acknowledge_what_has_a_lead(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    await slack.ana.types(f"/incident lead {incident.reference} @ana")

    await slack.ben.presses("Acknowledge", on=announcement)

    await slack.ben.is_told("You acknowledged")
    await announcement.shows("In Progress", "<@U0ANA>")


@story
async def test_a_role_is_given_and_changes_hands(slack: Slack) -> None:
    ana, ben = slack.ana, slack.ben
    incident, announcement = await declared(slack)

    await ana.types(f"/incident assign {incident.reference} @ben communications")
    await ana.is_told(f"<@U0BEN> is Communications of {incident.reference} now.")
    await announcement.hears(f"<@U0BEN> is *Communications* of {incident.reference} now, says <@U")
    await announcement.shows("<@U0BEN> (Communications)")

    await ben.types(f"/incident assign @cara Communications {incident.reference}")
    await ben.is_told(f"<@U0CARA> is Communications of {incident.reference} now.")
    await announcement.hears("instead of <@U0BEN>, says <@U0BEN>")
    await announcement.shows("<@U0CARA> (Communications), <@U0BEN>")
    assert "<@U0BEN> (" not in announcement.text


@story
async def test_giving_the_first_role_is_handing_over_the_lead(slack: Slack) -> None:
    incident, announcement = await declared(slack)

    slack.ben.begins()
    await slack.ana.types(f"/incident assign {incident.reference} @ben LEAD")

    await slack.ana.is_told(f"<@U0BEN> leads {incident.reference} now.")
    await slack.ben.is_told("made you the lead")
    await announcement.shows("<@U0BEN>")
    assert "Responders" not in announcement.text


@story
async def test_somebody_is_added_without_a_role_and_the_thread_hears_it_once(slack: Slack) -> None:
    incident, announcement = await declared(slack)

    slack.cara.begins()
    await slack.ana.types(f"/incident assign {incident.reference} @cara")

    await slack.cara.is_told(f"<@U0ANA> made you a responder to *{incident.reference}*")
    await slack.ana.is_told(f"<@U0CARA> responds to {incident.reference} now.")
    await announcement.shows("Responders", "<@U0CARA>")
    await slack.bot.is_quiet()
    assert told_in(announcement) == [f"Ana Lindqvist added Cara Thapa to {incident.reference}"]


@story
async def test_who_joins_gets_the_first_role_that_is_free(slack: Slack) -> None:
    ana, ben, cara = slack.ana, slack.ben, slack.cara
    incident, announcement = await declared(slack)

    await ana.presses("Join", on=announcement)
    await ana.is_told(f"You are Communications of {incident.reference} now.")
    await ben.presses("Join", on=announcement)
    await ben.is_told(f"You are Scribe of {incident.reference} now.")
    await cara.presses("Join", on=announcement)
    await cara.is_told(f"You respond to {incident.reference} now.")

    await announcement.shows("<@U0ANA> (Communications), <@U0BEN> (Scribe), <@U0CARA>")
    await announcement.has_buttons("Acknowledge", "Update", "Resolve", "Join", "Follow")
    await ben.presses("Join", on=announcement)
    await ben.is_told(f"<@U0BEN> is Scribe of {incident.reference} already.")
    await cara.presses("Join", on=announcement)
    await cara.is_told(f"<@U0CARA> responds to {incident.reference} already.")
    await slack.bot.is_quiet()
    assert told_in(announcement) == [
        f"Ana Lindqvist joined {incident.reference} as *Communications*",
        f"Ben Okafor joined {incident.reference} as *Scribe*",
        f"Cara Thapa joined {incident.reference}",
    ]
    assert "Lead: nobody yet" in announcement.text


@story
async def test_responders_are_shown_to_who_asks_and_may_join_there(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    await slack.ana.types(f"/incident assign {incident.reference} @ana Scribe")

    await slack.ben.types(f"/incident show {incident.reference}")
    card = await slack.ben.is_told("Checkout is down")
    await card.shows("<@U0ANA> (Scribe)")
    await slack.ben.presses("Join", on=card)

    await card.shows("You are Communications", "<@U0BEN> (Communications)")
    await announcement.shows("<@U0BEN> (Communications)", "<@U0ANA> (Scribe)")


@story
async def test_nobody_joins_what_is_resolved(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    join = announcement.button("Join")
    await slack.ana.presses("Resolve", on=announcement)
    await announcement.has_buttons("Reopen")

    await slack.ben.presses_late(join)

    await slack.ben.is_told(f"{incident.reference} is Resolved. Reopen it if there is something")
    assert "Responders" not in announcement.text


@story
@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("lead", "Which incident? Type for example `/incident lead INC-12 @ana`."),
        ("lead @ben", "Which incident?"),
        ("lead INC-987654321", "Who? Type for example `/incident lead INC-12 @ana`."),
        ("lead INC-987654321 @nobody", "“@nobody” is nobody whom Slack knows here."),
        ("lead INC-987654321 <@U0BEN>", "Who?"),
        ("lead INC-987654321 ben", "Who?"),
        ("lead\tINC-987654321", "Who?"),
        ("lead INC-987654321 @ana @ben", "One person at a time."),
        ("lead INC-987654321 @ben please", "“please” is too much."),
        ("lead INC-987654321 @incident_bot", "<@U0BOT> is a bot. Name a member of this workspace."),
        ("lead INC-987654321 @gus", "<@U0GUS> is a guest, and guests may not change incidents."),
        ("lead INC-987654321 @eve", "<@U0EVE> is not of this workspace."),
        ("lead INC-987654321 @ben", "There is no incident `INC-987654321`."),
        ("assign INC-987654321", "Who? Type for example `/incident assign INC-12 @ana Scribe`."),
        ("assign INC-987654321 @gus Scribe", "<@U0GUS> is a guest"),
        (
            "assign INC-987654321 @ben scrib",
            "“scrib” is not a role. Did you mean Scribe? Roles are Lead, Communications, Scribe.",
        ),
        ("assign INC-987654321 @ben <!channel>", "“&lt;!channel&gt;” is not a role."),
    ],
)
async def test_who_cannot_be_named_is_answered_with_the_way_out(
    slack: Slack, typed: str, answer: str
) -> None:
    await slack.ana.types(f"/incident {typed}")

    await slack.ana.is_told(answer)
    assert len(slack.ana.told) == 1


@story
async def test_what_is_so_already_is_left_alone(slack: Slack) -> None:
    ana = slack.ana
    incident, announcement = await declared(slack)
    await ana.types(f"/incident lead {incident.reference} @ana")
    await ana.types(f"/incident assign {incident.reference} @ben Scribe")

    await ana.types(f"/incident lead {incident.reference} @ana")
    await ana.is_told(f"<@U0ANA> leads {incident.reference} already.")
    await ana.types(f"/incident assign {incident.reference} @ana")
    await ana.is_told(f"<@U0ANA> leads {incident.reference} already.")
    await ana.types(f"/incident assign {incident.reference} @ben Scribe")
    await ana.is_told(f"<@U0BEN> is Scribe of {incident.reference} already.")
    await ana.types(f"/incident assign {incident.reference} @ben")
    await ana.is_told(f"<@U0BEN> is Scribe of {incident.reference} already.")

    await slack.bot.is_quiet()
    assert len(announcement.thread) == 2


@story
async def test_somebody_who_has_left_gets_no_role(slack: Slack) -> None:
    incident, _ = await declared(slack)
    user_id = f"U0OLD{slack.number}"
    gone = UserChange(id=user_id, name=f"old{slack.number}", is_deleted=True)
    slack.sandbox.control.change_user(gone)

    await slack.ana.types(f"/incident lead {incident.reference} @old{slack.number}")

    await slack.ana.is_told(f"<@{user_id}> is deactivated.")


@story
async def test_when_slack_does_not_say_who_somebody_is_they_get_no_role(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    newcomer = slack.newcomer()
    await slack.ana.types("/incident ack 987654321")  # so that Ana is known
    slack.breaks(Fault(method="users.info", kind="down"))

    await slack.ana.types(f"/incident lead {incident.reference} @{newcomer.id.lower()}")

    await slack.ana.is_told("Slack did not say who that is, so nothing was changed.")
    assert "nobody yet" in announcement.text


@story
@pytest.mark.parametrize("kind", ["lost_reply", "down", "drop_before"])
async def test_a_direct_message_whose_reply_is_lost_is_sent_once(slack: Slack, kind: str) -> None:
    incident, announcement = await declared(slack)
    slack.breaks(Fault.model_validate({"method": "chat.postMessage", "kind": kind, "times": 2}))

    slack.ben.begins()
    await slack.ana.types(f"/incident lead {incident.reference} @ben")

    await slack.ben.is_told("made you the lead")
    await announcement.hears("leads")
    await slack.bot.is_quiet()
    assert len(slack.direct_messages("U0BEN")) == 1
    assert len(announcement.thread) == 1


@story(own_bot=True)
async def test_without_the_scope_to_look_a_direct_message_is_sent_again(slack: Slack) -> None:
    slack.lacks("im:history")
    await slack.bot.starts()
    incident, announcement = await declared(slack)
    slack.breaks(Fault(method="chat.postMessage", kind="drop_before", times=2))

    slack.ben.begins()
    await slack.ana.types(f"/incident lead {incident.reference} @ben")

    await slack.ben.is_told("made you the lead")
    await announcement.hears("leads")
    assert "the bot may not read" in await slack.bot.says("the bot may not read")


@story
async def test_who_takes_no_messages_leads_all_the_same(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    await slack.ana.presses("Acknowledge", on=announcement)
    await announcement.hears("acknowledged")
    await slack.bot.is_quiet()
    slack.breaks(Fault(method="chat.postMessage", kind="error", error="user_disabled", times=2))

    await slack.ana.types(f"/incident lead {incident.reference} @ben")

    await slack.bot.says("a message was refused")
    await announcement.shows("<@U0BEN>")
    await slack.bot.is_quiet()
    assert slack.direct_messages("U0BEN") == []


@story
async def test_guests_join_nothing_and_give_no_roles(slack: Slack) -> None:
    gus = slack.gus
    incident, announcement = await declared(slack)

    await gus.presses("Join", on=announcement)
    await gus.is_told("Guests may declare and read incidents, but not change them.")
    for typed in ("lead", "assign"):
        await gus.types(f"/incident {typed} {incident.reference} @gus")
        await gus.is_told("Guests may declare and read incidents, but not change them.")

    assert "Responders" not in announcement.text


@story(own_bot=True)
async def test_roles_are_those_that_the_team_has_named(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_ROLES="Commander, Eyes & <Ears>")
    incident, announcement = await declared(slack)

    await slack.ana.types(f"/incident assign {incident.reference} @ana commander")
    await slack.ana.is_told(f"You lead {incident.reference} now.")
    await slack.ben.presses("Join", on=announcement)

    await slack.ben.is_told("You are Eyes &amp; &lt;Ears&gt; of")
    await announcement.shows("<@U0BEN> (Eyes &amp; &lt;Ears&gt;)")
