"""Filling a new store for the demonstration: real published statistics, invented stories and people."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from amparo.cases.drafts import IncidentDraft
from amparo.cases.models import Dataset, Source
from amparo.cases.services import record_incidents
from amparo.civic_space.demo import seed_demo_conditions
from amparo.exchange.mapping import Mapping, load_mapping
from amparo.institutions.models import Institution
from amparo.institutions.services import Founded, add_member, found_institution
from amparo.portal.demo import invented
from amparo.portal.demo.coded_facts import read_coded_facts
from amparo.portal.demo.make_coded_facts import LISTS
from amparo.portal.demo.people import PASSWORD, PEOPLE
from amparo.portal.demo.reporting import record_invented_reports
from amparo.protection.demo import seed_demo_protection
from amparo.quality.demo import seed_demo_quality
from amparo.reprisals.demo import seed_demo_reprisals
from amparo.statistics.services import publish_release
from amparo.warning.demo import seed_demo_warning
from amparo.warning.duty.demo import seed_demo_rota
from amparo.warning.statements.demo import seed_demo_statements

STEPS = 5
INSTITUTIONS = {
    "demo-nhri": (
        "nhri",
        invented.COUNTRY,
        {
            "en": "Human Rights Commission of Demoland (invented)",
            "fr": "Commission des droits de l'homme de Démolande (inventée)",
            "es": "Comisión de Derechos Humanos de Demolandia (inventada)",
            "ar": "لجنة حقوق الإنسان في ديمولاند (متخيَّلة)",
        },
    ),
    "demo-network": (
        "network",
        "",
        {
            "en": "Network of Human Rights Institutions (invented)",
            "fr": "Réseau d’institutions des droits de l’homme (inventé)",
            "es": "Red de Instituciones de Derechos Humanos (inventada)",
            "ar": "شبكة مؤسسات حقوق الإنسان (متخيَّلة)",
        },
    ),
    "demo-ganhri": (
        "ganhri",
        "",
        {
            "en": "Global Alliance of the demonstration (invented)",
            "fr": "Alliance mondiale de la démonstration (inventée)",
            "es": "Alianza Global de la demostración (inventada)",
            "ar": "التحالف العالمي للعرض التوضيحي (متخيَّل)",
        },
    ),
    "demo-observatory": (
        "network",
        "",
        {
            "en": "Observatory of the demonstration (invented)",
            "fr": "Observatoire de la démonstration (inventé)",
            "es": "Observatorio de la demostración (inventado)",
            "ar": "مرصد العرض التوضيحي (متخيَّل)",
        },
    ),
}

Step = Callable[[str], None]


def seed(step: Step, detail: Step) -> None:
    """Fill the empty store of this process. `step` hears of each of the STEPS, `detail` of what is done in it."""
    with transaction.atomic():
        step(_("Invented institutions and people"))
        founded = {code: _found(code) for code in INSTITUTIONS}
        focal_points, case_workers = {}, {}
        for person in PEOPLE:
            at = founded[person.institution]
            added = add_member(at.institution, at.unlocked, person.username, PASSWORD, person.role)
            if person.role == "focal-point":
                focal_points[person.institution] = added
            elif person.role == "case-worker":
                case_workers[person.institution] = added
        step(_("Coded facts of three published lists"))
        _record_published_lists(founded["demo-observatory"].institution)
        step(_("Invented cases, sealed"))
        _record_invented_cases(founded["demo-nhri"].institution)
        step(_("Invented reports, with messages and a photo"))
        record_invented_reports(founded, focal_points)
        seed_demo_reprisals(focal_points["demo-nhri"])
        seed_demo_protection(focal_points["demo-nhri"], founded["demo-nhri"].unlocked)
        seed_demo_conditions(focal_points["demo-nhri"], case_workers["demo-nhri"])
        seed_demo_warning(focal_points["demo-nhri"], case_workers["demo-nhri"], focal_points["demo-ganhri"])
        seed_demo_statements(focal_points["demo-nhri"], focal_points["demo-ganhri"], founded["demo-nhri"].unlocked)
        seed_demo_rota(focal_points["demo-nhri"], case_workers["demo-nhri"])
        seed_demo_quality(focal_points["demo-nhri"], case_workers["demo-nhri"])
    step(_("A first release, under disclosure control"))
    publish_release(_("Demonstration"), progress=detail)


def _found(code: str) -> Founded:
    # The recovery shares of an invented institution are thrown away: there is nothing in it to recover.
    kind, country, names = INSTITUTIONS[code]
    return found_institution(code, kind, names, country=country, invented=True)


def _record_published_lists(observatory: Institution) -> None:
    facts: dict[str, list[IncidentDraft]] = {}
    for dataset, draft in read_coded_facts():
        facts.setdefault(dataset, []).append(draft)
    for name in LISTS:
        mapping = load_mapping(name)
        record_incidents(observatory, _dataset_of(mapping), facts[mapping.dataset], _sources_of(mapping))


def _dataset_of(mapping: Mapping) -> Dataset:
    return Dataset.objects.create(
        code=mapping.dataset,
        titles=dict(mapping.titles),
        publisher=mapping.publisher,
        coverage=dict(mapping.coverage),
    )


def _sources_of(mapping: Mapping) -> dict[str, Source]:
    return {
        entry.code: Source.objects.get_or_create(
            code=entry.code, defaults={"kind": entry.kind, "published_name": entry.published_name}
        )[0]
        for entry in mapping.sources.values()
    }


def _record_invented_cases(nhri: Institution) -> None:
    drafts = list(invented.read_invented_incidents())
    dataset = Dataset.objects.create(
        code="demo-cases",
        titles=invented.TITLES,
        publisher=INSTITUTIONS["demo-nhri"][2]["en"],
        coverage=invented.COVERAGE,
        invented=True,
    )
    record_incidents(nhri, dataset, drafts, _invented_sources(drafts))


def _invented_sources(drafts: Iterable[IncidentDraft]) -> dict[str, Source]:
    codes = sorted({code for draft in drafts for code in draft.sources})
    return {code: Source.objects.create(code=code, kind=code.removeprefix("demo-")) for code in codes}
