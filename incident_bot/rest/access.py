"""Who may use the API: whoever has a token or, where there are none, this machine alone.

In HTTP mode there is a proxy in front of the bot, and everybody who comes through it looks like
this machine. Without tokens nobody may use the API then.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Iterable
from typing import Final

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from incident_bot.domain.actors import Viewer
from incident_bot.refused_requests import RefusedRequests
from incident_bot.rest.errors import Refused, refusal
from incident_bot.rest.wrong_tokens import WrongTokens

NOBODY_IN_PARTICULAR: Final = "api"
"""Who is said to have done what was done without a token."""

_LOOPBACK: Final = r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])"
_HOST: Final = re.compile(rf"{_LOOPBACK}(?::(?P<port>[0-9]{{1,5}}))?", re.IGNORECASE)
_ORIGIN: Final = re.compile(rf"http://{_LOOPBACK}(?::(?P<port>[0-9]{{1,5}}))?", re.IGNORECASE)
# What proxies add: behind one, a loopback Host says nothing of who asks.
_FORWARDED: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_CREDENTIALS: Final = re.compile(r"bearer +(?P<token>[!-~]+)", re.IGNORECASE)


# What Slack and monitors need; a token isn't asked for here.
_ALWAYS_OPEN: Final = frozenset({"/slack/events", "/healthz", "/readyz"})
_CLOSED: Final = (
    "In HTTP mode the REST API needs tokens: set INCIDENT_BOT_API_TOKENS=name:token (`openssl rand "
    "-hex 16` makes a token), and restart the bot."
)
_A_PROXY: Final = "a proxy"


class Access:
    """Lets requests in. Of the tokens only hashes are kept."""

    def __init__(
        self,
        tokens: Iterable[tuple[str, str]],
        see_private: Collection[str],
        monotonic: Callable[[], float],
        *,
        is_behind_proxy: bool,
    ) -> None:
        """`tokens` are names, as the timeline shows them, each with its token.

        `see_private` are the names of those that may know of private incidents. `is_behind_proxy`
        says that requests which come from this machine may be anybody's.
        """
        self._is_behind_proxy = is_behind_proxy
        self._wrong = WrongTokens(monotonic)
        self._refused = RefusedRequests(monotonic)
        self._see_private = frozenset(see_private)
        self._names = [(name, _hash(token)) for name, token in tokens]

    @property
    def has_tokens(self) -> bool:
        return bool(self._names)

    @property
    def is_closed(self) -> bool:
        """Whether nobody may use the API, because nobody can be told from this machine."""
        return self._is_behind_proxy and not self.has_tokens

    async def admit(self, request: Request) -> None:
        """Note in `request.state.viewer` who asks; raises Refused with 401, 403 or 429."""
        if self.has_tokens:
            request.state.viewer = self._owner(request)
        else:
            await self.refuse_the_web(request)
            request.state.viewer = Viewer(NOBODY_IN_PARTICULAR)

    def viewer(self, request: Request) -> Viewer | None:
        """Who asks, where all may ask; None for whom `admit` would refuse.

        A wrong token counts as it does there: what is open must not tell which one is right.
        """
        if not self.has_tokens:
            return None if _why_of_the_web(request) else Viewer(NOBODY_IN_PARTICULAR)
        if "authorization" not in request.headers:
            return None
        try:
            return self._owner(request)
        except Refused:
            return None

    async def refuse_the_web(self, request: Request) -> None:
        """Where no tokens are needed, let no page of the web in: neither its scripts nor its names.

        A name of the web can be made to lead to this machine (DNS rebinding): Host tells.
        """
        if self.has_tokens:
            return
        if (why := _why_of_the_web(request)) is not None:
            path = request.url.path
            self._refused.note("a request from elsewhere was refused", path=path, reason=why)
            raise Refused(403, "Forbidden", message=why)

    def _owner(self, request: Request) -> Viewer:
        given = request.headers.getlist("authorization")
        match = _CREDENTIALS.fullmatch(given[0]) if len(given) == 1 else None
        digest = _hash(match["token"] if match else "")
        # All are compared, so that the time tells nothing.
        owners = [name for name, known in self._names if hmac.compare_digest(known, digest)]
        if match is not None and owners:
            return Viewer(owners[0], owners[0] in self._see_private)
        self._slow_down(request)
        if match is not None:
            for place in _places(request):
                self._wrong.add(place)
        path = request.url.path
        self._refused.note("a request without a right token was refused", path=path)
        raise Refused(
            401,
            "Unauthorized",
            message="Send one header, Authorization: Bearer, with one of the tokens.",
            headers={"WWW-Authenticate": 'Bearer realm="incident-bot"'},
        )

    def _slow_down(self, request: Request) -> None:
        """Raise Refused where too many wrong tokens came from; a right one is let in before."""
        seconds = max(map(self._wrong.seconds_to_wait, _places(request)))
        if seconds > 0:
            raise Refused(
                429,
                "Too many wrong tokens",
                message=f"Wait {seconds} seconds, then send a right one.",
                headers={"Retry-After": str(seconds)},
            )


class Closed:
    """Wraps the application: lets Slack and monitors in, and refuses everybody else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._refused = RefusedRequests()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _ALWAYS_OPEN:
            await self._app(scope, receive, send)
            return
        self._refused.note("a request to the closed REST API was refused", path=scope["path"])
        await refusal(403, "Forbidden", message=_CLOSED)(scope, receive, send)


def _places(request: Request) -> tuple[str, ...]:
    """Where it came from: its address and, where that is a proxy's word alone, the proxy, too.

    A proxy on this machine is believed when it names another address (uvicorn, proxy_headers), and
    many a proxy hands on whatever a client claims.
    """
    address = request.client.host if request.client else ""
    return (address, _A_PROXY) if "x-forwarded-for" in request.headers else (address,)


def _is_own(origin: str, port: str | None) -> bool:
    match = _ORIGIN.fullmatch(origin)
    return match is not None and match["port"] == port


def _why_of_the_web(request: Request) -> str | None:
    """Why it may come from a page of the web or through a proxy; None: from this machine."""
    if any(name in request.headers for name in _FORWARDED):
        return "A proxy lets others in: set INCIDENT_BOT_API_TOKENS first."
    hosts, origins = request.headers.getlist("host"), request.headers.getlist("origin")
    host = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if host is None:
        return "Host must be a loopback name; set tokens to use another."
    if not all(_is_own(origin, host["port"]) for origin in origins):
        return "Origin is another site's; set tokens to let others in."
    return None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
