"""Slack is slow, limits, loses, fails: nothing is lost, nothing said twice, everybody answered."""

import pytest

from incident_bot.sandbox.dispatch import Timing
from incident_bot.sandbox.faults import Fault, Kind
from incident_bot.slack.listeners import ACKNOWLEDGE_WITHIN
from tests.slack_people import Slack
from tests.story import BOTH, story


@story
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "rate_limited", "retry_after": 1},
        {"kind": "rate_limited", "retry_after": "0.5"},
        {"kind": "down", "status": 500},
        {"kind": "error", "error": "internal_error"},
        {"kind": "error", "error": "service_unavailable"},
        {"kind": "lost_reply"},
        {"kind": "drop_before"},
        {"kind": "cut_body"},
    ],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
async def test_an_announcement_gets_there_once_whatever_befalls_it(
    slack: Slack, fault: dict[str, object]
) -> None:
    slack.breaks(Fault.model_validate({"method": "chat.postMessage", "times": 1} | fault))

    incident = await slack.cara.declares(in_="incidents")

    await slack.announcement(incident)
    await slack.bot.is_quiet()
    assert len(slack.posts(incident)) == 1


@story
async def test_an_edit_whose_reply_is_lost_is_made_again(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    slack.breaks(Fault(method="chat.update", kind="drop_before", times=1))

    await slack.ben.types(f"/incident severity {incident.reference} Low")

    await announcement.shows("Low")
    await slack.bot.is_quiet()
    assert len(slack.posts(incident)) == 2


@story
async def test_a_notification_whose_reply_is_lost_is_told_once(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    slack.breaks(Fault(method="chat.postMessage", kind="lost_reply", times=1))

    await slack.ben.types(f"/incident ack {incident.reference}")

    await announcement.hears("acknowledged")
    await slack.bot.is_quiet()
    assert len(announcement.thread) == 1


@story
async def test_a_link_that_slack_does_not_give_stops_nothing(slack: Slack) -> None:
    slack.breaks(Fault(method="chat.getPermalink", kind="down"))

    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.ben.types(f"/incident resolve {incident.reference}")

    await announcement.hears("resolved")


@story
async def test_blocks_that_slack_refuses_are_said_as_text(slack: Slack) -> None:
    slack.breaks(Fault(method="chat.postMessage", kind="error", error="invalid_blocks", times=1))

    incident = await slack.cara.declares(in_="incidents")

    announcement = await slack.announcement(incident)
    assert announcement.message.blocks == []
    assert "Cards are refused" in announcement.text


@story(own_bot=True)
async def test_one_message_that_slack_does_not_digest_does_not_silence_its_channel(
    slack: Slack,
) -> None:
    await slack.bot.starts(INCIDENT_BOT_REMINDERS="none")
    slack.breaks(Fault(method="chat.postMessage", kind="error", containing="POISON"))

    poison = await slack.ana.declares("POISON", in_="incidents")
    good = [await slack.ben.declares(f"Good {n}", in_="incidents") for n in range(3)]
    await slack.bot.is_quiet()

    assert [len(slack.announcements(one)) for one in good] == [1, 1, 1]
    assert slack.announcements(poison) == []
    told = f"The announcement of {poison.reference} could not be sent to #incidents"
    await slack.until(
        lambda: any(told in text for text in slack.direct_messages(slack.ana.id)), "Ana is told"
    )


@story(own_bot=True)
async def test_nothing_is_given_up_while_slack_takes_no_messages_at_all(slack: Slack) -> None:
    await slack.bot.starts()
    slack.breaks(Fault(method="chat.postMessage", kind="error"))
    incidents = [await slack.ana.declares(f"Down {n}", in_="incidents") for n in range(2)]
    while len(slack.calls("chat.postMessage")) < 20:
        await slack.hosted.time_passes(30)

    slack.breaks()
    await slack.bot.is_quiet()

    assert [len(slack.announcements(one)) for one in incidents] == [1, 1]


@story(own_bot=True)
@pytest.mark.parametrize("name", ["no_permission", "access_denied"])
async def test_a_channel_that_does_not_let_the_bot_post_stops_no_other(
    slack: Slack, name: str
) -> None:
    await slack.bot.starts()
    fault = Fault(method="chat.postMessage", kind="error", error=name)
    slack.breaks(fault.model_copy(update={"channel": slack.channel_id("ext-acme")}))

    refused = await slack.ana.declares("Where Slack refuses", in_="ext-acme")
    others = [await slack.ben.declares(f"Other {n}", in_="incidents") for n in range(3)]
    await slack.bot.is_quiet()

    assert [len(slack.announcements(one)) for one in (refused, *others)] == [1, 1, 1, 1]
    assert (await slack.bot.answers("/readyz"))[1]["problems"] == {}


@story(own_bot=True)
@pytest.mark.parametrize("name", ["no_permission", "access_denied"])
async def test_an_announcement_channel_that_does_not_let_the_bot_post_is_named(
    slack: Slack, name: str
) -> None:
    await slack.bot.starts()
    fault = Fault(method="chat.postMessage", kind="error", error=name)
    slack.breaks(fault.model_copy(update={"channel": slack.channel_id("incidents")}))
    incident = await slack.ana.declares(in_="general")
    await slack.announcement(incident, "general")
    await slack.bot.says("messages wait until somebody mends this")

    _, readiness = await slack.bot.answers("/readyz")
    slack.breaks()
    await slack.bot.is_quiet()

    assert list(readiness["problems"]) == ["incidents"]
    assert name in readiness["problems"]["incidents"]
    assert len(slack.announcements(incident)) == 1


@story(own_bot=True)
async def test_one_post_that_is_refused_for_the_token_stops_no_other(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_REMINDERS="none")
    slack.breaks(
        Fault(method="chat.postMessage", kind="error", error="invalid_auth", containing="ODD")
    )

    await slack.ana.declares("ODD", in_="ext-acme")
    other = await slack.ben.declares("Other", in_="general")
    await slack.announcement(other, "general")
    await slack.bot.is_quiet()

    assert len(slack.announcements(other)) == 1


@story(own_bot=True)
async def test_an_announcement_refused_for_an_unknown_reason_is_tried_again(slack: Slack) -> None:
    await slack.bot.starts()
    slack.breaks(Fault(method="chat.postMessage", kind="error", error="some_new_error", times=1))

    incident = await slack.ana.declares(in_="incidents")
    await slack.bot.is_quiet()

    assert len(slack.announcements(incident)) == 1


@story(own_bot=True)
async def test_who_declared_what_slack_never_announces_is_told(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_REMINDERS="none")
    error = {"method": "chat.postMessage", "kind": "error", "error": "some_new_error"}
    slack.breaks(Fault.model_validate(error | {"containing": "ODD"}))

    incident = await slack.ana.declares("ODD", in_="incidents")
    await slack.bot.is_quiet()

    told = f"The announcement of {incident.reference} could not be sent to #incidents"
    await slack.until(
        lambda: any(told in text for text in slack.direct_messages(slack.ana.id)), "Ana is told"
    )
    tried = [
        call["request"]["blocks"]
        for call in slack.calls("chat.postMessage")
        if "ODD" in call["request"]["text"]
    ]
    assert (bool(tried[0]), tried[-1]) == (True, [])


@story(own_bot=True)
async def test_once_slack_takes_messages_again_no_channel_waits_for_minutes(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_REMINDERS="none")
    slack.breaks(Fault(method="chat.postMessage", kind="down"))
    waiting = await slack.ana.declares(in_="incidents")
    await slack.until(lambda: slack.rows("outbox WHERE reason IS NOT NULL"), "it has failed")
    with slack.bot.opened_database() as database:
        database.execute("UPDATE outbox SET attempts = 11")
    await slack.hosted.time_passes(1)
    await slack.until(lambda: slack.rows("outbox WHERE attempts = 12"), "it fails again")
    slack.breaks()

    other = await slack.ben.declares("Elsewhere", in_="general")
    await slack.announcement(other, "general")
    await slack.hosted.time_passes(3)

    await slack.announcement(waiting)


@story(own_bot=True)
async def test_readiness_says_how_long_the_oldest_message_has_waited(slack: Slack) -> None:
    await slack.bot.starts()
    _, at_first = await slack.bot.answers("/readyz")
    slack.breaks(Fault(method="chat.postMessage", kind="down"))
    await slack.ana.declares(in_="incidents")
    await slack.hosted.time_passes(600)

    _, readiness = await slack.bot.answers("/readyz")

    assert at_first["oldest_seconds"] is None
    assert 600 <= readiness["oldest_seconds"] < 700
    assert "nothing has gone out for 10 minutes" in readiness["problems"]["outbox"]


@story
async def test_a_form_that_slack_opens_slowly_is_acknowledged_at_once(slack: Slack) -> None:
    slack.breaks(Fault(method="views.open", kind="slow", ms=500, times=1))

    await slack.cara.opens("/incident new Slow")

    await slack.until(lambda: bool(slack.calls("views.open")), "it is open")


@story
async def test_a_form_that_slack_does_not_open_is_answered_with_what_to_do(slack: Slack) -> None:
    slack.breaks(Fault(method="views.open", kind="error", error="expired_trigger_id", times=1))

    await slack.cara.types("/incident new Late")

    await slack.cara.is_told("Slack did not open the form.")
    await slack.cara.is_told("Please type it again: `/incident new Late`")


def test_the_bot_acknowledges_before_slack_gives_up() -> None:
    assert Timing().ack - ACKNOWLEDGE_WITHIN >= 1


@story
async def test_a_slow_look_up_is_acknowledged_in_time_and_answered_later(slack: Slack) -> None:
    newcomer = slack.newcomer()
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    slack.breaks(Fault(method="users.info", kind="slow", ms=6000))

    await slack.at_once(
        newcomer.types(f"/incident severity {incident.reference} Low"),
        newcomer.presses("Resolve", on=announcement),
    )

    asked = [call["request"]["user"] for call in slack.calls("users.info")]
    assert newcomer.id not in asked, "both are acknowledged before it is answered"
    await newcomer.is_told(f"{incident.reference} has severity Low now")
    await newcomer.is_told("You resolved")


@story
@pytest.mark.parametrize("kind", ["down", "error"])
async def test_a_press_is_answered_in_the_channel_when_its_response_url_fails(
    slack: Slack, kind: Kind
) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    slack.breaks(Fault(method="response_url", kind=kind, times=1))

    await slack.ben.presses("Acknowledge", on=announcement)

    told = await slack.ben.is_told("You acknowledged")
    assert told.channel_id == "C0INCIDENTS"


@story
async def test_a_press_is_answered_even_when_the_connection_is_dropped(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    slack.breaks(Fault(method="response_url", kind="drop_before", times=1))

    await slack.ben.presses("Acknowledge", on=announcement)

    await slack.ben.is_told("You acknowledged")


@story(modes=BOTH)
async def test_who_has_to_wait_is_told_so_in_time_and_hears_the_answer_later(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    newcomer = slack.newcomer()
    slack.breaks(Fault(method="users.info", kind="slow", ms=6000))

    outcome = await newcomer.types(f"/incident ack {incident.reference}", in_="general")

    assert outcome.ok
    await newcomer.is_told("This takes longer than usual. The answer follows.")
    await newcomer.is_told(f"You acknowledged {incident.reference}")
