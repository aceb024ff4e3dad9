"""Progress is told, the next update promised, and who follows hears of it."""

from tests.slack_people import Slack
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
