"""What the page's files promise: nothing from the network, nothing inline.

What its scripts promise is checked by the tools in tests/page.
"""

import re
from pathlib import Path

import pytest

import incident_bot.sandbox

PAGE = Path(incident_bot.sandbox.__file__).parent / "page"
STYLES = sorted(PAGE.glob("*.css"))
INDEX = (PAGE / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_style_sheet_loads_nothing_but_the_icon(style: Path) -> None:
    text = style.read_text(encoding="utf-8")

    assert set(re.findall(r'url\("?([^")]+)', text)) <= {"icon.svg"}
    assert "@import" not in text


def test_the_page_has_nothing_inline() -> None:
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", INDEX)


def test_the_page_names_only_files_that_stand_beside_it() -> None:
    named = re.findall(r'(?:src|href)="([^"#]+)"', INDEX)

    assert named
    assert all((PAGE / name).is_file() for name in named)
