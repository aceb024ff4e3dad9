"""What a listener answers; how it reaches the person depends on what the person did."""

from dataclasses import dataclass, field
from typing import Any

from incident_bot.slack.text.button_values import ListPage
from incident_bot.slack.text.mrkdwn import Block


@dataclass(frozen=True)
class Reply:
    """Words for this person alone; `text` says all that `blocks` say.

    `replaces` puts it in the place of the message whose button was pressed, if that message was
    for this person alone.
    """

    text: str
    blocks: tuple[Block, ...] | None = None
    replaces: bool = False


@dataclass(frozen=True)
class OpenModal:
    """A form; `offer` is a button that opens it, for where Slack does not let it open by itself."""

    view: dict[str, Any]
    offer: Reply | None = None


@dataclass(frozen=True)
class UpdateModal:
    """What the form becomes in which a button was pressed; `instead` says it when that fails.

    Unless it `is_final`, a form that has changed since stays as it is.
    """

    view: dict[str, Any]
    instead: Reply
    is_final: bool = False


@dataclass(frozen=True)
class ShowHome:
    """Another page of the Home tab."""

    page: ListPage


@dataclass(frozen=True)
class FieldErrors:
    """What is wrong in a form, by block ID; shown below each field."""

    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Nothing:
    """This was answered before."""


AnyReply = Reply | OpenModal | UpdateModal | ShowHome | FieldErrors | Nothing
