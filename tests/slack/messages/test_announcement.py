"""The announcement, and the card that is the same for one person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.domain.responders import Responder, Responders
from incident_bot.domain.severity import Severities
from incident_bot.slack.messages.announcement import announcement, severity_words
from incident_bot.slack.messages.card import card
from incident_bot.slack.text.button_values import SeenIncident
from incident_bot.slack.text.mrkdwn import escape
from tests.factories import ANA, BEN, CARA, HOSTILE_TITLE, after, an_incident, in_progress, resolved
from tests.slack.messages.extremes import MARKS, STATUSES, longest, many_responders, severities_of
from tests.slack.support import LINK, actions_of, check_message, shown, texts_of

LEVELS = Severities()
ANY_TEXT = st.text(st.sampled_from("<>&|!@#^*_~` \n🔥Uu01abc:/."), min_size=1, max_size=200)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("status", STATUSES)
def test_the_longest_announcement_is_taken_by_slack(status: str, mark: str) -> None:
    text, blocks = announcement(longest(mark, status), severities_of(mark), many_responders(mark))

    check_message(text, blocks)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("status", STATUSES)
def test_the_longest_card_is_taken_by_slack(status: str, mark: str) -> None:
    said, responders = "You resolved INC-12.", many_responders(mark)
    reply = card(longest(mark, status), severities_of(mark), LINK, said, responders)

    check_message(reply.text, reply.blocks)


@pytest.mark.parametrize("status", STATUSES)
def test_the_shortest_announcement_is_taken_by_slack(status: str) -> None:
    incident = STATUSES[status](title="x", description="x", severity="x", reported_by="x")

    check_message(*announcement(incident, Severities(("x",))))


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        ("open", ["acknowledge", "update", "resolve", "join", "follow"]),
        ("in progress", ["update", "resolve", "join", "follow"]),
        ("resolved", ["reopen"]),
    ],
)
def test_the_buttons_fit_the_status(status: str, buttons: list[str]) -> None:
    _, blocks = announcement(STATUSES[status](), LEVELS)

    assert actions_of(blocks) == buttons


def test_a_button_carries_the_version_that_was_shown() -> None:
    incident = in_progress(version=7)

    _, blocks = announcement(incident, LEVELS)

    values = {element["value"] for element in blocks[-1]["elements"]}
    assert [SeenIncident.parse(value) for value in values] == [SeenIncident.shown(incident)]


def test_the_emoji_of_each_status_is_another() -> None:
    heads = [announcement(build(), LEVELS)[0][0] for build in STATUSES.values()]

    assert len(set(heads)) == 3


def test_the_text_says_all_that_the_blocks_say() -> None:
    incident = resolved(
        latest_update="Rolled back.",
        latest_update_by=BEN,
        latest_update_at=after(60),
        summary="A bad deploy.",
    )

    text, blocks = announcement(incident, LEVELS)

    for words in [
        "✅ INC-12", "Checkout answers 500", "Since noon nobody can pay.", "Resolved", "High",
        "2 h 5 min", "Rolled back.", "A bad deploy.", f"<@{ANA}>", f"<@{BEN}>", f"<@{CARA}>",
    ]:  # fmt: skip
        assert words in text
    for mrkdwn in texts_of(blocks, "mrkdwn"):
        for moment in [f"<!{part.split('>')[0]}>" for part in mrkdwn.split("<!")[1:]]:
            assert moment in text


def test_a_long_update_is_said_whole_where_there_is_room() -> None:
    incident = in_progress(
        latest_update="u" * 2000, latest_update_by=BEN, latest_update_at=after(6), summary="s" * 900
    )

    text, _ = announcement(incident, LEVELS)

    assert "u" * 2000 in text
    assert "s" * 900 in text


def test_a_title_that_the_header_cuts_is_shown_below_it() -> None:
    _, blocks = announcement(an_incident(title="x" * 200), LEVELS)

    assert "x" * 200 in shown(blocks[1])


def test_a_short_title_is_shown_once() -> None:
    _, blocks = announcement(an_incident(title="Down"), LEVELS)

    assert shown(blocks).count("Down") == 1


def test_a_hostile_title_pings_nobody_and_shows_as_typed() -> None:
    text, blocks = announcement(an_incident(title=HOSTILE_TITLE), LEVELS)

    check_message(text, blocks)
    assert HOSTILE_TITLE in blocks[0]["text"]["text"]
    assert escape(HOSTILE_TITLE) in text


@pytest.mark.parametrize("name", ["UPTIME", "WEBSERVER1", ANA, "<@U0ANA>"])
def test_a_reporter_that_rest_named_is_never_mentioned(name: str) -> None:
    incident = an_incident(reported_by=name, has_named_reporter=True)

    text, blocks = announcement(incident, LEVELS)

    assert f"Reported by: {escape(name)}." in text
    assert "<@" not in text + str(blocks)


@pytest.mark.parametrize("user_id", [ANA, "W012AB3CD", "UABCDEFGH"])
def test_a_reporter_in_slack_is_mentioned(user_id: str) -> None:
    text, _ = announcement(an_incident(reported_by=user_id), LEVELS)

    assert f"Reported by: <@{user_id}>." in text


def test_typed_emoji_codes_show_as_typed() -> None:
    _, blocks = announcement(an_incident(title="now :fire:"), LEVELS)

    assert blocks[0]["text"]["emoji"] is False


def test_a_deleted_incident_says_so_and_no_more() -> None:
    incident = an_incident(title="Secret", deleted_at=after(5))

    text, blocks = announcement(incident, LEVELS)

    check_message(text, blocks)
    assert text == "INC-12 was deleted."
    assert "Secret" not in str(blocks)


def test_nobody_leads_what_is_open() -> None:
    text, blocks = announcement(an_incident(), LEVELS)

    assert "Lead: nobody yet" in text
    assert "*Lead*\nnobody yet" in list(texts_of(blocks, "mrkdwn"))


def test_responders_are_shown_with_their_roles() -> None:
    responders = Responders((Responder(BEN, after(6), "Communications"), Responder(CARA, after(7))))

    text, blocks = announcement(in_progress(), LEVELS, responders)

    assert f"Responders: <@{BEN}> (Communications), <@{CARA}>." in text
    shown_as = f"*Responders*\n<@{BEN}> (Communications), <@{CARA}>"
    assert shown_as in list(texts_of(blocks, "mrkdwn"))


def test_of_many_responders_ten_are_shown() -> None:
    text, _ = announcement(in_progress(), LEVELS, many_responders("x"))

    assert text.count("xxx)") == 10
    assert " and 3 more." in text


def test_the_lead_is_shown_as_a_responder_only_for_another_role() -> None:
    joined, scribe = Responder(ANA, after(6)), Responder(ANA, after(6), "Scribe")

    assert "Responders" not in announcement(in_progress(), LEVELS, Responders((joined,)))[0]
    assert f"<@{ANA}> (Scribe)" in announcement(in_progress(), LEVELS, Responders((scribe,)))[0]


def test_a_hostile_role_pings_nobody() -> None:
    responders = Responders((Responder(BEN, after(6), HOSTILE_TITLE),))

    check_message(*announcement(in_progress(), LEVELS, responders))


@pytest.mark.parametrize(("severity", "words"), [("Low", "Low  ▮▯▯"), ("High", "High  ▮▮▮")])
def test_a_severity_is_told_by_word_and_shape(severity: str, words: str) -> None:
    assert severity_words(severity, LEVELS) == words


def test_a_removed_severity_still_shows() -> None:
    assert severity_words("Sev<1>", LEVELS) == "Sev&lt;1&gt;"


def test_many_severities_are_told_by_word_alone() -> None:
    assert severity_words("d", Severities(tuple("abcdef"))) == "d"


def test_a_card_says_what_was_done_and_where_to_read_on() -> None:
    reply = card(in_progress(), LEVELS, LINK, "You acknowledged INC-12.")

    assert reply.text.startswith("You acknowledged INC-12.\n")
    assert reply.text.endswith(f"<{LINK}|Open the announcement>")
    assert reply.replaces


def test_a_card_without_either_is_the_announcement() -> None:
    reply = card(in_progress(), LEVELS, None)

    assert (reply.text, reply.blocks) == announcement(in_progress(), LEVELS)


@settings(deadline=None, max_examples=100)
@given(title=ANY_TEXT, description=ANY_TEXT, name=ANY_TEXT, update=ANY_TEXT, summary=ANY_TEXT)
def test_nothing_that_people_wrote_mentions_or_links(
    title: str, description: str, name: str, update: str, summary: str
) -> None:
    incident = in_progress(
        title=title,
        description=description,
        reported_by=f"{name}>",
        lead=f"<{name}",
        severity=name,
        latest_update=update,
        latest_update_by=f"{name}<",
        latest_update_at=after(9),
        summary=summary,
    )

    text, blocks = announcement(incident, LEVELS)

    check_message(text, blocks)
