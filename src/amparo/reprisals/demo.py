"""Invented reprisals against an invented NHRI, for the demonstration."""

from decimal import Decimal
from hashlib import sha256

from amparo.cases.dates import EventDate
from amparo.cases.models import Incident
from amparo.institutions.models import User
from amparo.reprisals.drafts import CooperationDraft, Facts, FormDraft, ReprisalDraft, TargetDraft
from amparo.reprisals.keeping import ProfileFacts, add_profile, keep_part
from amparo.reprisals.models import Accreditation, NhriProfile, ProfileCode, YearFigures
from amparo.reprisals.registering import record_reprisal

_BUDGETS = ((2023, 41, 9800, 64), (2024, 43, 10400, 66), (2025, 44, 10900, 66), (2026, 29, 11300, 48))
_MILLION = 1_000_000
_HISTORY = (
    ("2014-10", 31, "b", "initial"),
    ("2019-03", 40, "a", "special"),
    ("2024-10", 45, "deferred", "five-yearly"),
)


def seed_demo_reprisals(user: User) -> Incident:
    """A profile of `user`'s invented institution, and one reprisal against it. The institution must be an NHRI."""
    profile = _profile(user)
    draft = ReprisalDraft(
        facts=Facts("yes", "yes", "new", "pattern", "no", ("work-reduced", "people-left")),
        forms=(
            FormDraft(
                "budget-cut",
                codes={"reasons": ("austerity",), "pillars": ("resources",)},
                columns={
                    "year_before": 2025,
                    "year_after": 2026,
                    "amount_before": Decimal(44 * _MILLION),
                    "amount_after": Decimal(29 * _MILLION),
                    "currency": "KES",
                    "government_before": Decimal(10900 * _MILLION),
                    "government_after": Decimal(11300 * _MILLION),
                },
            ),
            FormDraft(
                "undue-dismissal",
                EventDate.read("2026-03"),
                codes={
                    "foreseen": ("ground-in-law", "hearing", "qualified-majority"),
                    "departures": ("removed-by-decree",),
                    "reasons": ("loss-of-confidence",),
                    "pillars": ("appointment-tenure",),
                },
                columns={
                    "seat": "nhri-commissioner",
                    "term_ends": EventDate.read("2028-06"),
                    "followed_law": "no",
                },
                texts={"text": "Invented: the decree was read out before the commission had been heard."},
            ),
        ),
        targets=(
            TargetDraft("nhri-institution", ("budget-cut",)),
            TargetDraft("nhri-commissioner", ("undue-dismissal",), "female", "Invented Commissioner One"),
        ),
        date=EventDate.read("2026-01/2026-03"),
        cooperations=(CooperationDraft("upr", "written-information", EventDate.read("2025-11")),),
        perpetrators=("executive",),
    )
    return record_reprisal(user, profile.pk, draft, _token(user, "reprisal"))


def _profile(user: User) -> NhriProfile:
    institution = user.institution
    assert institution is not None  # noqa: S101  (only people of an institution)
    facts = ProfileFacts(
        names=institution.names,
        country=institution.country,
        columns={"model": "commission", "legal_basis": "statute", "legal_year": 2011, "immunity": "members-only"},
        codes={
            ProfileCode.MANDATE: ("npm", "complaints"),
            ProfileCode.STEP: ("independent-panel", "parliament-elects", "ground-in-law", "hearing"),
        },
        pillars={"legal-foundation": "met", "resources": "not-met", "appointment-tenure": "in-law-only"},
    )
    profile = add_profile(user, facts, _token(user, "profile"))
    for year, amount, government, staff in _BUDGETS:
        figures = YearFigures(
            year=year,
            amount=Decimal(amount * _MILLION),  # type: ignore[misc]
            currency="KES",
            government_amount=Decimal(government * _MILLION),
            staff=staff,
        )
        keep_part(user, profile.pk, figures, 0, _token(user, f"year {year}"))
    for date, session, decision, path in _HISTORY:
        decided = Accreditation(session=session, decision=decision, path=path)
        decided.date = EventDate.read(date)
        keep_part(user, profile.pk, decided, 0, _token(user, f"accreditation {date}"))
    profile.refresh_from_db()
    return profile


def _token(user: User, what: str) -> str:
    """The same for the same user: seeded twice it is there once."""
    return sha256(f"demo {user.pk} {what}".encode()).hexdigest()[:32]
