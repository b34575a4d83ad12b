"""Invented conditions for civic space of the demonstration's country: published, in review, and a draft."""

from uuid import UUID, uuid5

from amparo.cases.dates import EventDate
from amparo.civic_space.facts import ConditionFacts, SourceLink, StageFacts
from amparo.civic_space.models import Condition
from amparo.civic_space.services import approve_condition, send_to_review, write_condition
from amparo.institutions.models import User

_NAMES = UUID("6b1c0c58-3c0e-4b8e-9a57-52f4a1d6f0a9")
_GAZETTE = "https://gazette.demoland.example"


def seed_demo_conditions(user: User, second: User) -> list[Condition]:
    """Ten invented conditions in the country of `user`'s institution; `second`, her colleague, publishes eight.

    Seeded twice they are there once.
    """
    institution = user.institution
    assert institution is not None  # noqa: S101  (only people of an institution)
    kept = []
    for place, said in enumerate(_CONDITIONS):
        facts = _facts(said, institution.country, place)
        made = write_condition(user, facts, uuid5(_NAMES, f"{institution.code} {place}"))
        latest = made.latest
        if latest is not None and latest.state == "draft" and place < len(_CONDITIONS) - 1:
            send_to_review(user, made.pk, latest.number)
            if place < len(_CONDITIONS) - 2:
                approve_condition(second, made.pk, latest.number)
        kept.append(made)
    return kept


def _facts(said: tuple[str, ...], country: str, place: int) -> ConditionFacts:
    kind, effect, setting, begun, ended, stages, themes, *texts = said
    titles = dict(zip(("en", "fr", "es", "ar"), texts[:4], strict=False))
    described = dict(zip(("en", "fr", "es", "ar"), texts[4:], strict=False))
    return ConditionFacts(
        country=country,
        titles=titles,
        kind=kind,
        effect=effect,
        setting=setting,
        date=EventDate.read(begun),
        ended=EventDate.read(ended) if ended else None,
        texts=described,
        stages=tuple(_stages(stages)),
        themes=tuple(themes.split()),
        sources=(SourceLink(f"Invented Gazette of Demoland, no. {place + 11}", f"{_GAZETTE}/{place + 11}"),),
    )


def _stages(written: str) -> list[StageFacts]:
    pairs = [each.split(" ") for each in written.split(";") if each]
    return [StageFacts(stage, EventDate.read(date)) for stage, date in pairs]


# Kind, effect, setting, begun, ended, stages, themes; titles in four languages; what it means, in four languages.
_CONDITIONS: tuple[tuple[str, ...], ...] = (
    (
        "law-assembly",
        "restrictive",
        "offline",
        "2019-04",
        "",
        "tabled 2019-04;adopted 2019-09-12;in-force 2020-01-01;struck-down 2023-06-20",
        "assembly",
        "Invented Public Order Act",
        "Loi (inventée) sur l’ordre public",
        "Ley (inventada) de orden público",
        "قانون النظام العام (متخيَّل)",
        "Invented: every gathering of more than five people needed a permit, until the court struck it down.",
        "Inventé : tout rassemblement de plus de cinq personnes exigeait une autorisation, jusqu’à son annulation.",
        "Inventado: toda reunión de más de cinco personas exigía permiso, hasta que el tribunal la anuló.",
        "متخيَّل: كان كل تجمع يزيد على خمسة أشخاص يحتاج إلى تصريح إلى أن أبطلته المحكمة.",
    ),
    (
        "internet-shutdown",
        "restrictive",
        "online",
        "2020-10-25",
        "2020-11-03",
        "in-force 2020-10-25;ended 2020-11-03",
        "expression assembly",
        "Invented: mobile internet off around the elections",
        "Inventé : internet mobile coupé autour des élections",
        "Inventado: internet móvil cortado en torno a las elecciones",
        "متخيَّل: قطع الإنترنت عن الهواتف حول الانتخابات",
    ),
    (
        "state-of-emergency",
        "restrictive",
        "both",
        "2021-02-14",
        "2021-08-14",
        "in-force 2021-02-14;ended 2021-08-14",
        "assembly liberty-security",
        "Invented state of emergency",
        "État d’urgence (inventé)",
        "Estado de emergencia (inventado)",
        "حالة طوارئ (متخيَّلة)",
    ),
    (
        "law-defender-protection",
        "enabling",
        "offline",
        "2021-12-10",
        "",
        "tabled 2021-12-10;in-committee 2022-03;adopted 2022-10-18;in-force 2023-01-01",
        "protection",
        "Invented Act on the Protection of Defenders",
        "Loi (inventée) sur la protection des personnes défenseuses",
        "Ley (inventada) de protección de personas defensoras",
        "قانون حماية المدافعين (متخيَّل)",
        "Invented: sets up a body that must answer a request for protection within three days.",
        "Inventé : crée un organe qui doit répondre à une demande de protection en trois jours.",
        "Inventado: crea un órgano que debe responder a una solicitud de protección en tres días.",
        "متخيَّل: ينشئ هيئة عليها أن تجيب طلب الحماية خلال ثلاثة أيام.",
    ),
    (
        "court-ruling",
        "enabling",
        "offline",
        "2023-06-20",
        "",
        "",
        "assembly remedy",
        "Invented ruling: gatherings need no permit",
        "Décision (inventée) : pas d’autorisation pour se rassembler",
        "Sentencia (inventada): reunirse no exige permiso",
        "حكم (متخيَّل): لا تصريح للتجمعات",
    ),
    (
        "closure-media",
        "restrictive",
        "both",
        "2024-02-08",
        "",
        "",
        "expression",
        "Invented: licences of two radio stations taken",
        "Inventé : licences retirées à deux radios",
        "Inventado: retiran la licencia a dos radios",
        "متخيَّل: سحب ترخيص إذاعتين",
    ),
    (
        "progress-release",
        "enabling",
        "offline",
        "2024-11",
        "",
        "",
        "liberty-security",
        "Invented: defenders of the northern valley are free",
        "Inventé : des personnes défenseuses de la vallée du nord sont libres",
        "Inventado: personas defensoras del valle norte quedan libres",
        "متخيَّل: مدافعون عن الوادي الشمالي أحرار",
    ),
    (
        "law-cybercrime",
        "mixed",
        "online",
        "2025-05",
        "",
        "tabled 2025-05;in-committee 2025-09;adopted 2026-04-02",
        "expression privacy",
        "Invented Bill on Cybercrime",
        "Projet de loi (inventé) sur la cybercriminalité",
        "Proyecto de ley (inventado) sobre ciberdelincuencia",
        "مشروع قانون الجرائم الإلكترونية (متخيَّل)",
    ),
    (
        "nhri-sca-review",
        "unknown",
        "offline",
        "2026-06",
        "",
        "announced 2026-06",
        "remedy",
        "Invented: special review of the Commission opened",
        "Inventé : examen spécial de la Commission ouvert",
        "Inventado: se abre un examen especial de la Comisión",
        "متخيَّل: فتح استعراض خاص للجنة",
    ),
    (
        "law-foreign-funding",
        "restrictive",
        "offline",
        "2026-10",
        "",
        "tabled 2026-10",
        "funding association",
        "Invented Bill on Foreign Contributions",
        "Projet de loi (inventé) sur les contributions étrangères",
        "Proyecto de ley (inventado) sobre contribuciones extranjeras",
        "مشروع قانون المساهمات الأجنبية (متخيَّل)",
    ),
)
