"""What people do to an incident, each in one of three ways, and what they hear of it."""

import json
import re
from dataclasses import dataclass
from typing import Final, Literal

import aiohttp

from tests.rest.client import Client
from tests.slack_people import Button, Person, Slack
from tests.turmoil.model import SEVERITIES, VERBS, Act, Attempt, Fate, Go, Put, Regrade
from tests.turmoil.watched import Watched
from tests.waiting import eventually

REST_USER: Final = "api"

_COMMANDS: Final = {"acknowledge": "ack"}
_FAULT: Final = "Something went wrong"
_WAITING: Final = "This takes longer than usual"
_PASSING: Final = "Slack did not say whether"
_DONE: Final = re.compile(r"You (acknowledged|resolved|reopened) INC|INC-\d+ has severity \w+ now")


@dataclass(frozen=True)
class Deed:
    """`who` wants `wish`: a verb, a severity or, by REST, a status."""

    who: str
    way: Literal["command", "button", "rest"]
    wish: str


async def tries(slack: Slack, watched: Watched, deed: Deed) -> Attempt | None:
    """Do it; None when the bot cannot have heard of it."""
    if not slack.bot.is_running:
        return None
    match deed.way:
        case "command":
            return await _types(slack, watched, deed)
        case "button":
            button = offered(slack, watched, deed.wish)
            return await presses(slack, deed.who, button) if button else None
        case "rest":
            return await _patches(slack, watched, deed)


def offered(slack: Slack, watched: Watched, verb: str) -> Button | None:
    """The button for `verb` or, when there is none now, another that moves it along."""
    for post in slack.announcements(watched.announced):
        labels = [label for label in post.buttons if label.lower() in VERBS]
        wanted = verb.capitalize()
        if labels:
            return post.button(wanted if wanted in labels else labels[-1])
    return None


async def presses(slack: Slack, who: str, button: Button, times: int = 1) -> Attempt:
    """Press it as it was when it was looked at; Slack may deliver that several times."""
    person = Person(slack, who)
    payload = slack.press_payload(person, button)
    acks = await slack.at_once(*(slack.delivers("block_actions", payload) for _ in range(times)))
    seen = json.loads(button.value)["version"]
    act = Go(person.id, button.action_id, seen)
    return Attempt(act, await _fate(slack, person, is_ok=all(ack.ok for ack in acks)))


async def _types(slack: Slack, watched: Watched, deed: Deed) -> Attempt:
    person = Person(slack, deed.who)
    act: Act = Go(person.id, deed.wish) if deed.wish in VERBS else Regrade(person.id, deed.wish)
    subcommand = _COMMANDS.get(deed.wish, deed.wish)
    typed = f"/incident {subcommand} {watched.reference}"
    if isinstance(act, Regrade):
        typed = f"/incident severity {watched.reference} {deed.wish}"
    outcome = await person.tries(typed)
    return Attempt(act, await _fate(slack, person, is_ok=outcome.ok))


async def _patches(slack: Slack, watched: Watched, deed: Deed) -> Attempt:
    is_severity = deed.wish in SEVERITIES
    act: Act = Regrade(REST_USER, deed.wish) if is_severity else Put(REST_USER, deed.wish)
    try:
        async with aiohttp.ClientSession(headers=slack.bot.authorization) as session:
            client = Client(session, slack.bot.url)
            field = "severity" if is_severity else "status"
            answer = await client.patch(watched.id, {field: deed.wish})
    except aiohttp.ClientError:
        await slack.process.ends()
        return Attempt(act, Fate.UNKNOWN)
    assert answer.status == 200, answer.text
    return Attempt(act, Fate.ACCEPTED)


async def _fate(slack: Slack, person: Person, *, is_ok: bool) -> Fate:
    answer = await answer_to(slack, person) if is_ok else None
    if answer is None:
        # Who hears nothing in time, or no answer later, must have a reason.
        await slack.process.ends()
        answer = _answer(person)
    if answer is None:
        return Fate.ACCEPTED if is_ok and not _may_have_been_excused(slack) else Fate.UNKNOWN
    assert _FAULT not in answer, answer
    if _PASSING in answer:
        return Fate.EXCUSED
    return Fate.DONE if _DONE.match(answer) else Fate.REFUSED


async def answer_to(slack: Slack, person: Person) -> str | None:
    """Wait for the answer to the latest thing that `person` did; None when the bot ends first."""
    await eventually(
        lambda: _answer(person) or not slack.bot.is_running, f"{person.id} is answered"
    )
    return _answer(person)


def _answer(person: Person) -> str | None:
    return next((post.text for post in person.told if not post.text.startswith(_WAITING)), None)


def _may_have_been_excused(slack: Slack) -> bool:
    """Whether the bot could not look somebody up, and may have changed nothing therefore."""
    return any(call["fault"] for call in slack.calls("users.info"))
