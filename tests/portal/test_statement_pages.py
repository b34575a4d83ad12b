"""Joint statements on the public site: light, in their own language, in pages, made anew when one is issued."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html
from pytest_django import Settings

from amparo.warning.models import PublicStatement
from amparo.warning.statements.issuing import correct, withdraw
from tests.portal.reading import ask, make_cache
from tests.warning.statements.conftest import TITLE, Drafted, drafted, make_drafted

__all__ = ["drafted", "make_drafted"]
Commits = Callable[..., AbstractContextManager[object]]


def read(address: str) -> str:
    return str(ask(WSGIHandler(), address).text)


def test_it_works(drafted: Drafted) -> None:
    public = drafted.issue()

    page = html.fromstring(read(f"/ar/statements/{public.pk}/"))

    assert page.xpath("//article[@lang='en' and @dir='ltr']/h1/text()") == [TITLE]
    signed = [each.text_content() for each in page.xpath("//section[@aria-labelledby='signed']//li")]
    assert signed == [drafted.chain[kind].institution.names["en"] for kind in ("nhri", "network")]
    assert page.xpath("//*[@role='note']"), "institutions of tests are invented, and said to be"
    assert TITLE in read("/fr/statements/")


def test_each_language_has_its_page(drafted: Drafted) -> None:
    public = drafted.issue()
    texts = public.texts | {"pt": {"title": "Declara\u00e7\u00e3o inventada", "body": "Inventado"}}
    PublicStatement.objects.update(texts=texts)

    assert "Declara\u00e7\u00e3o inventada" not in read(f"/es/statements/{public.pk}/")
    page = html.fromstring(read(f"/es/statements/{public.pk}/pt/"))
    assert page.xpath("//article[@lang='pt']/h1/text()") == ["Declara\u00e7\u00e3o inventada"]
    assert f"/es/statements/{public.pk}/en/" in page.xpath("//main//a/@href")


def test_a_number_that_says_nothing_of_the_alert(drafted: Drafted) -> None:
    drafted.begin()
    drafted.begin()
    assert drafted.issue().pk == PublicStatement.objects.get().pk != PublicStatement.objects.get().statement_id


def test_what_is_not_public_is_not_there(drafted: Drafted) -> None:
    public, draft = drafted.issue(), drafted.begin()
    addresses = (f"{public.pk}/fr/", "999/", f"{public.pk}/unknown/")
    assert {ask(WSGIHandler(), f"/en/statements/{each}").status for each in addresses} == {404}
    assert draft.pk != public.pk
    assert read("/en/statements/").count("<dt>") == 1


def test_it_escapes_what_was_typed(drafted: Drafted) -> None:
    public = drafted.issue(title="<b>Invented</b>", body="<script>alert(1)</script> invented")
    page = read(f"/en/statements/{public.pk}/") + read("/en/statements/")
    assert "<script" not in page
    assert "<b>Invented" not in page


def test_a_correction_is_shown_above_and_a_withdrawal_in_its_place(drafted: Drafted) -> None:
    public, user = drafted.issue(), drafted.user("nhri")
    correct(user, public.pk, {"en": "It was three."}, uuid4())
    page = read(f"/en/statements/{public.pk}/")
    assert page.index("It was three.") < page.index(f"<h1>{TITLE}")
    withdraw(user, public.pk, {"en": "It rested on a mistake."}, uuid4())
    page = read(f"/en/statements/{public.pk}/")
    assert "It rested on a mistake." in page
    assert "Signed by" in page
    assert TITLE not in page + read("/en/statements/")


def test_pages_are_light_leave_no_cookie_and_ask_as_little_for_many(drafted: Drafted) -> None:
    body = "\u0643\u0644\u0645\u0627\u062a \u0645\u062a\u062e\u064a\u0651\u064e\u0644\u0629. " * 250
    public = drafted.issue(body=body)
    counts = []
    for number in (1, 6):
        for _ in range(number):
            drafted.issue(body=body)
        with CaptureQueriesContext(connection) as queries:
            pages = [ask(WSGIHandler(), f"/ar/statements/{end}") for end in ("", f"{public.pk}/")]
        counts.append(len(queries))
    assert counts[0] == counts[1]
    for page in pages:
        assert page.status == 200
        assert page.headers.get_all("Set-Cookie") is None
        assert len(page.wire) < 50_000
        assert "style=" not in page.text
        assert "<script" not in page.text


def test_the_list_has_pages(client: Client, drafted: Drafted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amparo.portal.statements.PER_PAGE", 1)
    for name in ("Invented first", "Invented second"):
        drafted.issue(title=name)
    first, second = (read(f"/en/statements/?page={number}") for number in (1, 2))
    assert ("Invented second" in first, "Invented first" in first) == (True, False)
    assert "Invented first" in second


@pytest.mark.parametrize("page", ["2", "0", "-1", "01", "1.0", "last", "9" * 30])
def test_a_page_of_the_list_has_one_address(page: str, drafted: Drafted) -> None:
    drafted.issue()
    assert ask(WSGIHandler(), f"/en/statements/?page={page}").status == 404
    assert (
        ask(WSGIHandler(), "/en/statements/?page=1").status == ask(WSGIHandler(), "/en/statements/?page=").status == 200
    )


def test_a_kept_page_is_made_anew_when_a_statement_is_issued_or_withdrawn(
    drafted: Drafted, settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: Commits
) -> None:
    settings.DATA_DIR = tmp_path
    now = [0.0]
    cache = make_cache(tmp_path / "releases", clock=lambda: now[0])
    assert "No statement was issued" in ask(cache, "/en/statements/?page=1").text
    with django_capture_on_commit_callbacks(execute=True):
        public = drafted.issue()
    now[0] = 2.0
    assert TITLE in ask(cache, "/en/statements/?page=1").text
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(drafted.user("nhri"), public.pk, {"en": "A mistake."}, uuid4())
    now[0] = 4.0
    assert TITLE not in ask(cache, "/en/statements/?page=1").text


def test_nothing_can_be_posted_to_them(client: Client, db: None) -> None:
    assert client.post("/en/statements/").status_code == 405
