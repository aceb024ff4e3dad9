"""Who may change incidents and respond: not guests, and nobody from another organisation."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.domain.text import one_line
from incident_bot.slack.api.standing import (
    CannotRespond,
    MayChangeNothing,
    NobodyKnown,
    NotLookedUp,
    Standing,
    Unsaid,
)
from incident_bot.slack.api.workspace import Workspace

log = structlog.get_logger(__name__)

_FRESH_FOR: Final = timedelta(minutes=5)
_USABLE_FOR: Final = timedelta(hours=24)
_DAY: Final = 24 * 60 * 60
_MOST_KEPT: Final = 10_000


@dataclass(frozen=True)
class _Person:
    """What Slack said of somebody (users.info), and when."""

    standing: Standing
    zone: tzinfo
    name: str
    asked_at: datetime


class People:
    """Looks people up in Slack, once in five minutes."""

    def __init__(
        self, client: AsyncWebClient, workspace: Workspace, clock: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._workspace = workspace
        self._clock = clock
        self._known: dict[str, _Person] = {}
        self._asking: dict[str, asyncio.Task[_Person]] = {}

    async def refuse_outsiders(self, user_id: str, user_team_id: str | None) -> None:
        """Raise NotAllowed for people of another organisation, as far as is known of them.

        In an organisation of several workspaces users.info has to tell, elsewhere the payload does.
        """
        if user_team_id is None or user_team_id == self._workspace.team_id:
            return
        if self._workspace.enterprise_id is None:
            raise MayChangeNothing(Standing.OUTSIDER)
        person = await self._person(user_id)
        if person is not None and person.standing is Standing.OUTSIDER:
            raise MayChangeNothing(Standing.OUTSIDER)

    async def refuse_outsider(self, user_id: str) -> None:
        """Raise NotAllowed for somebody of another organisation, as Slack tells."""
        person = await self._person(user_id)
        if person is None:
            raise NotLookedUp(Unsaid.WHO_ASKS)
        if person.standing is Standing.OUTSIDER:
            raise MayChangeNothing(Standing.OUTSIDER)

    async def refuse_change(self, user_id: str) -> None:
        """Raise NotAllowed unless this person may change incidents.

        Should Slack not answer, what it said within the last day counts; without that nobody
        may: a stranger must not resolve an incident because Slack is slow.
        """
        person = await self._person(user_id)
        if person is None:
            raise NotLookedUp(Unsaid.WHETHER_THEY_MAY)
        if person.standing is not Standing.MEMBER:
            raise MayChangeNothing(person.standing)

    async def refuse_responder(self, user_id: str) -> None:
        """Raise CannotRespond unless this person may be given a role or the lead."""
        person = await self._person(user_id)
        if person is None:
            raise NobodyKnown
        if person.standing is not Standing.MEMBER:
            raise CannotRespond(user_id, person.standing)

    async def is_foreign(self, user_id: str) -> bool:
        """Whether it is a bot, or somebody of another organisation: none of them responds."""
        person = await self._person(user_id)
        if person is None:
            raise NotLookedUp(Unsaid.WHO_THAT_IS)
        return person.standing in (Standing.BOT, Standing.OUTSIDER, Standing.DEACTIVATED)

    async def deactivated(self, user_ids: Collection[str]) -> frozenset[str]:
        """Those whose accounts are deactivated; not those of whom Slack says nothing just now."""
        found = await asyncio.gather(*map(self._person, user_ids))
        return frozenset(
            user_id
            for user_id, person in zip(user_ids, found, strict=True)
            if person is not None and person.standing is Standing.DEACTIVATED
        )

    async def local_time(self, user_id: str) -> datetime:
        """What a clock on this person's wall shows; UTC when Slack does not say where that is."""
        person = await self._person(user_id)
        return self._clock().astimezone(UTC if person is None else person.zone)

    async def name_of(self, user_id: str) -> str:
        """What colleagues call this person; the ID when Slack does not say."""
        person = await self._person(user_id)
        return user_id if person is None else person.name

    async def names_of(self, user_ids: Iterable[str], within: float) -> dict[str, str]:
        """What colleagues call these people, as far as Slack says so within so many seconds."""
        asking = {user_id: asyncio.ensure_future(self._person(user_id)) for user_id in user_ids}
        if not asking:
            return {}
        _, late = await asyncio.wait(asking.values(), timeout=within)
        for task in late:  # the look-up itself goes on, for the next time
            task.cancel()
        found = {user_id: task.result() for user_id, task in asking.items() if task not in late}
        return {user_id: person.name for user_id, person in found.items() if person is not None}

    async def _person(self, user_id: str) -> _Person | None:
        """Whoever it is; None when that cannot be found out."""
        person = self._known.get(user_id)
        if person is None or self._clock() - person.asked_at > _FRESH_FOR:
            return await self._ask(user_id, person)
        return person

    async def _ask(self, user_id: str, known: _Person | None) -> _Person | None:
        task = self._asking.get(user_id)
        if task is None:
            task = asyncio.create_task(self._look_up(user_id))
            self._asking[user_id] = task
            task.add_done_callback(partial(self._answered, user_id))
        try:
            return await asyncio.shield(task)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is not known who that is
            log.warning("a person could not be looked up", user_id=user_id, error=str(error))
            if known is not None and self._clock() - known.asked_at < _USABLE_FOR:
                return known
            return None

    def _answered(self, user_id: str, task: asyncio.Task[_Person]) -> None:
        self._asking.pop(user_id, None)
        if not task.cancelled():
            task.exception()  # looked at: whoever asked may have stopped waiting for it

    async def _look_up(self, user_id: str) -> _Person:
        try:
            response = await self._client.users_info(user=user_id)
            user = response["user"]
            person = _Person(self._standing(user), _zone(user), _name(user), self._clock())
        except SlackApiError as error:
            if error.response.get("error") not in ("user_not_found", "user_not_visible"):
                raise
            person = _Person(Standing.OUTSIDER, UTC, user_id, self._clock())
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[user_id] = person
        return person

    def _standing(self, user: dict[str, Any]) -> Standing:
        if user.get("deleted"):
            return Standing.DEACTIVATED
        # Of Slack's own bot it says that it is none.
        if user.get("is_bot") or user.get("id") == "USLACKBOT":
            return Standing.BOT
        if user.get("is_restricted") or user.get("is_ultra_restricted"):
            return Standing.GUEST
        return Standing.OUTSIDER if self._is_outsider(user) else Standing.MEMBER

    def _is_outsider(self, user: dict[str, Any]) -> bool:
        if user.get("is_stranger"):
            return True
        enterprise = (user.get("enterprise_user") or {}).get("enterprise_id")
        if enterprise is not None and enterprise == self._workspace.enterprise_id:
            return False
        team_id = user.get("team_id")
        return team_id is not None and team_id != self._workspace.team_id


def _name(user: dict[str, Any]) -> str:
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("name"))
    lines = (one_line(str(name)) for name in names if name)
    return next(filter(None, lines), str(user.get("id")))


def _zone(user: dict[str, Any]) -> tzinfo:
    try:
        return ZoneInfo(str(user["tz"]))
    except (LookupError, ValueError, OSError):  # none is said, or one that is not known here
        return _offset(user.get("tz_offset"))


def _offset(seconds: object) -> tzinfo:
    """Slack says it even of some whose zone has no name."""
    if not isinstance(seconds, int) or abs(seconds) >= _DAY:
        return UTC
    return timezone(timedelta(seconds=seconds))
