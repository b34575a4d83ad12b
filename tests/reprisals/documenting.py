"""What tests of the register share: profiles, and the guide filled in as a person does it."""

from secrets import token_hex

from django.urls import reverse

from amparo.cases.dates import EventDate
from amparo.cases.models import Incident
from amparo.reprisals.drafts import Facts, FormDraft, ReprisalDraft, TargetDraft
from amparo.reprisals.models import NhriProfile
from amparo.reprisals.registering import record_reprisal
from tests.channel.triage.conftest import Desk

SECRET_NAME = "Invented Quorlinda Vastopel"
SECRET_TEXT = "Invented: the brumazique decree came by night."
DISMISSAL = {
    "undue-dismissal-seat": "nhri-commissioner",
    "undue-dismissal-date-year": "2026",
    "undue-dismissal-date-month": "3",
    "undue-dismissal-term_ends-year": "2028",
    "undue-dismissal-followed_law": "no",
    "undue-dismissal-foreseen": ["ground-in-law", "hearing"],
    "undue-dismissal-departures": ["removed-by-decree"],
    "undue-dismissal-reasons": ["loss-of-confidence"],
    "undue-dismissal-pillars": ["appointment-tenure"],
    "undue-dismissal-procedure_done": SECRET_TEXT,
}
CUT = {
    "budget-cut-year_before": "2025",
    "budget-cut-amount_before": "1,000,000",
    "budget-cut-year_after": "2026",
    "budget-cut-amount_after": "600,000.50",
    "budget-cut-currency": "eur",
    "budget-cut-government_before": "1,000,000,000",
    "budget-cut-government_after": "1,050,000,000",
}
WHO = {
    "who-institution": ["budget-cut"],
    "who-target_0": "nhri-commissioner",
    "who-sex_0": "female",
    "who-name_0": SECRET_NAME,
    "who-hit_by_0": ["undue-dismissal"],
}
AFTER = {"after-consequences": ["work-reduced"], "after-perpetrators": ["executive"], "after-status": "reported"}


def make_profile(desk: Desk, **columns: object) -> NhriProfile:
    """The profile of the desk's own institution, or what `columns` say."""
    institution = desk.founded.institution
    columns = {
        "institution": institution if institution.kind == "nhri" else None,
        "kept_by": institution,
        "country": "XDM",
        "names": {"en": "Invented Commission"},
    } | columns
    return NhriProfile.objects.create(**columns)


def what(profile: NhriProfile, *forms: str, **said: str) -> dict[str, object]:
    """The first step, as it is sent."""
    begun: dict[str, object] = {
        "what-nhri": str(profile.pk),
        "what-forms": list(forms),
        "what-date-year": "2026",
        "what-because_of_mandate": "yes",
    }
    return begun | {f"what-{name}": value for name, value in said.items()}


def send_step(desk: Desk, token: str, step: str, said: dict[str, object] | None = None):  # type: ignore[no-untyped-def]
    return desk.client.post(reverse("reprisal-step", args=[token, step]), said or {})


def document(desk: Desk, profile: NhriProfile) -> Incident:
    """A dismissal and a budget cut, through the whole guide."""
    token = token_hex(16)
    steps = [
        ("what", what(profile, "undue-dismissal", "budget-cut")),
        ("undue-dismissal", DISMISSAL),
        ("budget-cut", CUT),
        ("who", WHO),
        ("after", AFTER),
    ]
    for step, said in steps:
        response = send_step(desk, token, step, said)
        assert response.status_code == 302, (step, response.content.decode())
    response = send_step(desk, token, "check")
    assert response.status_code == 302, response.content.decode()
    return Incident.objects.latest("pk")


def record(
    desk: Desk, profile: NhriProfile, *, form: str = "nhri-threat", date: str | None = "2026-02", sex: str = "female"
) -> Incident:
    """A reprisal of one form, past the pages."""
    draft = ReprisalDraft(
        facts=Facts(because_of_mandate="yes"),
        forms=(FormDraft(form),),
        targets=(TargetDraft("nhri-chairperson", (form,), sex=sex, name=SECRET_NAME),),
        date=EventDate.read(date) if date else None,
    )
    return record_reprisal(desk.user, profile.pk, draft, token_hex(16))
