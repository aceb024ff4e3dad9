"""Lists: pages and filters by buttons, in one message for the person who asks."""

from tests.rest.with_slack import declares
from tests.slack_people import Slack
from tests.story import story


async def are_declared(number: int, slack: Slack) -> None:
    """By REST, and announced without a pause."""
    await slack.bot.starts(INCIDENT_BOT_TEST_POST_INTERVAL="0")
    for disk in range(1, number + 1):
        await declares(slack, title=f"Disk {disk} is full")
    await slack.until(lambda: len(slack.calls("chat.getPermalink")) == number, "all have links")
    await slack.bot.is_quiet()


@story(own_bot=True)
async def test_a_list_is_turned_page_by_page_and_back(slack: Slack) -> None:
    await are_declared(45, slack)
    ben = slack.ben

    await ben.types("/incident list")
    listed = await ben.is_told("*45 unresolved incidents*, newest first, page 1 of 3")
    assert " Disk 45 is full" in listed.text
    assert "INC-25" not in listed.text
    assert "Newer" not in listed.buttons

    await ben.presses("Older", on=listed)
    await listed.shows("page 2 of 3", " Disk 25 is full", " Disk 6 is full")
    await ben.presses("Older", on=listed)
    await listed.shows("page 3 of 3", " Disk 5 is full", " Disk 1 is full")
    assert "Older" not in listed.buttons

    await ben.presses("Newer", on=listed)
    await listed.shows("page 2 of 3", " Disk 25 is full")
    await ben.presses("Newer", on=listed)
    await listed.shows("page 1 of 3", " Disk 45 is full")
    assert len(ben.told) == 1


@story(own_bot=True)
async def test_a_list_is_filtered_by_buttons(slack: Slack) -> None:
    await are_declared(45, slack)
    await slack.ben.types("/incident ack 7")
    await slack.ben.types("/incident resolve 8")

    await slack.ben.types("/incident list")
    listed = await slack.ben.is_told("*44 unresolved incidents*")
    assert "✓ Unresolved" in listed.buttons
    for label, says in (
        ("In Progress", "*1 In Progress incident*"),
        ("Resolved", "*1 Resolved incident*"),
        ("Mine", "There are no Resolved incidents that you lead"),
        ("All", "*1 incident that you lead*"),
        ("Everybody's", "*45 incidents*, newest first, page 1 of 3"),
    ):
        await slack.ben.presses(label, on=listed)
        await listed.shows(says)


@story(own_bot=True)
async def test_incidents_are_found_by_words(slack: Slack) -> None:
    await are_declared(45, slack)
    await slack.ben.types("/incident resolve 12")

    await slack.gus.types("/incident search DISK 12")
    found = await slack.gus.is_told("*1 incident with the words “DISK 12”*, newest first")
    assert "INC-12 Disk 12 is full · Resolved" in found.text.replace("✅ ", "")
    await slack.gus.presses("Unresolved", on=found)
    await found.shows("There are no unresolved incidents with the words “DISK 12”")

    await slack.gus.types("/incident search full")
    found = await slack.gus.is_told("*45 incidents with the words “full”*")
    await slack.gus.presses("Older", on=found)
    await found.shows("page 2 of 3", " Disk 25 is full")


@story(own_bot=True)
async def test_a_page_whose_incidents_are_gone_gives_way_to_the_one_before(slack: Slack) -> None:
    await are_declared(21, slack)
    await slack.ben.types("/incident list")
    listed = await slack.ben.is_told("*21 unresolved incidents*, newest first, page 1 of 2")

    await slack.ana.types("/incident resolve 1")
    await slack.ana.is_told("You resolved INC-1")
    await slack.ben.presses("Older", on=listed)

    await listed.shows("*20 unresolved incidents*, newest first", " Disk 2 is full")
