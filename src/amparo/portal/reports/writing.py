"""A report on one group of defenders, dataset by dataset, from the published tables alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from amparo.portal.figures import Figure, ShownDataset, datasets_of, title_in
from amparo.portal.presentation import label_of, title_of
from amparo.portal.reasons import explain
from amparo.portal.reports.groups import Group
from amparo.portal.side_by_side import Part, lay_side_by_side
from amparo.portal.words.saying import say_share
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, TableQuery
from amparo.ui.templatetags.ui import number
from amparo.vocabularies.catalogue import UNKNOWN

# What each chapter shows of its group beside all victims, with the kind of its chart.
SHOWN = {"year": "line", "country": "bar", "act": "bar", "perpetrator": "bar"}
# Of how many rows the shares are said in words.
_MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one dataset has on the group. `missing` says which tables it has not, and why."""

    dataset: ShownDataset
    figures: tuple[Figure, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report in the active language."""

    group: Group
    chapters: tuple[Chapter, ...]


def write_report(group: Group, opened: OpenRelease) -> Report:
    """The report on `group`, one chapter for each dataset: they are never added."""
    return Report(group, tuple(_write_chapter(group, each, opened) for each in datasets_of(opened)))


def _write_chapter(group: Group, dataset: ShownDataset, opened: OpenRelease) -> Chapter:
    try:
        totals = _show_totals(group, dataset, opened)
    except NotPublished as refused:
        return Chapter(dataset, (), (explain(refused),))
    figures, missing = [totals], []
    counted = opened.read(TableQuery(dataset.code, where={group.dimension: group.code}))
    for rows, kind in SHOWN.items() if counted.total != 0 else ():
        title = title_of(TableQuery(dataset.code, rows=rows))
        try:
            found = _show_by(group, dataset, rows, kind, opened)
        except NotPublished as refused:
            missing.append(_("%(title)s: %(filters)s") % {"title": title, "filters": explain(refused)})
            continue
        if found:
            figures.append(found)
        else:
            missing.append(_("%(title)s: not recorded in this dataset.") % {"title": title})
    return Chapter(dataset, tuple(figures), tuple(missing))


def _show_totals(group: Group, dataset: ShownDataset, opened: OpenRelease) -> Figure:
    """The group, those of whom it is not known whether they belong to it, and all victims."""
    names = (str(group.name), label_of(group.dimension, UNKNOWN), _("All victims"))
    filters: tuple[dict[str, str], ...] = ({group.dimension: group.code}, {group.dimension: UNKNOWN}, {})
    parts = [
        Part(name, opened.read(TableQuery(dataset.code, where=where)))
        for name, where in zip(names, filters, strict=True)
    ]
    title = _("Victims: this group beside all")
    caption = title_in(title, dataset.title)
    figure = lay_side_by_side(parts, title, "none", f"{dataset.code}-totals", caption=caption)
    counted, unknown, whole = (part.table.total for part in parts)
    return replace(figure, words=tuple(_say_totals(group, counted, unknown, whole)))


def _show_by(group: Group, dataset: ShownDataset, rows: str, kind: str, opened: OpenRelease) -> Figure | None:
    """The group beside all victims by `rows`; None where nothing but "not known" is recorded."""
    counted = opened.read(TableQuery(dataset.code, rows=rows, where={group.dimension: group.code}))
    whole = opened.read(TableQuery(dataset.code, rows=rows))
    if set(whole.row_codes) <= {UNKNOWN} or not counted.row_codes:
        return None
    title = title_of(TableQuery(dataset.code, rows=rows))
    figure = lay_side_by_side(
        [Part(str(group.name), counted), Part(_("All victims"), whole)],
        title,
        kind,
        f"{dataset.code}-{rows}",
        caption=title_in(title, dataset.title),
        drawn=1,
        # A list of all the countries in which the group was not attacked would hide those in which it was.
        only=counted.row_codes if rows == "country" else None,
    )
    return replace(figure, words=() if rows == "year" else tuple(_say_shares(counted, whole)))


def _say_totals(group: Group, counted: int | None, unknown: int | None, whole: int | None) -> Iterator[str]:
    if counted is None or whole is None:
        yield str(group.not_shown)
    elif counted == 0:
        yield str(group.none_recorded)
    else:
        said = {
            "number": counted,
            "count": number(counted),
            "total": number(whole),
            "share": say_share(counted / whole),
        }
        yield str(group.among_all % said)
    if unknown:
        yield str(group.not_known % {"number": unknown, "count": number(unknown)})


def _say_shares(counted: PublishedTable, whole: PublishedTable) -> Iterator[str]:
    """The largest rows of the group, each as a share of the group and of all."""
    rows = str(counted.query.rows)
    shown = [(code, value) for code in counted.row_codes if code != UNKNOWN and (value := counted.value(code))]
    total, all_victims = counted.total, whole.total
    if not total or not all_victims:
        return
    for code, value in sorted(shown, key=lambda each: (-each[1], each[0]))[:_MOST_SAID]:
        if (among_all := whole.value(code)) is not None:
            yield _("%(label)s: %(share)s of this group, %(whole)s of all victims.") % {
                "label": label_of(rows, code),
                "share": say_share(value / total),
                "whole": say_share(among_all / all_victims),
            }
