"""The log: one line an event, as JSON or for a person's eyes, without secrets."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Final, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_TOKEN: Final = re.compile(r"(?:xox[a-z]|xapp|xoxe\.xox[a-z])-[A-Za-z0-9-]+|(?<=/services/)[\w/]+")
_HIDDEN: Final = "[secret]"


class Redaction:
    """Takes Slack's tokens, and the secrets that it was told of, out of every line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = [secret for secret in secrets if secret]

    def __call__(self, _logger: WrappedLogger, _method: str, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, _HIDDEN)
        return _TOKEN.sub(_HIDDEN, line)


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
                *_renderers(chosen),
                _as_processor(Redaction(secrets)),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("incident_bot").setLevel(logging.INFO)


def _renderers(log_format: Literal["console", "json"]) -> list[Processor]:
    if log_format == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    formatter = structlog.dev.plain_traceback
    colors = sys.stderr.isatty()
    return [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=formatter)]


def _as_processor(redaction: Redaction) -> Processor:
    def redact(logger: WrappedLogger, method: str, line: EventDict) -> str:
        return redaction(logger, method, str(line))

    return redact
