"""What the list of cases can be asked of their quality: every figure of this package leads to its cases by these."""

from collections.abc import Callable, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_noop as _

from amparo.finding.facets import WORK, Facet, Level, add_facet
from amparo.quality.conditions import failing, happened_on, lacking, mended_by, recorded_in

LACKS, CHECK, MEND, RECORDED, HAPPENED = "lacks", "check", "mend", "recorded", "happened"


def add_facets() -> None:
    """Let cases be listed by what is wrong with them."""
    for code, label, vocabulary, condition in _FACETS:
        add_facet(Facet(code, label, WORK, Level.OWN, "", vocabulary, in_words=False, condition=condition))


def cases_address(*asked: tuple[str, str]) -> str:
    """The list of the cases that `asked` asks for, as pairs of a facet and a code."""
    return f"{reverse('case-list')}?{urlencode(asked)}"


_FACETS: tuple[tuple[str, str, str, Callable[[Sequence[str]], Q]], ...] = (
    (LACKS, _("Not known, or not asked"), "coded-fields", lacking),
    (CHECK, _("Looks wrong"), "quality-checks", failing),
    (MEND, _("Who can mend it"), "data-menders", mended_by),
    (RECORDED, _("Recorded in"), "", recorded_in),
    (HAPPENED, _("On just the day"), "", happened_on),
)
