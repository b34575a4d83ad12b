"""An alert of an invented NHRI that its network reads as well, and a statement of both."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.warning.models import Alert, PublicStatement, Statement
from amparo.warning.response.acting import share_alert
from amparo.warning.statements.drafting import Draft, begin_statement
from amparo.warning.statements.issuing import issue
from amparo.warning.statements.signing import sign
from amparo.warning.statements.texts import Words
from tests.warning.alerting import make_alert, make_chain

TITLE = "Invented title Brondemarque"
BODY = "Invented institutions ask for the release of all.\n\nInvented second paragraph Quistelvane."


@dataclass(frozen=True)
class Drafted:
    """Who is in it: founded institutions and a person of each, by kind; `alert` is shared with the network."""

    chain: dict[str, Founded]
    alert: Alert

    def user(self, kind: str) -> User:
        return self.chain[kind].institution.members.get()

    def begin(self, kind: str = "nhri", *invited: str, title: str = TITLE, body: str = BODY) -> Statement:
        """A statement that `kind` drafts in English, with those `invited`."""
        numbers = [self.chain[each].institution.pk for each in invited]
        return begin_statement(self.user(kind), self.alert.pk, Draft("en", Words(title, body), numbers))

    def issue(self, **words: str) -> PublicStatement:
        """What the NHRI and the network said together, public."""
        statement = self.begin("nhri", "network", **words)
        for kind in ("nhri", "network"):
            sign(self.user(kind), statement.pk, version=1)
        return issue(self.user("nhri"), statement.pk, version=1, unlocked=self.chain["nhri"].unlocked)


@pytest.fixture
def make_drafted(db: None) -> Callable[..., Drafted]:
    def make(**opening: object) -> Drafted:
        chain = make_chain()
        alert = make_alert(chain["nhri"].institution.members.get(), **opening)
        for kind in ("network", "ganhri"):
            share_alert(chain["nhri"].institution.members.get(), alert.pk, chain[kind].institution)
        return Drafted(chain, alert)

    return make


@pytest.fixture
def drafted(make_drafted: Callable[..., Drafted]) -> Drafted:
    return make_drafted()
