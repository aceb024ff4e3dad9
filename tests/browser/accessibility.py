"""Axe's automatic checks of a page that stands still while they look at it."""

from typing import Any, Final

# The package has no types.
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page

_AXE: Final = Axe()

_WATCH: Final = """() => {
  window.drawn = 0;
  window.drawing ??= new MutationObserver((changes) => { window.drawn += changes.length; });
  window.drawing.observe(
    document, { subtree: true, childList: true, characterData: true, attributes: true },
  );
}"""
_DRAWN: Final = "() => window.drawn + window.drawing.takeRecords().length"


async def violations(page: Page) -> list[str]:
    """Each broken rule, with the elements that break it.

    A part that is drawn anew while Axe looks at it has neither a name nor a colour, so Axe
    looks again until nothing was drawn meanwhile.
    """
    while True:
        await page.evaluate(_WATCH)
        results: Any = await _AXE.run(page)
        if await page.evaluate(_DRAWN) == 0:
            break
    return [
        f"{rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes']]}"
        for rule in results.response["violations"]
    ]
