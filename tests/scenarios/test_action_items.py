"""Action items: added while it burns, done when it is over."""

from datetime import UTC, datetime, timedelta

from incident_bot.sandbox.control import UserChange
from tests.slack_people import DeclaredIncident, Person, Post, Slack
from tests.story import story


async def added(who: Person, incident: DeclaredIncident, words: str) -> Post:
    await who.types(f"/incident action {incident.reference} {words}")
    return await who.is_told(f"Action item of *{incident.reference}* added")


async def items(who: Person, incident: DeclaredIncident) -> Post:
    await who.types(f"/incident actions {incident.reference}")
    return await who.is_told(f"*Action items of {incident.reference}*")


def date(moment: str) -> str:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return f"<!date^{int(at.timestamp())}^"


@story
async def test_from_its_note_to_done_after_the_resolution(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)

    answer = await added(slack.ana, incident, "Fix the alert by 2099-12-01 14:00")
    assert f"nobody yet · due {date('2099-12-01 13:00')}" in answer.text
    assert "Fix the alert" in answer.words
    assert "2099" not in answer.words.replace("2099-12-01 13:00 UTC", "")
    await slack.ana.types(f"/incident resolve {incident.reference}")
    await announcement.shows("Resolved")
    page = await items(slack.ben, incident)
    assert page.buttons == ["Done"]
    await slack.ben.presses("Done", on=page)

    await page.shows("It is done.", ": 0 open, 1 in all", "☑ Fix the alert", "done by <@U0BEN>")
    assert page.buttons == ["Reopen"]
    assert len(slack.ben.told) == 1
    await slack.ben.presses("Reopen", on=page)
    await page.shows("It is open again.", ": 1 open, 1 in all", "☐ Fix the alert")
    await slack.ben.types(f"/incident timeline {incident.reference}")
    told = await slack.ben.is_told("*Timeline of")
    for line in (
        "<@U0ANA> added an action item: Fix the alert",
        "<@U0BEN> did an action item: Fix the alert",
        "<@U0BEN> reopened an action item: Fix the alert",
    ):
        assert line in told.text


@story
async def test_the_thread_stays_calm_and_no_button_becomes_old(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    shown, button = announcement.text, announcement.button("Resolve")

    await added(slack.ana, incident, "Fix the alert @ben")
    await slack.ben.presses("Done", on=await items(slack.ben, incident))
    await slack.ben.is_told("It is done.")

    await slack.bot.is_quiet()
    assert (announcement.thread, announcement.text) == ([], shown)
    await slack.ana.presses_late(button)
    await slack.ana.is_told(f"You resolved {incident.reference}.")


@story
async def test_an_owner_hears_of_it_and_says_so_in_their_direct_message(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await slack.until(lambda: bool(slack.calls("chat.getPermalink")), "the link is asked for")
    await slack.bot.is_quiet()

    slack.ben.begins()
    answer = await added(slack.ana, incident, "Fix the alert @ben by 2099-12-01")
    assert "added: <@U0BEN> · due" in answer.text
    told = await slack.ben.is_told(f"<@U0ANA> gave you an action item of *{incident.reference}*")
    await told.shows("Checkout is down", "Fix the alert", date("2099-12-01 16:00"))
    assert told.message.ephemeral_to is None
    await slack.ben.presses("Done", on=told)

    await slack.ben.is_told(f"You did this action item of *{incident.reference}*.")
    assert "☑ Fix the alert · done by <@U0BEN>" in (await items(slack.cara, incident)).text
    await slack.ben.presses("Done", on=told)
    await slack.ben.is_told("<@U0BEN> did this action item of")
    await slack.bot.is_quiet()
    assert len(slack.posts(incident, "incidents")) == 1


@story
async def test_who_takes_one_on_is_not_written_to(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")

    await added(slack.ben, incident, "@ben Fix the alert")

    await slack.bot.is_quiet()
    assert all(call["request"]["channel"] != "U0BEN" for call in slack.calls("chat.postMessage"))
    assert "☐ Fix the alert · <@U0BEN>" in (await items(slack.cara, incident)).text


@story
async def test_an_owner_may_be_named_anywhere_and_no_word_is_lost(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")

    for typed, words in [
        ("@ben Fix 1", "☐ Fix 1 · <@U0BEN> · no due time"),
        ("Fix 2 @ben", "☐ Fix 2 · <@U0BEN> · no due time"),
        ("Fix 3, @ben, by 2099-12-01", f"☐ Fix 3 · <@U0BEN> · due {date('2099-12-01 22:00')}"),
        ("Fix 4 (2099-12-02) @ben", f"☐ Fix 4 · <@U0BEN> · due {date('2099-12-02 22:00')}"),
        ("Ask @ben for 5", "☐ Ask @ben for 5 · <@U0BEN> · no due time"),
        ("Update @babel/core <b> & 6", "☐ Update @babel/core &lt;b&gt; &amp; 6 · nobody yet"),
        ("See what broke on 1 Dec", "☐ See what broke on 1 Dec · nobody yet · no due time"),
    ]:
        await added(slack.ben, incident, typed)
        assert words in (await items(slack.ben, incident)).text
    await slack.ben.types(f"/incident action @ana {incident.reference} Fix 8")
    await slack.ben.is_told("added: <@U0ANA> · no due time")


@story
async def test_a_day_is_meant_in_the_writers_own_time_zone(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    kathmandu = timedelta(hours=5, minutes=45)
    tomorrow = (datetime.now(UTC) + kathmandu + timedelta(days=1)).date()

    answer = await added(slack.cara, incident, "Fix the alert tomorrow at 14:00")

    assert date(f"{tomorrow} 08:15") in answer.text


@story
async def test_what_cannot_be_added_is_refused_in_words(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    name = incident.reference

    for typed, answer in [
        ("", "Which incident? Type for example `/incident action INC-12 Fix the alert @ana"),
        ("Fix the alert", "“Fix” names no incident."),
        (f"{name} tomorrow", "What is to be done?"),
        (f"{name} @ben", "What is to be done?"),
        (f"{name} Fix it by 2025-12-01", "It would be due 2025-12-01 17:00 your time"),
        (f"{name} {'x' * 501}", "An action item may have 500 characters; this has 501."),
        (f"{name} Fix it @ana @ben", "An action item has one owner."),
        (f"{name} Fix it @bne", "“@bne” is nobody whom Slack knows here."),
        (f"{name} Fix it @gus", "<@U0GUS> is a guest, and guests may not change incidents."),
        ("INC-987654321 Fix it", "There is no incident `INC-987654321`."),
    ]:
        await slack.ben.types(f"/incident action {typed}")
        await slack.ben.is_told(answer)

    await slack.ben.types(f"/incident actions {name} Fix `it`")
    await slack.ben.is_told(f"To add one, type `/incident action {name} Fix 'it'`.")
    await slack.ben.types(f"/incident action {name}")
    await slack.ben.is_told(f"*{name} has no action items yet.*")


@story
async def test_a_guest_looks_but_changes_nothing(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await added(slack.ana, incident, "Fix the alert")

    await slack.gus.types(f"/incident action {incident.reference} Fix it")
    await slack.gus.is_told("Guests may declare and read incidents, but not change them.")
    page = await items(slack.gus, incident)
    await slack.gus.presses("Done", on=page)
    await slack.gus.is_told("Guests may declare and read incidents, but not change them.")

    assert "button finish_item" in await slack.bot.says("button finish_item")
    assert ": 1 open, 1 in all" in (await items(slack.gus, incident)).text


@story
async def test_of_two_who_do_it_at_once_one_reads_who_was_faster(slack: Slack) -> None:
    slack.calls_alike("U0ANA", "U0BEN")
    incident = await slack.cara.declares(in_="incidents")
    await added(slack.cara, incident, "Fix the alert")
    people = (slack.ana, slack.ben)
    pages = [await items(who, incident) for who in people]

    await slack.at_once(
        *(who.presses("Done", on=page) for who, page in zip(people, pages, strict=True))
    )

    for page in pages:
        await page.shows(": 0 open, 1 in all", "☑ Fix the alert")
        assert page.buttons == ["Reopen"]
    first_lines = sorted(page.text.split("\n")[0][:10] for page in pages)
    assert first_lines[1] == "It is done"
    assert first_lines[0].startswith("<@U0")


@story
async def test_what_is_done_already_says_who_did_it_and_when(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await added(slack.cara, incident, "Fix the alert")
    page = await items(slack.ana, incident)
    done = page.button("Done")
    await slack.ben.presses("Done", on=await items(slack.ben, incident))
    await slack.ben.is_told("It is done.")

    await slack.ana.presses("Done", on=page)

    await page.shows(
        f"<@U0BEN> did this action item of {incident.reference} already, <!date^", "☑ Fix the alert"
    )
    await slack.ana.presses("Reopen", on=page)
    await page.shows("It is open again.")
    await slack.ana.presses_late(done)
    await page.shows("It is done.")


@story
async def test_many_have_pages_in_one_message(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    for number in range(11):
        await added(slack.ana, incident, f"Step {number}. by 2099-12-01 10:{59 - number}")

    page = await items(slack.ben, incident)
    assert ": 11 open, 11 in all; here 1 to 10" in page.text
    assert page.text.index("Step 10.") < page.text.index("Step 9.")
    assert page.buttons == ["Done"] * 10 + ["Next"]
    await slack.ben.presses("Next", on=page)
    await page.shows("here 11 to 11", "Step 0.")
    await slack.ben.presses("Done", on=page)
    await page.shows("It is done.", ": 10 open, 11 in all; here 11 to 11", "☑ Step 0.")
    await slack.ben.presses("Previous", on=page)
    await page.shows("here 1 to 10")
    assert len(slack.ben.told) == 1


@story
async def test_in_an_incidents_own_channel_no_number_is_needed(slack: Slack) -> None:
    incident = await slack.cara.declares("Disk is full", in_="incidents", channel="channel")
    channel = await slack.own_channel(incident)
    await slack.card_in(channel, incident)

    await slack.cara.types("/incident action 3 disks to be ordered @cara", in_=channel.name)
    await slack.cara.is_told(f"Action item of *{incident.reference}* added: <@U0CARA>")

    for typed in ("/incident actions", "/incident action"):
        await slack.cara.types(typed, in_=channel.name)
        told = await slack.cara.is_told(f"*Action items of {incident.reference}*")
        assert "☐ 3 disks to be ordered · <@U0CARA>" in told.text


@story
async def test_those_of_a_private_incident_are_seen_by_its_people_alone(slack: Slack) -> None:
    incident = await slack.cara.declares("Keys are lost", in_="general", channel="private")
    channel = await slack.own_channel(incident)
    await slack.until(lambda: bool(channel.pins), "the channel is ready")
    name = incident.reference
    await added(slack.cara, incident, "Revoke the keys")
    page = await items(slack.cara, incident)

    for typed in (f"actions {name}", f"action {name}", f"action {name} Fix it"):
        await slack.ben.types(f"/incident {typed}")
        await slack.ben.is_told(f"There is no incident `{name}`.")
    await slack.ben.presses_late(page.button("Done"))
    await slack.ben.is_told(f"There is no incident `{name}`.")
    await slack.cara.types(f"/incident action {name} Fix it @ben")
    await slack.cara.is_told(f"<@U0BEN> is not one of the people of {name}, which is private.")

    await slack.bot.is_quiet()
    assert all(call["request"]["channel"] != "U0BEN" for call in slack.calls("chat.postMessage"))
    assert ": 1 open, 1 in all" in (await items(slack.cara, incident)).text


@story
async def test_a_hand_over_shows_what_is_open(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    for number in range(7):
        await added(slack.ana, incident, f"Step {number}.")
    await slack.ana.presses("Done", on=await items(slack.ana, incident))
    await slack.ana.is_told("It is done.")

    slack.ben.begins()
    await slack.ana.types(f"/incident lead {incident.reference} @ben")

    told = await slack.ben.is_told(f"<@U0ANA> made you the lead of *{incident.reference}*")
    await told.shows("☐ Step 1.", "☐ Step 5.", "and 1 more: `/incident actions")
    assert "*Open action items* · 6" in told.text
    assert "Step 0." not in told.text
    assert "Step 6." not in told.text


@story
async def test_who_was_deactivated_meanwhile_owns_nothing_new(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    newcomer = slack.newcomer()
    slack.sandbox.control.change_user(UserChange(id=newcomer.id, is_deleted=True))

    await slack.ana.types(f"/incident action {incident.reference} Fix it @{newcomer.id.lower()}")

    await slack.ana.is_told("is deactivated. Name a member of this workspace.")
