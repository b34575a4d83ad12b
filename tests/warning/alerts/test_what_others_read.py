"""Another institution reads a finding as it may be told outside; who shares sees before exactly what it will read."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.warning.alerts.deciding import Opening, open_alert
from amparo.warning.models import Alert, Signal
from amparo.warning.months import Month
from amparo.warning.response.acting import share_alert
from amparo.warning.running.found_words import keep_finding
from amparo.warning.signals.raising import Said, check_signal, raise_found
from amparo.warning.watching.disclosing import PublicFinding
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.outside import keep_public, read_public
from amparo.warning.watching.strata import COUNTRY, Stratum
from tests.factories import sign_in
from tests.warning.alerting import make_chain

pytestmark = pytest.mark.django_db
AUGUST = Month(2020, 8)
COLOMBIA = Stratum(COUNTRY, ("COL",))
CAUCA = Stratum(("country", "area"), ("COL", "CO-CAU"))
FINDING = Finding(CAUCA, AUGUST, Basis.HAPPENED, 2, 1, 2, 2, 0.1, 1.0, 1e-4, 0.01, "bayes-pooled", (("threat", 2),))
PUBLIC = PublicFinding(COLOMBIA, AUGUST, 13, 2, 100, (("intimidation", 7),))
SAID = (
    "Colombia, Aug 2020: 13 incidents are recorded. Usually it is about 2 a month. By chance alone so many come less "
    "than once in 100 years. Acts: Threat and intimidation (7)."
)


@pytest.fixture
def chain() -> dict[str, Founded]:
    return make_chain()


def member(chain: dict[str, Founded], kind: str) -> User:
    return chain[kind].institution.members.get()


def alert_of(chain: dict[str, Founded], public: PublicFinding | None = PUBLIC, number: int = 1) -> Alert:
    user = member(chain, "nhri")
    facts = keep_finding(FINDING) | {"outside": keep_public(public)}
    said = Said("data", "more-attacks", "COL", "CO-CAU")
    signal = raise_found(chain["nhri"].institution, f"watch:invented:{number}", said, facts)
    assert signal is not None
    check_signal(user, signal.pk, "confirmed", version=signal.version)
    return open_alert(user, signal.pk, Opening("watch", ("repeated",)))


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def read(client: Client, user: User, alert: Alert, language: str = "en") -> str:
    sign_in(client, user)
    address = reverse("alert", args=[alert.pk]).replace("/en/", f"/{language}/", 1)
    return text_of(client.get(address).content.decode())


def test_it_works(client: Client, chain: dict[str, Founded]) -> None:
    alert = alert_of(chain)
    share_alert(member(chain, "nhri"), alert.pk, chain["ganhri"].institution)

    theirs = read(client, member(chain, "ganhri"), alert)
    assert SAID in theirs
    assert "Cauca" not in theirs
    in_french = read(client, member(chain, "ganhri"), alert, "fr")
    assert "Colombie" in in_french
    assert "13 incidents" in in_french


def test_who_shares_sees_what_the_other_reads(client: Client, chain: dict[str, Founded]) -> None:
    alert = alert_of(chain)
    sign_in(client, member(chain, "nhri"))
    preview = client.get(reverse("alert-share", args=[alert.pk]))
    share_alert(member(chain, "nhri"), alert.pk, chain["ganhri"].institution)
    sign_in(client, member(chain, "ganhri"))
    page = client.get(reverse("alert", args=[alert.pk]))

    def codes(html: str) -> str:
        # The list of codes with the sentences after it, to the next thing of the page.
        found = re.search(r"<dl>.*?</dl>(\s*<p>[^<]*</p>)*", html, re.DOTALL)
        assert found is not None
        return text_of(found.group()).strip()

    shown = codes(preview.content.decode())
    assert SAID in shown
    assert codes(page.content.decode()).startswith(shown)


def test_before_it_is_opened_it_says_what_others_would_read(client: Client, chain: dict[str, Founded]) -> None:
    alert_of(chain)
    signal = Signal.objects.get()
    sign_in(client, member(chain, "nhri"))

    assert SAID in text_of(client.get(reverse("alert-new", args=[signal.pk])).content.decode())


def test_what_may_be_told_to_nobody_is_told_to_nobody(client: Client, chain: dict[str, Founded]) -> None:
    alert = alert_of(chain, None)
    share_alert(member(chain, "nhri"), alert.pk, chain["ganhri"].institution)

    assert "2020" not in read(client, member(chain, "ganhri"), alert).split("Opened")[0]
    sign_in(client, member(chain, "nhri"))
    page = client.get(reverse("alert-share", args=[alert.pk])).content.decode()
    assert "What the data show is told to nobody" in page


def test_of_a_finding_that_was_never_looked_at_only_the_country_is_told(
    client: Client, chain: dict[str, Founded]
) -> None:
    alert = alert_of(chain)
    Signal.objects.update(facts=keep_finding(FINDING))
    share_alert(member(chain, "nhri"), alert.pk, chain["ganhri"].institution)

    theirs = read(client, member(chain, "ganhri"), alert)
    assert "Colombia, Aug 2020: more incidents than usual are recorded." in theirs
    assert "Cauca" not in theirs


def test_who_was_only_called_reads_the_same(client: Client, chain: dict[str, Founded]) -> None:
    alert = alert_of(chain)
    call = alert.calls.get()
    call.pk, call.institution = None, chain["network"].institution
    call.save()

    assert SAID in read(client, member(chain, "network"), alert)


def test_more_findings_cost_no_more_queries(client: Client, chain: dict[str, Founded]) -> None:
    alert = alert_of(chain)
    share_alert(member(chain, "nhri"), alert.pk, chain["ganhri"].institution)
    read(client, member(chain, "ganhri"), alert)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("alert", args=[alert.pk]))
    for number in range(2, 7):
        another = alert_of(chain, PublicFinding(COLOMBIA, AUGUST.later(-number), 5 + number, 2, 100), number)
        Signal.objects.filter(alert=another).update(alert=alert)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("alert", args=[alert.pk]))

    assert len(many) == len(few)


@pytest.mark.parametrize(
    "public", [PUBLIC, None, PublicFinding(CAUCA, AUGUST, None, 2, None, (), (5, 9)), PUBLIC.without_number()]
)
def test_what_is_kept_is_read_again(public: PublicFinding | None) -> None:
    assert read_public({"outside": keep_public(public)}) == public
