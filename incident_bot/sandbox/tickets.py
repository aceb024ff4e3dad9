"""What works for a while only: triggers, response URLs, and the way into Socket Mode."""

import secrets
from dataclasses import dataclass
from typing import TypeVar

from incident_bot.sandbox.clock import Clock
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.ids import Ids

# Slack, "Handling user interaction": three seconds and once; five uses in thirty minutes.
TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5
_KEPT = 10_000

T = TypeVar("T")


@dataclass
class Trigger:
    user_id: str
    made_at: float
    used: bool = False


@dataclass
class ResponseUrl:
    user_id: str
    channel_id: str
    made_at: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


class Tickets:
    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self.trigger_seconds = TRIGGER_SECONDS
        """For how long a trigger works; longer where a machine is busy with many at once."""
        self._triggers: dict[str, Trigger] = {}
        self._response_urls: dict[str, ResponseUrl] = {}
        self._sockets: set[str] = set()

    def new_trigger(self, user_id: str) -> str:
        trigger_id = self._ids.new("") + f".{secrets.token_hex(8)}"
        _keep(self._triggers, trigger_id, Trigger(user_id, self._clock.monotonic()))
        return trigger_id

    def use_trigger(self, trigger_id: str) -> Trigger:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock.monotonic() - trigger.made_at > self.trigger_seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_response_url(
        self,
        user_id: str,
        channel_id: str,
        *,
        message_ts: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        """Answers the last part of the address; the server knows the rest."""
        name = secrets.token_urlsafe(16)
        made_at = self._clock.monotonic()
        ticket = ResponseUrl(user_id, channel_id, made_at, message_ts, thread_ts)
        _keep(self._response_urls, name, ticket)
        return name

    def use_response_url(self, name: str) -> ResponseUrl:
        ticket = self._response_urls.get(name)
        if ticket is None:
            raise SlackError("invalid_url")
        if self._clock.monotonic() - ticket.made_at > RESPONSE_URL_SECONDS:
            raise SlackError("expired_url")
        if ticket.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        ticket.uses += 1
        return ticket

    def move(self, old_id: str, new_id: str) -> None:
        """The channel that some of the response URLs lead to has another ID."""
        for ticket in self._response_urls.values():
            if ticket.channel_id == old_id:
                ticket.channel_id = new_id

    def new_socket(self) -> str:
        ticket = secrets.token_urlsafe(16)
        self._sockets.add(ticket)
        return ticket

    def use_socket(self, ticket: str) -> bool:
        """Each address that apps.connections.open gives connects once."""
        if ticket not in self._sockets:
            return False
        self._sockets.remove(ticket)
        return True


def _keep(tickets: dict[str, T], name: str, ticket: T) -> None:
    tickets[name] = ticket
    if len(tickets) > _KEPT:
        del tickets[next(iter(tickets))]
