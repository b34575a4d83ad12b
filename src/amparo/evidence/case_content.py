"""A case as it goes into a package or a document: its coded facts, and of what is sealed as much as may leave."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from amparo.cases.models import Evidence, Incident
from amparo.cases.templatetags.desk import sealed_field_name
from amparo.institutions.models import User
from amparo.ui.templatetags.ui import day, label, partial_date
from amparo.vault import services as vault
from amparo.vault.models import Section

Opened = Mapping[UUID, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Leaving:
    """For whom a case leaves. Without `recipient`: for the institution itself. `sealed`: with its sealed parts."""

    recipient: str = ""
    purpose: str = ""
    sealed: bool = True


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: `name` and `value` are for programs, `title` and `shown` for people."""

    name: str
    title: str
    value: object = field(repr=False)
    shown: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """Some facts under a heading. `closed`: there is something sealed beside them that does not leave."""

    code: str
    title: str
    facts: Sequence[Fact] = field(repr=False)
    closed: bool = False


@dataclass(frozen=True, slots=True)
class CaseContent:
    """A case as it leaves: its parts in order, and which sections of it leave."""

    incident: int
    title: str
    parts: Sequence[Part] = field(repr=False)
    opened: Opened = field(repr=False)


def sections_of(incident: Incident) -> list[Section]:
    """Every sealed section of a case that may leave, those of files included."""
    found: list[Section | None] = [incident.section]
    for records in (
        incident.victims.select_related("section"),
        incident.alleged_perpetrators.select_related("section"),
        incident.information.select_related("section"),
        incident.interventions.select_related("section"),
        incident.places.select_related("section"),
    ):
        found += [each.section for each in records]
    for piece in _evidence(incident):
        exhibit = getattr(piece, "exhibit", None)
        found += [piece.file.section, exhibit.section if exhibit else None]
    return [each for each in found if each is not None]


def open_for(incident: Incident, unlocked: vault.Unlocked, leaving: Leaving, user: User) -> Opened:
    """What of the sealed parts may leave: all that opens for the institution itself, what is agreed for others.

    The only door to others is `vault.open_for_recipient`, which logs what went through it.
    """
    if not leaving.sealed:
        return {}
    sections = sections_of(incident)
    if not leaving.recipient:
        return vault.open_sections(sections, unlocked)
    return vault.open_for_recipient(
        sections,
        unlocked,
        leaving.recipient,
        leaving.purpose,
        actor=user.pk,
        institution=incident.institution.code,
        record=f"incident:{incident.pk}",
    )


def describe_case(incident: Incident, opened: Opened) -> CaseContent:
    """The case in the active language, with the sealed parts that are in `opened`."""
    parts = [_coded(incident), _sealed("narrative", _("What happened"), incident.section, opened)]
    parts += _victims(incident, opened)
    parts += [
        _record(
            "perpetrator",
            _("Alleged perpetrator %(number)s"),
            n,
            [_code("kind", _("Kind"), each.kind, "alleged-perpetrators")],
            each.section,
            opened,
        )
        for n, each in enumerate(incident.alleged_perpetrators.select_related("section").order_by("pk"), 1)
    ]
    parts += [
        _record(
            "source",
            _("Source %(number)s"),
            n,
            [
                _code("kind", _("Kind"), each.source.kind, "source-kinds"),
                _code("reliability", _("Reliability"), each.reliability, "source-reliability"),
                _code("credibility", _("Credibility"), each.credibility, "information-credibility"),
            ],
            each.section,
            opened,
        )
        for n, each in enumerate(incident.information.select_related("section", "source").order_by("pk"), 1)
    ]
    parts += [
        _record(
            "intervention",
            _("Intervention %(number)s"),
            n,
            [
                _code("kind", _("Kind"), each.kind, "interventions"),
                Fact("date", _("Date"), str(each.date or ""), partial_date(each.date)),
                _code("result", _("Result"), each.result, "intervention-results"),
            ],
            each.section,
            opened,
        )
        for n, each in enumerate(incident.interventions.select_related("section").order_by("pk"), 1)
    ]
    parts += [_exhibit(n, each, opened) for n, each in enumerate(_evidence(incident), 1)]
    title = _("Case %(number)s") % {"number": incident.pk}
    return CaseContent(incident.pk, title, [part for part in parts if part is not None], opened)


def as_json(content: CaseContent) -> dict[str, object]:
    """The same for programs."""
    return {
        "case": content.incident,
        "parts": [
            {"part": part.code, "closed": part.closed, "facts": {each.name: each.value for each in part.facts}}
            for part in content.parts
        ],
    }


def _evidence(incident: Incident) -> list[Evidence]:
    related = ("file__section", "exhibit__section", "incident__institution__key_pair")
    return list(Evidence.objects.filter(incident=incident).select_related(*related).order_by("pk"))


def _coded(incident: Incident) -> Part:
    codes = (
        ("country", _("Country"), "countries"),
        ("area", _("Area"), "areas"),
        ("setting", _("Setting"), "settings"),
        ("status", _("Status of the information"), "information-status"),
        ("stage", _("Stage"), "case-stages"),
        ("because_of_work", _("Because of the work for human rights"), "yes-no"),
        ("because_of_mandate", _("Because of the mandate"), "yes-no"),
        ("because_of_cooperation", _("Because of cooperation with the United Nations"), "yes-no"),
    )
    facts = [Fact("date", _("Date"), str(incident.date or ""), partial_date(incident.date))]
    facts += [_code(name, title, getattr(incident, name), vocabulary) for name, title, vocabulary in codes]
    return Part("case", _("Coded facts"), facts)


def _victims(incident: Incident, opened: Opened) -> Iterable[Part]:
    victims = incident.victims.select_related("section").prefetch_related("acts", "profiles").order_by("pk")
    for number, each in enumerate(victims, 1):
        acts = [act.kind for act in each.acts.all()]
        profiles = [profile.profile for profile in each.profiles.all()]
        facts = [
            Fact("acts", _("Acts"), acts, " · ".join(label(act, "acts") for act in acts) or "–"),
            _code("kind", _("Kind"), each.kind, "victim-kinds"),
            _code("target", _("Target"), each.target, "targets"),
            _code("sex", _("Sex"), each.sex, "sex"),
            _code("gender", _("Gender"), each.gender, "gender"),
            _code("age_band", _("Age"), each.age_band, "age-bands"),
            Fact(
                "profiles", _("Defends"), profiles, " · ".join(label(p, "defender-profiles") for p in profiles) or "–"
            ),
        ]
        yield _record("victim", _("Victim %(number)s"), number, facts, each.section, opened)


def _exhibit(number: int, piece: Evidence, opened: Opened) -> Part:
    exhibit = getattr(piece, "exhibit", None)
    file = opened.get(piece.file.section_id, {})
    facts = [
        Fact("piece", _("Piece"), piece.pk, str(piece.pk)),
        _code("kind", _("Kind"), exhibit.kind if exhibit else "unknown", "evidence-kinds"),
        Fact("added", _("Added"), piece.added_at.strftime("%Y-%m-%dT%H"), day(piece.added_at)),
    ]
    if sha256 := file.get("sha256"):
        facts.append(Fact("sha256", "SHA-256", sha256, str(sha256)))
    title = _("Evidence %(number)s")
    return _record("evidence", title, number, facts, exhibit.section if exhibit else None, opened)


def _record(code: str, title: str, number: int, facts: list[Fact], section: Section | None, opened: Opened) -> Part:
    sealed = _sealed(code, "", section, opened)
    closed = bool(sealed and sealed.closed)
    return Part(code, title % {"number": number}, [*facts, *(sealed.facts if sealed else ())], closed)


def _sealed(code: str, title: str, section: Section | None, opened: Opened) -> Part | None:
    if section is None:
        return None
    if section.pk not in opened:
        return Part(code, title, (), closed=True)
    facts = [Fact(name, _title(name), value, _shown(value)) for name, value in opened[section.pk].items()]
    return Part(code, title, [each for each in facts if each.shown])


def _code(name: str, title: str, code: str, vocabulary: str) -> Fact:
    return Fact(name, title, code, label(code, vocabulary))


def _title(name: str) -> str:
    own = {
        "shows": _("What it shows"),
        "came_from": _("Came from"),
        "handed_over_by": _("Handed over by"),
        "page": _("Web page"),
    }
    return own.get(name) or sealed_field_name(name)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {each}" for name, each in value.items() if each not in (None, ""))
    if isinstance(value, list | tuple):
        return "\n".join(_shown(each) for each in value)
    return "" if value is None else str(value)
