"""300 incidents that are not resolved: found by filter, page and words, on Home and in the list."""

from contextlib import closing
from datetime import UTC, datetime

from incident_bot.store.engine.opening import open_database
from incident_bot.store.incidents import IncidentStore
from tests.factories import a_declaration, by
from tests.slack_people import Slack
from tests.story import story


async def many(slack: Slack) -> None:
    """Declared long ago: every tenth is High, every hundredth has a word of its own.

    Ana leads the first.
    """
    with closing(open_database(f"sqlite:///{slack.bot.database}")) as database:
        store = IncidentStore(database, lambda: datetime.now(UTC))
        for number in range(300):
            what = "Turbine" if number % 100 == 7 else "Pump"
            severity = "High" if number % 10 == 0 else "Low"
            said = a_declaration(title=f"{what} {number:03} is slow", severity=severity)
            await store.declare(by("U0CARA"), said, [])
    await slack.bot.starts()
    await slack.ana.types("/incident ack INC-1")
    await slack.ana.is_told("You acknowledged INC-1")


@story(own_bot=True)
async def test_of_300_incidents_the_list_finds_each_by_page_filter_and_words(slack: Slack) -> None:
    await many(slack)
    ben = slack.ben

    await ben.types("/incident list")
    page = await ben.is_told("*300 unresolved incidents*, newest first, page 1 of 15")
    await ben.presses("Older", on=page)
    await page.shows("page 2 of 15", "INC-280", "INC-261")
    await ben.presses("In Progress", on=page)
    await page.shows("*1 In Progress incident*", "INC-1")
    await ben.types("/incident list high")
    high = await ben.is_told("*30 unresolved High incidents*, newest first, page 1 of 2")
    await ben.presses("Older", on=high)
    await high.shows("page 2 of 2")
    await ben.types("/incident search turbine slow")
    found = await ben.is_told("*3 incidents with the words “turbine slow”*")
    assert found.text.count("Turbine") == 3


@story(own_bot=True)
async def test_of_300_incidents_home_shows_mine_first_and_the_others_by_page(slack: Slack) -> None:
    await many(slack)
    ana = slack.ana

    ana.looks_at_home()
    await ana.sees_at_home(
        "You lead 1", "299 other unresolved incidents", "page 1 of 30", "INC-300"
    )
    await ana.presses_on_home("Older")
    await ana.sees_at_home("page 2 of 30", "INC-290", but="INC-300")
    await ana.presses_on_home("Mine")
    await ana.sees_at_home("1 unresolved incident that you lead", "INC-1", but="INC-290")
    await ana.presses_on_home("Resolve")
    await ana.is_told("You resolved INC-1")
    await ana.sees_at_home("There are no unresolved incidents that you lead.")
