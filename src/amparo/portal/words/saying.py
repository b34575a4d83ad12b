"""What a published table shows, in a few sentences: made of the figures that it shows, and of nothing else.

No sentence subtracts, adds, or gives a share of what is not shown: whoever reads the words knows no more than who reads
the table. Where something is not shown or not known, "the most" is said of the rest only.
"""

from collections.abc import Iterator, Sequence

from babel.lists import format_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from amparo.portal.presentation import TIMES, column_order, label_of, row_order
from amparo.portal.words.facts import Margin, Most, count_hidden, find_most, share_of
from amparo.statistics.dimensions import DIMENSIONS
from amparo.statistics.published import MONTH_UNKNOWN
from amparo.statistics.releases import PublishedTable
from amparo.ui.templatetags.ui import number, percent
from amparo.vocabularies.catalogue import UNKNOWN

FEMALE = "female"


def words_of(table: PublishedTable, compared: tuple[str, str] | None = None) -> tuple[str, ...]:
    """A few sentences about `table` in the active language; of two years where they are `compared`."""
    sentences = [_say_total(table)]
    if table.total != 0:
        margins = dict(_margins(table))
        sentences += _say_years(table, margins, compared) if compared else []
        for dimension, margin in margins.items():
            if not (compared and dimension == "year"):
                sentences += _say_margin(table, dimension, margin)
        sentences += _say_hidden(table)
    return tuple(sentences)


def _margins(table: PublishedTable) -> Iterator[tuple[str, Margin]]:
    query = table.query
    if query.rows:
        yield query.rows, _margin({code: table.value(code) for code in row_order(table)}, table)
    if query.columns:
        yield query.columns, _margin({code: table.value(None, code) for code in column_order(table)}, table)


def _margin(counts: dict[str, int | None], table: PublishedTable) -> Margin:
    return Margin(counts, table.total, frozenset(code for code in counts if _is_unknown(code)))


def _is_unknown(code: str) -> bool:
    return code == UNKNOWN or code.endswith(f"-{MONTH_UNKNOWN}")


def _say_total(table: PublishedTable) -> str:
    scope = " · ".join(_scope(table))
    if table.total is None:
        said = _("The total is not shown.")
    elif table.total == 0:
        said = _("Nothing was reported.")
    else:
        said = _("%(count)s in all.") % {"count": _count(table.query.measure, table.total)}
    return _("%(scope)s: %(said)s") % {"scope": scope, "said": _uncapital(said)} if scope else said


def _uncapital(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _scope(table: PublishedTable) -> Iterator[str]:
    query = table.query
    for name, code in query.where.items():
        yield label_of(name, code)
    for dimension, codes in ((query.rows, table.row_codes), (query.columns, table.column_codes)):
        # With records of no year, the figures are not those of the years only.
        if dimension == "year" and codes and UNKNOWN not in codes:
            yield codes[0] if len(codes) == 1 else f"{min(codes)}–{max(codes)}"


def _say_margin(table: PublishedTable, dimension: str, margin: Margin) -> list[str]:
    measure = table.query.measure
    if dimension == "sex":
        return _say_women(measure, margin) + _say_unknown(measure, dimension, margin)
    most = find_most(margin)
    if most is None:
        return []
    part = _part(measure, most.count, margin.total)
    if dimension in TIMES and len(most.codes) == 1:
        return [_say_time(dimension, most, part)]
    said = {
        "dimension": _uncapital(str(DIMENSIONS[dimension].name)),
        "names": format_list([label_of(dimension, code) for code in most.codes], locale=_language()),
        "part": part,
    }
    if len(most.codes) > 1:
        said["part"] = _("%(part)s each") % {"part": part}
    if most.guarded:
        return [_("Most by %(dimension)s, of what is known and shown: %(names)s, %(part)s.") % said]
    return [_("Most by %(dimension)s: %(names)s, %(part)s.") % said]


def _say_time(dimension: str, most: Most, part: str) -> str:
    said = {"time": label_of(dimension, most.codes[0]), "part": part}
    if dimension == "year":
        if most.guarded:
            return _("Of the years that are known and shown, %(time)s has the most: %(part)s.") % said
        return _("Of all years, %(time)s has the most: %(part)s.") % said
    if most.guarded:
        return _("Of the months that are known and shown, %(time)s has the most: %(part)s.") % said
    return _("Of all months, %(time)s has the most: %(part)s.") % said


def _say_women(measure: str, margin: Margin) -> list[str]:
    count = margin.counts.get(FEMALE)
    share = share_of(count, margin.total) if count else None
    if not count or share is None:
        return []
    said = {"share": say_share(share), "count": number(count), "total": number(margin.total)}
    if measure == "victims":
        return [_("Women and girls were %(share)s of the victims: %(count)s of %(total)s.") % said]
    if measure == "acts":
        return [_("Women and girls were the victims of %(share)s of the acts: %(count)s of %(total)s.") % said]
    return [_("Women and girls were among the victims of %(share)s of the incidents: %(count)s of %(total)s.") % said]


def _say_unknown(measure: str, dimension: str, margin: Margin) -> list[str]:
    count = margin.counts.get(UNKNOWN)
    if not count:
        return []
    said = {"dimension": str(DIMENSIONS[dimension].name), "part": _part(measure, count, margin.total)}
    return [_("%(dimension)s not known: %(part)s.") % said]


def _say_years(table: PublishedTable, margins: dict[str, Margin], compared: tuple[str, str]) -> list[str]:
    counts = [margins["year"].counts.get(year) for year in compared] if "year" in margins else []
    shown = [count for count in counts if count is not None]
    if len(shown) < len(compared):
        return []
    earlier, later = (_count(table.query.measure, count) for count in shown)
    said = {"year": compared[0], "count": earlier, "later_year": compared[1], "later_count": later}
    return [_("%(year)s: %(count)s. %(later_year)s: %(later_count)s.") % said]


def _say_hidden(table: PublishedTable) -> list[str]:
    rows: Sequence[str | None] = (*row_order(table), None)
    columns: Sequence[str | None] = (*column_order(table), None)
    hidden = count_hidden(table.value(row, column) for row in rows for column in columns)
    said = {"hidden": number(hidden)}
    if not hidden:
        return []
    if table.query.columns is None and table.total is not None:
        if table.query.rows == "country":
            return [
                ngettext(
                    "Not shown for %(hidden)s country, which doesn’t mean zero.",
                    "Not shown for %(hidden)s countries, which doesn’t mean zero.",
                    hidden,
                )
                % said
            ]
        if table.query.rows == "year":
            return [
                ngettext(
                    "Not shown for %(hidden)s year, which doesn’t mean zero.",
                    "Not shown for %(hidden)s years, which doesn’t mean zero.",
                    hidden,
                )
                % said
            ]
    return [
        ngettext(
            "%(hidden)s figure of the table is not shown, which doesn’t mean zero.",
            "%(hidden)s figures of the table are not shown, which doesn’t mean zero.",
            hidden,
        )
        % said
    ]


def _count(measure: str, count: int) -> str:
    said = {"count": number(count)}
    if measure == "victims":
        return ngettext("%(count)s victim", "%(count)s victims", count) % said
    if measure == "acts":
        return ngettext("%(count)s act", "%(count)s acts", count) % said
    return ngettext("%(count)s incident", "%(count)s incidents", count) % said


def _part(measure: str, count: int, total: int | None) -> str:
    """A count out of its total, and as a share of it; the count alone where the total is not shown."""
    share = share_of(count, total)
    if share is None or total is None:
        return _count(measure, count)
    said = {"count": number(count), "total": number(total)}
    if measure == "victims":
        part = ngettext("%(count)s of %(total)s victim", "%(count)s of %(total)s victims", total)
    elif measure == "acts":
        part = ngettext("%(count)s of %(total)s act", "%(count)s of %(total)s acts", total)
    else:
        part = ngettext("%(count)s of %(total)s incident", "%(count)s of %(total)s incidents", total)
    return _("%(part)s (%(share)s)") % {"part": part % said, "share": say_share(share)}


def say_share(share: float) -> str:
    """A share in per cent, never rounded to none or to all."""
    if 0 < share < 0.005:
        return _("less than %(share)s") % {"share": percent(0.01)}
    if 0.995 <= share < 1:
        return _("more than %(share)s") % {"share": percent(0.99)}
    return percent(share)


def _language() -> str:
    return (get_language() or "en").split("-")[0]
