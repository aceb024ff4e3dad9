"""The log: one line an event, as JSON or for a person's eyes, without secrets."""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from incident_bot.domain.text import UNSEEN

# Slack's tokens; the addresses that need no token beside them; the ticket of a Socket Mode address.
_SLACK: Final = re.compile(
    r"(?:xox[a-z]|xapp|xoxe\.xox[a-z])-[A-Za-z0-9-]+"
    r"|(?<=hooks\.slack\.com/)[\w/%-]+"
    r"|(?<=hooks\.slack-gov\.com/)[\w/%-]+"
    r"|(?<=[?&]ticket=)[\w%-]+"
)
_TRACEBACKS: Final = frozenset({"exception", "stack"})
_HIDDEN: Final = "[secret]"
_AS_THEY_ARE: Final = (bool, int, float, type(None))


class Redaction:
    """Takes Slack's tokens, and the secrets that it was told of, out of all that is logged.

    It works before rendering: a secret that JSON would escape is found as it is.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        # The longest first: of one that holds another nothing is left over.
        self._secrets = sorted(forms, key=len, reverse=True)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {name: _with_texts(value, self._text) for name, value in event.items()}

    def _text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _SLACK.sub(_HIDDEN, text)


def _escape_unseen(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Show what would move a terminal's cursor, forge a line or turn text around as escapes.

    Tracebacks keep their lines.
    """
    return {
        name: _with_texts(value, _traceback_escaped if name in _TRACEBACKS else _escaped)
        for name, value in event.items()
    }


def _escaped(text: str) -> str:
    return UNSEEN.sub(lambda unseen: unseen[0].encode("unicode_escape").decode(), text)


def _traceback_escaped(text: str) -> str:
    return "\n".join(map(_escaped, text.split("\n")))


def _with_texts(value: object, change: Callable[[str], str]) -> object:
    """A copy of the value with every string in it changed."""
    if isinstance(value, _AS_THEY_ARE):
        return value
    if isinstance(value, Mapping):
        return {change(str(name)): _with_texts(inner, change) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_texts(inner, change) for inner in value]
    return change(value if isinstance(value, str) else repr(value))


def _forms(secret: str) -> set[str]:
    """A secret as it is, and as it stands in an object's repr, in JSON and in an address."""
    in_repr, in_bytes = repr(secret)[1:-1], repr(secret.encode())[2:-1]
    return {
        secret,
        in_repr,
        in_bytes,
        json.dumps(secret)[1:-1],
        quote(secret, safe=""),
        quote(secret),
    }


def set_up(log_format: Literal["console", "json"] | None, secrets: Iterable[str]) -> None:
    """Send the bot's log and that of its libraries to standard error.

    Without a format it is `console` on a terminal and `json` elsewhere.
    """
    chosen = log_format or ("console" if sys.stderr.isatty() else "json")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                Redaction(secrets),
                _escape_unseen,
                _renderer(chosen),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("incident_bot").setLevel(logging.INFO)


def _renderer(log_format: Literal["console", "json"]) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    formatter = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=formatter)
