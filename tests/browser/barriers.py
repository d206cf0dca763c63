"""What keeps a person out of a page: axe's findings in both colours, and anything wider than the phone."""

from __future__ import annotations

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 360, 1280)


def assert_no_barrier(page: Page, what: str, *, widths: tuple[int, ...] = (320, 360)) -> None:
    """Assert that a page fits every width, and at the last one has nothing axe can find in either colour.

    Colours change with the scheme and nothing else does: the dark one is asked for contrast alone.
    """
    page.wait_for_load_state()
    for width in widths:
        page.set_viewport_size({"width": width, "height": 740})
        found = page.evaluate("document.documentElement.scrollWidth")
        assert found <= width, f"{what} is {found} px wide at {width}: {_widest(page, width)}"
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    _assert_none(Axe().run(page, options=_options("tag", TAGS)), f"{what}, light")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    options = _options("rule", ["color-contrast", "link-in-text-block"])
    # Axe is in the page since the first run.
    _assert_none(AxeResults(page.evaluate("options => axe.run(options)", options)), f"{what}, dark")


def _options(kind: str, values: list[str]) -> dict[str, object]:
    return {"runOnly": {"type": kind, "values": values}, "resultTypes": ["violations"]}


def _assert_none(results: AxeResults, what: str) -> None:
    assert results.violations_count == 0, f"{what}: {results.generate_report()}"


def _widest(page: Page, width: int) -> object:
    return page.evaluate(
        "width => [...document.querySelectorAll('body *')]"
        ".filter(e => e.getBoundingClientRect().right > width + 1)"
        ".slice(0, 5).map(e => e.tagName + '.' + e.className)",
        width,
    )
