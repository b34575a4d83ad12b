"""The bundle by itself: on an empty page, without a server."""

from pathlib import Path

from playwright.sync_api import Browser, Page

from amparo.channel.templatetags.sealing import BUNDLE

# A page there is one of a secure connection, as browsers ask for; nothing is ever fetched from it.
NOWHERE = "https://invented.example/"
_EMPTY = "<!doctype html><title>Invented</title>"


def open_bundle(browser: Browser, bundle: Path = BUNDLE) -> Page:
    """An empty page that runs the bundle."""
    page = browser.new_page()
    page.route("**", lambda route: route.fulfill(body=_EMPTY, content_type="text/html"))
    page.goto(NOWHERE)
    page.add_script_tag(content=bundle.read_text(encoding="utf-8"))
    return page
