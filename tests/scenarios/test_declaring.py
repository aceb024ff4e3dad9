"""Where and how incidents are declared, and what may be written in them."""

import pytest

from tests.slack_people import Slack
from tests.story import BOTH, story


@story
async def test_what_is_declared_in_the_announcement_channel_is_announced_once(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")

    await slack.announcement(incident)
    await slack.bot.is_quiet()

    assert len(slack.posts(incident, in_="incidents")) == 1
    assert len(slack.calls("chat.postMessage")) == 1


@story
async def test_a_channel_without_the_bot_is_not_told_but_the_announcement_channel_is(
    slack: Slack,
) -> None:
    incident = await slack.ana.declares(in_="payments")

    announcement = await slack.announcement(incident)
    await slack.ben.presses("Acknowledge", on=announcement)
    await announcement.hears("acknowledged")

    assert slack.posts(incident, in_="payments") == []


@story
async def test_what_is_declared_in_a_direct_message_is_announced_in_the_announcement_channel(
    slack: Slack,
) -> None:
    incident = await slack.ben.declares(in_="dm")

    await slack.announcement(incident)

    answer = await slack.ben.is_told(f"You declared *{incident.reference}*, High")
    assert answer.channel_id == "D0BEN"
    assert "It is being announced in #incidents" in answer.text


@story
async def test_the_title_typed_with_the_command_is_in_the_form(slack: Slack) -> None:
    form = await slack.cara.opens("/incident new   Checkout & <login> for @ana is *down*  ")

    title, description, severity, _ = form.blocks
    assert title["element"]["initial_value"] == "Checkout & <login> for @ana is *down*"
    assert "initial_value" not in description["element"]
    assert [option["value"] for option in severity["element"]["options"]] == [
        "Low",
        "Medium",
        "High",
    ]


@story
async def test_5000_characters_typed_with_the_command_are_kept_for_the_description(
    slack: Slack,
) -> None:
    typed = "words " * 833

    form = await slack.cara.opens(f"/incident new {typed}")

    title, description, *_ = form.blocks
    assert title["element"]["initial_value"] == typed[:200]
    assert description["element"]["initial_value"].startswith(typed[:2990])


@story(modes=BOTH)
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": " \u202e\u0007\u200b "}, {"title": "Title needs some text."}),
        ({"description": "\u2066 \n "}, {"description": "Description needs some text."}),
    ],
    ids=["title", "description"],
)
async def test_text_that_shows_nothing_is_refused_below_its_field(
    slack: Slack, fields: dict[str, str], wrong: dict[str, str]
) -> None:
    await slack.cara.opens("/incident new", in_="general")

    outcome = await slack.cara.submits(
        **{"title": "Checkout", "description": "Cards", "severity": "Low", **fields}
    )

    assert outcome.errors == wrong
    assert slack.cara.form is not None


@story
async def test_what_people_type_pings_nobody_and_shows_as_typed(slack: Slack) -> None:
    title = "<!channel> *x* <@U1> & <https://a|b>"
    description = "<!here> @ana `code` &amp; :fire:\n> quoted"
    incident = await slack.cara.declares(title, description, in_="incidents")

    announcement = await slack.announcement(incident)

    escaped = "&lt;!channel&gt; *x* &lt;@U1&gt; &amp; &lt;https://a|b&gt;"
    assert escaped in announcement.text
    assert "&lt;!here&gt;" in announcement.text
    header = announcement.message.blocks[0]
    assert header["text"] == {
        "type": "plain_text",
        "text": f"🔺 {incident.reference} · {title}",
        "emoji": False,
    }
    shown = [block for block in announcement.message.blocks if block["type"] == "rich_text"]
    assert shown[0]["elements"][0]["elements"] == [{"type": "text", "text": description}]


@story
async def test_control_and_direction_marks_are_taken_out_and_emoji_are_kept(slack: Slack) -> None:
    await slack.cara.opens("/incident new", in_="incidents")
    await slack.cara.submits(
        title="Check\u202eout\u0000 is\tdown\u2028👩\u200d💻 🔥",
        description="One\r\ntwo\u0008",
        severity="Low",
    )
    incident = await slack.cara.is_told_of_own_incident("Checkout is down")

    announcement = await slack.announcement(incident)

    assert f"{incident.reference} Checkout is down 👩\u200d💻 🔥\n" in announcement.text
    assert "\nOne\ntwo\n" in announcement.text


@story
async def test_the_longest_incident_is_announced_whole(slack: Slack) -> None:
    title, description = "&" * 200, "<" * 3000
    incident = await slack.cara.declares(title, description, in_="incidents")

    announcement = await slack.announcement(incident)

    assert title in announcement.words
    assert description in announcement.words


@story
async def test_a_form_sent_twice_declares_one_incident(slack: Slack) -> None:
    await slack.cara.opens("/incident new Twice", in_="incidents")
    await slack.cara.submits(description="Pressed again", severity="Low")
    incident = await slack.cara.is_told_of_own_incident("Twice")
    sent = slack.last_payload("view_submission")

    again = await slack.delivers("view_submission", sent)
    await slack.announcement(incident)
    await slack.bot.is_quiet()

    assert again.ok
    assert len(slack.posts(incident)) == 1
    assert len(slack.calls("chat.postMessage")) == 1


@story
async def test_an_incident_can_be_declared_from_the_home_tab(slack: Slack) -> None:
    dm = slack.sandbox.workspace.directory.dm_with_bot(
        slack.sandbox.workspace.directory.users["U0ANA"]
    )
    slack.sandbox.events.home_opened("U0ANA", dm)
    await slack.ana.opens_from_home("Declare incident")

    await slack.ana.submits(title="From home", description="All of it", severity="High")

    incident = await slack.ana.is_told_of_own_incident("From home")
    await slack.announcement(incident)
