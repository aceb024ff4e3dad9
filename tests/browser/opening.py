"""How a test opens a window of the browser."""

from typing import Any, Protocol

from tests.browser.window import Window


class Addressed(Protocol):
    """What has a page to be opened."""

    @property
    def url(self) -> str: ...


class Opens(Protocol):
    """How a test opens a window; `context` is what Playwright makes a browser profile from."""

    async def __call__(
        self,
        person: str,
        place: str = "incidents",
        *,
        of: Addressed | None = None,
        is_first_time: bool = False,
        **context: Any,  # noqa: ANN401 - as Playwright has it
    ) -> Window: ...
