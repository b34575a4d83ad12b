"""Signals: raised once, sealed, checked by a person, and of one's own institution only."""

import pytest

from amparo.vault import services as vault
from amparo.vault.models import LogEntry
from amparo.warning.alerts.deciding import Opening, open_alert
from amparo.warning.held import ChangedMeanwhile, KeysClosed, NotNow
from amparo.warning.models import Signal
from amparo.warning.scope import signals_for
from amparo.warning.signals.raising import Said, check_signal, raise_found, raise_signal
from tests.factories import make_incident, make_institution, make_member
from tests.warning.alerting import make_signal

pytestmark = pytest.mark.django_db
FOUND = Said("data", "more-attacks", "COL")


def test_it_works() -> None:
    founded = make_institution()
    signal = make_signal(make_member(founded), words="Invented words of a threat")
    assert (signal.state, signal.kind, signal.origin) == ("new", "threats", "focal-point")
    opened = vault.open_sections([signal.section], founded.unlocked)
    assert opened[signal.section.pk] == {"what": "Invented words of a threat"}
    assert LogEntry.objects.filter(action="signal-raised").count() == 1


def test_sent_twice_it_is_one() -> None:
    user = make_member(make_institution())
    said = Said("focal-point", "threats", "COL")
    assert raise_signal(user, said) == raise_signal(user, said)
    assert Signal.objects.count() == 1


def test_what_is_found_twice_is_raised_once() -> None:
    institution = make_institution().institution
    assert raise_found(institution, "farrington:COL:threat:2020-05", FOUND, {"count": 4}) is not None
    assert raise_found(institution, "farrington:COL:threat:2020-05", FOUND, {"count": 4}) is None
    assert Signal.objects.get().facts == {"count": 4}


def test_two_institutions_may_find_the_same() -> None:
    for _ in range(2):
        assert raise_found(make_institution().institution, "silence:2020-05", FOUND) is not None


def test_a_note_goes_sealed_beside_what_was_said() -> None:
    founded = make_institution()
    user = make_member(founded)
    signal = make_signal(user, words="Invented words")
    with pytest.raises(KeysClosed):
        check_signal(user, signal.pk, "possible", version=signal.version, note="An invented note")
    checked = check_signal(
        user, signal.pk, "possible", version=signal.version, note="An invented note", unlocked=founded.unlocked
    )
    opened = vault.open_sections([checked.section], founded.unlocked)
    assert opened[checked.section.pk] == {"what": "Invented words", "note": "An invented note"}


def test_a_signal_of_another_institution_is_not_there() -> None:
    signal = make_signal(make_member(make_institution()))
    other = make_member(make_institution())
    assert not signals_for(other).exists()
    with pytest.raises(Signal.DoesNotExist):
        check_signal(other, signal.pk, "confirmed", version=1)


def test_a_case_of_another_institution_cannot_be_named() -> None:
    incident = make_incident(make_institution())
    with pytest.raises(type(incident).DoesNotExist):
        raise_signal(make_member(make_institution()), Said("report", "threats", "COL", incident=incident.pk))


def test_two_who_check_are_told() -> None:
    user = make_member(make_institution())
    signal = make_signal(user)
    check_signal(user, signal.pk, "possible", version=signal.version)
    with pytest.raises(ChangedMeanwhile):
        check_signal(user, signal.pk, "not-an-event", version=signal.version)


def test_what_became_an_alert_stays_confirmed() -> None:
    user = make_member(make_institution())
    signal = make_signal(user, confirmed=True)
    open_alert(user, signal.pk, Opening("watch", ("repeated",)))
    signal.refresh_from_db()
    with pytest.raises(NotNow):
        check_signal(user, signal.pk, "not-an-event", version=signal.version)
