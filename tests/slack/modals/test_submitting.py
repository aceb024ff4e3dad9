"""What a submitted form does, and all that it is told: boxes, stale forms, notes, problems."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from incident_bot.delivery.problems import Concern
from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.edits import Edit
from incident_bot.domain.errors import ChangedMeanwhile
from incident_bot.domain.incident import Incident
from incident_bot.domain.note import Note
from incident_bot.domain.severity import Severities
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack.modals import add_summary, declare, edit, edit_entry, update
from incident_bot.slack.modals.submitted import MODALS
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import FieldErrors, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import Origin, SeenForm
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.case import SeenVersion
from incident_bot.store.outbox.operations import Operation
from tests.factories import A_VIEWER, ANA, BEN, CARA, INCIDENTS, NOON, Clock, after, by
from tests.hearing import announced_in
from tests.slack.answers import deeds, refusal, said
from tests.slack.incidents import declared, taken
from tests.slack.payloads import submitted
from tests.slack.support import check_view, shown

HERE = Origin(channel_id="C0OPS", channel_name="ops")
AT_A_MESSAGE = Origin(channel_id="C0OPS", channel_name="ops", thread_ts="100.1")
DECLARED = {"title": "Tills", "description": "Since noon.", "severity": "high"}
OPENS = "`/incident show INC-1` opens it."
PRIVATELY = (
    "You declared *INC-1*, High, in private. You are being invited to a private channel, and only "
    "you and whom you bring in know of it."
)
PUBLICLY = "You declared *INC-1*, High. It is being announced in #incidents."


def seen(incident: Incident) -> SeenForm:
    return SeenForm.of(incident, "C0OPS")


@pytest.mark.parametrize(
    ("policy", "ticked", "origin", "words", "is_private", "has_channel"),
    [
        ("ask", (), HERE, f"{PUBLICLY} {OPENS}", False, False),
        (
            "ask",
            ("channel",),
            HERE,
            f"{PUBLICLY} A channel is being made for it. {OPENS}",
            False,
            True,
        ),
        (
            "ask",
            ("channel",),
            AT_A_MESSAGE,
            (
                f"{PUBLICLY} A link to it is being left below the message. A channel is being made "
                f"for it. {OPENS}"
            ),
            False,
            True,
        ),
        ("ask", ("private",), HERE, f"{PRIVATELY} {OPENS}", True, True),
        (
            "ask",
            ("private", "channel"),
            AT_A_MESSAGE,
            f"{PRIVATELY} Nothing is said below the message. {OPENS}",
            True,
            True,
        ),
        ("always", (), HERE, f"{PUBLICLY} A channel is being made for it. {OPENS}", False, True),
        ("always", ("private",), HERE, f"{PRIVATELY} {OPENS}", True, True),
        ("never", ("channel", "private"), HERE, f"{PUBLICLY} {OPENS}", False, False),
    ],
)
async def test_what_is_ticked_decides_where_it_goes_on(
    services: Services,
    outbox: Outbox,
    *,
    policy: str,
    ticked: tuple[str, ...],
    origin: Origin,
    words: str,
    is_private: bool,
    has_channel: bool,
) -> None:
    services = replace(services, channel_policy=ChannelPolicy(policy))
    form = submitted(DECLARED, origin, ticked={"channel": ticked})

    answer = await declare.submit(form, services)

    incident = await services.store.get(1, by(CARA).viewer)
    found = await outbox.claim(NOON, 9, 9)
    assert answer == Reply(words)
    assert (Operation.CHANNEL in {delivery.operation for delivery in found}) is has_channel
    assert (incident.is_private, incident.severity, incident.reported_by) == (
        is_private,
        "High",
        CARA,
    )


@pytest.mark.parametrize(
    ("policy", "boxes"),
    [("ask", ["channel", "private"]), ("always", ["private"]), ("never", None)],
)
def test_the_boxes_are_those_that_the_team_allows(policy: str, boxes: list[str] | None) -> None:
    view = declare.view(Severities(), ChannelPolicy(policy), HERE)

    check_view(view)
    offered = [
        [option["value"] for option in block["element"]["options"]]
        for block in view["blocks"]
        if block["block_id"] == "channel"
    ]
    assert offered == ([] if boxes is None else [boxes])
    if policy == "ask":
        words = shown(view["blocks"])
        assert "Make a channel for it\nWho reports, leads or responds is invited." in words
        assert (
            "Keep it private\nAnnounced nowhere: only you and whom you bring in know of it."
            in words
        )


async def test_it_is_announced_where_it_was_declared_too(services: Services) -> None:
    await declare.submit(submitted(DECLARED, HERE), services)

    assert await services.store.hearers_of_update(1, CARA) == announced_in("C0OPS", INCIDENTS)


async def test_a_form_of_a_severity_that_is_none_is_told_below_it(services: Services) -> None:
    answer = await declare.submit(submitted(DECLARED | {"severity": None}, HERE), services)

    assert isinstance(answer, FieldErrors)
    assert answer.errors.keys() == {"severity"}


@pytest.mark.parametrize(
    ("values", "changed"),
    [
        ({"title": "Slow"}, {"title": "Slow"}),
        ({"description": "Since one."}, {"description": "Since one."}),
        ({"severity": "low"}, {"severity": "Low"}),
        ({"severity": None, "title": "Slow"}, {"title": "Slow"}),
    ],
)
async def test_an_edit_changes_only_what_the_person_did(
    services: Services, values: dict[str, str | None], changed: dict[str, str]
) -> None:
    incident = await declared(services)
    before = {
        "title": incident.title,
        "description": incident.description,
        "severity": incident.severity,
    }

    answer = await edit.submit(submitted(before | values, seen(incident)), services)

    now = await services.store.get(1, A_VIEWER)
    assert answer == Reply("INC-1 is changed; its announcement follows.")
    assert {name: getattr(now, name) for name in before} == before | changed


async def test_a_stale_edit_is_told_what_to_do(services: Services) -> None:
    incident = await declared(services)
    await services.store.edit(by(ANA), 1, Edit(title="Slow"))
    values = {"title": "Fast", "description": "x", "severity": "High"}

    assert await edit.submit(submitted(values, seen(incident)), services) == FieldErrors(
        {
            "title": "Somebody else edited this while you did. Copy what you wrote, cancel, and "
            "open the form again."
        }
    )


async def test_an_update_is_told_how_to_edit_it(services: Services) -> None:
    incident = await declared(services)
    values = {"message": "Rolled back", "status": "In Progress", "severity": "Low"}

    answer = await update.submit(submitted(values, seen(incident), BEN), services)

    assert answer == Reply(
        "Your update on INC-1 is being posted. `/incident timeline INC-1` lets you edit it."
    )
    assert await deeds(services) == [
        (EntryKind.UPDATE_POSTED, BEN),
        (EntryKind.ACKNOWLEDGED, BEN),
        (EntryKind.LEAD_CHANGED, BEN),
        (EntryKind.SEVERITY_CHANGED, BEN),
    ]


@pytest.mark.parametrize(
    ("choice", "promised"),
    [
        ("15 minutes", timedelta(minutes=15)),
        ("30 minutes", timedelta(minutes=30)),
        ("1 hour", timedelta(hours=1)),
        ("2 hours", timedelta(hours=2)),
        ("4 hours", timedelta(hours=4)),
        ("Nothing promised", None),
        (None, None),
        ("a forged one", None),
    ],
)
async def test_an_update_promises_the_next(
    services: Services, choice: str | None, promised: timedelta | None
) -> None:
    incident = await declared(services)
    values = {"message": "Looking", "next_update_in": choice}

    await update.submit(submitted(values, seen(incident)), services)

    now = await services.store.get(1, A_VIEWER)
    assert now.next_update_at == (None if promised is None else NOON + promised)


async def test_a_stale_status_is_told_with_the_way_to_post_the_words_alone(
    services: Services,
) -> None:
    incident = await declared(services)
    await services.store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    values = {"message": "Over", "status": "Resolved"}

    answer = await update.submit(submitted(values, seen(incident), BEN), services)

    assert answer == FieldErrors(
        {
            "status": "Somebody else acknowledged it at 12:00 UTC: INC-1. "
            "Choose Open here to post your message alone."
        }
    )
    assert (await services.store.get(1, A_VIEWER)).latest_update is None


async def test_a_summary_is_kept_with_the_incident(services: Services) -> None:
    incident = await taken(services, Step.RESOLVE)

    answer = await add_summary.submit(submitted({"summary": "x"}, seen(incident), ANA), services)

    assert answer == Reply("The summary of INC-1 is kept and shown in its announcement.")
    assert (await deeds(services))[-1] == (EntryKind.SUMMARY_ADDED, ANA)


async def test_who_lost_the_lead_while_the_form_was_open_saves_no_summary(
    services: Services,
) -> None:
    await taken(services, Step.ACKNOWLEDGE, actor=ANA)
    incident = await services.store.take(by(BEN), 1, Step.RESOLVE)
    await services.store.hand_over(by(ANA), 1, CARA)

    submission = submitted({"summary": "x"}, seen(incident), ANA)

    assert await refusal(add_summary.submit(submission, services)) == (
        "<@U0BEN> resolved INC-1: ask them, or its lead, for a summary."
    )
    assert (await services.store.get(1, A_VIEWER)).summary is None


async def test_what_was_reopened_meanwhile_is_not_summed_up(services: Services) -> None:
    incident = await taken(services, Step.RESOLVE)
    await services.store.take(by(BEN), 1, Step.REOPEN)

    with pytest.raises(ChangedMeanwhile):
        await add_summary.submit(submitted({"summary": "x"}, seen(incident)), services)
    assert (await services.store.get(1, A_VIEWER)).summary is None


async def noted(services: Services, clock: Clock) -> tuple[TimelineEntry, str]:
    """A note of Ben's, half a minute past noon, and what its form hands to Slack."""
    incident = await declared(services)
    clock.advance(30)
    _, entry = await services.timelines.add_note(by(BEN), 1, Note("Rolled bakc"))
    metadata: str = edit_entry.view(incident, entry, "C0OPS")["private_metadata"]
    return entry, metadata


def at(minutes: float) -> str:
    return str(int(after(minutes).timestamp()))


@pytest.mark.parametrize(
    ("minutes", "moment"), [(0, NOON + timedelta(seconds=30)), (-5, after(-5))]
)
async def test_a_note_is_edited_and_keeps_its_moment_unless_that_is_changed(
    services: Services, clock: Clock, minutes: float, moment: datetime
) -> None:
    _, metadata = await noted(services, clock)
    values = {"text": " Rolled back\n", "time": at(minutes)}

    answer = await edit_entry.submit(submitted(values, metadata, BEN), services)

    [_, entry] = await services.store.timeline(1, A_VIEWER)
    assert answer == Reply("The timeline of INC-1 is changed. `/incident timeline INC-1` shows it.")
    assert (entry.text, entry.happened_at, entry.edited_at) == ("Rolled back", moment, clock())


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        (
            {"text": "x", "time": at(5)},
            {
                "time": "That time is still to come, and the timeline tells what has happened. "
                "Give an earlier one, or none."
            },
        ),
        ({"text": " ", "time": at(0)}, {"text": "Text needs some text."}),
        (
            {"text": None, "time": None},
            {
                "text": "Text needs some text.",
                "time": "Time needs a day and a time. Choose them.",
            },
        ),
    ],
    ids=["to come", "blank", "nothing"],
)
async def test_what_is_wrong_with_a_note_is_told_below_its_field(
    services: Services, clock: Clock, values: dict[str, str | None], errors: dict[str, str]
) -> None:
    _, metadata = await noted(services, clock)

    answer = await edit_entry.submit(submitted(values, metadata, BEN), services)

    assert answer == FieldErrors(errors)


@pytest.mark.parametrize(
    ("who", "text", "words"),
    [
        (BEN, "Rolled bakc", "The entry says that already; nothing was changed."),
        (CARA, "x", "Only who put this into the timeline of INC-1, or its lead, may change it."),
    ],
)
async def test_a_note_that_may_not_be_changed_stays(
    services: Services, clock: Clock, *, who: str, text: str, words: str
) -> None:
    _, metadata = await noted(services, clock)
    form = submitted({"text": text, "time": at(0)}, metadata, who)

    assert (await refusal(edit_entry.submit(form, services))).startswith(words)
    [_, entry] = await services.store.timeline(1, A_VIEWER)
    assert entry.edited_at is None


async def test_a_note_that_was_edited_meanwhile_is_not_edited(
    services: Services, clock: Clock
) -> None:
    entry, metadata = await noted(services, clock)
    version = SeenVersion(1, entry.id or 0, None)
    await services.timelines.edit(by(BEN), version, Note("Rolled back"))
    form = submitted({"text": "x", "time": at(0)}, metadata, BEN)

    assert (await refusal(edit_entry.submit(form, services))).startswith(
        "Somebody else edited this entry meanwhile, so nothing was changed."
    )


async def test_what_keeps_others_from_hearing_of_it_is_said(
    services: Services, problems: dict[Concern, str], clock: Clock
) -> None:
    problems[INCIDENTS] = "the channel is archived"
    answers = [await declare.submit(submitted(DECLARED, HERE), services)]
    incident = await services.store.get(1, A_VIEWER)
    form = {"title": "Slow", "description": "x", "severity": "Low"}
    answers.append(await edit.submit(submitted(form, seen(incident)), services))
    incident = await services.store.get(1, A_VIEWER)
    answers.append(await update.submit(submitted({"message": "x"}, seen(incident)), services))
    [*_, entry] = await services.store.timeline(1, A_VIEWER)
    metadata = edit_entry.view(incident, entry, None)["private_metadata"]
    clock.advance(1)
    answers.append(await edit_entry.submit(submitted({"text": "y"}, metadata), services))
    incident = await services.store.take(by(CARA), 1, Step.RESOLVE)
    answers.append(await add_summary.submit(submitted({"summary": "x"}, seen(incident)), services))

    for answer in answers:
        assert said(answer).startswith(":warning: ")
        assert said(answer).endswith("\nNobody else is told yet: the channel is archived.")


def test_only_declaring_changes_no_incident() -> None:
    assert {name: one.permission for name, one in MODALS.items()} == {
        "declare": Permission.EVERYONE,
        "edit": Permission.MEMBERS,
        "update": Permission.MEMBERS,
        "add_summary": Permission.MEMBERS,
        "edit_entry": Permission.MEMBERS,
    }
