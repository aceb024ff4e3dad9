"""What is no HTTP at all: refused below the application, as JSON like all other errors."""

import json
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD: Final = (
    "HTTP/1.1 400 Bad Request\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: {length}\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n\r\n"
)


class Protocol(HttpToolsProtocol):
    """uvicorn's own, which would answer as plain text."""

    def send_400_response(self, msg: str) -> None:
        body = json.dumps({"error": msg.rstrip(".")})
        self.transport.write((_HEAD.format(length=len(body)) + body).encode("ascii"))
        self.transport.close()
