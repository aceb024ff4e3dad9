"""The forms: how they look, at their longest, and what a submission does or is told."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.domain.audience import Hearer, Reason
from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.edits import Edit, ProgressUpdate
from incident_bot.domain.errors import (
    IncidentError,
    NotAllowed,
    NothingToChange,
    RepeatedRequest,
    UnknownSeverity,
)
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.status import Status, Step
from incident_bot.slack.modals import add_summary, declare, edit, edit_entry, update
from incident_bot.slack.modals.submitted import MODALS
from incident_bot.slack.reply import FieldErrors, Nothing, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import Origin, SeenEntryForm, SeenForm
from incident_bot.store.queries.search import IncidentFilter
from tests.factories import (
    A_VIEWER,
    ANA,
    BEN,
    CARA,
    HOSTILE_TITLE,
    INCIDENTS,
    NOON,
    Clock,
    a_note,
    after,
    an_incident,
    an_update,
    by,
    in_progress,
    resolved,
)
from tests.hearing import announced_in, followers
from tests.slack.answers import field, options
from tests.slack.incidents import declared
from tests.slack.messages.extremes import MARKS, STATUSES, longest, severities_of
from tests.slack.payloads import submitted
from tests.slack.support import check_view, texts_of

LEVELS = Severities()
HEARERS = (*announced_in(INCIDENTS, "C0OPS"), *followers(2))
OWN = Hearer("C0OWN", Reason.WORKED_ON_THERE)
ORIGIN = Origin(channel_id="C0OPS", channel_name="ops")
DECLARED: dict[str, str | None] = {
    "title": "Checkout answers 500",
    "description": "Since noon.",
    "severity": "High",
}


def seen(incident: Incident) -> str:
    return SeenForm.of(incident, "C0OPS").dump()


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("status", STATUSES)
def test_the_longest_form_of_an_incident_is_taken_by_slack(status: str, mark: str) -> None:
    incident, severities = longest(mark, status), severities_of(mark)
    hearers = (*announced_in("x" * 80, "C" + "0" * 40), *followers(1000))

    check_view(edit.view(incident, severities, "C0OPS"))
    check_view(update.view(incident, severities, "C0OPS", hearers, mark * 8000))


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_form_for_a_summary_is_taken_by_slack(mark: str) -> None:
    check_view(add_summary.view(longest(mark, "resolved"), "C0OPS"))


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("length", [0, 1, 200, 201, 3000, 8000])
def test_the_longest_form_that_declares_is_taken_by_slack(length: int, mark: str) -> None:
    origin = Origin(channel_id="C" + "0" * 40, channel_name="x" * 80)

    check_view(declare.view(severities_of(mark), ChannelPolicy.ASK, origin, mark * length))


@pytest.mark.parametrize("severity", ["Removed", "x" * 75])
def test_a_removed_severity_can_be_kept_in_a_form(severity: str) -> None:
    view = edit.view(an_incident(severity=severity), LEVELS, None)

    check_view(view)
    assert options(view, "severity") == ["Low", "Medium", "High", severity]


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=500))
def test_whatever_is_typed_the_form_opens(typed: str) -> None:
    check_view(declare.view(LEVELS, ChannelPolicy.ASK, ORIGIN, typed))


def test_what_was_typed_is_the_title() -> None:
    view = declare.view(LEVELS, ChannelPolicy.ASK, ORIGIN, f"  {HOSTILE_TITLE}\n")

    assert view["title"]["text"] == "Declare incident"
    assert field(view, "title")["initial_value"] == HOSTILE_TITLE
    assert "initial_value" not in field(view, "description")


def test_what_is_too_long_for_a_title_is_not_lost() -> None:
    view = declare.view(LEVELS, ChannelPolicy.ASK, ORIGIN, "word " * 100)

    assert field(view, "title")["initial_value"] == ("word " * 100)[:200]
    assert field(view, "description")["initial_value"] == ("word " * 100).strip()


def test_what_a_message_says_is_the_description() -> None:
    view = declare.view(LEVELS, ChannelPolicy.ASK, ORIGIN, description=HOSTILE_TITLE)

    check_view(view)
    assert field(view, "description")["initial_value"] == HOSTILE_TITLE
    assert "initial_value" not in field(view, "title")


async def test_what_is_declared_from_a_message_is_announced_in_one_channel_and_linked_there(
    services: Services,
) -> None:
    origin = Origin(channel_id="C0OPS", channel_name="ops", thread_ts="100.1")

    answer = await declare.submit(submitted(DECLARED, origin.dump()), services)

    assert isinstance(answer, Reply)
    assert "A link to it is being left below the message." in answer.text
    assert await services.store.hearers_of_update(1, CARA) == announced_in(INCIDENTS)


def test_the_form_that_declares_knows_where_it_began() -> None:
    view = declare.view(LEVELS, ChannelPolicy.ASK, ORIGIN)

    assert Origin.parse(view["private_metadata"]) == ORIGIN
    assert options(view, "severity") == ["Low", "Medium", "High"]


def test_a_title_that_slack_would_refuse_is_cut() -> None:
    view = edit.view(an_incident(id=2**53 - 1), LEVELS, None)

    assert view["title"]["text"] == "Edit INC-900719925474099"
    check_view(view)


def test_the_form_that_edits_is_filled_with_what_there_is() -> None:
    view = edit.view(an_incident(), LEVELS, None)

    assert field(view, "title")["initial_value"] == "Checkout answers 500"
    assert field(view, "severity")["initial_option"]["value"] == "High"


@pytest.mark.parametrize(
    ("incident", "statuses"),
    [
        (an_incident(), ["Open", "In Progress", "Resolved"]),
        (in_progress(), ["In Progress", "Resolved"]),
        (resolved(), ["Resolved", "In Progress"]),
    ],
)
def test_the_form_that_updates_offers_what_may_follow(
    incident: Incident, statuses: list[str]
) -> None:
    view = update.view(incident, LEVELS, None, HEARERS)

    assert options(view, "status") == statuses
    assert field(view, "status")["initial_option"]["value"] == incident.status


def test_a_summary_is_written_on() -> None:
    view = add_summary.view(resolved(summary="A bad deploy."), None)

    assert field(view, "summary")["initial_value"] == "A bad deploy."


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_entry_s_form_is_taken_by_slack(mark: str) -> None:
    view = edit_entry.view(longest(mark, "open"), a_note(text=(mark * 3000)[:3000]), "C0OPS")

    check_view(view)


def test_the_form_of_an_entry_shows_minutes_and_keeps_the_moment() -> None:
    moment = NOON + timedelta(seconds=42)
    view = edit_entry.view(an_incident(), a_note(happened_at=moment), None)
    seen = SeenEntryForm.parse(view["private_metadata"])

    assert field(view, "time")["initial_date_time"] == int(NOON.timestamp())
    assert seen.moment_meant_by(NOON) == moment
    assert seen.moment_meant_by(after(1)) == after(1)


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_update_s_form_is_taken_by_slack(mark: str) -> None:
    entry = an_update(text=(mark * 3000)[:3000], id=2**53 - 1, edited_at=after(9))

    check_view(edit_entry.view(longest(mark, "open"), entry, "C" + "0" * 40))


def test_the_form_of_an_update_asks_for_no_time() -> None:
    view = edit_entry.view(an_incident(), an_update(), None)

    assert field(view, "text")["initial_value"] == "Rolled bakc"
    assert [block["type"] for block in view["blocks"]] == ["input", "context"]


async def test_an_edit_of_an_update_changes_what_it_says(services: Services) -> None:
    form, values = await form_of_an_update(services), {"text": " Rolled back\n"}

    answer = await edit_entry.submit(submitted(values, form, CARA), services)

    assert answer == Reply("The update on INC-1 is being edited wherever it was posted.")
    assert (await services.store.get(1, A_VIEWER)).latest_update == "Rolled back"


@pytest.mark.parametrize("text", [None, " ", "x" * 3001])
async def test_an_update_is_not_edited_into_nothing(services: Services, text: str | None) -> None:
    form = await form_of_an_update(services)

    answer = await edit_entry.submit(submitted({"text": text}, form), services)

    assert isinstance(answer, FieldErrors)
    assert answer.errors.keys() == {"text"}


async def test_a_forged_form_moves_no_update_in_time(services: Services) -> None:
    seen = SeenEntryForm.parse(await form_of_an_update(services))
    form = seen.model_copy(update={"happened_at": NOON}).dump()
    values = {"text": "Rolled back", "time": str(int(after(-5).timestamp()))}

    with pytest.raises(NotAllowed):
        await edit_entry.submit(submitted(values, form), services)


async def form_of_an_update(services: Services) -> str:
    """What the form of an update of Cara's hands to Slack."""
    incident = await declared(services)
    await services.store.post_update(by(CARA), 1, ProgressUpdate(message="Rolled bakc"))
    *_, entry = await services.store.timeline(1, A_VIEWER)
    metadata: str = edit_entry.view(incident, entry, None)["private_metadata"]
    return metadata


@pytest.mark.parametrize("time", [None, "", "x", "9" * 40])
async def test_a_time_that_is_none_is_refused_below_its_field(
    services: Services, time: str | None
) -> None:
    view = edit_entry.view(an_incident(), a_note(), None)
    values = {"text": "Rolled back", "time": time}

    answer = await edit_entry.submit(submitted(values, view["private_metadata"]), services)

    assert answer == FieldErrors({"time": "Time needs a day and a time. Choose them."})


async def test_every_form_that_opens_can_be_submitted() -> None:
    views = [
        declare.view(LEVELS, ChannelPolicy.ASK, ORIGIN),
        edit.view(an_incident(), LEVELS, None),
        update.view(an_incident(), LEVELS, None, HEARERS),
        add_summary.view(resolved(), None),
        edit_entry.view(an_incident(), a_note(), None),
    ]

    assert {view["callback_id"] for view in views} == MODALS.keys()


async def test_declaring_answers_with_the_name_and_where_it_is_announced(
    services: Services,
) -> None:
    answer = await declare.submit(submitted(DECLARED, ORIGIN.dump()), services)

    incident = await services.store.get(1, A_VIEWER)
    assert (incident.title, incident.reported_by) == ("Checkout answers 500", CARA)
    assert isinstance(answer, Reply)
    assert answer.text == (
        "You declared *INC-1*, High. It is being announced in #incidents. "
        "`/incident show INC-1` opens it."
    )


async def test_a_form_sent_twice_declares_once(services: Services) -> None:
    first = submitted(DECLARED, ORIGIN.dump())
    await declare.submit(first, services)

    answer = await declare.submit(first, services)

    assert isinstance(answer, Nothing)
    assert (await services.lists.find(IncidentFilter(), A_VIEWER, 20))[1] == 1


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"title": " \u200b\n"}, {"title": "Title needs some text."}),
        ({"title": None}, {"title": "Title needs some text."}),
        (
            {"title": "x" * 5000},
            {"title": "Title may have 200 characters; this has 5000. Shorten it."},
        ),
        (
            {"description": "x" * 3001},
            {"description": "Description may have 3000 characters; this has 3001. Shorten it."},
        ),
        (
            {"title": "", "description": ""},
            {"title": "Title needs some text.", "description": "Description needs some text."},
        ),
        (
            {"severity": "Awful"},
            {"severity": "“Awful” is not a severity. Severities are Low, Medium, High."},
        ),
    ],
)
async def test_what_is_wrong_is_said_below_its_field(
    services: Services, values: dict[str, str | None], errors: dict[str, str]
) -> None:
    answer = await declare.submit(submitted(DECLARED | values, ORIGIN.dump()), services)

    assert answer == FieldErrors(errors)
    assert await services.lists.find(IncidentFilter(), A_VIEWER, 20) == ((), 0)


async def test_an_edit_changes_what_was_changed(services: Services) -> None:
    incident = await declared(services)
    values = {"title": "Slow", "description": incident.description, "severity": "Low"}

    answer = await edit.submit(submitted(values, seen(incident)), services)

    now = await services.store.get(1, A_VIEWER)
    assert answer == Reply("INC-1 is changed; its announcement follows.")
    assert (now.title, now.description, now.severity) == ("Slow", incident.description, "Low")


async def test_an_edit_does_not_undo_anothers(services: Services) -> None:
    incident = await declared(services)
    await services.store.edit(by(ANA), 1, Edit(title="Slow"))
    values = {"title": "Fast", "description": "x", "severity": "High"}

    answer = await edit.submit(submitted(values, seen(incident)), services)

    assert isinstance(answer, FieldErrors)
    assert answer.errors["title"].startswith("Somebody else edited this while you did.")
    assert (await services.store.get(1, A_VIEWER)).title == "Slow"


async def test_an_edit_of_nothing_is_refused(services: Services) -> None:
    incident = await declared(services)
    values = {
        "title": incident.title,
        "description": incident.description,
        "severity": "High",
    }

    with pytest.raises(NothingToChange):
        await edit.submit(submitted(values, seen(incident)), services)


async def test_an_edit_with_a_blank_title_is_told_below_it(services: Services) -> None:
    incident = await declared(services)
    values = {"title": " ", "description": "x", "severity": "High"}

    answer = await edit.submit(submitted(values, seen(incident)), services)

    assert answer == FieldErrors({"title": "Title needs some text."})


async def test_an_update_changes_the_status_only_if_the_person_did(services: Services) -> None:
    incident = await declared(services)
    await services.store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    values = {"message": "Rolled back.", "status": "Open", "severity": "High"}

    await update.submit(submitted(values, seen(incident)), services)

    now = await services.store.get(1, A_VIEWER)
    assert (now.latest_update, now.status) == ("Rolled back.", Status.IN_PROGRESS)


async def test_an_update_brings_status_and_severity(services: Services) -> None:
    incident = await declared(services)
    values = {"message": "Over.", "status": "Resolved", "severity": "Low"}

    answer = await update.submit(submitted(values, seen(incident)), services)

    now = await services.store.get(1, A_VIEWER)
    assert isinstance(answer, Reply)
    assert (now.status, now.severity) == (Status.RESOLVED, "Low")


async def test_an_update_promises_the_next_until_it_comes(services: Services, clock: Clock) -> None:
    incident = await declared(services)
    clock.advance(60)
    values = {"message": "Looking.", "status": "Open", "severity": "High"}

    promising = values | {"next_update_in": "30 minutes"}
    await update.submit(submitted(promising, seen(incident)), services)
    promised = await services.store.get(1, A_VIEWER)
    silent = values | {"next_update_in": "Nothing promised"}
    await update.submit(submitted(silent, seen(promised)), services)

    assert promised.next_update_at == clock() + timedelta(minutes=30)
    assert (await services.store.get(1, A_VIEWER)).next_update_at is None


@pytest.mark.parametrize("status", ["Open", "Resolved"])
async def test_who_resolves_promises_no_update(services: Services, status: str) -> None:
    incident = await declared(services)
    if status == "Open":
        incident = await services.store.take(by(ANA), 1, Step.RESOLVE)
    values = {"message": "Over.", "status": "Resolved", "next_update_in": "1 hour"}

    await update.submit(submitted(values, seen(incident)), services)

    assert (await services.store.get(1, A_VIEWER)).next_update_at is None


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "sent to no followers"), (1, "sent to 1 follower."), (12, "sent to 12 followers")],
)
def test_who_writes_an_update_sees_where_it_goes(number: int, words: str) -> None:
    hearers = (*announced_in(INCIDENTS, "C0OPS"), *followers(number))

    view = update.view(an_incident(), LEVELS, None, hearers)

    [said] = texts_of(view["blocks"], "mrkdwn")
    assert "in <#C0OPS> and #incidents" in said
    assert words in said


@pytest.mark.parametrize(
    ("hearers", "words"),
    [
        (
            (*announced_in(INCIDENTS), OWN),
            "Posted in <#C0OWN> and in the announcement's thread in #incidents, shown in",
        ),
        ((OWN,), "Posted in <#C0OWN>, shown in the announcement"),
        ((), "Kept in the timeline, sent to no followers."),
    ],
)
def test_who_writes_an_update_sees_that_it_goes_to_the_incidents_channel(
    hearers: Sequence[Hearer], words: str
) -> None:
    view = update.view(an_incident(), LEVELS, None, hearers)

    [said] = texts_of(view["blocks"], "mrkdwn")
    assert words in said


async def test_an_update_that_resolves_what_is_resolved_says_so_and_the_way_out(
    services: Services,
) -> None:
    incident = await declared(services)
    await services.store.take(by(ANA), 1, Step.RESOLVE)
    values = {"message": "Over.", "status": "Resolved", "severity": "High"}

    answer = await update.submit(submitted(values, seen(incident), BEN), services)

    assert isinstance(answer, FieldErrors)
    assert answer.errors["status"].startswith("INC-1 is already Resolved, since ")
    assert answer.errors["status"].endswith("Choose Open here to post your message alone.")


async def test_an_empty_update_is_told_below_it(services: Services) -> None:
    incident = await declared(services)

    answer = await update.submit(submitted({"message": None}, seen(incident)), services)

    assert answer == FieldErrors({"message": "Message needs some text."})


async def test_a_forged_severity_is_refused_in_words(services: Services) -> None:
    incident = await declared(services)
    values = {"message": "x", "status": "Open", "severity": "Awful"}

    with pytest.raises(UnknownSeverity):
        await update.submit(submitted(values, seen(incident)), services)


async def test_a_forged_status_is_refused_in_words(services: Services) -> None:
    incident = await declared(services)
    values = {"message": "x", "status": "Closed", "severity": "High"}

    answer = await update.submit(submitted(values, seen(incident)), services)

    assert answer == FieldErrors({"status": "Status has no such choice. Choose another."})


async def test_a_summary_is_kept(services: Services) -> None:
    incident = await declared(services)
    await services.store.take(by(CARA), 1, Step.RESOLVE)

    await add_summary.submit(submitted({"summary": "A bad deploy."}, seen(incident)), services)

    assert (await services.store.get(1, A_VIEWER)).summary == "A bad deploy."


async def test_a_summary_sent_twice_is_kept_once(services: Services) -> None:
    await declared(services)
    incident = await services.store.take(by(CARA), 1, Step.RESOLVE)
    form = submitted({"summary": "A bad deploy."}, seen(incident))
    await add_summary.submit(form, services)

    with pytest.raises(RepeatedRequest):
        await add_summary.submit(form, services)


async def test_an_empty_summary_is_told_below_it(services: Services) -> None:
    incident = await declared(services)

    answer = await add_summary.submit(submitted({"summary": " "}, seen(incident)), services)

    assert answer == FieldErrors({"summary": "Summary needs some text."})


@pytest.mark.parametrize("form", [edit, update, add_summary])
@pytest.mark.parametrize(
    "metadata", ["", "x", "{}", json.dumps({"incident_id": -1, "version": 1, "status": "Open"})]
)
async def test_forged_metadata_is_answered_in_words(
    services: Services,
    form: Any,  # noqa: ANN401 - a module
    metadata: str,
) -> None:
    with pytest.raises(IncidentError):
        await form.submit(submitted({}, metadata), services)
