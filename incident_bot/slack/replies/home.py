"""The Home tab of each who looks at it, and how it is kept current while they do."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.delivery.outcome import RateLimited, Refused
from incident_bot.domain.actors import Viewer
from incident_bot.domain.status import UNRESOLVED
from incident_bot.slack.api.outcomes import CALL_ERRORS, outcome_of
from incident_bot.slack.messages.home import MINE_SHOWN, SHOWN, HomeContent, home
from incident_bot.slack.replies.lists import wanted_on
from incident_bot.slack.text.button_values import ListPage
from incident_bot.store.engine.database import DatabaseAway
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.queries.lists import IncidentLists

log = structlog.get_logger(__name__)

FIRST_PAGE: Final = ListPage(statuses=UNRESOLVED)

_LOOK_EVERY: Final = 2.0
# Slack does not say when somebody looks away: it tells of the next look.
_LOOKS_FOR: Final = timedelta(hours=1)
_MOST_LOOKING: Final = 50
_METHOD: Final = "views.publish"


@dataclass
class _Looking:
    """Somebody's Home tab: which page it shows, since when, and as of which change."""

    page: ListPage
    since: datetime
    shown: int = -1
    one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)


class Home:
    """Publishes Home tabs. Who looks is not kept beyond a restart: their next look tells."""

    def __init__(
        self,
        client: AsyncWebClient,
        lists: IncidentLists,
        store: IncidentStore,
        clock: Callable[[], datetime],
        announcement_channel: str,
    ) -> None:
        self._client = client
        self._lists = lists
        self._store = store
        self._clock = clock
        self._announcement_channel = announcement_channel
        self._looking: dict[str, _Looking] = {}

    async def open(self, user_id: str) -> None:
        """Show somebody the first page, on which their own incidents come first."""
        await self.turn_to(FIRST_PAGE, user_id)

    async def turn_to(self, page: ListPage, user_id: str) -> None:
        """Show somebody a page; raises what calls raise."""
        looking = self._looking.pop(user_id, None) or _Looking(page, self._clock())
        looking.page, looking.since = page, self._clock()
        self._looking[user_id] = looking  # the last, who is forgotten last
        while len(self._looking) > _MOST_LOOKING:
            del self._looking[next(iter(self._looking))]
        await self._publish(user_id, looking)

    async def run(self) -> None:
        """Bring what people look at up to date, for ever."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                await asyncio.sleep(await self._refresh())
            except DatabaseAway:
                continue
            except Exception:
                log.exception("Home tabs could not be brought up to date")

    async def _refresh(self) -> float:
        """Show what has changed to who looks; gives the seconds that Slack wants to be spared."""
        earliest = self._clock() - _LOOKS_FOR
        self._looking = {who: one for who, one in self._looking.items() if one.since > earliest}
        if not self._looking:
            return 0
        latest = await self._lists.latest_entry_id()
        for user_id, looking in list(self._looking.items()):
            if looking.shown < latest:
                try:
                    await self._publish(user_id, looking)
                except CALL_ERRORS as error:
                    log.info("a Home tab is not up to date", user_id=user_id, error=str(error))
                    outcome = outcome_of(error, _METHOD)
                    if isinstance(outcome, RateLimited):
                        return outcome.retry_after
                    if not isinstance(error, SlackApiError):
                        return 0  # whoever comes next would wait in vain, too
                    # Whatever Slack does not take from one person keeps the others from nothing.
                    if isinstance(outcome, Refused):
                        looking.shown = latest
        return 0

    async def _publish(self, user_id: str, looking: _Looking) -> None:
        # What is read last has to be shown last.
        async with looking.one_by_one:
            latest = await self._lists.latest_entry_id()
            content = await content_of(
                looking.page, user_id, self._lists, self._store, self._announcement_channel
            )
            view = home(content)
            await self._client.views_publish(user_id=user_id, view=view)
            looking.shown = latest


async def content_of(
    page: ListPage,
    user_id: str,
    lists: IncidentLists,
    store: IncidentStore,
    announcement_channel: str,
) -> HomeContent:
    """What somebody sees on a page, as it is now."""
    viewer, wanted = Viewer(user_id), wanted_on(page, user_id)
    # "Mine" shows one's own as all others are shown: page by page.
    is_parted = not page.is_mine
    others = replace(wanted, besides_lead=user_id) if is_parted else wanted
    before = page.trail[-1] if page.trail else None
    found = await lists.newest(others, viewer, SHOWN + 1, before)
    if not found and page.trail:  # what was here is resolved or deleted by now
        return await content_of(page.newer(), user_id, lists, store, announcement_channel)
    led = await lists.find(replace(wanted, lead=user_id), viewer, MINE_SHOWN)
    mine, mine_total = led if is_parted else (led[0][:0], 0)
    shown = mine if page.number == 1 else mine[:0]
    total = await lists.count(wanted, viewer)
    ids = [incident.id for incident in (*shown, *found)]
    links = await store.permalinks(ids, announcement_channel)
    return HomeContent(page, shown, mine_total, found, total - mine_total, links)
