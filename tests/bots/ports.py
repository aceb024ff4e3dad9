"""Ports for servers whose address must be known before they run."""

import socket
import sys
from typing import Final

_HELD: Final[list[socket.socket]] = []


def free_port() -> int:
    """One that the system had free, and that is given to nobody else while the tests run.

    A socket stays bound to it without listening. Linux then gives the port neither to another
    that asks for any port nor to an outgoing call, yet lets a server with SO_REUSEADDR have it
    (socket(7)). Elsewhere it is let go at once, and may with bad luck be taken by another.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port: int = held.getsockname()[1]
    if sys.platform == "linux":
        _HELD.append(held)
    else:
        held.close()
    return port
