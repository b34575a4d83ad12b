"""How groups, fields and readings are called in the reader's language."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from amparo.cases.models import Dataset, Source
from amparo.quality.agreement import Reading
from amparo.quality.completeness import DATASET, MENDER, MONTH, SOURCE, SOURCE_KIND, WHOLE
from amparo.quality.facets import MEND, RECORDED
from amparo.quality.fields import BY_CODE, split_codes
from amparo.quality.models import FIRST, NEITHER, SECOND
from amparo.ui.templatetags.ui import label, month, number
from amparo.vocabularies.catalogue import get_vocabulary

SPLIT_NAMES = {
    WHOLE: _("All cases"),
    DATASET: _("Dataset"),
    SOURCE: _("Source"),
    SOURCE_KIND: _("Kind of source"),
    MONTH: _("Month recorded"),
    MENDER: _("Who can mend it"),
}
READINGS = {
    Reading.TOO_FEW: _("Too few cases to be read: at least 30 have to be coded again"),
    Reading.NO_VARIATION: _("All cases have one and the same code: nothing can be said"),
    Reading.RELIABLE: _("Reliable"),
    Reading.TENTATIVE: _("For tentative conclusions only"),
    Reading.NOT_RELIABLE: _("Not reliable: talk about what the codes mean, then code again"),
}
DECISION_NAMES = {
    FIRST: _("The first one holds"),
    SECOND: _("The second one holds"),
    NEITHER: _("Neither holds"),
}
_FACETS = {DATASET: "dataset", SOURCE: "source", SOURCE_KIND: "source-kind", MONTH: RECORDED, MENDER: MEND}


def name_groups(split: str, keys: Iterable[str]) -> dict[str, str]:
    """What the groups of a split are called. One query at most."""
    wanted = list(keys)
    if split == DATASET:
        language = (get_language() or "en").split("-")[0]
        titles = Dataset.objects.filter(code__in=wanted).values_list("code", "titles")
        return {code: said.get(language) or said.get("en") or code for code, said in titles}
    if split == SOURCE:
        return dict(Source.objects.filter(code__in=wanted).values_list("code", "published_name"))
    return {key: _name_group(split, key) for key in wanted}


def group_condition(split: str, key: str) -> list[tuple[str, str]]:
    """What the list of cases is asked for to show a group, as pairs of a facet and a code."""
    return [(_FACETS[split], key)] if split in _FACETS else []


def field_name(code: str) -> str:
    """What a coded field is called."""
    return label(code, "coded-fields")


def coding_name(field: str, value: str) -> str:
    """One coding of a field in words: its code's label, or several of them."""
    vocabulary = BY_CODE[field].vocabulary
    return " + ".join(label(code, vocabulary) for code in split_codes(value))


def definition(code: str, vocabulary: str) -> str:
    """What a code means, in the reader's language."""
    language = (get_language() or "en").split("-")[0]
    term = get_vocabulary(vocabulary).terms.get(code)
    return (term.definitions.get(language) or term.definitions["en"]) if term else ""


def coefficient(value: float | None) -> str:
    """A coefficient with two decimals; a dash where there is none."""
    return "–" if value is None else _decimals(value)


def days(value: float | None) -> str:
    """A number of whole days; a dash where there are too few to say."""
    return "–" if value is None else number(round(value))


def _decimals(value: float) -> str:
    # A figure looks the same in all four languages but for its mark of decimals.
    return number(round(value, 2))


def _name_group(split: str, key: str) -> str:
    if split == SOURCE_KIND:
        return label(key, "source-kinds") if key else gettext("No source")
    if split == MONTH:
        return month(date(int(key[:4]), int(key[5:7]), 1))
    if split == MENDER:
        return label(key, "data-menders")
    return gettext("All cases")
