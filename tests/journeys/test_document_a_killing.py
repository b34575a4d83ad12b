"""A case worker documents a killing on which three sources disagree; then a colleague edits at the same time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from amparo.cases.models import Incident, SealedDraft
from tests.factories import PASSWORD, make_institution, make_member
from tests.journeys.barriers import check_page, follow
from tests.leaks import find_leaks, find_leaks_in_database

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

VICTIM = "Invented Ysolvana Trebuquet"
PLACE = "Invented mill of Quorvendale"
SOURCES = ("Invented Gazette Plimwardo", "Invented Bulletin Skarnobel", "Invented witness Drumblekast")
TEXTS = {
    "en": ("Invented zanzomarvik men waited behind the mill.", "Invented note about the tramvolique papers."),
    "ar": ("رجال متخيَّلون من زنزومارفيك انتظروا خلف الطاحونة.", "ملاحظة متخيَّلة عن أوراق ترامفوليك."),
}
SECOND = "Invented words of the second person about vexilomora."
OpenWindow = Callable[[int], Page]


@pytest.fixture
def members() -> tuple[str, str]:
    founded = make_institution("invented-documenters")
    return tuple(make_member(founded, f"invented-worker-{each}", "case-worker").username for each in ("one", "two"))


@pytest.fixture
def open_window(members: tuple[str, str], live_server: LiveServer, chromium: str) -> Iterator[OpenWindow]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def open_window(width: int) -> Page:
            context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url)
            return context.new_page()

        yield open_window
        browser.close()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_killing_with_three_sources_that_disagree(
    open_window: OpenWindow, members: tuple[str, str], language: str, width: int
) -> None:
    story, note = TEXTS[language]
    page = open_window(width)
    sign_in(page, language, members[0])

    begin_case(page, language)
    add_victim(page)
    add_acts(page)
    add_perpetrator(page)
    add_sources(page)
    number = write_story_and_open(page, story, note)
    check_case(page, story, note)

    edit_together(page, open_window(width), language, members[1], number)

    page.context.browser.close()  # type: ignore[union-attr]


def test_nothing_of_it_leaks(open_window: OpenWindow, members: tuple[str, str]) -> None:
    story, note = TEXTS["en"]
    page = open_window(1280)
    sign_in(page, "en", members[0])
    begin_case(page, "en")
    add_victim(page)
    add_acts(page)
    add_perpetrator(page)
    add_sources(page)
    number = write_story_and_open(page, story, note)
    # What is typed and left: the browser posts it by itself.
    page.goto(f"/en/desk/cases/{number}/document/story/")
    page.fill("[name=text]", SECOND)
    page.goto("about:blank")
    # The database of a test stands in memory, where a page asked for at the same time would lock the post out.
    page.wait_for_timeout(1_000)
    page.goto(f"/en/desk/cases/{number}/document/story/")
    assert page.locator("a[href*='go-on=']").count() == 1
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.locator("a[href*='go-on=']").click()
    assert page.input_value("[name=text]") == SECOND
    page.context.browser.close()  # type: ignore[union-attr]


def sign_in(page: Page, language: str, username: str) -> None:
    page.goto(f"/{language}/account/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(f"**/{language}/desk/**")


def save(page: Page, then: str) -> None:
    """Send the form by the button that does `then`, and wait for the next page."""
    follow(page.locator(f"form[data-keep] button[name=then][value={then}]"))


def go_on(page: Page) -> None:
    follow(page.locator("main .steps a").last)


def add(page: Page, part: str) -> None:
    follow(page.locator(f"a[href$='/document/{part}/add/']"))
    check_page(page)


def begin_case(page: Page, language: str) -> None:
    page.goto(f"/{language}/desk/cases/new/")
    check_page(page)
    page.select_option("[name=country]", "COL")
    follow(page.locator("button[name=show-areas]"))
    page.select_option("[name=area]", "CO-CAU")
    page.fill("[name=date-year]", "2026")
    page.select_option("[name=date-month]", "3")
    page.fill("[name=date-day]", "14")
    page.fill("[name=place]", PLACE)
    page.select_option("[name=place_kind]", "home")
    page.select_option("[name=because_of_work]", "yes")
    save(page, "next")
    check_page(page)


def add_victim(page: Page) -> None:
    add(page, "victim")
    page.fill("[name=name]", VICTIM)
    page.select_option("[name=sex]", "female")
    page.select_option("[name=target]", "human-rights-defender")
    page.check("[name=profiles][value=land]")
    save(page, "list")
    check_page(page)
    go_on(page)


def add_acts(page: Page) -> None:
    check_page(page)
    add(page, "act")
    for kind in ("killing", "death-threat"):
        page.check(f"[name=kinds][value={kind}]")
    page.check("[name=methods][value=firearm]")
    save(page, "list")
    check_page(page)
    go_on(page)


def add_perpetrator(page: Page) -> None:
    add(page, "perpetrator")
    page.select_option("[name=kind]", "paramilitary")
    page.select_option("[name=state_link]", "acquiescence")
    page.select_option("[name=degree]", "carried-out")
    save(page, "list")
    check_page(page)
    go_on(page)


def add_sources(page: Page) -> None:
    for place, source in enumerate(SOURCES):
        add(page, "source")
        page.select_option("[name=source]", "kind:person" if place == 2 else "kind:press")
        page.fill("[name=name]", source)
        page.select_option("[name=reliability]", "b")
        page.select_option("[name=credibility]", "2")
        page.select_option("[name=independence]", "yes" if place < 2 else "no")
        save(page, "list")
    said = (("14", "female"), ("15", "female"), ("14", "male"))
    for place, (day, sex) in enumerate(said):
        follow(page.locator("a[href$='/said/']").nth(place))
        check_page(page)
        page.fill("[name='incident.date-year']", "2026")
        page.select_option("[name='incident.date-month']", "3")
        page.fill("[name='incident.date-day']", day)
        page.check(f"[name='perpetrator.kind'][value={'police' if place == 2 else 'paramilitary'}]")
        save(page, "list")
        page.locator("a[href$='/said/']").nth(place).click()
        follow(page.locator("main nav a[href*='/said/']").last)
        page.select_option("[name='victim.sex']", sex)
        page.check("[name='act.kind'][value=killing]")
        save(page, "list")
    check_page(page)
    go_on(page)


def write_story_and_open(page: Page, story: str, note: str) -> int:
    page.fill("[name=text]", story)
    page.fill("[name=notes]", note)
    check_page(page)
    save(page, "next")
    check_page(page)
    page.locator("form[action$='/document/open/'] button").click()
    page.wait_for_url("**/desk/cases/*/")
    return int(page.url.rstrip("/").rsplit("/", 1)[1])


def check_case(page: Page, story: str, note: str) -> None:
    check_page(page)
    shown = page.locator("main").inner_text()
    for words in (VICTIM, PLACE, story, note, SOURCES[0], SOURCES[1]):
        assert words in shown, words
    differing = page.locator("[aria-labelledby=differing] tbody tr")
    # The date, who is said to have done it, and the sex. All tell of the killing, if not of the threat before it.
    assert differing.count() == 3
    assert page.locator("[aria-labelledby=differing] thead th").count() == 5


def edit_together(one: Page, two: Page, language: str, second: str, number: int) -> None:
    """Both open the story; both change it, and one of them the notes as well."""
    sign_in(two, language, second)
    for page in (one, two):
        page.goto(f"/{language}/desk/cases/{number}/document/story/")
    one.fill("[name=notes]", "Invented new note.")
    one.fill("[name=text]", "Invented first words.")
    save(one, "stay")

    two.fill("[name=text]", SECOND)
    save(two, "stay")

    check_page(two)
    beside = two.locator(".side-by-side").inner_text()
    assert "Invented first words." in beside
    assert SECOND in beside
    assert two.input_value("[name=notes]") == "Invented new note."
    two.check("[name=choose-text][value=mine]")
    save(two, "stay")
    two.goto(f"/{language}/desk/cases/{number}/")
    shown = two.locator("main").inner_text()
    assert SECOND in shown
    assert "Invented new note." in shown


@pytest.fixture(autouse=True)
def _nothing_leaks(transactional_db: None, members: tuple[str, str], request: pytest.FixtureRequest) -> Iterator[None]:
    """After each story: nothing that was typed stands open in the store or the data folder."""
    yield
    secrets = [VICTIM, PLACE, *SOURCES, SECOND, *(text for texts in TEXTS.values() for text in texts)]
    assert Incident.objects.count() == 1
    assert find_leaks_in_database(secrets) == []
    assert find_leaks(Path(settings.DATA_DIR), secrets) == []
    if "leaks" in request.node.name:
        assert SealedDraft.objects.count() == 1
