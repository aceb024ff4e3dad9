"""What somebody said in Slack, in the words in which people read it."""

import re
from typing import Final

from pydantic import BaseModel, ConfigDict

from incident_bot.domain.text import many_lines
from incident_bot.slack.people import People
from incident_bot.slack.words import escape, unescape

_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]{1,40})>")
_LABELLED_LINK: Final = re.compile(r"<(?P<url>https?://[^|>]+)\|(?P<label>[^>]+)>")
_MOST_NAMES: Final = 10


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _File(_Part):
    name: str | None = None


class _Attachment(_Part):
    """What an alert often says nothing beside."""

    title: str | None = None
    text: str | None = None
    fallback: str | None = None

    @property
    def words(self) -> str:
        return "\n".join(filter(None, (self.title, self.text))) or self.fallback or ""


class SaidMessage(_Part):
    """A message as Slack shows it (conversations.replies, or the payload of a shortcut)."""

    ts: str
    thread_ts: str | None = None
    user: str | None = None
    username: str | None = None
    text: str | None = None
    files: tuple[_File, ...] = ()
    attachments: tuple[_Attachment, ...] = ()

    @property
    def author(self) -> str:
        if self.user is not None:
            return self.user
        return f"{self.username} (app)" if self.username else "an app"

    @property
    def file_names(self) -> str:
        return ", ".join(file.name for file in self.files if file.name)


async def words_of(message: SaidMessage, people: People, within: float) -> str:
    """What it says; what is attached stands for words that are missing, if anything is.

    People are called by their names, as far as Slack tells those within so many seconds.
    """
    attached = "\n".join(filter(None, (part.words for part in message.attachments)))
    said = message.text or ""
    text = said if many_lines(said) else attached
    text = _LABELLED_LINK.sub(r"\g<label> (\g<url>)", text)
    text = await with_names(text, people, within)
    return many_lines(unescape(text)) or many_lines(message.file_names)


async def with_names(text: str, people: People, within: float) -> str:
    """`text` as Slack sends it, with the names of those whom it mentions; see `words_of`."""
    mentioned = sorted(set(_MENTION.findall(text)))[:_MOST_NAMES]
    for user_id, name in (await people.names_of(mentioned, within)).items():
        label = escape(name).replace("|", "")
        text = text.replace(f"<@{user_id}>", f"<@{user_id}|{label}>")
    return text
