"""Refusals in words: in a message, and below a form's field, where no mention is drawn."""

import pytest

from incident_bot.domain.errors import (
    AlreadyDone,
    AlreadyInStatus,
    AlreadyResponds,
    CannotSeeIncident,
    ChangedMeanwhile,
    EntryGone,
    IncidentError,
    NotTheSummarizer,
)
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.api.standing import CannotRespond, Standing
from incident_bot.slack.messages.refusals import explain, explain_plainly
from incident_bot.slack.text.errors import NotUnderstood, OfNoUse
from incident_bot.slack.text.mrkdwn import moment
from incident_bot.store.engine.database import DatabaseLost
from tests.factories import ANA, BEN, FROM_THE_FUTURE, NOON, an_entry
from tests.refusals import REFUSALS
from tests.slack.support import check_harmless

RESOLVED = an_entry(EntryKind.RESOLVED, actor=BEN, at=NOON)
NEWER = an_entry(FROM_THE_FUTURE, actor=BEN, at=NOON)
SINCE = moment(NOON)


@pytest.mark.parametrize(
    ("error", "words", "plainly"),
    [
        (
            AlreadyInStatus(12, Status.RESOLVED, RESOLVED),
            f"INC-12 is already Resolved: <@U0BEN> resolved it {SINCE}.",
            "INC-12 is already Resolved, since 12:00 UTC.",
        ),
        (
            AlreadyInStatus(12, Status.RESOLVED, None),
            "INC-12 is already Resolved.",
            "INC-12 is already Resolved.",
        ),
        (
            ChangedMeanwhile(12, RESOLVED),
            (
                f"Nothing was changed: <@U0BEN> resolved it {SINCE}, after what you were looking "
                "at. `/incident show INC-12` shows how it is now."
            ),
            "Somebody else resolved it at 12:00 UTC: INC-12.",
        ),
        (
            ChangedMeanwhile(12, NEWER),
            (
                "Nothing was changed: <@U0BEN> made a change that only a newer version of the bot "
                f"knows {SINCE}, after what you were looking at. `/incident show INC-12` shows how "
                "it is now."
            ),
            (
                "Somebody else made a change that only a newer version of the bot knows at 12:00 "
                "UTC: INC-12."
            ),
        ),
        (
            AlreadyResponds(12, ANA, "Eyes & <Ears>"),
            "<@U0ANA> is Eyes &amp; &lt;Ears&gt; of INC-12 already.",
            "This person is Eyes & <Ears> of INC-12 already.",
        ),
        (
            CannotRespond(ANA, Standing.BOT),
            "<@U0ANA> is a bot. Name a member of this workspace.",
            "This person is a bot. Name a member of this workspace.",
        ),
        (
            AlreadyDone(12, BEN, NOON),
            f"<@U0BEN> did this action item of INC-12 already, {SINCE}.",
            "Somebody did this action item of INC-12 already, 2026-11-22 12:00 UTC.",
        ),
        (
            OfNoUse(),
            "This button is of no use any more. `/incident list` shows what is there now.",
            "This form is of no use any more. Cancel it and open a new one.",
        ),
        (
            NotTheSummarizer(12, BEN),
            "<@U0BEN> resolved INC-12: ask them, or its lead, for a summary.",
            "Somebody else resolved INC-12: ask them, or its lead, for a summary.",
        ),
        (
            NotUnderstood("No *thing* & <x>.", "Type `/incident *`."),
            "No \u200b*\u200bthing\u200b*\u200b &amp; &lt;x&gt;. Type `/incident \u200b*\u200b`.",
            "No *thing* & <x>.",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_refusal_names_the_thing_the_rule_and_the_way_out(
    error: IncidentError, words: str, plainly: str
) -> None:
    assert (explain(error), explain_plainly(error)) == (words, plainly)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EntryKind.DECLARED, "declared it"),
        (EntryKind.ACKNOWLEDGED, "acknowledged it"),
        (EntryKind.RESOLVED, "resolved it"),
        (EntryKind.REOPENED, "reopened it"),
        (EntryKind.SET_BACK, "set it back to Open"),
        (EntryKind.SEVERITY_CHANGED, "changed its severity"),
        (EntryKind.LEAD_CHANGED, "changed its lead"),
        (EntryKind.EDITED, "edited it"),
        (EntryKind.SUMMARY_ADDED, "added a summary"),
    ],
)
def test_what_somebody_did_meanwhile_is_said(kind: EntryKind, words: str) -> None:
    changed = ChangedMeanwhile(12, an_entry(kind, at=NOON))

    assert explain(changed).startswith(f"Nothing was changed: <@U0ANA> {words} <!date^")
    assert explain_plainly(changed) == f"Somebody else {words} at 12:00 UTC: INC-12."


@pytest.mark.parametrize("kind", EntryKind)
def test_whatever_somebody_did_can_be_said(kind: EntryKind) -> None:
    assert explain(ChangedMeanwhile(12, an_entry(kind)))


@pytest.mark.parametrize(
    ("error", "reason", "hint"),
    [
        (
            EntryGone(12),
            "This is not in the timeline of INC-12 any more.",
            "`/incident timeline INC-12` shows what is.",
        ),
        (
            DatabaseLost(),
            "The database of the bot went away just now: what you asked for may be done or not.",
            "`/incident list` shows it in a minute.",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_commands_are_named_only_in_messages(error: IncidentError, reason: str, hint: str) -> None:
    assert str(error) == reason  # which REST answers
    assert explain(error) == f"{reason} {hint}"
    assert explain_plainly(error) == reason


def test_who_cannot_see_an_incident_is_mentioned_with_the_way_out() -> None:
    error = CannotSeeIncident(12, ANA)

    assert str(error) == "U0ANA is not one of the people of INC-12, which is private."
    assert explain(error) == (
        "<@U0ANA> is not one of the people of INC-12, which is private. `/incident assign INC-12` "
        "makes them one."
    )


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
def test_in_a_message_nobody_is_pinged_by_what_somebody_typed(error: IncidentError) -> None:
    said = explain(error)

    assert said
    check_harmless(said, [])


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
def test_a_field_is_given_nothing_that_only_a_message_shows(error: IncidentError) -> None:
    said = explain_plainly(error)

    assert said
    for drawn in ("`", "/incident", "<@", "<!date", ANA, BEN):
        assert drawn not in said
