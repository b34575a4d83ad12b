"""What only a browser tells of accounts: passkeys, a code behind the "#", and pages without barriers at any width."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from amparo.institutions.models import User
from amparo.institutions.people import invite
from tests.factories import PASSWORD, make_institution, make_member
from tests.journeys.barriers import check_page, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "four lamps under a river"
Open = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def _plain_names_of_files(settings: Settings) -> None:
    """The test server serves files by the names that they have in the packages, not by those with a hash."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def people(live_server: LiveServer) -> dict[str, User]:
    """A focal point and an administrator of an institution that is none of a demo's, and what the pages list."""
    founded = make_institution(invented=False)
    made = {
        role: make_member(founded, f"invented-{role}", role) for role in ("focal-point", "administrator", "auditor")
    }
    invite(made["focal-point"], "analyst", None)
    return made


@pytest.fixture
def invitation(people: dict[str, User]) -> str:
    made = invite(people["administrator"], "auditor", None)
    assert made is not None
    return made.code


@pytest.fixture
def open_browser(live_server: LiveServer, people: dict[str, User], invitation: str, chromium: str) -> Iterator[Open]:
    """A fresh browser of some width. Started last: its loop must not be there before the data."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def open_browser(width: int = 1280, **settings: object) -> BrowserContext:
            return browser.new_context(viewport={"width": width, "height": 800}, base_url=live_server.url, **settings)

        yield open_browser
        browser.close()


def give_passkeys(page: Page) -> Callable[[], int]:
    """A virtual device that makes and shows passkeys; gives how many it holds."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return lambda: len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"])


def sign_in(page: Page, name: str, password: str = PASSWORD, language: str = "en") -> None:
    page.goto(f"/{language}/account/sign-in/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    follow(page.locator("main form button[type=submit]"))


def test_a_passkey_is_made_and_lets_in(open_browser: Open, people: dict[str, User]) -> None:
    page = open_browser().new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    held = give_passkeys(page)

    sign_in(page, "invented-focal-point")
    assert page.url.endswith("/account/second-factor/set-up/")
    page.click("[data-passkey] button")
    page.wait_for_selector("ol.number-code")
    assert held() == 1
    page.click("main a")
    page.wait_for_url("**/en/desk/")
    page.click(".desk-header button")
    page.wait_for_url("**/en/")
    sign_in(page, "invented-focal-point")
    assert page.url.endswith("/account/second-factor/")
    page.click("[data-passkey] button")
    page.wait_for_url("**/en/desk/")

    assert refused == []


def test_another_device_does_not_let_in(open_browser: Open, people: dict[str, User]) -> None:
    first = open_browser().new_page()
    give_passkeys(first)
    sign_in(first, "invented-focal-point")
    first.click("[data-passkey] button")
    first.wait_for_selector("ol.number-code")

    thief = open_browser().new_page()
    give_passkeys(thief)
    sign_in(thief, "invented-focal-point")
    thief.click("[data-passkey] button")
    thief.wait_for_selector("[data-failed]:visible")
    thief.goto("/en/desk/")

    assert "/account/sign-in/" in thief.url


def test_an_answer_that_was_sent_before_is_refused(open_browser: Open, people: dict[str, User]) -> None:
    page = open_browser().new_page()
    give_passkeys(page)
    sign_in(page, "invented-focal-point")
    page.click("[data-passkey] button")
    page.wait_for_selector("ol.number-code")
    sent: list[str] = []
    page.context.clear_cookies()
    sign_in(page, "invented-focal-point")
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    page.click("[data-passkey] button")
    page.wait_for_url("**/en/desk/")

    page.context.clear_cookies()
    sign_in(page, "invented-focal-point")
    page.evaluate(
        """sent => {
            const form = document.querySelector("form[data-passkey]");
            form.elements.passkey.value = new URLSearchParams(sent).get("passkey");
            form.submit();
        }""",
        next(each for each in sent if "passkey=" in each),
    )
    page.wait_for_selector("main > [role=alert]")

    page.goto("/en/desk/")
    assert "/account/sign-in/" in page.url


def test_without_scripts_a_code_does(open_browser: Open, people: dict[str, User]) -> None:
    page = open_browser(java_script_enabled=False).new_page()

    sign_in(page, "invented-focal-point")

    assert not page.locator("[data-passkey] button").is_visible()
    assert page.locator("[data-no-passkeys]").is_visible()
    assert page.locator("svg.qr").is_visible()


def test_the_code_of_a_link_reaches_the_form_and_no_server(open_browser: Open, invitation: str) -> None:
    page = open_browser().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"/en/account/join/#{invitation}")

    assert page.input_value("[name=code]") == invitation
    assert page.url.endswith("/en/account/join/")
    assert all(invitation not in address for address in asked)
    page.click("main button[type=submit]")
    page.fill("[name=username]", "invented-guest")
    page.fill("[name=new_password]", NEW)
    page.fill("[name=repeated]", NEW)
    page.click("main button[type=submit]")
    page.wait_for_selector("main a[href$='/sign-in/']")
    sign_in(page, "invented-guest", NEW)
    assert page.url.endswith("/en/desk/log/")


@pytest.mark.parametrize(
    ("language", "width", "colours"),
    [("en", 1280, "light"), ("fr", 360, "dark"), ("ar", 360, "light"), ("es", 768, "light")],
)
def test_there_is_no_barrier_and_nothing_sticks_out(
    open_browser: Open, people: dict[str, User], language: str, width: int, colours: str
) -> None:
    page = open_browser(width, color_scheme=colours).new_page()
    give_passkeys(page)
    for path in ("sign-in", "join", "recover", "locked"):
        page.goto(f"/{language}/account/{path}/")
        check_page(page)
    sign_in(page, "invented-focal-point", language=language)
    check_page(page)
    page.click("[data-passkey] button")
    page.wait_for_selector("ol.number-code")
    check_page(page)
    member = people["auditor"].pk
    for path in (
        "account",
        "account/password",
        "desk/people",
        f"desk/people/{member}",
        "desk/key",
        "desk/lock",
        "desk/log",
    ):
        page.goto(f"/{language}/{path}/")
        check_page(page)
    page.goto(f"/{language}/desk/people/")
    page.select_option("[name=role]", "case-worker")
    page.click("form[action$='/invite/'] button")
    page.wait_for_selector(".number-code")
    check_page(page)
    page.goto(f"/{language}/desk/key/")
    page.fill("[name=password]", PASSWORD)
    page.click("button[name=shares]")
    page.wait_for_selector(".share")
    check_page(page)


def test_the_log_and_the_second_step_have_no_barrier(open_browser: Open, people: dict[str, User]) -> None:
    page = open_browser(360).new_page()
    sign_in(page, "invented-auditor")
    assert page.url.endswith("/en/desk/log/")
    check_page(page)


def test_a_recovery_code_lets_in(open_browser: Open, people: dict[str, User]) -> None:
    page = open_browser(360).new_page()
    give_passkeys(page)
    sign_in(page, "invented-focal-point")
    page.click("[data-passkey] button")
    page.wait_for_selector("ol.number-code")
    code = page.locator("ol.number-code li").first.inner_text()
    page.context.clear_cookies()

    sign_in(page, "invented-focal-point")
    check_page(page)
    page.fill("[name=code]", code.upper())
    page.keyboard.press("Enter")

    page.wait_for_url("**/en/desk/")
