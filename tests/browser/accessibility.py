"""Axe's automatic checks of a page as it is now."""

from typing import Final

# The package has no types.
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page

_AXE: Final = Axe()


async def violations(page: Page) -> list[str]:
    """Each broken rule, with the elements that break it."""
    results = await _AXE.run(page)
    return [
        f"{rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes']]}"
        for rule in results.response["violations"]
    ]
