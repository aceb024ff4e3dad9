"""The Home tab: mine first, pages and filters, buttons, and current while somebody looks."""

from tests.rest.with_slack import declares
from tests.slack_people import Slack
from tests.story import story


@story(own_bot=True)
async def test_what_i_lead_is_first_and_has_its_buttons(slack: Slack) -> None:
    await slack.bot.starts()
    first = await slack.cara.declares("Search is slow", in_="incidents")
    second = await slack.cara.declares("Mails are late", in_="incidents")
    await slack.ana.types(f"/incident ack {first.reference}")
    await slack.ana.is_told("You acknowledged")

    slack.ana.looks_at_home()
    await slack.ana.sees_at_home("You lead 1", "1 other unresolved incident", "Mails are late")
    text = slack.ana.home_words
    assert text.index(first.reference) < text.index("1 other") < text.index(second.reference)

    await slack.ana.presses_on_home("Acknowledge")
    await slack.ana.is_told(f"You acknowledged {second.reference}")
    await slack.ana.sees_at_home("You lead 2", but="other")
    await slack.ana.presses_on_home("Resolve", nth=1)
    await slack.ana.is_told(f"You resolved {first.reference}")
    await slack.ana.sees_at_home("You lead 1", but="Search is slow")


@story(own_bot=True)
async def test_it_is_kept_current_while_somebody_looks(slack: Slack) -> None:
    await slack.bot.starts()
    slack.ben.looks_at_home()
    await slack.ben.sees_at_home("There are no unresolved incidents.")

    incident = await slack.cara.declares("Search is slow", in_="incidents")
    await slack.ben.sees_at_home("1 unresolved incident", "Search is slow", "Open")
    await slack.ana.types(f"/incident ack {incident.reference}")
    await slack.ben.sees_at_home("In Progress", "<@U0ANA>")
    await slack.ana.types(f"/incident resolve {incident.reference}")
    await slack.ben.sees_at_home("There are no unresolved incidents.")
    await slack.bot.is_quiet()
    published = len(slack.calls("views.publish"))
    await slack.ana.types("/incident list")
    await slack.ana.is_told("There are no")
    assert len(slack.calls("views.publish")) <= published + 1


@story(own_bot=True)
async def test_pages_and_filters_change_it_in_place(slack: Slack) -> None:
    await slack.bot.starts()
    for number in range(12):
        await declares(slack, title=f"Number {number:02}")
    slack.ben.looks_at_home()
    await slack.ben.sees_at_home("12 unresolved incidents", "page 1 of 2", "Number 11")

    await slack.ben.presses_on_home("Older")
    await slack.ben.sees_at_home("page 2 of 2", "Number 00", "Number 01", but="Number 02")
    await slack.ben.presses_on_home("Newer")
    await slack.ben.sees_at_home("page 1 of 2", "Number 11", but="Number 01")
    await slack.ben.presses_on_home("Mine")
    await slack.ben.sees_at_home("There are no unresolved incidents that you lead.")
    await slack.ben.presses_on_home("Everybody's")
    await slack.ben.sees_at_home("12 unresolved incidents")
    await slack.ben.presses_on_home("Resolved")
    await slack.ben.sees_at_home("There are no Resolved incidents.")
    slack.ben.looks_at_home()
    await slack.ben.sees_at_home("There are no Resolved incidents.")


@story(own_bot=True)
async def test_what_is_private_is_on_its_peoples_home_alone(slack: Slack) -> None:
    await slack.bot.starts()
    for person in (slack.ben, slack.cara):
        person.looks_at_home()
        await person.sees_at_home("There are no unresolved incidents.")

    incident = await slack.cara.declares("Payroll", in_="general", channel="private")

    await slack.cara.sees_at_home("Payroll", "🔒 private")
    assert "Payroll" not in slack.ben.home_words
    await slack.card_in(await slack.own_channel(incident), incident)
    await slack.links_are_known()
    await slack.cara.types(f"/incident assign {incident.reference} @ben")
    await slack.ben.sees_at_home("Payroll")


@story(own_bot=True)
async def test_one_whose_home_slack_refuses_keeps_the_others_from_nothing(slack: Slack) -> None:
    await slack.bot.starts()
    dana = slack.newcomer()
    dana.looks_at_home()
    await dana.sees_at_home("There are no unresolved incidents.")
    slack.ben.looks_at_home()
    await slack.ben.sees_at_home("There are no unresolved incidents.")
    slack.deactivates(dana)

    await slack.cara.declares("Search is slow", in_="incidents")

    await slack.ben.sees_at_home("1 unresolved incident", "Search is slow")
