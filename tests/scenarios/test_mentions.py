"""The bot is mentioned among people, with the words of its command."""

import pytest

from incident_bot.failpoints import Failpoint
from incident_bot.sandbox.faults import Fault
from tests.slack_people import Slack
from tests.story import BOTH, story


@story
async def test_a_mention_with_list_is_answered_to_that_person_alone(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await slack.ben.types(f"/incident ack {incident.reference}")
    await slack.ben.is_told("You acknowledged")

    slack.ben.mentions("list")

    told = await slack.ben.is_told("unresolved incident")
    assert incident.reference in told.text
    assert told.message.ephemeral_to == "U0BEN"
    assert told.channel_id == "C0GENERAL"
    await slack.ben.presses("Mine", on=told)
    await told.shows("that you lead", incident.reference)


@story(modes=BOTH)
async def test_a_mention_in_a_thread_is_answered_in_that_thread(slack: Slack) -> None:
    first = slack.ana.writes("What about checkout?")
    incident = await slack.cara.declares(in_="incidents")

    slack.ben.mentions(f"ack {incident.reference}", to=first)

    told = await slack.ben.is_told(f"You acknowledged {incident.reference}")
    assert told.message.thread_ts == first.ts
    await (await slack.announcement(incident)).shows("In Progress", "<@U0BEN>")


@story
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("lsit", "“lsit” is not a command. Did you mean `/incident list`?"),
        ("make me a sandwich", "To declare an incident, type `/incident new make me a sandwich`."),
        (": HELP", "`/incident list [status] [severity] [all] [mine]` lists what is not resolved"),
        ("", "`/incident list [status] [severity] [all] [mine]` lists what is not resolved"),
        ("ack INC-987654321", "There is no incident `INC-987654321`"),
    ],
    ids=["typing error", "nonsense", "help", "nothing", "not there"],
)
async def test_what_is_not_understood_is_answered_as_for_the_command(
    slack: Slack, words: str, answer: str
) -> None:
    slack.ben.mentions(words)

    await slack.ben.is_told(answer)


@story
async def test_somebody_is_given_a_role_by_a_mention_of_both(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")

    slack.ana.mentions(f"assign {incident.reference} @ben Scribe")

    await slack.ana.is_told(f"<@U0BEN> is Scribe of {incident.reference} now.")


@story
async def test_a_mention_with_new_brings_a_button_that_opens_the_form(slack: Slack) -> None:
    slack.ben.mentions("new Checkout & <login> for @ana")

    told = await slack.ben.is_told("“Declare incident” opens the form.")
    form = await slack.ben.opens_by("Declare incident", on=told)
    await slack.ben.submits(description="Since noon", severity="High")

    assert form.blocks[0]["element"]["initial_value"] == "Checkout & <login> for @Ana Lindqvist"
    incident = await slack.ben.is_told_of_own_incident("Checkout & <login> for @Ana Lindqvist")
    await slack.announcement(incident)
    await slack.announcement(incident, in_="general")


@story
async def test_forms_of_an_incident_open_by_buttons_too(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    slack.ben.mentions(f"update {incident.reference} Rolled back")
    told = await slack.ben.is_told(f"“Update {incident.reference}” opens the form.")

    form = await slack.ben.opens_by(f"Update {incident.reference}", on=told)
    await slack.ben.submits()
    await slack.ben.is_told("is being posted")

    assert form.blocks[0]["element"]["initial_value"] == "Rolled back"
    await (await slack.announcement(incident)).shows("Rolled back")
    slack.ben.mentions(f"edit {incident.reference}")
    told = await slack.ben.is_told(f"“Edit {incident.reference}” opens the form.")
    await slack.ben.opens_by(f"Edit {incident.reference}", on=told)
    await slack.ben.submits(title="Tills")
    await (await slack.announcement(incident)).shows("Tills")


@story
async def test_in_an_incident_s_own_channel_it_need_not_be_named(slack: Slack) -> None:
    await slack.cara.opens("/incident new Tills", in_="incidents")
    await slack.cara.submits(description="Since noon", severity="High", channel="channel")
    incident = await slack.cara.is_told_of_own_incident("Tills")
    name = f"{incident.reference.lower()}-tills"
    directory = slack.sandbox.workspace.directory
    await slack.until(lambda: directory.named(name) is not None, "it has a channel")
    await slack.bot.is_quiet()

    slack.cara.mentions("ack", in_=name)

    await slack.cara.is_told(f"You acknowledged {incident.reference}")


@story
async def test_a_guest_looks_and_changes_nothing_by_a_mention(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")

    slack.gus.mentions(f"resolve {incident.reference}")
    await slack.gus.is_told("Guests may declare and read incidents, but not change them.")
    assert "a change was refused" in await slack.bot.says("mention resolve")
    slack.gus.mentions(f"show {incident.reference}")

    told = await slack.gus.is_told(incident.title)
    assert "Status: Open" in told.text


@story
async def test_somebody_of_another_organisation_is_told_nothing_of_incidents(slack: Slack) -> None:
    await slack.ana.declares(in_="incidents")

    slack.eve.mentions("list", in_="ext-acme")

    await slack.eve.is_told("Only people of this workspace may change incidents.")


@story
async def test_what_is_private_is_not_there_for_who_mentions_the_bot(slack: Slack) -> None:
    await slack.cara.opens("/incident new Mail", in_="general")
    await slack.cara.submits(description="Read", severity="High", channel="private")
    incident = await slack.cara.is_told_of_own_incident("Mail")
    await slack.bot.is_quiet()

    slack.ben.mentions(f"show {incident.reference}")
    await slack.ben.is_told(f"There is no incident `{incident.reference}`")
    slack.cara.mentions(f"show {incident.reference}")

    await slack.cara.is_told("Mail")


@story(modes=BOTH)
async def test_a_mention_that_slack_tells_again_is_answered_once(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    for words in ("list", f"ack {incident.reference}"):
        slack.ben.mentions(words)
        await slack.ben.is_told(incident.reference)
        event = await slack.last_event("app_mention", saying=words)

        acks = await slack.at_once(*(slack.delivers("event_callback", event) for _ in range(3)))

        assert all(ack.ok for ack in acks)
        assert len(slack.ben.told) == 1


@story(own_process=True)
async def test_an_answer_that_died_with_the_bot_is_given_when_slack_tells_again(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    incident = await slack.cara.declares(in_="incidents")
    await slack.bot.is_quiet()
    await slack.bot.stops()
    slack.process.will_die_at(Failpoint.AFTER_COMMIT)
    await slack.bot.starts()
    slack.ben.mentions(f"ack {incident.reference}")
    await slack.process.ends()
    slack.process.will_die_at(None)
    await slack.bot.starts()

    await slack.delivers("event_callback", await slack.last_event("app_mention"))
    told = await slack.ben.is_told("That is done.")
    await slack.delivers("event_callback", await slack.last_event("app_mention"))

    await told.shows(incident.reference, "In Progress", "<@U0BEN>")
    await slack.bot.is_quiet()
    assert len(slack.ben.told) == 1
    assert len((await slack.announcement(incident)).thread) == 1


@story
async def test_an_answer_comes_in_a_direct_message_when_the_channel_takes_none(
    slack: Slack,
) -> None:
    slack.breaks(Fault(method="chat.postEphemeral", kind="error", error="is_archived", times=1))

    slack.ben.mentions("help")

    told = await slack.ben.is_told("lists what is not resolved")
    assert told.channel_id == "D0BEN"


@story
@pytest.mark.parametrize(
    "change",
    [{"edited": {"user": "U0BEN", "ts": "9.9"}}, {"bot_id": "B0OTHER"}, {"user": None}],
    ids=["edited", "a program's", "nobody's"],
)
async def test_what_no_person_says_anew_is_not_answered(
    slack: Slack, change: dict[str, object]
) -> None:
    slack.ben.mentions("help")
    await slack.ben.is_told("lists what is not resolved")
    event = await slack.last_event("app_mention")
    event["event_id"] += "X"
    event["event"] |= change
    slack.ben.begins()

    ack = await slack.delivers("event_callback", event)

    assert ack.ok
    assert slack.ben.told == []


@story
async def test_the_longest_that_is_said_fits_a_button(slack: Slack) -> None:
    slack.ben.mentions("new " + '"\\' * 5000)

    told = await slack.ben.is_told("“Declare incident” opens the form.")
    form = await slack.ben.opens_by("Declare incident", on=told)

    description = form.blocks[1]["element"]["initial_value"]
    assert description == ('"\\' * 450)[:899] + "…"
