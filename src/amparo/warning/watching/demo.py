"""An invented finding of the demonstration: an alert out of the data, and what others read of it."""

from amparo.institutions.models import User
from amparo.vocabularies.catalogue import UNKNOWN
from amparo.warning.alerts.deciding import Opening, open_alert
from amparo.warning.models import Alert
from amparo.warning.response.acting import share_alert
from amparo.warning.running.found_words import keep_finding
from amparo.warning.signals.raising import Said, check_signal, raise_found
from amparo.warning.times import this_quarter
from amparo.warning.watching.disclosing import PublicFinding
from amparo.warning.watching.findings import Basis, Finding
from amparo.warning.watching.outside import keep_public
from amparo.warning.watching.services import last_full_month
from amparo.warning.watching.strata import COUNTRY, Stratum

_ACTS = (("threat", 6), ("smear-campaign", 1))


def seed_demo_finding(user: User, other: User) -> Alert | None:
    """An alert of `user`'s institution out of an invented finding, shared with `other`'s; None where it is there."""
    assert user.institution is not None  # noqa: S101  (only people of an institution)
    assert other.institution is not None  # noqa: S101
    month, country = last_full_month(this_quarter().date()), user.institution.country or UNKNOWN
    stratum = Stratum(COUNTRY, (country,))
    finding = Finding(stratum, month, Basis.HAPPENED, 7, 6, 7, 9, 1.2, 4.0, 2e-4, 0.03, "bayes-pooled", _ACTS)
    public = PublicFinding(stratum, month, None, 1, None, (), (5, 9))
    said = Said("data", "more-attacks", country)
    source = f"watch:{month}:{country}"
    signal = raise_found(user.institution, source, said, keep_finding(finding) | {"outside": keep_public(public)})
    if signal is None:
        return None
    check_signal(user, signal.pk, "confirmed", version=signal.version)
    alert = open_alert(user, signal.pk, Opening("watch", ("repeated",)))
    share_alert(user, alert.pk, other.institution)
    return alert
