"""What comes before a request is one: refused below the application, as JSON like all other errors.

Bodies are bounded where they are read. Here the heads are, in size and time, and the connections.
"""

import asyncio
import http
import json
from typing import Any, Final

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from incident_bot.rest.connections import Connections

URL_LIMIT: Final = 8 * 1024
HEAD_LIMIT: Final = 32 * 1024
"""Bytes."""

HEAD_WITHIN: Final = 10.0
"""Seconds."""

_MOST_PIPELINED: Final = 100
_READ_WITHIN: Final = 60.0
# What still comes in is dropped meanwhile: closed at once, the refusal might never be read.
_LINGER: Final = 1.0
_HEAD: Final = (
    "HTTP/1.1 {status} {phrase}\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: {length}\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n\r\n"
)
_BETWEEN: Final = len(": \r\n")


class _TooMuch(Exception):
    """A limit was exceeded; raised to stop the parser."""

    def __init__(self, status: int, error: str) -> None:
        self.status, self.error = status, error
        super().__init__(error)


class Protocol(HttpToolsProtocol):
    """uvicorn's own, which would answer as plain text, and take heads without end.

    The parser keeps an unfinished header to itself: what it has not handed over is counted, too.
    """

    def __init__(
        self,
        all_connections: Connections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._all = all_connections
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._too_much: _TooMuch | None = None
        self._is_over = False
        self._has_asked = False
        self._kept = 0  # bytes of the URL and the headers
        self._not_handed_over = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._set_deadline()
        self._all.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._unset_deadline()
        self._all.remove(self)
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_over:
            return
        self._not_handed_over += len(data)
        super().data_received(data)
        if self._is_over:
            return
        if self._not_handed_over > HEAD_LIMIT:
            self._refuse(431, "Request head too large")
        elif not self._is_answering and self._deadline is None:
            # The beginning of a head, or the rest of a body that nobody reads.
            self._set_deadline()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._kept = 0

    def on_url(self, url: bytes) -> None:
        if len(self.url) + len(url) > URL_LIMIT:
            self._stop(414, "URL too long")
        self._keep(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._keep(len(name) + len(value) + _BETWEEN)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= _MOST_PIPELINED:
            self._stop(429, "Too many requests at once")
        self._not_handed_over = 0
        self._has_asked = True
        self._unset_deadline()
        self._all.asks(self)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._not_handed_over = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._not_handed_over = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_answering:
            self._all.waits(self)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(_READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser could not read, or what was too much for us."""
        if self._too_much is not None:
            self._refuse(self._too_much.status, self._too_much.error)
        else:
            self._refuse(400, msg.rstrip("."))

    def turn_away(self) -> None:
        if self._is_over or (self._has_asked and not self._not_handed_over):
            self.transport.abort()  # nothing was asked that could be answered
        else:
            self._refuse(503, "Too many connections")
            self.transport.close()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _keep(self, number: int) -> None:
        self._kept += number
        if self._kept > HEAD_LIMIT:
            self._stop(431, "Request head too large")

    def _stop(self, status: int, error: str) -> None:
        self._too_much = _TooMuch(status, error)
        raise self._too_much

    def _refuse(self, status: int, error: str) -> None:
        """Send an error and close the connection; if an answer is on its way, only close."""
        self._is_over = True
        self._unset_deadline()
        self._unset_keepalive_if_required()
        if self.transport.is_closing():
            return
        if self._is_answering:
            self.transport.close()
            return
        body = json.dumps({"error": error})
        phrase = http.HTTPStatus(status).phrase
        head = _HEAD.format(status=status, phrase=phrase, length=len(body))
        self.transport.write((head + body).encode("ascii"))
        self.transport.write_eof()
        self._deadline = self.loop.call_later(_LINGER, self.transport.close)

    def _set_deadline(self) -> None:
        self._deadline = self.loop.call_later(HEAD_WITHIN, self._is_late)

    def _unset_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _is_late(self) -> None:
        self._deadline = None
        if self._is_answering:
            self._set_deadline()
        elif self._not_handed_over:
            self._refuse(408, "Request too slow")
        else:
            self.transport.close()
