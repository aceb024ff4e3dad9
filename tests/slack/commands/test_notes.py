"""`/incident note`, and `timeline`, which shows them."""

from datetime import timedelta

import pytest

from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.commands import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.mrkdwn import moment, quoted, section
from incident_bot.store.after_delivery import Outbox
from tests.factories import A_VIEWER, ANA, NOON, Clock, after
from tests.slack.answers import deeds, refusal, said
from tests.slack.incidents import OWN, declared, with_channel
from tests.slack.payloads import typed
from tests.slack.support import actions_of
from tests.web_api import WebApi, a_user, ok


@pytest.mark.parametrize("name", ["note", "log"])
async def test_a_note_is_in_the_timeline_and_changes_nothing_else(
    services: Services, name: str
) -> None:
    before = await declared(services)

    answer = await dispatch(typed(f"{name} INC-1 Rolled back <b>"), services)

    sentence = f"Noted in the timeline of *INC-1*: {moment(NOON)}"
    assert answer == Reply(
        f"{sentence}\nRolled back &lt;b&gt;", (section(sentence), quoted("Rolled back <b>"))
    )
    [_, note] = await services.store.timeline(1, A_VIEWER)
    assert (note.kind, note.actor, note.text) == (EntryKind.NOTE, ANA, "Rolled back <b>")
    assert await services.store.get(1, A_VIEWER) == before


@pytest.mark.parametrize(
    ("text", "words", "minutes"),
    [
        ("11:15 Rolled back", "Rolled back", -45),
        ("10 min ago Rolled back", "Rolled back", -10),
        ("Rolled back 11:15", "Rolled back 11:15", 0),
    ],
)
async def test_a_note_begins_with_the_time_at_which_it_happened(
    services: Services, text: str, words: str, minutes: float
) -> None:
    await declared(services)

    await dispatch(typed(f"note INC-1 {text}"), services)

    [_, note] = await services.store.timeline(1, A_VIEWER)
    assert (note.text, note.happened_at) == (words, after(minutes))


async def test_a_time_in_a_note_is_the_writer_s_own(services: Services, web_api: WebApi) -> None:
    web_api.answers("users.info", ok(user=a_user(tz="Asia/Kathmandu")))
    await declared(services)

    await dispatch(typed("note INC-1 17:15 Rolled back"), services)

    [_, note] = await services.store.timeline(1, A_VIEWER)
    assert note.happened_at == after(-30)


async def test_in_its_own_channel_a_note_may_begin_with_its_time(
    services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)

    await dispatch(typed("note 10 min ago Rolled back", channel_id=OWN), services)

    *_, note = await services.store.timeline(1, A_VIEWER)
    assert (note.text, note.happened_at) == ("Rolled back", after(-10))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "What is to be noted? Type for example `/incident note INC-12 Rolled back`, or"),
        ("11:15", "What is to be noted?"),
        ("8 days ago Began", "That is too early: the timeline of INC-1 begins 7 days before it"),
        ("x" * 3001, "A note may have 3000 characters; this has 3001. Shorten it."),
    ],
)
async def test_what_is_no_note_is_refused(services: Services, text: str, words: str) -> None:
    await declared(services)

    assert (await refusal(dispatch(typed(f"note INC-1 {text}"), services))).startswith(words)
    assert await deeds(services) == []


async def test_the_timeline_shows_what_happened_newest_first(
    services: Services, clock: Clock
) -> None:
    await declared(services)
    clock.advance(60)
    await dispatch(typed("note INC-1 Rolled back"), services)

    answer = await dispatch(typed("timeline INC-1"), services)

    assert said(answer) == (
        "*Timeline of INC-1*, newest first\n"
        f"{moment(NOON + timedelta(minutes=1))} · 📝 <@U0ANA> noted: Rolled back\n"
        f"{moment(NOON)} · <@U0CARA> declared it"
    )
    assert isinstance(answer, Reply)
    assert answer.blocks is not None
    assert actions_of(answer.blocks) == ["edit_entry", "remove_entry"]
    assert answer.replaces


async def test_the_timeline_begins_with_its_newest_page(services: Services) -> None:
    await declared(services)
    for number in range(11):
        await dispatch(typed(f"note INC-1 Step {number}."), services)

    words = said(await dispatch(typed("timeline INC-1"), services))

    assert words.startswith("*Timeline of INC-1*, newest first: 1 to 10 of 12\n")
    assert "Step 10." in words
