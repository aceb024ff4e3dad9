"""What somebody said in Slack, in the words in which people read it."""

import asyncio
import re
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

from incident_bot.domain.text import Line, many_lines
from incident_bot.slack.api.channels import Channels
from incident_bot.slack.api.people import People
from incident_bot.slack.text.mrkdwn import escape, unescape
from incident_bot.slack.text.said_blocks import SaidBlocks, words_in

_PERSON: Final = re.compile(r"<@([UW][A-Z0-9]{1,40})>")
# Slack sends them without a name, or with an empty one.
_CHANNEL: Final = re.compile(r"<#([CG][A-Z0-9]{1,40})\|?>")
_ADDRESS: Final = re.compile(r"[^<>|\s]+")
_LABEL: Final = re.compile("[^<>]+")
_MOST_NAMES: Final = 10
# Slack puts it where an attachment has nothing but blocks.
_NO_FALLBACK: Final = "[no preview available]"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _File(_Part):
    name: Line | None = None


class _Field(_Part):
    title: str | None = None
    value: str | None = None


class _Attachment(_Part):
    """What an alert often says nothing beside."""

    pretext: str | None = None
    title: str | None = None
    title_link: str | None = None
    text: str | None = None
    fallback: str | None = None
    fields: tuple[_Field, ...] = ()
    blocks: SaidBlocks = ()

    @property
    def words(self) -> str:
        fields = (" ".join(filter(None, (field.title, field.value))) for field in self.fields)
        parts = (self.pretext, self._linked_title, self.text, *fields, words_in(self.blocks))
        fallback = "" if self.fallback == _NO_FALLBACK else self.fallback
        return "\n".join(filter(None, parts)) or fallback or ""

    @property
    def _linked_title(self) -> str | None:
        """In the form in which Slack sends a link among words."""
        title, link = self.title, self.title_link
        if title and link and _ADDRESS.fullmatch(link) and _LABEL.fullmatch(title):
            return f"<{link}|{title}>"
        return title


class SaidMessage(_Part):
    """A message as Slack shows it (conversations.replies, or the payload of a shortcut)."""

    ts: str
    thread_ts: str | None = None
    user: str | None = None
    bot_id: str | None = None
    username: Line | None = None
    text: str | None = None
    files: tuple[_File, ...] = ()
    attachments: tuple[_Attachment, ...] = ()
    blocks: SaidBlocks = ()

    @property
    def author(self) -> str:
        if self.user is not None:
            return self.user
        return f"{self.username} (app)" if self.username else "an app"

    @property
    def file_names(self) -> str:
        return ", ".join(file.name for file in self.files if file.name)

    @property
    def words(self) -> str:
        """As Slack sends them; what is attached stands for words that are missing.

        Where an app sends blocks, people see these instead of its text. Of what a person typed
        Slack makes both, and only the text names channels and groups.
        """
        text, shown = self.text or "", words_in(self.blocks)
        said = (text, shown) if self.bot_id is None and self.user is not None else (shown, text)
        attached = "\n".join(filter(None, (part.words for part in self.attachments)))
        return next((words for words in (*said, attached) if many_lines(words)), "")


async def words_of(message: SaidMessage, people: People, channels: Channels, within: float) -> str:
    """What it says, or the names of its files.

    People and channels are called by their names, as far as Slack tells those within so many
    seconds.
    """
    text = await with_names(message.words, people, channels, within)
    return many_lines(unescape(text)) or many_lines(message.file_names)


async def with_names(text: str, people: People, channels: Channels, within: float) -> str:
    """`text` as Slack sends it, with the names of whom and what it mentions; see `words_of`."""
    person_names, channel_names = await asyncio.gather(
        people.names_of(_mentioned(_PERSON, text), within),
        channels.names_of(_mentioned(_CHANNEL, text), within),
    )
    text = _PERSON.sub(lambda match: _named("@", match, person_names), text)
    return _CHANNEL.sub(lambda match: _named("#", match, channel_names), text)


def _mentioned(pattern: re.Pattern[str], text: str) -> list[str]:
    return sorted(set(pattern.findall(text)))[:_MOST_NAMES]


def _named(mark: str, match: re.Match[str], names: Mapping[str, str]) -> str:
    name = names.get(match[1])
    return match[0] if name is None else f"<{mark}{match[1]}|{escape(name).replace('|', '')}>"
