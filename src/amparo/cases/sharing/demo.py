"""Invented consents and a shared case for the demonstration, so that its pages are not empty."""

from datetime import timedelta

from amparo.cases.models import Incident
from amparo.cases.sharing import services
from amparo.cases.sharing.parts import parts_of
from amparo.cases.sharing.services import SaidYes
from amparo.institutions.models import Institution, User
from amparo.institutions.services import RECIPIENT_OF_KIND
from amparo.vault import services as vault
from amparo.vault.consent import today

SUPPORT = "support-protection"


def seed_demo_consents(by: User, incident: Incident, to: Institution, unlocked: vault.Unlocked) -> None:
    """Let `to` have what is sealed in `incident`; for Special Procedures a yes that runs out; for the SCA a no."""
    parts = frozenset(part.section for part in parts_of(incident) if not part.exact)
    if not parts:
        return
    day = today() - timedelta(days=20)
    shared, sca = RECIPIENT_OF_KIND[to.kind], "sca"
    services.record_consent(by, incident.pk, SaidYes(parts, (shared,), (SUPPORT,), "in-person", "en", day))
    ends = today() + timedelta(days=90)
    un = SaidYes(parts, ("special-procedures",), ("communication-un",), "telephone", "en", day, ends)
    services.record_consent(by, incident.pk, un)
    services.record_consent(by, incident.pk, SaidYes(parts, (sca,), ("accreditation-review",), "in-writing", "en", day))
    services.withdraw_consent(by, incident.pk, parts, sca, ["accreditation-review"], unlocked)
    services.share_case(by, incident.pk, to, SUPPORT, parts, unlocked)
