"""📌 on what people write in the thread of an announcement: it is in the timeline then."""

import asyncio

from incident_bot.sandbox.dispatch import Timing
from incident_bot.sandbox.faults import Fault
from tests.slack_people import DeclaredIncident, Person, Post, Slack
from tests.story import BOTH, story
from tests.waiting import DEADLINE

PIN = "pushpin"


async def declared(slack: Slack) -> tuple[DeclaredIncident, Post]:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.bot.is_quiet()  # it knows where its announcement is
    return incident, announcement


async def shows(who: Person, incident: DeclaredIncident, words: str, *, is_there: bool) -> str:
    """Wait until the timeline says `words`, or does not say them any more."""
    async with asyncio.timeout(DEADLINE):
        while True:
            page = await who.timeline(incident)
            if (words in page.text) is is_there:
                return page.text
            await asyncio.sleep(0.1)


@story(modes=BOTH)
async def test_a_pinned_message_is_in_the_timeline_once(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    message = slack.cara.says("It is the <cache> & nothing else", to=announcement)

    slack.ben.reacts(PIN, on=message)

    link = "|message> by <@U0CARA>, pinned by <@U0BEN>: It is the &lt;cache&gt; &amp; nothing"
    text = await shows(slack.ana, incident, link, is_there=True)
    assert f"<!date^{message.ts.split('.')[0]}^" in text
    assert f"/archives/C0INCIDENTS/p{message.ts.replace('.', '')}" in text
    slack.ana.reacts(PIN, on=message)
    slack.ana.reacts("eyes", on=message)
    await slack.bot.is_quiet()
    assert (await slack.ana.timeline(incident)).text.count("📌") == 1
    assert [post.text for post in announcement.thread] == [message.text]


@story
async def test_in_an_incidents_own_channel_any_message_can_be_pinned(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents", channel="channel")
    channel = await slack.own_channel(incident)
    card = await slack.card_in(channel, incident)
    await slack.until(lambda: "U0CARA" in channel.members, "Cara is invited")
    await slack.bot.is_quiet()
    message = slack.cara.writes("It is the cache", in_=channel.name)
    reply = slack.cara.says("The second one", to=message)

    slack.cara.reacts(PIN, on=message)
    slack.cara.reacts(PIN, on=reply)
    slack.cara.reacts(PIN, on=card)

    await shows(slack.ana, incident, "by <@U0CARA>: It is the cache", is_there=True)
    await shows(slack.ana, incident, "by <@U0CARA>: The second one", is_there=True)
    slack.cara.takes_back(PIN, on=message)
    await shows(slack.ana, incident, "It is the cache", is_there=False)
    assert (await slack.ana.timeline(incident)).text.count("📌") == 1


@story
async def test_what_nobody_pins_any_more_is_taken_out(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    message = slack.cara.says("It is the cache", to=announcement)
    slack.ben.reacts(PIN, on=message)
    await shows(slack.ana, incident, "It is the cache", is_there=True)
    slack.ana.reacts(PIN, on=message)
    slack.ben.takes_back(PIN, on=message)
    await slack.bot.is_quiet()
    await shows(slack.ana, incident, "It is the cache", is_there=True)

    slack.ana.takes_back(PIN, on=message)

    await shows(slack.ana, incident, "It is the cache", is_there=False)
    slack.cara.reacts(PIN, on=message)
    await shows(slack.ana, incident, "pinned by <@U0CARA>", is_there=True)


@story
async def test_what_the_bot_says_is_pinned_to_nothing(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    await slack.ana.types(f"/incident ack {incident.reference}")
    notification = await announcement.hears("acknowledged")
    elsewhere = slack.cara.says("It is the cache", to=announcement)

    slack.ben.reacts(PIN, on=announcement)
    slack.ben.reacts(PIN, on=notification)
    slack.ben.reacts("round_pushpin", on=elsewhere)

    slack.ben.reacts(PIN, on=elsewhere)
    text = await shows(slack.ana, incident, "It is the cache", is_there=True)
    assert text.count("pinned by") == 1


@story
async def test_a_guest_s_pin_counts_for_nothing(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    message = slack.cara.says("It is the cache", to=announcement)

    slack.gus.reacts(PIN, on=message)
    await slack.until(lambda: "reaction pushpin" in slack.bot.output, "the log tells of it")
    await shows(slack.ana, incident, "It is the cache", is_there=False)

    slack.ben.reacts(PIN, on=message)
    await shows(slack.ana, incident, "pinned by <@U0BEN>", is_there=True)
    slack.ben.takes_back(PIN, on=message)
    await shows(slack.ana, incident, "It is the cache", is_there=False)


@story
async def test_a_pin_that_fails_is_in_the_log_and_made_good_when_slack_asks_again(
    slack: Slack,
) -> None:
    incident, announcement = await declared(slack)
    message = slack.cara.says("It is the cache", to=announcement)
    slack.breaks(Fault(method="conversations.replies", kind="down", times=1))

    slack.ben.reacts(PIN, on=message)

    await slack.until(lambda: "could not be pinned" in slack.bot.output, "the log tells of it")
    replies = "conversations.replies"
    await slack.until(lambda: len(slack.calls(replies)) > 1, "Slack asks again")
    await shows(slack.cara, incident, "pinned by <@U0BEN>", is_there=True)
    assert slack.ben.told == []


@story
async def test_what_is_pinned_can_be_corrected_and_removed(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    message = slack.cara.says("It is teh cache", to=announcement)
    slack.ben.reacts(PIN, on=message)
    await shows(slack.ben, incident, "teh cache", is_there=True)

    await slack.ben.opens_by("Edit", on=await slack.ben.timeline(incident))
    await slack.ben.submits(text="It is the cache")
    await slack.ben.is_told("is changed")
    page = await slack.ben.timeline(incident)
    assert "pinned by <@U0BEN> (edited): It is the cache" in page.text
    await slack.ben.presses("Remove", on=page)

    await page.shows("It is removed.")
    assert "cache" not in page.text


@story(own_bot=True, modes=BOTH)
async def test_a_pin_that_slack_is_too_slow_to_show_is_there_after_all(slack: Slack) -> None:
    """Slack is not told that it is done before it is, so it asks again."""
    await slack.bot.starts()
    slack.sandbox.dispatcher.timing = Timing(ack=3.0, retries=(0.5, 3.0, 6.0))
    incident, announcement = await declared(slack)
    message = slack.cara.says("Rolled back at ten", to=announcement)
    slack.breaks(Fault(method="conversations.replies", kind="slow", ms=60_000, times=1))

    slack.ben.reacts(PIN, on=message)

    pinned = "timeline_entries WHERE kind = 'pinned'"
    await slack.until(lambda: slack.rows(pinned) == 1, "the message is in the timeline")
    slack.breaks()
    assert "Rolled back at ten" in (await slack.ana.timeline(incident)).text
