"""The buttons, one file each, and the table that dispatches them."""

from typing import Final

from incident_bot.slack.buttons import (
    acknowledge,
    add_summary,
    archive,
    declare,
    delete,
    edit,
    edit_entry,
    finish_item,
    follow,
    home,
    join,
    join_instead,
    keep,
    list_,
    newer,
    older,
    remove_entry,
    reopen,
    reopen_item,
    resolve,
    snooze,
    stop,
    turn_items,
    undo,
    unfollow,
    update,
)
from incident_bot.slack.buttons.action import Action
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, Reply
from incident_bot.slack.services import Services

ACTIONS: Final[dict[str, Action]] = {
    action.action_id: action
    for action in (
        acknowledge.ACTION,
        update.ACTION,
        edit.ACTION,
        resolve.ACTION,
        reopen.ACTION,
        join.ACTION,
        join_instead.ACTION,
        add_summary.ACTION,
        archive.ACTION,
        delete.ACTION,
        keep.ACTION,
        declare.ACTION,
        follow.ACTION,
        unfollow.ACTION,
        *list_.ACTIONS,
        *home.ACTIONS,
        newer.ACTION,
        older.ACTION,
        edit_entry.ACTION,
        remove_entry.ACTION,
        snooze.ACTION,
        stop.ACTION,
        undo.ACTION,
        finish_item.ACTION,
        reopen_item.ACTION,
        *turn_items.ACTIONS,
    )
}


async def dispatch(press: Press, services: Services) -> Answer:
    """Do what the pressed button is for."""
    action = ACTIONS.get(press.action_id)
    if action is None:
        return Reply("This button is of no use any more. `/incident list` shows what is there now.")
    if action.is_change:
        await services.people.refuse_change(press.user_id)
    return await action.run(press, services)
