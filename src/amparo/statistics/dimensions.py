"""What can be counted, and by what."""

import re
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.statistics.published import MONTH_UNKNOWN
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

_MONTH = re.compile(rf"([0-9]{{4}})-(0[1-9]|1[0-2]|{MONTH_UNKNOWN})", re.ASCII)


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
            if code == UNKNOWN:
                return get_vocabulary("date-precision").terms[UNKNOWN].label(language)
            return _month_label(code, language) if self.code == "calendar_month" else code
        term = get_vocabulary(self.vocabulary).terms.get(code)
        return term.label(language) if term else code


def _month_label(code: str, language: str) -> str:
    """ "2016-03" as Mar 2016, in `language`."""
    found = _MONTH.fullmatch(code)
    if found is None:
        return code
    year, month = found.groups()
    if month == MONTH_UNKNOWN:
        with translation.override(language):
            return gettext("%(year)s, month not known") % {"year": year}
    return str(format_skeleton("yMMM", date(int(year), int(month), 1), locale=language))


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
        Dimension("target_group", _("Group of targets"), "targets"),
        Dimension("profile", _("Defender profile"), "defender-profiles", multivalued=True),
        Dimension("sex", _("Sex"), "sex"),
        Dimension("gender", _("Gender"), "gender"),
        Dimension("age_band", _("Age"), "age-bands"),
        Dimension("perpetrator", _("Alleged perpetrator"), "alleged-perpetrators", multivalued=True),
        Dimension("perpetrator_group", _("Group of alleged perpetrators"), "alleged-perpetrators", multivalued=True),
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
            _(
                "Persons, groups and institutions recorded as victims, each counted once; those too of whom it is not "
                "known what was done to them."
            ),
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
            _(
                "Events at one time and place that were recorded as attacks, each counted once; those too of which the "
                "victims or the acts are not known."
            ),
            "incident_id",
        ),
    )
}

# What `./amparo stats` counts besides; releases hold `MEASURES`.
COUNTABLE = MEASURES | {
    measure.code: measure
    for measure in (
        Measure(
            "killings",
            _("Persons killed"),
            _("Victims of a killing, each counted once. An attempted killing is none."),
            "victim_id",
        ),
        Measure(
            "persons",
            _("Different persons"),
            _(
                "Persons, each counted once over all incidents in which they were recognised as the same; groups and "
                "institutions are none. Who was recognised is decided inside the house: not for publication."
            ),
            "person",
        ),
    )
}

# What can stand beside each count.
BESIDE = {
    measure.code: measure
    for measure in (
        Measure("share", _("Share, %"), _("The part of all that is counted. Not known is a part as well."), ""),
        Measure(
            "per_million",
            _("Per million people"),
            _(
                "The count for each million inhabitants of the country in that year; over several years, of their mean "
                "in these. Without a population there is no rate."
            ),
            "",
        ),
        Measure(
            "median_days",
            _("Median days to verification"),
            _(
                "Half of the incidents that were verified here were so within this many days of being recorded. From "
                "the recording, which is known to the day, and not from the incident: it is what the institution can "
                "answer for. Incidents not yet verified, or verified before they came here, are left out."
            ),
            "",
        ),
        Measure(
            "verified_here",
            _("Incidents verified here"),
            _("How many incidents the median of days stands on."),
            "",
        ),
    )
}
