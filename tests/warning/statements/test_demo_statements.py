"""The invented statements of the demonstration: one issued and corrected, one being drafted, each once."""

import pytest

from amparo.warning.models import PublicStatement, Statement
from amparo.warning.statements.demo import seed_demo_statements
from tests.factories import make_institution, make_member
from tests.warning.statements.conftest import Drafted


def test_it_works(drafted: Drafted) -> None:
    drafted.alert.calls.create(
        round=drafted.alert.level_changes.get(),
        institution=drafted.chain["ganhri"].institution,
        told_at=drafted.alert.opened_at,
        answer_by=drafted.alert.opened_at,
    )
    for _ in range(2):
        seed_demo_statements(drafted.user("nhri"), drafted.user("ganhri"), drafted.chain["nhri"].unlocked)
    public = PublicStatement.objects.get()
    assert set(public.texts) == {"en", "fr", "es", "ar"}
    assert public.notes.count() == 1
    assert Statement.objects.filter(public=None).count() == 1


@pytest.mark.django_db
def test_without_an_alert_of_both_there_is_none() -> None:
    founded = make_institution()
    seed_demo_statements(make_member(founded), make_member(make_institution()), founded.unlocked)
    assert not Statement.objects.exists()
