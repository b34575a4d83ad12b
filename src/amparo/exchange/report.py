"""What an import did, for a person in her language and for a program as JSON."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from amparo.exchange.imported_rows import Summary
from amparo.exchange.importing import Outcome
from amparo.exchange.messages import describe, shown
from amparo.exchange.problems import Problem
from amparo.exchange.reading import ReadAs
from amparo.vocabularies.catalogue import get_vocabulary

PROBLEMS_SHOWN = 50
_CHANGED_SHOWN = 20


def summary_lines(outcome: Outcome) -> Iterator[str]:
    """What is new, in lines."""
    summary, language = outcome.summary, get_language() or "en"
    yield read_as_line(outcome.read_as)
    yield ngettext("%(n)s row read", "%(n)s rows read", summary.rows) % {"n": summary.rows}
    yield ngettext("%(n)s incident", "%(n)s incidents", summary.incidents) % {"n": summary.incidents}
    yield ngettext("%(n)s victim", "%(n)s victims", summary.victims) % {"n": summary.victims}
    yield ngettext("%(n)s act", "%(n)s acts", summary.acts) % {"n": summary.acts}
    told = ngettext("%(n)s was there already", "%(n)s were there already", summary.already_there)
    yield told % {"n": summary.already_there}
    if summary.first_date and summary.last_date:
        dates = {"first": summary.first_date, "last": summary.last_date}
        yield gettext("From %(first)s to %(last)s") % dates
    if summary.incidents:
        number = len(summary.countries)
        yield ngettext("%(n)s country", "%(n)s countries", number) % {"n": number}
    for vocabulary, counts in (
        ("sex", summary.by_sex),
        ("defender-profiles", summary.by_profile),
        ("information-status", summary.by_status),
        ("date-precision", summary.by_date_precision),
    ):
        terms = get_vocabulary(vocabulary)
        if counts:
            numbers = [f"{terms.terms[code].label(language)} {count}" for code, count in counts.most_common()]
            yield f"{terms.title(language)}: {' · '.join(numbers)}"


def problem_lines(outcome: Outcome) -> Iterator[str]:
    """What was wrong, and what follows from it, in lines."""
    yield from map(describe, outcome.problems[:PROBLEMS_SHOWN])
    left = outcome.problem_count - min(len(outcome.problems), PROBLEMS_SHOWN)
    if left > 0:
        yield ngettext("… and %(n)s more.", "… and %(n)s more.", left) % {"n": left}
    if along := outcome.summary.taken_along:
        told = ngettext(
            "%(n)s good row goes with a bad row of its group, or of its key.",
            "%(n)s good rows go with bad rows of their groups, or of their keys.",
            along,
        )
        yield told % {"n": along}
    if changed := outcome.summary.changed:
        numbers = ", ".join(map(str, changed[:_CHANGED_SHOWN])) + (" …" if len(changed) > _CHANGED_SHOWN else "")
        told = ngettext(
            "%(n)s row is in the store with other content, and was left as it is: %(rows)s",
            "%(n)s rows are in the store with other content, and were left as they are: %(rows)s",
            len(changed),
        )
        yield told % {"n": len(changed), "rows": numbers}
    if outcome.rejected_file:
        told = ngettext(
            "%(n)s row is in %(file)s, in clear. Mend it, import that file, and delete it.",
            "%(n)s rows are in %(file)s, in clear. Mend them, import that file, and delete it.",
            outcome.summary.rejected,
        )
        yield told % {"n": outcome.summary.rejected, "file": shown(str(outcome.rejected_file), 1000)}


def as_json(outcome: Outcome, *, dry_run: bool) -> dict[str, Any]:
    """The same for a program."""
    summary = outcome.summary
    return {
        "written": outcome.written,
        "dry_run": dry_run,
        "read_as": {
            "kind": outcome.read_as.kind,
            "encoding": outcome.read_as.encoding,
            "delimiter": outcome.read_as.delimiter,
        },
        **_counts(summary),
        "rejected_file": str(outcome.rejected_file) if outcome.rejected_file else None,
        "problem_count": outcome.problem_count,
        "problems": [_problem(problem) for problem in outcome.problems],
    }


def _counts(summary: Summary) -> dict[str, Any]:
    return {
        "rows": summary.rows,
        "incidents": summary.incidents,
        "victims": summary.victims,
        "acts": summary.acts,
        "already_there": summary.already_there,
        "changed": summary.changed,
        "rejected": summary.rejected,
        "taken_along": summary.taken_along,
        "first_date": summary.first_date and summary.first_date.isoformat(),
        "last_date": summary.last_date and summary.last_date.isoformat(),
        "countries": len(summary.countries),
        "by_sex": dict(summary.by_sex),
        "by_profile": dict(summary.by_profile),
        "by_status": dict(summary.by_status),
        "by_date_precision": dict(summary.by_date_precision),
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "code": problem.code,
        "message": describe(problem),
        "nearest": list(problem.nearest),
    }


def read_as_line(read_as: ReadAs) -> str:
    """How the file was read, for a person to check: a wrong guess does not fail."""
    if read_as.kind == "xlsx":
        return gettext("Read as XLSX, sheet “%(sheet)s”") % {"sheet": shown(read_as.sheet)}
    delimiter = gettext("tab") if read_as.delimiter == "\t" else f"“{read_as.delimiter}”"
    told = gettext("Read as CSV in the encoding %(encoding)s, with the delimiter %(delimiter)s")
    return told % {"encoding": read_as.encoding, "delimiter": delimiter}
