"""Progress is told and corrected, the next update promised, and who follows hears of it."""

from collections.abc import Iterable

from incident_bot.sandbox.faults import Fault
from tests.operations.support import operator
from tests.slack_people import DeclaredIncident, Person, Post, Slack
from tests.story import story


@story
async def test_an_update_is_written_by_command_and_promises_the_next(slack: Slack) -> None:
    ana, cara = slack.ana, slack.cara
    incident = await cara.declares("Checkout is down", in_="incidents")
    announcement = await slack.announcement(incident)

    form = await ana.opens(f"/incident update {incident.reference} We roll back", in_="payments")
    assert "sent to no followers" in str(form.blocks)
    await ana.submits(next_update_in="30 minutes")
    await ana.is_told(f"Your update on {incident.reference} is being posted")

    await announcement.shows("Latest update", "We roll back", "next update promised for")
    await announcement.hears(f"Update on {incident.reference}")

    await ana.opens_by("Update", on=announcement)
    await ana.submits(message="Over", status="Resolved", next_update_in="1 hour")
    await announcement.shows("Resolved", "Over")
    assert "next update promised" not in announcement.text


@story
async def test_what_is_typed_on_lines_of_its_own_is_the_update(slack: Slack) -> None:
    incident = await slack.cara.declares("Checkout is down", in_="incidents")

    form = await slack.ana.opens(f"/incident update {incident.reference}\nWe roll back\nSlowly")

    assert "We roll back\\nSlowly" in repr(form.blocks)


@story
async def test_following_is_begun_and_ended_in_words(slack: Slack) -> None:
    gus, cara = slack.gus, slack.cara
    incident = await cara.declares("Search is slow", in_="incidents")
    name = incident.reference

    for typed, answer in (
        (f"unfollow {name}", f"You do not follow {name}."),
        (f"follow {name}", f"You follow {name} now"),
        (f"follow {name}", f"You follow {name} already."),
        (f"unfollow {name}", f"You follow {name} no more."),
    ):
        await gus.types(f"/incident {typed}")
        await gus.is_told(answer)


@story
async def test_who_follows_hears_of_updates_and_statuses_until_they_end_it(slack: Slack) -> None:
    ana, gus, cara = slack.ana, slack.gus, slack.cara
    incident = await cara.declares("Search is slow", in_="incidents")
    announcement = await slack.announcement(incident)
    await gus.presses("Follow", on=announcement)
    await gus.is_told(f"You follow {incident.reference} now")
    form = await ana.opens_by("Update", on=announcement)
    assert "sent to 1 follower." in str(form.blocks)

    gus.begins()
    await ana.submits(message="The index is being rebuilt", status="In Progress", severity="Low")
    told = await gus.is_told(f"Update on {incident.reference} by <@U0ANA>")
    await told.shows("The index is being rebuilt")
    await gus.is_told(f"<@U0ANA> acknowledged {incident.reference}")
    await slack.bot.is_quiet()
    assert not any("severity" in post.text for post in gus.told)

    await gus.presses("Unfollow", on=told)
    await gus.is_told(f"You follow {incident.reference} no more.")
    gus.begins()
    await ana.presses("Resolve", on=announcement)
    await announcement.hears("<@U0ANA> resolved")
    await slack.bot.is_quiet()
    assert gus.told == []


@story
async def test_who_follows_is_not_told_what_they_did_themselves(slack: Slack) -> None:
    ben, cara = slack.ben, slack.cara
    incident = await cara.declares("Mails are late", in_="incidents")
    announcement = await slack.announcement(incident)
    await ben.types(f"/incident follow {incident.reference}")
    await ben.is_told(f"You follow {incident.reference} now")

    await ben.presses("Acknowledge", on=announcement)
    await ben.is_told(f"You acknowledged {incident.reference}")
    await announcement.hears("<@U0BEN> acknowledged")
    await slack.bot.is_quiet()

    assert [post for post in ben.told if "<@U0BEN>" in post.text] == []


async def updated(slack: Slack, incident: DeclaredIncident, words: str = "Rolled bakc") -> None:
    """Ben writes an update, and it is told."""
    await slack.ben.opens(f"/incident update {incident.reference} {words}", in_="incidents")
    await slack.ben.submits()
    await slack.ben.is_told(f"Your update on {incident.reference} is being posted")
    await (await slack.announcement(incident)).hears(words)


async def edited(
    slack: Slack, incident: DeclaredIncident, words: str = "Rolled back", who: Person | None = None
) -> None:
    """Somebody, or Ben, edits the only update that they may edit."""
    who = who or slack.ben
    await who.opens_by("Edit", on=await who.timeline(incident))
    await who.submits(text=words)
    await who.is_told(f"The update on {incident.reference} is being edited wherever it was posted.")


def updates(posts: Iterable[Post]) -> list[Post]:
    return [post for post in posts if "Update on" in post.text]


@story
async def test_who_wrote_an_update_edits_it_wherever_it_was_posted(slack: Slack) -> None:
    ben, cara, gus = slack.ben, slack.cara, slack.gus
    incident = await cara.declares(in_="incidents", channel="channel")
    announcement = await slack.announcement(incident)
    own_channel = await slack.own_channel(incident)
    in_own_channel = await slack.card_in(own_channel, incident)
    await gus.types(f"/incident follow {incident.reference}")
    await gus.is_told(f"You follow {incident.reference} now")
    gus.begins()
    await updated(slack, incident)
    direct = await gus.is_told("Rolled bakc")
    await slack.bot.is_quiet()

    form = await ben.opens_by("Edit", on=await ben.timeline(incident))
    assert [block.get("block_id") for block in form.blocks if "element" in block] == ["text"]
    assert form.blocks[0]["element"]["initial_value"] == "Rolled bakc"
    assert "It is edited wherever it was posted" in str(form.blocks)
    await ben.submits(text="Rolled back")
    await ben.is_told(f"The update on {incident.reference} is being edited")

    told = updates([*announcement.thread, *slack.posts(incident, own_channel.name)])
    for post in (direct, *told):
        await post.shows("<@U0BEN>", "(edited)", "Rolled back")
        assert "Rolled bakc" not in post.text + post.words
    for post in (announcement, in_own_channel):
        await post.shows("Latest update", "Rolled back")
    await slack.bot.is_quiet()
    assert (
        len(told)
        == len(updates([*announcement.thread, *slack.posts(incident, own_channel.name)]))
        == 2
    )
    assert updates(gus.told) == [direct]
    history = await cara.timeline(incident)
    assert "<@U0BEN> posted an update (edited): Rolled back" in history.text
    assert "<@U0BEN> edited an update: Rolled back" in history.text


@story
async def test_an_update_edited_twice_quickly_shows_the_last_words(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await updated(slack, incident)
    slack.breaks(Fault(method="chat.update", kind="slow", ms=500, times=2))

    await edited(slack, incident, "Rolled back")
    await edited(slack, incident, "Rolled back twice")

    await announcement.shows("Rolled back twice")
    [told] = announcement.thread
    await told.shows("Rolled back twice")
    await slack.bot.is_quiet()
    assert len(announcement.thread) == 1


@story
async def test_the_lead_edits_what_somebody_else_wrote(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.ana.types(f"/incident ack {incident.reference}")
    await announcement.hears("acknowledged")
    await updated(slack, incident)

    await edited(slack, incident, who=slack.ana)

    told = await announcement.hears("Rolled back")
    await told.shows("Update on", "by <@U0BEN>", "(edited)")


@story
async def test_others_cannot_edit_an_update_and_nobody_removes_one(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await updated(slack, incident)
    bens = await slack.ben.timeline(incident)
    assert bens.buttons == ["Edit"]
    assert (await slack.ana.timeline(incident)).buttons == []
    edit, open_before = bens.button("Edit"), slack.ana.form

    await slack.ana.presses_late(edit)
    told = await slack.ana.is_told(f"Only who wrote this update on {incident.reference}")
    assert f"`/incident update {incident.reference}`" in told.text
    await slack.gus.presses_late(edit)
    await slack.gus.is_told("Guests may declare and read incidents")
    await slack.ben.presses_late(edit, action_id="remove_entry")
    await slack.ben.is_told("Only notes and pinned messages can be removed.")

    assert slack.ana.form == open_before
    await announcement.shows("Rolled bakc")


@story
async def test_what_somebody_else_edited_meanwhile_is_not_overwritten(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.ana.types(f"/incident ack {incident.reference}")
    await announcement.hears("acknowledged")
    await updated(slack, incident)
    await slack.ben.opens_by("Edit", on=await slack.ben.timeline(incident))
    await edited(slack, incident, "Rolled back", who=slack.ana)

    outcome = await slack.ben.submits(text="Rolled forward")

    assert outcome.errors is not None
    assert outcome.errors["text"].startswith("Somebody else edited this entry meanwhile")
    await announcement.shows("Rolled back")
    outcome = await slack.ben.submits(text=" ")
    assert outcome.errors == {"text": "Text needs some text."}


@story
async def test_an_edit_of_an_older_update_leaves_the_latest_in_the_announcement(
    slack: Slack,
) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await updated(slack, incident)
    page = await slack.ben.timeline(incident)
    await updated(slack, incident, "It is over")
    await announcement.shows("It is over")

    await slack.ben.opens_by("Edit", on=page)
    await slack.ben.submits(text="Rolled back")

    older = await announcement.hears("Rolled back")
    await older.shows("(edited)")
    await slack.bot.is_quiet()
    await announcement.shows("Latest update", "It is over")
    assert "Rolled back" not in announcement.text
    assert len(announcement.thread) == 2


@story
async def test_an_update_edited_while_slack_is_down_is_edited_when_it_is_back(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await updated(slack, incident)
    await slack.bot.is_quiet()
    slack.breaks(Fault(method="chat.update", kind="down"))

    await edited(slack, incident)
    assert "Rolled bakc" in announcement.text
    waiting = await operator(slack.bot, "outbox", "list")
    slack.breaks()
    await operator(slack.bot, "outbox", "retry", "--all")

    [told] = announcement.thread
    await told.shows("Rolled back", "(edited)")
    await announcement.shows("Rolled back")
    assert "edit of a notification: update posted" in waiting.said
    assert "edit of an announcement" in waiting.said


@story
async def test_an_update_edited_before_it_could_be_posted_is_posted_with_the_new_words(
    slack: Slack,
) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    slack.breaks(Fault(method="chat.postMessage", kind="down"))
    await slack.ben.opens(f"/incident update {incident.reference} Rolled bakc", in_="incidents")
    await slack.ben.submits()
    await slack.ben.is_told("Your update on")

    await edited(slack, incident)
    slack.breaks()

    told = await announcement.hears("Rolled back")
    await told.shows("(edited)")
    await slack.bot.is_quiet()
    assert len(announcement.thread) == 1


@story
async def test_posts_whose_replies_were_lost_are_found_and_edited(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.gus.types(f"/incident follow {incident.reference}")
    await slack.gus.is_told(f"You follow {incident.reference} now")
    slack.breaks(Fault(method="chat.postMessage", kind="lost_reply", times=2))
    slack.gus.begins()
    await updated(slack, incident)
    direct = await slack.gus.is_told("Rolled bakc")

    await edited(slack, incident)

    [told] = announcement.thread
    for post in (told, direct):
        await post.shows("Rolled back", "(edited)")
    await slack.bot.is_quiet()
    assert (len(announcement.thread), updates(slack.gus.told)) == (1, [direct])


@story(own_bot=True)
async def test_a_deleted_message_is_not_posted_anew_for_an_edit(slack: Slack) -> None:
    await slack.bot.starts()
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await updated(slack, incident)
    await slack.bot.is_quiet()
    slack.deletes(announcement.thread[0])

    await edited(slack, incident)

    await announcement.shows("Rolled back")
    await slack.bot.is_quiet()
    assert announcement.thread == []
    _, answer = await slack.bot.answers("/outbox")
    [refused] = answer["messages"]
    assert (refused["operation"], refused["is_edit"]) == ("notification", True)
    assert refused["reason"] == "somebody deleted the message that it edits"
