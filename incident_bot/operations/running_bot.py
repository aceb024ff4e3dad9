"""The outbox of a bot that is running, asked for over HTTP."""

import contextlib
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final, TypeVar

import aiohttp
from pydantic import TypeAdapter, ValidationError

from incident_bot.operations.refusals import Refused
from incident_bot.settings import Settings
from incident_bot.store.engine.errors import DatabaseInUse
from incident_bot.store.outbox.undelivered import LAST_ID, Mended, Message

T = TypeVar("T")

_TIMEOUT: Final = aiohttp.ClientTimeout(total=15)
_OK: Final = 200
_FORBIDDEN: Final = 403
_SAME_SETTINGS: Final = "Run this with the settings of the bot, or stop the bot first."


@dataclass(frozen=True)
class _Page:
    messages: tuple[Message, ...]
    process_id: int


_PAGE: Final = TypeAdapter(_Page)
_MENDED: Final = TypeAdapter(Mended)


class RunningBot:
    """Does what `Undelivered` does, by having the bot do it. All methods raise Refused."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def process_id(self) -> int:
        return (await self._page(LAST_ID, with_settled=False)).process_id

    async def page(self, after: int = 0, *, with_settled: bool = False) -> tuple[Message, ...]:
        return (await self._page(after, with_settled=with_settled)).messages

    async def retry(self, ids: Collection[int]) -> Mended:
        return await self._ask(_MENDED, "POST", "/outbox/retry", json={"ids": list(ids)})

    async def discard(self, ids: Collection[int]) -> Mended:
        return await self._ask(_MENDED, "POST", "/outbox/discard", json={"ids": list(ids)})

    async def _page(self, after: int, *, with_settled: bool) -> _Page:
        query = {"all": "true"} if with_settled else {}
        if after:
            query["cursor"] = str(after)
        return await self._ask(_PAGE, "GET", "/outbox", params=query)

    async def _ask(self, answer: TypeAdapter[T], method: str, path: str, **what: Any) -> T:  # noqa: ANN401 - aiohttp's
        try:
            async with self._session.request(method, self._url + path, **what) as response:
                body = await response.read()
        except (aiohttp.ClientError, OSError) as error:
            words = str(error) or "it took too long"
            raise Refused(
                f"the bot that has the database does not answer at {self._url}: {words}. "
                f"{_SAME_SETTINGS}"
            ) from error
        if response.status == _FORBIDDEN:
            raise Refused(
                f"{self._url} answered 403. Set INCIDENT_BOT_API_TOKENS and restart the bot, or "
                "stop the bot first."
            )
        if response.status != _OK:
            raise Refused(f"{self._url} answered {response.status}. {_SAME_SETTINGS}")
        try:
            return answer.validate_json(body)
        except ValidationError as error:
            raise Refused(
                f"what answers at {self._url} is no incident-bot of this version. {_SAME_SETTINGS}"
            ) from error


@contextlib.asynccontextmanager
async def running_bot(settings: Settings, in_use: DatabaseInUse) -> AsyncIterator[RunningBot]:
    """The bot that has the database `in_use`; raises Refused when it is not the one that answers.

    Another bot on this machine may well listen at the same settings' port: its messages are not
    those that are asked for.
    """
    url = _address(settings)
    async with aiohttp.ClientSession(timeout=_TIMEOUT, headers=_credentials(settings)) as session:
        bot = RunningBot(session, url)
        process_id = await bot.process_id()
        if str(process_id) != in_use.holder:
            raise Refused(
                f"the bot at {url} is process {process_id}, but process {in_use.holder} has the "
                f"database. {_SAME_SETTINGS}"
            )
        yield bot


def _credentials(settings: Settings) -> dict[str, str]:
    """A token that may see private incidents if there is one: to others not all is shown."""
    if not settings.api_tokens:
        return {}
    tokens = sorted(settings.api_tokens, key=lambda one: one[0] not in settings.api_private)
    return {"Authorization": f"Bearer {tokens[0][1].get_secret_value()}"}


def _address(settings: Settings) -> str:
    """Where to ask on this machine, whichever of its addresses the bot listens on."""
    try:
        host = ip_address(settings.host)
    except ValueError:  # a name
        return f"http://{settings.host}:{settings.port}"
    if host.is_unspecified:
        host = ip_address("127.0.0.1" if host.version == 4 else "::1")  # noqa: PLR2004 - IPv4
    shown = str(host) if host.version == 4 else f"[{host}]"  # noqa: PLR2004 - the same
    return f"http://{shown}:{settings.port}"
