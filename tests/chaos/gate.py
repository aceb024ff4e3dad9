"""A replica's way to Slack, at which can be seen that a message is on its way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

_CHUNK: Final = 65_536
_POST: Final = b"POST /api/chat.postMessage"


class Gate:
    """Passes everything on; `at_next_post` is called once, right before a post is passed on."""

    def __init__(self, slack_port: int) -> None:
        self._slack_port = slack_port
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.at_next_post: Callable[[], None] | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_slack, to_slack = await asyncio.open_connection("127.0.0.1", self._slack_port)
        self._writers |= {writer, to_slack}
        await asyncio.gather(
            self._pass(reader, to_slack, self._look), self._pass(from_slack, writer, len)
        )
        self._writers -= {writer, to_slack}

    def close(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        look: Callable[[bytes], object],
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                look(data)
                writer.write(data)
                await writer.drain()
        writer.close()

    def _look(self, data: bytes) -> None:
        if self.at_next_post is not None and data.startswith(_POST):
            act, self.at_next_post = self.at_next_post, None
            act()


@asynccontextmanager
async def gate(slack_port: int) -> AsyncIterator[Gate]:
    opened = Gate(slack_port)
    server = await asyncio.start_server(opened.serve, "127.0.0.1", 0)
    opened.port = server.sockets[0].getsockname()[1]
    try:
        yield opened
    finally:
        server.close()
        opened.close()
        await asyncio.sleep(0)  # its connections end
