"""Invented statements of the demonstration: one that was issued, in four languages, and one that is being drafted."""

from uuid import UUID, uuid5

from amparo.institutions.models import User
from amparo.vault import services as vault
from amparo.warning.models import Alert, PublicStatement, Statement
from amparo.warning.statements.drafting import Draft, begin_statement, change_text
from amparo.warning.statements.issuing import correct, issue
from amparo.warning.statements.signing import sign
from amparo.warning.statements.texts import Words

_NAMES = UUID("5c1b7f0e-6f6b-4a36-9c3f-1d0c5a0e9b77")
_ISSUED = {
    "en": Words(
        "Invented statement: defenders of the river must be able to work without fear",
        "In the last weeks, defenders who speak for the river in Demoland have been followed and threatened. We say "
        "together that defending rights is lawful work, which the State has to protect.\n\nWe call upon the "
        "authorities of Demoland to investigate each threat, to tell in public what they found, and to agree on "
        "measures of protection with those concerned.\n\nThis text is invented for the demonstration.",
    ),
    "fr": Words(
        "Déclaration inventée\u00a0: qui défend la rivière doit pouvoir agir sans crainte",
        "Ces dernières semaines, des personnes qui défendent la rivière en Démolande ont été suivies et menacées. "
        "Nous disons ensemble que défendre les droits est un travail licite, que l’État doit protéger.\n\nNous "
        "demandons aux autorités de Démolande d’enquêter sur chaque menace, d’en rendre compte publiquement et de "
        "convenir de mesures de protection avec les personnes concernées.\n\nCe texte est inventé pour la "
        "démonstration.",
    ),
    "es": Words(
        "Declaración inventada: quienes defienden el río deben poder trabajar sin miedo",
        "En las últimas semanas, personas que defienden el río en Demolandia han sido seguidas y amenazadas. Decimos "
        "juntas que defender derechos es un trabajo lícito que el Estado debe proteger.\n\nPedimos a las autoridades "
        "de Demolandia que investiguen cada amenaza, informen en público de lo que hallen y acuerden medidas de "
        "protección con las personas afectadas.\n\nEste texto es inventado para la demostración.",
    ),
    "ar": Words(
        "بيان متخيَّل: من يدافع عن النهر يجب أن يعمل دون خوف",
        "في الأسابيع الأخيرة تعرّض مدافعون عن النهر في ديمولاند للملاحقة والتهديد. نقول معاً إن الدفاع عن الحقوق عمل "
        "مشروع على الدولة أن تحميه.\n\nندعو سلطات ديمولاند إلى التحقيق في كل تهديد، وإعلان ما توصلت إليه، والاتفاق "
        "على تدابير الحماية مع المعنيين.\n\nهذا النص متخيَّل لأغراض العرض التوضيحي.",
    ),
}
_DRAFT = Words(
    "Invented draft: on a bill about associations",
    "A bill would let groups be closed without a court. We ask parliament to hear those whom it concerns.\n\n"
    "This text is invented for the demonstration.",
)
_CORRECTION = {
    "en": "Invented correction: the first threats were made known five weeks ago, not in the last weeks.",
    "fr": "Correction inventée\u00a0: les premières menaces ont été connues il y a cinq semaines.",
    "es": "Corrección inventada: las primeras amenazas se conocieron hace cinco semanas.",
    "ar": "تصحيح متخيَّل: عُرفت التهديدات الأولى قبل خمسة أسابيع.",
}


def seed_demo_statements(user: User, partner: User, unlocked: vault.Unlocked) -> None:
    """An issued statement of `user`'s institution and `partner`'s, and a draft. Seeded twice they are there once.

    Does nothing where `partner`'s institution takes part in no open alert of `user`'s. `unlocked`: the keys of hers.
    """
    shared = Alert.objects.filter(institution=user.institution, calls__institution=partner.institution, state="open")
    alert = shared.filter(is_drill=False).order_by("pk").first()
    if alert is None or partner.institution is None or PublicStatement.objects.exists():
        return
    invited = [partner.institution.pk]
    draft = Draft("en", _ISSUED["en"], invited, uuid5(_NAMES, "issued"))
    statement: Statement = begin_statement(user, alert.pk, draft)
    for language in ("fr", "es", "ar"):
        statement = change_text(
            user, statement.pk, language, _ISSUED[language], version=statement.version, unlocked=unlocked
        )
    for signing in (user, partner):
        sign(signing, statement.pk, version=statement.version)
    public = issue(user, statement.pk, version=statement.version, unlocked=unlocked)
    correct(user, public.pk, _CORRECTION, uuid5(_NAMES, "correction"))
    begun = begin_statement(user, alert.pk, Draft("en", _DRAFT, invited, uuid5(_NAMES, "draft")))
    sign(partner, begun.pk, version=begun.version)
