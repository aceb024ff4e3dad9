"""A way to PostgreSQL that can be cut, as a network is: the database goes away and comes back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Literal

from sqlalchemy import URL, make_url

Absence = Literal["refuses", "hangs"]

_CHUNK: Final = 65_536


class DatabaseProxy:
    """Passes on what bot and server say to each other, while it is there."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._is_passing = asyncio.Event()
        self._is_passing.set()
        self._is_refusing = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def address(self) -> str:
        """The database's, by way of here."""
        here = URL.create(
            self._server.drivername,
            username=self._server.username,
            password=self._server.password,
            host="127.0.0.1",
            port=self.port,
            database=self._server.database,
        )
        return here.render_as_string(hide_password=False)

    def goes_away(self, how: Absence) -> None:
        """Refuse and break off all connections, or keep them and say nothing any more."""
        if how == "hangs":
            self._is_passing.clear()
            return
        self._is_refusing = True
        for writer in list(self._writers):
            writer.transport.abort()

    def comes_back(self) -> None:
        self._is_refusing = False
        self._is_passing.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self._is_refusing:
                return
            from_server, to_server = await self._connect()
            self._writers.add(to_server)
            await asyncio.wait(
                {
                    asyncio.create_task(self._pass(reader, to_server)),
                    asyncio.create_task(self._pass(from_server, writer)),
                },
                return_when=asyncio.FIRST_COMPLETED,
            )
            to_server.close()
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        folder = self._server.query.get("host")
        if isinstance(folder, str):
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        return await asyncio.open_connection(self._server.host, self._server.port or 5432)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._is_passing.wait()
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def database_proxy(address: str) -> AsyncIterator[DatabaseProxy]:
    proxy = DatabaseProxy(make_url(address))
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.comes_back()
        proxy.goes_away("refuses")
