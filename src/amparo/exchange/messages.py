"""What went wrong, said to a person in her language."""

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from amparo.exchange.problems import Problem
from amparo.vocabularies.catalogue import get_vocabulary

MESSAGES = {
    "no-such-file": _("There is no file of this name."),
    "is-a-folder": _("This is a folder, not a file."),
    "not-readable": _("The file cannot be opened. May you read it?"),
    "empty-file": _("The file is empty, or has no row with the names of the columns."),
    "no-rows": _("The file has the names of the columns, but no rows below them."),
    "not-text": _("The file is not a table of text: it holds bytes that no text has. Save it as CSV or XLSX again."),
    "encoding-not-found": _("The encoding of the file cannot be told. Save it as CSV in UTF-8 again."),
    "encoding-broken": _("The file's encoding changes at row %(row)s. Save it as CSV in UTF-8 again."),
    "line-too-long": _("A line of the file is longer than %(limit)s characters. Is this a CSV file?"),
    "cell-too-long": _("A cell at row %(row)s is too long. Is a quotation mark missing?"),
    "broken-quotes": _("The quotation marks at row %(row)s do not close as they open."),
    "too-many-columns": _("The file has more than %(limit)s columns."),
    "column-without-name": _("Column %(number)s has no name in the first row."),
    "doubled-column": _("Two columns are called “%(column)s”. Give each a name of its own."),
    "row-too-long": _(
        "Row %(row)s has %(found)s cells, but there are %(expected)s columns. Is a quotation mark missing?"
    ),
    "workbook-too-large": _("The workbook would unpack to more than %(limit)s bytes. Save the sheet as CSV."),
    "broken-workbook": _("The workbook is damaged or only half written. Open it, and save it again."),
    "no-such-sheet": _("There is no sheet “%(sheet)s”. There are: %(sheets)s."),
    "missing-column": _("The column “%(column)s” is missing. The file has: %(columns)s."),
    "column-not-mapped": _("The mapping does not say what the column “%(column)s” is. Map it, seal it, or ignore it."),
    "no-such-mapping": _("There is no mapping “%(name)s”. Shipped ones: %(shipped)s; or give a TOML file."),
    "mapping-not-toml": _("The mapping is not TOML: %(reason)s"),
    "unknown-key": _("The mapping has “%(key)s” in [%(place)s], which means nothing there. Nearest: %(nearest)s."),
    "missing-table": _("The mapping lacks the table [%(table)s]."),
    "missing-key": _("The mapping lacks “%(key)s” in [%(place)s]."),
    "missing-language": _("The mapping's %(key)s must be there in: %(languages)s."),
    "no-such-field": _("The mapping names the field “%(field)s” in [%(place)s], which is none. Nearest: %(nearest)s."),
    "no-such-sealed-part": _("A sealed part in [%(place)s] must begin with one of: %(parts)s; then a dot and a name."),
    "column-without-purpose": _(
        "The mapping gives [%(place)s] neither a field, nor a sealed part, nor a reason to ignore it."
    ),
    "key-not-a-column": _("The key names the column “%(column)s”, which the mapping does not have."),
    "no-such-source": _("The mapping uses the source “%(code)s” in [%(place)s], but [sources] does not list it."),
    "mapping-code": _(
        "The mapping has “%(code)s” in [%(place)s], which the vocabulary %(vocabulary)s lacks. Nearest: %(nearest)s."
    ),
    "mapping-date": _(
        "The mapping has “%(value)s” in [%(place)s], which is no date. Write 2016, 2016-10 or 2016-10-22."
    ),
    "unknown-code": _("expected a term of “%(title)s”"),
    "unknown-source": _("expected a source that the mapping lists"),
    "no-date": _("expected a date as one of: %(formats)s"),
    "no-age": _("expected an age in years from 0 to 130"),
    "no-such-institution": _("There is no institution “%(code)s”. There are: %(codes)s."),
    "which-institution": _("There are several institutions. Say which with --institution: %(codes)s."),
    "dataset-invented": _("The dataset “%(code)s” is there already, and one of the two is marked as invented."),
}


def describe(problem: Problem) -> str:
    """One problem in one line: row, column, value, what was expected, nearest codes."""
    details = dict(problem.details)
    if "vocabulary" in details and problem.code == "unknown-code":
        details["title"] = get_vocabulary(details["vocabulary"]).title(get_language() or "en")
    message = gettext(MESSAGES[problem.code]) % details
    if problem.column is None:
        return message
    value = gettext("(sealed)") if problem.value is None else f"“{problem.value}”"
    told = gettext("Row %(row)s, column “%(column)s”: %(value)s: %(message)s.") % {
        "row": problem.row,
        "column": problem.column,
        "value": value,
        "message": message,
    }
    if problem.nearest:
        told += " " + gettext("Nearest: %(codes)s.") % {"codes": ", ".join(problem.nearest)}
    return told
