"""How an incident comes about in a turmoil: perhaps, and then once."""

import re
from typing import Final

import aiohttp

from incident_bot.sandbox.views import View
from tests.rest.client import DECLARATION, Client
from tests.slack_people import Person, Slack
from tests.turmoil.deeds import answer_to
from tests.turmoil.model import Fate
from tests.turmoil.watched import Watched
from tests.waiting import eventually

_DECLARED: Final = re.compile(r"You declared \*INC-(\d+)\*")


async def declares(slack: Slack, watched: Watched, times: int) -> None:
    """By command and form, sent `times` at once, if the form opens."""
    person = Person(slack, watched.reporter)
    if await _form(slack, person, watched.channel) is None:
        return
    fields = {"title": watched.title, "description": "All", "severity": watched.severity}
    outcomes = await slack.at_once(*(person.submits(**fields) for _ in range(times)))
    assert not any(outcome.errors for outcome in outcomes), outcomes
    is_ok = any(outcome.ok for outcome in outcomes)
    answer = await answer_to(slack, person) if is_ok else None
    if answer is None:
        await slack.process.ends()
        watched.fate = Fate.ACCEPTED if is_ok else Fate.UNKNOWN
        return
    match = _DECLARED.search(answer)
    assert match, answer
    watched.fate, watched.id = Fate.DONE, int(match[1])


async def declares_by_rest(slack: Slack, watched: Watched, times: int) -> None:
    """Sent `times` at once with one key."""
    if not slack.bot.is_running:
        return
    body = DECLARATION | {"title": watched.title, "severity": watched.severity}
    try:
        async with aiohttp.ClientSession(headers=slack.bot.authorization) as session:
            client = Client(session, slack.bot.url)
            posts = (client.post(body, Idempotency_Key=watched.title) for _ in range(times))
            answers = await slack.at_once(*posts)
    except aiohttp.ClientError:
        await slack.process.ends()
        return
    [watched.id] = {answer.json["id"] for answer in answers}
    watched.fate = Fate.DONE


async def _form(slack: Slack, person: Person, channel: str) -> View | None:
    """The form; None when it is not opened, which the person is told."""
    slack.sandbox.workspace.views.close(person.id)
    if not (await person.tries("/incident new", channel)).ok:
        await slack.process.ends()
        return None
    await eventually(
        lambda: person.form or person.told or not slack.bot.is_running,
        f"a form opens for {person.id}",
    )
    return person.form
