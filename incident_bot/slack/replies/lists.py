"""Lists of incidents for one person, page by page; asked for by command, turned by buttons."""

from incident_bot.domain.actors import Viewer
from incident_bot.slack.messages.list_page import list_page
from incident_bot.slack.messages.listing import LISTED
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import ListPage
from incident_bot.store.queries.search import COUNTED, IncidentFilter, words_of


def wanted_on(page: ListPage, user_id: str) -> IncidentFilter:
    """Which incidents a page shows to somebody."""
    return IncidentFilter(
        page.statuses,
        page.severity,
        user_id if page.is_mine else None,
        words=words_of(page.words),
    )


async def listed(page: ListPage, user_id: str, services: Services) -> Reply:
    """The page, as it is now."""
    wanted = wanted_on(page, user_id)
    before = page.trail[-1] if page.trail else None
    found, total = await services.lists.find(wanted, Viewer(user_id), LISTED + 1, before)
    if not found and page.trail:  # what was here is resolved or deleted by now
        return await listed(page.newer(), user_id, services)
    is_exact = total <= COUNTED or wanted.is_counted_to_the_end
    links = await services.permalinks(found)
    return list_page(page, found, total if is_exact else COUNTED, links, is_exact=is_exact)
