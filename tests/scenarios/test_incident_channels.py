"""Incidents with a channel of their own: made, worked in, archived, changed by hand."""

from incident_bot.sandbox.cast import Channel
from incident_bot.sandbox.faults import Fault
from tests.factories import DAY
from tests.slack_people import DeclaredIncident, Post, Slack
from tests.story import BOTH, story


async def declared(slack: Slack, title: str = "Checkout is down") -> DeclaredIncident:
    return await slack.cara.declares(title, in_="incidents", channel="channel")


async def with_channel(slack: Slack) -> tuple[DeclaredIncident, Post, Channel]:
    """An incident, its announcement and its channel, all of it made ready."""
    incident = await declared(slack)
    announcement = await slack.announcement(incident)
    channel = await slack.own_channel(incident)
    await slack.card_in(channel, incident)
    await slack.until(lambda: bool(channel.pins and channel.bookmarks), "the channel is ready")
    await slack.bot.is_quiet()
    return incident, announcement, channel


@story
async def test_an_incident_gets_a_channel_beside_its_announcement(slack: Slack) -> None:
    incident, announcement, channel = await with_channel(slack)

    assert channel.name == f"inc-{incident.id}-checkout-is-down"
    assert channel.kind == "channel"
    assert channel.members == ["U0BOT", "U0CARA"]
    assert channel.topic == f"{incident.reference} · 🔺 Open · High · nobody leads yet"
    await announcement.shows("Channel", f"<#{channel.id}>")
    card = await slack.card_in(channel, incident)
    await card.shows("Checkout is down", "Open")
    assert channel.pins == [card.ts]
    [bookmark] = channel.bookmarks
    assert bookmark.title == f"Announcement of {incident.reference}"
    assert bookmark.link.endswith(announcement.ts.replace(".", ""))


@story
async def test_people_come_into_the_channel_and_its_topic_follows(slack: Slack) -> None:
    incident, announcement, channel = await with_channel(slack)

    await slack.ana.presses("Acknowledge", on=announcement)
    await slack.until(lambda: "U0ANA" in channel.members, "Ana is invited")
    await slack.until(
        lambda: "In Progress · High · lead Ana Lindqvist" in channel.topic, "the topic follows"
    )
    await slack.ana.types(f"/incident assign {incident.reference} @ben Scribe")
    await slack.until(lambda: "U0BEN" in channel.members, "Ben is invited")
    await slack.ana.types(f"/incident severity {incident.reference} Low")
    await slack.until(lambda: "In Progress · Low" in channel.topic, "the topic follows")


@story
async def test_nobody_is_invited_to_a_channel_that_they_are_in_already(slack: Slack) -> None:
    incident, announcement, channel = await with_channel(slack)
    ana, ben, cara = slack.ana, slack.ben, slack.cara

    await cara.presses("Acknowledge", on=announcement)
    await ben.presses("Join", on=announcement)
    await slack.until(lambda: "U0BEN" in channel.members, "Ben is invited")
    await ben.types(f"/incident assign {incident.reference} @ben Scribe")
    await cara.types(f"/incident lead {incident.reference} @ben")
    slack.changes_channel(channel.name, members=["U0CARA", "U0BEN", "U0ANA"])
    await ana.presses("Join", on=announcement)
    await ana.is_told(f"of {incident.reference} now")
    await slack.bot.is_quiet()
    await ana.presses("Resolve", on=announcement)
    await announcement.hears("resolved")
    await slack.bot.is_quiet()

    invited = [call["request"]["users"] for call in slack.calls("conversations.invite")]
    assert invited == ["U0CARA", "U0BEN"]


@story
async def test_who_left_the_channel_and_is_brought_in_again_is_invited_again(
    slack: Slack,
) -> None:
    incident, announcement, channel = await with_channel(slack)
    await slack.ben.presses("Join", on=announcement)
    await slack.until(lambda: "U0BEN" in channel.members, "Ben is invited")
    slack.changes_channel(channel.name, members=["U0CARA"])
    await slack.bot.is_quiet()

    await slack.ana.types(f"/incident lead {incident.reference} @ben")

    await slack.until(lambda: "U0BEN" in channel.members, "Ben is invited again")


@story
async def test_what_happens_is_told_in_the_channel_itself(slack: Slack) -> None:
    incident, announcement, channel = await with_channel(slack)
    card = await slack.card_in(channel, incident)

    await slack.cara.types("/incident ack", in_=channel.name)
    await slack.cara.is_told(f"You acknowledged {incident.reference}")
    await slack.cara.opens("/incident update 3 servers are back", in_=channel.name)
    await slack.cara.submits()

    await announcement.hears("Update on")
    await card.shows("3 servers are back", "In Progress")
    await slack.bot.is_quiet()
    told = [post.text for post in slack.posts(incident, channel.name) if post.ts != card.ts]
    assert [text.split(" · ")[0] for text in told] == [
        f"🔶 <@U0CARA> acknowledged {incident.reference}",
        f"💬 Update on {incident.reference} by <@U0CARA>",
    ]
    assert card.thread == []


@story
async def test_in_its_channel_an_incident_need_not_be_named(slack: Slack) -> None:
    incident, _, channel = await with_channel(slack)
    cara = slack.cara

    for typed, answer in (
        ("show", "Checkout is down"),
        ("note 14:05 Rolled back", f"Noted in the timeline of *{incident.reference}*"),
        ("note 3 servers rebooted", "3 servers rebooted"),
        ("severity medium", f"{incident.reference} has severity Medium now"),
        ("lead @cara", f"You lead {incident.reference} now"),
        ("assign @ben Scribe", f"<@U0BEN> is Scribe of {incident.reference} now"),
        ("follow", f"You follow {incident.reference} now"),
        ("timeline", f"Timeline of {incident.reference}"),
        ("resolve", f"You resolved {incident.reference}"),
        ("reopen", f"You reopened {incident.reference}"),
        (f"show {incident.reference}", "Checkout is down"),
        ("show INC-987654", "There is no incident"),
    ):
        await cara.types(f"/incident {typed}", in_=channel.name)
        await cara.is_told(answer)


@story
async def test_elsewhere_an_incident_has_to_be_named(slack: Slack) -> None:
    await with_channel(slack)

    for typed in ("ack", "update It goes on", "note Rolled back", "lead @ben", "severity Low"):
        await slack.ana.types(f"/incident {typed}", in_="general")
        await slack.ana.is_told("Type for example `/incident")


@story
async def test_the_channel_of_a_resolved_incident_is_archived_by_a_button(slack: Slack) -> None:
    incident, announcement, channel = await with_channel(slack)
    await announcement.has_buttons("Acknowledge", "Update", "Resolve", "Join", "Follow")
    await slack.cara.types(f"/incident resolve {incident.reference}")
    await announcement.has_buttons("Reopen", "Archive channel")

    await slack.ben.presses("Archive channel", on=announcement)

    await slack.ben.is_told(
        f"<#{channel.id}>, the channel of {incident.reference}, is being archived."
    )
    await slack.bot.is_quiet()
    assert channel.is_archived
    await announcement.has_buttons("Reopen")
    card = await slack.card_in(channel, incident)
    assert card.buttons == ["Reopen"]
    assert any("resolved" in post.text for post in slack.posts(incident, channel.name))
    await announcement.shows("(closed)")


@story(own_bot=True)
async def test_whoever_archives_a_channel_that_the_bot_is_not_in_is_told(slack: Slack) -> None:
    await slack.bot.starts()
    incident, announcement, _ = await with_channel(slack)
    await slack.cara.types(f"/incident resolve {incident.reference}")
    await announcement.has_buttons("Reopen", "Archive channel")
    slack.breaks(Fault(method="conversations.archive", kind="error", error="not_in_channel"))

    await slack.ben.presses("Archive channel", on=announcement)

    told = await slack.ben.is_told("could not be archived")
    assert "Archive it in Slack" in told.text


@story
async def test_a_reopened_incident_says_that_its_channel_is_archived(slack: Slack) -> None:
    incident, announcement, channel = await with_channel(slack)
    await slack.cara.types(f"/incident resolve {incident.reference}")
    await announcement.has_buttons("Reopen", "Archive channel")
    await slack.ben.presses("Archive channel", on=announcement)
    await slack.bot.is_quiet()
    assert channel.is_archived

    await slack.ben.presses("Reopen", on=announcement)

    await slack.ben.is_told(f"unarchive it in Slack, and {incident.reference} goes on there")
    slack.changes_channel(channel.name, is_archived=False)
    await announcement.shows("In Progress")
    await slack.until(lambda: "(closed)" not in announcement.text, "it is noticed")
    await slack.cara.types("/incident severity low", in_=channel.name)
    card = await slack.card_in(channel, incident)
    await card.shows("Low", "In Progress")
    await slack.until(lambda: "In Progress · Low" in channel.topic, "the topic follows")


@story(modes=BOTH)
async def test_a_channel_renamed_and_archived_by_hand_is_noticed(slack: Slack) -> None:
    incident, announcement, channel = await with_channel(slack)
    ana = slack.ana

    slack.changes_channel(channel.name, name="war-is-over")
    slack.changes_channel("war-is-over", is_archived=True)
    await announcement.shows("(closed)")
    await ana.types(f"/incident severity {incident.reference} low")
    await announcement.hears("changed the severity")
    await slack.bot.is_quiet()
    assert len(slack.posts(incident, "war-is-over")) == 1, "nothing is said in an archive"

    slack.changes_channel("war-is-over", is_archived=False)
    await slack.until(lambda: "(closed)" not in announcement.text, "it is noticed")
    await ana.types(f"/incident severity {incident.reference} medium")
    card = await slack.announcement(incident, in_="war-is-over")
    await card.shows("Medium")

    await ana.types(f"/incident timeline {incident.reference}")
    timeline = await ana.is_told(f"Timeline of {incident.reference}")
    for line in (
        f"its channel #inc-{incident.id}-checkout-is-down was made",
        "is named #war-is-over now",
        "<@U0ANA> archived its channel",
        "<@U0ANA> opened its channel again",
    ):
        await timeline.shows(line)


@story
async def test_a_bot_that_was_removed_from_the_channel_goes_on_elsewhere(slack: Slack) -> None:
    incident, announcement, channel = await with_channel(slack)

    slack.changes_channel(channel.name, has_bot=False)
    await announcement.shows("(closed)")
    await slack.ana.types(f"/incident ack {incident.reference}")
    await announcement.hears("acknowledged")
    await slack.bot.is_quiet()

    slack.changes_channel(channel.name, has_bot=True)
    card = await slack.card_in(channel, incident)
    await card.shows("In Progress")
    await slack.until(lambda: "(closed)" not in announcement.text, "it is noticed")


@story(own_bot=True)
async def test_a_channel_that_was_archived_while_the_bot_was_away_is_noticed(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    incident, announcement, channel = await with_channel(slack)
    await slack.bot.stops()
    slack.changes_channel(channel.name, is_archived=True)
    await slack.bot.starts()

    await slack.ana.types(f"/incident ack {incident.reference}")

    await announcement.hears("acknowledged")
    await announcement.shows("In Progress", "(closed)")
    await slack.bot.is_quiet()
    assert slack.posts(incident, channel.name) == [await slack.card_in(channel, incident)]


@story
async def test_the_channel_of_a_deleted_incident_is_archived(slack: Slack) -> None:
    incident, _, channel = await with_channel(slack)
    card = await slack.card_in(channel, incident)

    await slack.cara.types(f"/incident delete {incident.reference}")
    question = await slack.cara.is_told("Its channel is archived.")
    await slack.cara.presses(f"Delete {incident.reference}", on=question)

    await slack.until(lambda: channel.is_archived, "it is archived")
    await card.shows("deleted")


@story(own_bot=True)
async def test_who_deletes_is_told_when_the_channel_cannot_be_archived(slack: Slack) -> None:
    await slack.bot.starts()
    incident, _, channel = await with_channel(slack)
    slack.breaks(
        Fault(method="conversations.archive", kind="error", error="restricted_action", times=1)
    )

    await slack.cara.types(f"/incident delete {incident.reference}")
    question = await slack.cara.is_told("Its channel is archived.")
    await slack.cara.presses(f"Delete {incident.reference}", on=question)

    await slack.cara.is_told("could not be archived")
    await slack.bot.is_quiet()
    assert not channel.is_archived


@story(own_bot=True)
async def test_a_channel_that_waits_to_be_archived_is_not_when_its_incident_is_reopened(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    incident, announcement, channel = await with_channel(slack)
    await slack.ben.types(f"/incident resolve {incident.reference}")
    await announcement.has_buttons("Reopen", "Archive channel")
    archive = "conversations.archive"
    slack.breaks(Fault(method=archive, kind="rate_limited", retry_after=60, times=1))
    await slack.ben.presses("Archive channel", on=announcement)
    await slack.until(lambda: len(slack.calls(archive)) == 1, "it has to wait")

    await slack.ana.types(f"/incident reopen {incident.reference}")
    await slack.time_passes(60)

    told = await slack.ben.is_told("could not be archived: ")
    assert f"{incident.reference} is not resolved any more" in told.text
    await slack.until(lambda: "(closed)" not in announcement.text, "it is open again")
    await slack.bot.is_quiet()
    assert not channel.is_archived


@story(own_bot=True)
async def test_what_was_done_to_a_channel_while_the_bot_was_away_is_found_out(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    incident, announcement, channel = await with_channel(slack)

    await slack.bot.stops()
    slack.changes_channel(channel.name, name="war-is-over")
    slack.changes_channel("war-is-over", is_archived=True)
    await slack.until(lambda: slack.told_in_vain() == 4, "Slack has told of both, twice")
    await slack.bot.starts()
    await announcement.shows("(closed)")

    await slack.bot.stops()
    slack.changes_channel("war-is-over", is_archived=False)
    await slack.until(lambda: slack.told_in_vain() == 6, "Slack has told of it, twice")
    await slack.bot.starts()
    await slack.until(lambda: "(closed)" not in announcement.text, "it is found out")

    await slack.ana.types(f"/incident timeline {incident.reference}")
    told = await slack.ana.is_told(f"Timeline of {incident.reference}")
    for line in (
        "Somebody archived its channel",
        "Somebody opened its channel again",
        "is named #war-is-over now",
    ):
        await told.shows(line)


@story
async def test_a_taken_name_gets_a_suffix_and_is_not_adopted(slack: Slack) -> None:
    first = await declared(slack)
    await slack.own_channel(first)
    taken = f"inc-{first.id + 1}-checkout-is-down"
    slack.changes_channel(taken, members=["U0ANA"])

    incident = await declared(slack)
    announcement = await slack.announcement(incident)

    await announcement.shows(f"<#C0INC{incident.id}CHECKOUTISDOW")
    assert slack.channel(taken).members == ["U0ANA"]
    channel = slack.channel(f"{taken}-2")
    await slack.until(lambda: "U0CARA" in channel.members, "Cara is invited")


@story(own_bot=True)
async def test_a_channel_whose_making_was_not_answered_is_found_and_not_made_twice(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    slack.breaks(Fault(method="conversations.create", kind="lost_reply", times=1))

    incident = await declared(slack)

    channel = await slack.own_channel(incident)
    await slack.card_in(channel, incident)
    await slack.bot.is_quiet()
    names = [one.name for one in slack.sandbox.workspace.directory.channels.values()]
    assert len([name for name in names if name.startswith(f"inc-{incident.id}")]) == 1


@story(own_bot=True)
async def test_a_bookmark_whose_making_was_not_answered_is_made_once(slack: Slack) -> None:
    await slack.bot.starts()
    slack.breaks(Fault(method="bookmarks.add", kind="lost_reply", times=1))

    incident = await declared(slack)

    channel = await slack.own_channel(incident)
    await slack.card_in(channel, incident)
    await slack.bot.is_quiet()
    assert len(channel.bookmarks) == 1


@story(own_bot=True)
async def test_a_link_that_slack_did_not_give_at_once_is_bookmarked_all_the_same(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    slack.breaks(Fault(method="chat.getPermalink", kind="down", times=1))

    incident = await declared(slack)

    announcement = await slack.announcement(incident)
    channel = await slack.own_channel(incident)
    await slack.until(lambda: bool(channel.bookmarks), "the link is bookmarked")
    assert channel.bookmarks[0].link.endswith(announcement.ts.replace(".", ""))


@story(own_bot=True)
async def test_who_brings_in_somebody_whom_slack_does_not_let_in_is_told(slack: Slack) -> None:
    await slack.bot.starts()
    incident, _, channel = await with_channel(slack)
    dana = slack.newcomer()
    slack.breaks(Fault(method="conversations.invite", kind="rate_limited", retry_after=1, times=1))

    await slack.ana.types(f"/incident assign {incident.reference} @{dana.id.lower()} Scribe")
    await slack.ana.is_told("Scribe of")
    slack.deactivates(dana)

    told = await slack.ana.is_told(f"Not everybody could be invited to <#{channel.id}>")
    assert "(user_not_found). Add them there in Slack" in told.text
    await slack.bot.is_quiet()
    assert dana.id not in channel.members


@story(own_bot=True)
async def test_with_slack_failing_at_every_secondary_call_the_incident_goes_on(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    slack.breaks(
        *(
            Fault(method=method, kind="error", error=error)
            for method, error in (
                ("conversations.invite", "no_permission"),
                ("conversations.setTopic", "restricted_action"),
                ("bookmarks.add", "access_denied"),
                ("pins.add", "not_pinnable"),
                ("conversations.archive", "restricted_action"),
            )
        )
    )

    incident = await declared(slack)
    announcement = await slack.announcement(incident)
    channel = await slack.own_channel(incident)
    card = await slack.card_in(channel, incident)
    await slack.ana.presses("Acknowledge", on=announcement)
    await slack.ana.opens_by("Update", on=card)
    await slack.ana.submits(message="We go on without a topic")
    await card.shows("We go on without a topic", "In Progress")
    await slack.ben.presses("Resolve", on=announcement)
    await announcement.has_buttons("Reopen", "Archive channel")
    await slack.ben.presses("Archive channel", on=announcement)

    await slack.ben.is_told("could not be archived")
    await announcement.has_buttons("Reopen", "Archive channel")
    await slack.bot.is_quiet()
    assert channel.members == ["U0BOT"]
    assert (channel.topic, channel.pins, channel.bookmarks) == ("", [], [])


@story(own_bot=True)
async def test_a_channel_that_cannot_be_made_holds_up_nothing(slack: Slack) -> None:
    slack.lacks("channels:manage")
    await slack.bot.starts()

    incident = await declared(slack)

    announcement = await slack.announcement(incident)
    await slack.cara.is_told(f"The channel of {incident.reference} could not be made")
    await slack.cara.is_told("add it and install the app again")
    await slack.ana.presses("Acknowledge", on=announcement)
    await announcement.hears("acknowledged")
    slack.sandbox.workspace.manifest.oauth_config.scopes.bot.append("channels:manage")
    await slack.bot.is_quiet()
    await slack.own_channel(incident)


@story(own_bot=True)
async def test_channels_are_made_for_all_where_that_is_set(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_INCIDENT_CHANNELS="always")

    form = await slack.cara.opens("/incident new")
    [boxes] = [block for block in form.blocks if block["block_id"] == "channel"]
    assert [option["value"] for option in boxes["element"]["options"]] == ["private"]
    await slack.cara.submits(title="Search is slow", description="Very", severity="Low")
    incident = await slack.cara.is_told_of_own_incident("Search is slow")

    channel = await slack.own_channel(incident)
    await slack.card_in(channel, incident)
    await slack.until(lambda: bool(channel.pins and channel.bookmarks), "the channel is ready")


@story(own_bot=True)
async def test_no_channels_are_offered_where_that_is_set(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_INCIDENT_CHANNELS="never")

    form = await slack.cara.opens("/incident new")

    assert [block["block_id"] for block in form.blocks] == ["title", "description", "severity"]


@story(own_bot=True)
async def test_old_channels_archive_themselves(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_ARCHIVE_AFTER_DAYS="7")
    old, announcement, channel = await with_channel(slack)
    await slack.cara.types(f"/incident resolve {old.reference}")
    await announcement.has_buttons("Reopen", "Archive channel")
    lasting, _, other = await with_channel(slack)
    await slack.bot.stops()
    await slack.time_passes(8 * DAY)

    await slack.bot.starts()

    await slack.until(lambda: channel.is_archived, "the old one is archived")
    await slack.bot.is_quiet()
    assert not other.is_archived, lasting
