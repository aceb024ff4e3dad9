"""Pages and filters of lists and of the Home tab: "Older", "Newer", "Open", "Mine" and so on."""

from incident_bot.slack.buttons.button import button
from incident_bot.slack.messages import home, list_page
from incident_bot.slack.payloads import Press
from incident_bot.slack.registry import Permission
from incident_bot.slack.replies.lists import listed
from incident_bot.slack.reply import AnyReply, ShowHome
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import ListPage


@button(*list_page.TURN, *list_page.FILTER, permission=Permission.EVERYONE)
async def show_list(press: Press, services: Services) -> AnyReply:
    return await listed(ListPage.parse(press.value), press.user_id, services)


@button(*home.TURN, *home.FILTERS, permission=Permission.EVERYONE)
async def show_home(press: Press, _services: Services) -> AnyReply:
    return ShowHome(ListPage.parse(press.value))
