"""The buttons of a timeline: "Older", "Newer", "Edit", "Remove"."""

import pytest

from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.incident import Incident
from incident_bot.domain.note import Note
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.buttons import dispatch
from incident_bot.slack.modals import edit_entry
from incident_bot.slack.reply import OpenModal, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenEntry, SeenPage
from incident_bot.slack.text.mrkdwn import moment
from incident_bot.store.case import SeenVersion
from tests.factories import A_VIEWER, ANA, BEN, CARA, NOON, Clock, after, by
from tests.slack.answers import refusal, said
from tests.slack.incidents import declared, taken
from tests.slack.payloads import OPS, pressed

GONE = "This is not in the timeline of INC-1 any more. `/incident timeline INC-1` shows what is."
EDITED = (
    "Somebody else edited this entry meanwhile, so nothing was changed. "
    "`/incident timeline INC-1` shows how it is now."
)


async def noted(services: Services, actor: str = BEN) -> tuple[Incident, TimelineEntry]:
    return await services.timelines.add_note(by(actor), 1, Note("Rolled back"))


def seen(entry: TimelineEntry, page: int = 0) -> SeenEntry:
    assert entry.id is not None
    return SeenEntry(incident_id=1, entry_id=entry.id, edited_at=entry.edited_at, page=page)


@pytest.mark.parametrize("name", ["older", "newer"])
async def test_another_page_takes_the_place_of_this_one(services: Services, name: str) -> None:
    await declared(services)
    for _ in range(11):
        await noted(services)

    answer = await dispatch(pressed(name, SeenPage(incident_id=1, page=1)), services)

    assert said(answer) == (
        "*Timeline of INC-1*, newest first: 11 to 12 of 12\n"
        f"{moment(NOON)} · 📝 <@U0BEN> noted: Rolled back\n{moment(NOON)} · <@U0CARA> declared it"
    )
    assert isinstance(answer, Reply)
    assert answer.replaces


@pytest.mark.parametrize("who", [BEN, ANA])
async def test_who_wrote_a_note_or_leads_opens_its_form(services: Services, who: str) -> None:
    incident = await taken(services, Step.ACKNOWLEDGE, actor=ANA)
    _, note = await noted(services)

    answer = await dispatch(pressed("edit_entry", seen(note), who), services)

    assert answer == OpenModal(edit_entry.view(incident, note, OPS))


async def test_a_form_shows_what_a_note_says_now(services: Services) -> None:
    await declared(services)
    incident, note = await noted(services)
    version = SeenVersion(1, 2, None)
    _, edited = await services.timelines.edit(by(BEN), version, Note("Rolled back twice"))

    answer = await dispatch(pressed("edit_entry", seen(note), BEN), services)

    assert answer == OpenModal(edit_entry.view(incident, edited, OPS))


@pytest.mark.parametrize("name", ["edit_entry", "remove_entry"])
async def test_others_change_no_note(services: Services, name: str) -> None:
    await declared(services)
    _, note = await noted(services)

    assert await refusal(dispatch(pressed(name, seen(note), CARA), services)) == (
        "Only who put this into the timeline of INC-1, or its lead, may change it. Ask one of "
        "them. `/incident note INC-1` adds a note of your own."
    )
    assert len(await services.store.timeline(1, A_VIEWER)) == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("edit_entry", "Only updates, notes and pinned messages can be edited."),
        ("remove_entry", "Only notes and pinned messages can be removed."),
    ],
)
async def test_what_nobody_wrote_is_not_changed(services: Services, name: str, words: str) -> None:
    await declared(services)
    value = SeenEntry(incident_id=1, entry_id=1)

    assert await refusal(dispatch(pressed(name, value, CARA), services)) == words


async def test_an_update_is_edited_by_who_wrote_it_and_never_removed(services: Services) -> None:
    await declared(services)
    incident = await services.store.post_update(by(BEN), 1, ProgressUpdate(message="Rolled bakc"))
    *_, entry = await services.store.timeline(1, A_VIEWER)

    answer = await dispatch(pressed("edit_entry", seen(entry), BEN), services)

    assert answer == OpenModal(edit_entry.view(incident, entry, OPS))
    assert await refusal(dispatch(pressed("remove_entry", seen(entry), BEN), services)) == (
        "Only notes and pinned messages can be removed."
    )
    assert (await refusal(dispatch(pressed("edit_entry", seen(entry), CARA), services))).startswith(
        "Only who wrote this update on INC-1, or its lead, may edit it."
    )


@pytest.mark.parametrize("who", [BEN, ANA])
async def test_who_wrote_a_note_or_leads_removes_it_in_place(services: Services, who: str) -> None:
    await taken(services, Step.ACKNOWLEDGE, actor=ANA)
    _, note = await noted(services)

    answer = await dispatch(pressed("remove_entry", seen(note), who), services)

    assert said(answer).startswith("It is removed.\n*Timeline of INC-1*, newest first\n")
    assert "Rolled back" not in said(answer)
    assert isinstance(answer, Reply)
    assert answer.replaces


async def test_the_page_on_which_it_was_is_shown_again(services: Services) -> None:
    await declared(services)
    notes = [await noted(services) for _ in range(11)]
    _, first = notes[0]

    answer = await dispatch(pressed("remove_entry", seen(first, page=1), BEN), services)

    assert "newest first: 11 to 11 of 11" in said(answer)


async def test_what_is_gone_is_not_changed(services: Services) -> None:
    await declared(services)
    _, note = await noted(services)
    await dispatch(pressed("remove_entry", seen(note), BEN), services)

    for name in ("edit_entry", "remove_entry"):
        assert await refusal(dispatch(pressed(name, seen(note), BEN), services)) == GONE


async def test_what_was_edited_meanwhile_is_not_removed(services: Services, clock: Clock) -> None:
    await declared(services)
    _, note = await noted(services)
    clock.now = after(1)
    await services.timelines.edit(by(BEN), SeenVersion(1, 2, None), Note("Rolled back twice"))

    assert await refusal(dispatch(pressed("remove_entry", seen(note), BEN), services)) == EDITED
    assert len(await services.store.timeline(1, A_VIEWER)) == 2
