"""Indicator 16.10.1 as a file to hand over: CSV, XLSX, and SDMX-CSV for the observations that have a series there."""

import csv
import io

import pycountry
import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from amparo.statistics.dimensions import DIMENSIONS
from amparo.statistics.sdg import ALL, VICTIM_GROUP, Indicator, Observation
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.vocabularies.spreadsheets import guard_formula

INDICATOR = "16.10.1"
COLUMNS = ("indicator", "country", "year", "violation", "breakdown", "code", "label", "victims", "shown", "dataset")
GROUPS: "dict[str, str | Promise]" = {
    "journalists": gettext_lazy("Journalists and associated media personnel"),
    "trade-unionists": gettext_lazy("Trade unionists"),
    "human-rights-defenders": gettext_lazy("Human rights defenders"),
}
# Dimensions of the data structure of the SDG indicators (agency IAEG-SDGs, dataflow DF_SDG_GLC: country's own data).
DATAFLOW = "IAEG-SDGs:DF_SDG_GLC(1.12)"
_DIMENSIONS = (
    "FREQ",
    "REPORTING_TYPE",
    "SERIES",
    "REF_AREA",
    "SEX",
    "AGE",
    "URBANISATION",
    "INCOME_WEALTH_QUANTILE",
    "EDUCATION_LEV",
    "OCCUPATION",
    "CUST_BREAKDOWN",
    "COMPOSITE_BREAKDOWN",
    "DISABILITY_STATUS",
    "ACTIVITY",
    "PRODUCT",
    "TIME_PERIOD",
)
# The global data base has series for these two violations only.
SERIES = {"killing": "VC_VAW_MTUHRA", "enforced-disappearance": "VC_VOC_ENFDIS"}
_SEX = {"female": "F", "male": "M", "unknown": "_U"}


class NoAreaCode(Exception):
    """A country without a numeric code of the UN's list M49 cannot stand in SDMX."""


def to_csv(indicator: Indicator) -> bytes:
    """One row an observation, with codes and labels, and "" where a count is not shown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in indicator.observations:
        writer.writerow([guard_formula(cell) for cell in _row(indicator, each)])
    return ("\ufeff" + out.getvalue()).encode()


def to_xlsx(indicator: Indicator) -> bytes:
    """A sheet of years by violation, one of all observations, and one that says what was counted."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        overview = book.add_worksheet(_("Overview"))
        _write_overview(overview, indicator, bold)
        details = book.add_worksheet(_("Details"))
        details.write_row(0, 0, COLUMNS, bold)
        for number, each in enumerate(indicator.observations, start=1):
            details.write_row(number, 0, _row(indicator, each))
        about = book.add_worksheet(_("About"))
        about.write_column(0, 0, describe(indicator))
        about.set_column(0, 0, 120)
        for sheet in book.worksheets():
            if get_language_bidi():
                sheet.right_to_left()
    return out.getvalue()


def to_sdmx_csv(indicator: Indicator) -> bytes:
    """SDMX-CSV 1.0: the shown totals by year, and by sex, of the violations that have a series. Raises NoAreaCode.

    Sex is left out where a code of ours has none there; nothing else of the breakdowns has an agreed code.
    """
    country = pycountry.countries.get(alpha_3=indicator.country)
    if country is None:
        raise NoAreaCode(indicator.country)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["DATAFLOW", *_DIMENSIONS, "OBS_VALUE", "UNIT_MEASURE", "NATURE", "OBS_STATUS"])
    for each in indicator.observations:
        sex = "_T" if not each.breakdown else _SEX.get(each.code) if each.breakdown == "sex" else None
        if each.violation in SERIES and sex and each.victims is not None:
            key = ["A", "N", SERIES[each.violation], str(int(country.numeric)), sex, *["_T"] * 10, each.year]
            writer.writerow([DATAFLOW, *key, each.victims, "NUMBER", "C", "A"])
    return out.getvalue().encode()


def describe(indicator: Indicator) -> list[str]:
    """What was counted and how, in the active language."""
    undated = indicator.undated
    return [
        _(
            "Indicator 16.10.1: verified cases of killing, kidnapping, enforced disappearance, arbitrary detention and "
            "torture of journalists, associated media personnel, trade unionists and human rights defenders, by "
            "calendar year."
        ),
        _(
            "Counted are persons whose case was verified. Someone who was detained and tortured is in both rows, and "
            "once in the year's total."
        ),
        _("Attempted killings are apart from killings. Relatives, organisations and institutions are not counted."),
        _("A year without a row has no verified case here. Not reported is not zero."),
        _("Source: dataset %(dataset)s.") % {"dataset": indicator.dataset},
        _("Verified, but the year is not known: %(number)s.")
        % {"number": _("not shown") if undated is None else undated},
        _("Counts from 1 to %(most)s are not shown, nor those from which they could be computed.")
        % {"most": indicator.threshold - 1}
        if indicator.threshold > 1
        else _("All counts are shown: hand this over only to somebody who may know of single persons."),
    ]


def violation_label(violation: str) -> str:
    language = get_language() or "en"
    return _("All of them") if violation == ALL else get_vocabulary("acts").terms[violation].label(language)


def _write_overview(sheet: xlsxwriter.worksheet.Worksheet, indicator: Indicator, bold: object) -> None:
    totals = [each for each in indicator.observations if not each.breakdown]
    years = sorted({each.year for each in totals})
    violations = list(dict.fromkeys(each.violation for each in totals))
    sheet.write_row(0, 0, [_("Year"), *(violation_label(each) for each in violations)], bold)
    counts = {(each.year, each.violation): each.victims for each in totals}
    for number, year in enumerate(years, start=1):
        sheet.write(number, 0, year)
        for place, violation in enumerate(violations, start=1):
            value = counts.get((year, violation), 0)
            sheet.write(number, place, _("not shown") if value is None else value)


def _row(indicator: Indicator, each: Observation) -> list[str | int]:
    return [
        INDICATOR,
        indicator.country,
        each.year,
        each.violation,
        each.breakdown,
        each.code,
        _label(each),
        "" if each.victims is None else each.victims,
        "no" if each.victims is None else "yes",
        indicator.dataset,
    ]


def _label(each: Observation) -> str:
    if not each.breakdown:
        return violation_label(each.violation)
    if each.breakdown == VICTIM_GROUP:
        return str(GROUPS[each.code])
    return DIMENSIONS[each.breakdown].label(each.code, get_language() or "en")
