"""What can be counted, and by what."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something to count by: a column of the coded plane. `vocabulary` is None where its codes are no vocabulary's."""

    code: str
    name: "str | Promise"
    vocabulary: str | None
    multivalued: bool = False

    def label(self, code: str, language: str) -> str:
        """What `code` of this dimension is called in `language`."""
        if self.vocabulary is None:
            return get_vocabulary("date-precision").terms[UNKNOWN].label(language) if code == UNKNOWN else code
        term = get_vocabulary(self.vocabulary).terms.get(code)
        return term.label(language) if term else code


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: the distinct values of `column`."""

    code: str
    name: "str | Promise"
    definition: "str | Promise"
    column: str


DIMENSIONS = {
    dimension.code: dimension
    for dimension in (
        Dimension("year", _("Year"), None),
        Dimension("month", _("Month"), None),
        Dimension("half", _("Half-year"), None),
        Dimension("quarter", _("Quarter"), None),
        Dimension("calendar_month", _("Month of a year"), None),
        Dimension("country", _("Country"), "countries"),
        Dimension("area", _("First-level area"), "areas"),
        Dimension("regional_group", _("UN regional group"), "un-regional-groups"),
        Dimension("network", _("GANHRI network"), "ganhri-networks"),
        Dimension("act", _("Kind of act"), "acts"),
        Dimension("act_family", _("Family of acts"), "acts"),
        Dimension("act_group", _("Group of acts"), "acts"),
        Dimension("target", _("Target"), "targets"),
        Dimension("profile", _("Defender profile"), "defender-profiles", multivalued=True),
        Dimension("sex", _("Sex"), "sex"),
        Dimension("gender", _("Gender"), "gender"),
        Dimension("age_band", _("Age"), "age-bands"),
        Dimension("perpetrator", _("Alleged perpetrator"), "alleged-perpetrators", multivalued=True),
        Dimension("sector", _("Sector"), "sectors"),
        Dimension("setting", _("Setting"), "settings"),
        Dimension("status", _("Status of the information"), "information-status"),
        Dimension("victim_kind", _("Kind of victim"), "victim-kinds"),
        Dimension("date_precision", _("Precision of the date"), "date-precision"),
        Dimension("source", _("Source"), None, multivalued=True),
        Dimension("dataset", _("Dataset"), None),
    )
}

MEASURES = {
    measure.code: measure
    for measure in (
        Measure(
            "victims",
            _("Victims"),
            _("Persons, groups and institutions against whom at least one act was committed, each counted once."),
            "victim_id",
        ),
        Measure(
            "acts",
            _("Acts"),
            _("Acts against a victim, each of one kind: a victim who was threatened and killed counts for two."),
            "act_id",
        ),
        Measure(
            "incidents",
            _("Incidents"),
            _("Events at one time and place in which at least one act was committed."),
            "incident_id",
        ),
    )
}

# What `./amparo stats` counts besides; releases hold `MEASURES`.
COUNTABLE = MEASURES | {
    "killings": Measure(
        "killings",
        _("Persons killed"),
        _("Victims of a killing, each counted once. An attempted killing is none."),
        "victim_id",
    )
}
