"""What went wrong, said to a person in her language."""

import unicodedata

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from amparo.exchange.problems import Problem
from amparo.vocabularies.catalogue import get_vocabulary

_LONGEST_SHOWN = 80
_LONGEST_LIST_SHOWN = 1000

MESSAGES = {
    # The file.
    "no-such-file": _("There is no file of this name."),
    "is-a-folder": _("This is a folder, not a file."),
    "not-a-file": _("This is not a file that can be read twice. Save what comes through it as a file."),
    "not-readable": _("The file cannot be opened. May you read it?"),
    "empty-file": _("The file is empty, or has no row with the names of the columns."),
    "no-rows": _("The file has the names of the columns, but no rows below them."),
    "not-text": _("The file is not a table of text: it holds bytes that no text has. Save it as CSV or XLSX again."),
    "encoding-not-found": _(
        "The encoding of the file cannot be told. Save it as CSV in UTF-8 again, or name the encoding with --encoding."
    ),
    "no-such-encoding": _("There is no encoding “%(encoding)s”. Usual ones: utf-8, cp1252, mac_roman, cp1256."),
    "encoding-broken": _("Near row %(row)s the file is not in the encoding of its beginning. Save it as CSV in UTF-8."),
    "line-too-long": _("A line of the file is longer than %(limit)s characters. Is this a CSV file?"),
    "cell-too-long": _("A cell at row %(row)s is too long. Is a quotation mark missing?"),
    "broken-quotes": _("The quotation marks at row %(row)s do not close as they open."),
    "too-many-columns": _("The file has more than %(limit)s columns."),
    "column-without-name": _("Column %(number)s has no name in the first row."),
    "doubled-column": _("Two columns are called “%(column)s”. Give each a name of its own."),
    "row-too-long": _(
        "Row %(row)s has %(found)s cells, but there are %(expected)s columns. Is a quotation mark missing?"
    ),
    "file-changed": _("The file was changed while it was read. Import it again."),
    # The workbook.
    "workbook-too-large": _("The workbook would unpack to more than %(limit)s bytes. Save the sheet as CSV."),
    "broken-workbook": _("The workbook is damaged or only half written. Open it, and save it again."),
    "old-workbook": _(
        "The workbook is in the format of old Excel versions, or has a password. Save it as XLSX without."
    ),
    "no-workbook": _("This is no XLSX workbook, whatever its name says. Save it as XLSX or CSV."),
    "formula-without-value": _(
        "The formula in cell %(cell)s was never calculated. Open the workbook in a spreadsheet program, and save it."
    ),
    "no-such-sheet": _("There is no sheet “%(sheet)s”. There are: %(sheets)s."),
    "no-sheets": _("Only a workbook has sheets; leave --sheet out."),
    "groups-scattered": _(
        "More than %(limit)s rows wait for others of their group. Sort the file by the column “%(column)s”."
    ),
    # The file and the mapping together.
    "no-column-found": _(
        "The first row has none of the columns that the mapping knows. Is it the row with their names? "
        "Expected: %(expected)s."
    ),
    "missing-columns": _("Columns are missing: %(missing)s. The file has: %(columns)s."),
    "columns-not-mapped": _("The mapping does not say what these columns are: %(columns)s. Map, seal or ignore them."),
    # The mapping.
    "no-such-mapping": _("There is no mapping “%(name)s”. Shipped ones: %(shipped)s; or give a TOML file."),
    "mapping-not-readable": _("The mapping “%(name)s” cannot be opened. May you read it?"),
    "mapping-too-long": _("The mapping is longer than %(limit)s bytes."),
    "mapping-not-utf-8": _("The mapping is not text in UTF-8."),
    "mapping-not-toml": _("The mapping is not TOML: %(reason)s"),
    "unknown-key": _("The mapping has “%(key)s” in [%(place)s], which means nothing there. Nearest: %(nearest)s."),
    "missing-table": _("The mapping lacks the table [%(table)s]."),
    "missing-key": _("The mapping lacks “%(key)s” in [%(place)s]."),
    "missing-language": _("The mapping's %(key)s must be there in: %(languages)s."),
    "not-a-table": _("[%(place)s] in the mapping must be a table."),
    "not-a-text": _("“%(key)s” in [%(place)s] of the mapping must be a text that is not empty."),
    "not-a-list": _("“%(key)s” in [%(place)s] of the mapping must be a list of texts that is not empty."),
    "not-a-truth": _("“%(key)s” in [%(place)s] of the mapping must be true or false."),
    "not-a-code": _(
        "“%(code)s” in [%(place)s] of the mapping must be a code: "
        "small letters a to z, digits and single hyphens, at most %(limit)s."
    ),
    "no-such-field": _("The mapping names the field “%(field)s” in [%(place)s], which is none. Nearest: %(nearest)s."),
    "only-from-a-column": _("“%(field)s” in [%(place)s] of the mapping can only come from a column."),
    "one-value-only": _("“%(field)s” in [%(place)s] of the mapping can have one value only."),
    "given-twice": _("Two columns of the mapping give “%(field)s”, which can come from one only."),
    "value-twice": _("“%(value)s” in [%(place)s] of the mapping is listed twice, with different codes."),
    "no-such-sealed-part": _("A sealed part in [%(place)s] must begin with one of: %(parts)s; then a dot and a name."),
    "column-without-purpose": _(
        "The mapping gives [%(place)s] neither a field, nor a sealed part, nor a reason to ignore it."
    ),
    "key-not-a-column": _("The key names the column “%(column)s”, which the mapping does not have."),
    "group-not-a-column": _("The group names the column “%(column)s”, which the mapping does not have."),
    "no-such-precision": _(
        "The mapping has the precision “%(precision)s” in [%(place)s], which is none. There are: %(known)s."
    ),
    "joined-not-possible": _(
        "“%(name)s” in [joined] of the mapping must be a name such as identity.name, which no column gives, "
        "and join columns that the mapping has."
    ),
    "no-such-source": _(
        "The mapping uses the source “%(code)s” in [%(place)s], but [sources] does not list it. It lists: %(known)s."
    ),
    "mapping-code": _(
        "The mapping has “%(code)s” in [%(place)s], which the vocabulary %(vocabulary)s lacks. Nearest: %(nearest)s."
    ),
    "mapping-date": _(
        "The mapping has “%(value)s” in [%(place)s], which is no date. Write 2016, 2016-10 or 2016-10-22."
    ),
    "no-date-format": _(
        "The mapping has “%(format)s” in [%(place)s], which is no format of a date. An example: %%d/%%m/%%Y."
    ),
    # A cell.
    "unknown-code": _("expected a term of “%(title)s”"),
    "unknown-source": _("expected a source that the mapping lists"),
    "no-date": _("expected a date as one of: %(formats)s"),
    "date-not-possible": _("expected a date between the year %(first)s and today"),
    "dates-run-back": _("expected an end that does not lie before its start"),
    "group-disagrees": _("expected the same as in the other rows of its group, for it is of the whole incident"),
    "no-age": _("expected an age in years from 0 to 130"),
    # The store, and where the bad rows go.
    "no-institution": _("There is no institution yet to import for."),
    "no-such-institution": _("There is no institution “%(code)s”. There are: %(codes)s."),
    "which-institution": _("There are several institutions. Say which with --institution: %(codes)s."),
    "dataset-invented": _("The dataset “%(code)s” is there already, and one of the two is marked as invented."),
    "store-not-writable": _(
        "The store could not be written, and is as it was. Is the disk full, or another import busy?"
    ),
    "rejected-exists": _("%(file)s is there already. Name another file with --rejected."),
    "rejected-in-store": _(
        "%(file)s would lie in the data folder, where nothing in clear may be. Name another with --rejected."
    ),
    "rejected-not-writable": _("%(file)s cannot be written. Name another file with --rejected."),
    "output-exists": _("%(file)s is there already. Name another file with --output."),
    "output-in-store": _(
        "%(file)s would lie in the data folder, where nothing in clear may be. Name another with --output."
    ),
    "output-not-writable": _("%(file)s cannot be written. Name another file with --output."),
    "nothing-imported": _("Nothing of the dataset “%(dataset)s” was imported for this institution."),
    "not-all-opens": _("Not everything that is sealed in these incidents opens with this key."),
    # Who exports.
    "needs-terminal": _("A password is only asked for on a terminal."),
    "may-not-export": _(
        "The name or the password is wrong, or this person may not export the cases of the institution."
    ),
    "rejected-needs-partial": _("--rejected goes with --partial."),
    # Conditions for civic space, and ratings by others.
    "condition-columns": _("These columns mean nothing for conditions: %(columns)s. There are: %(known)s."),
    "too-many-rows": _("The file has more than %(limit)s rows. Import it in parts."),
    "condition-no-country": _("expected a country"),
    "condition-area-elsewhere": _("expected an area of the country"),
    "condition-no-title": _("expected a title in one language at least"),
    "condition-too-long": _("expected at most 200 characters in a title, 1000 in a description"),
    "condition-has-contact": _("expected no telephone number and no e-mail address, for everybody will read this"),
    "condition-ends-before": _("expected an end that does not lie before its beginning"),
    "condition-too-early": _("expected a year from 1900 on"),
    "condition-too-many": _("expected at most twenty stages"),
    "condition-no-address": _("expected a whole public address, from https:// on"),
    "condition-other-country": _("The institution keeps the conditions of its own country, not of %(country)s."),
    "no-such-scale": _("There is no scale “%(code)s”. There are: %(codes)s."),
    "rating-date": _("The file has no column with dates. Say of which date the ratings are with --date."),
    "rating-date-unreadable": _("“%(date)s” is no date. Write 2021, 2021-03 or 2021-03-19."),
    "rating-value": _("expected one of: %(values)s"),
    "rating-twice": _("expected each country once for a date"),
    "rating-disagrees": _("expected the same value as in the column “%(other)s”"),
}


def describe(problem: Problem) -> str:
    """One problem in one line: row, column, value, what was expected, nearest codes."""
    details = {
        name: shown(value, _LONGEST_LIST_SHOWN) if isinstance(value, str) else value
        for name, value in problem.details.items()
    }
    if problem.code == "unknown-code":
        details["title"] = get_vocabulary(str(details["vocabulary"])).title(get_language() or "en")
    message = gettext(MESSAGES[problem.code]) % details
    if problem.column is None:
        return message
    value = gettext("(sealed)") if problem.value is None else gettext("“%(value)s”") % {"value": shown(problem.value)}
    told = gettext("Row %(row)s, column “%(column)s”: %(value)s: %(message)s.") % {
        "row": problem.row,
        "column": shown(problem.column),
        "value": value,
        "message": message,
    }
    if problem.nearest:
        told += " " + gettext("Nearest: %(codes)s.") % {"codes": ", ".join(problem.nearest)}
    return told


def shown(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """`text` of others as a terminal may show it: cut, and what could move, hide or reverse letters spelled out."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(
        f"<U+{ord(letter):04X}>" if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} else letter
        for letter in cut
    )
