"""The modals, one file each: how it looks, and what its submission does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from incident_bot.slack.modals import add_summary, declare, edit, edit_entry, update
from incident_bot.slack.payloads import Submission
from incident_bot.slack.reply import Answer
from incident_bot.slack.services import Services


@dataclass(frozen=True)
class Modal:
    """What happens when a form is submitted; `is_change` needs the right to change incidents."""

    callback_id: str
    submit: Callable[[Submission, Services], Awaitable[Answer]]
    is_change: bool = True


MODALS: Final = {
    modal.callback_id: modal
    for modal in (
        Modal(declare.CALLBACK_ID, declare.submit, is_change=False),
        Modal(edit.CALLBACK_ID, edit.submit),
        Modal(update.CALLBACK_ID, update.submit),
        Modal(add_summary.CALLBACK_ID, add_summary.submit),
        Modal(edit_entry.CALLBACK_ID, edit_entry.submit),
    )
}
