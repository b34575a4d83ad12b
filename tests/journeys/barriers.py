"""What every page of a story must be: without barriers for ear and keyboard, and no wider than the screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def follow(link: Locator) -> None:
    """Click a link or a form's button, and go on when the page behind it is there: a click alone returns before."""
    with link.page.expect_navigation():
        link.click()


def check_page(page: Page) -> None:
    """Fails where axe finds a barrier, or something is wider than the screen. The page must run scripts, for axe."""
    found = Axe().run(page, options={"runOnly": list(RULES)}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], page.url
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond == 0, page.url
