"""Countries beside one another in one dataset: never ranked, never without what the dataset covers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from amparo.portal.comparing.address import Asked
from amparo.portal.comparing.rates import show_rates
from amparo.portal.figures import Figure
from amparo.portal.presentation import label_of, ordered, title_of
from amparo.portal.side_by_side import Part, lay_side_by_side
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, TableQuery
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

LEAST, MOST = 2, 6
# What is compared, with the kind of its chart.
COMPARED = {"year": "line", "act_group": "bar", "sex": "bar", "perpetrator": "bar"}
REFUSALS = {
    "too-few": gettext_noop("Choose at least two countries that this dataset reports on."),
    "too-many": gettext_noop("At most six countries are compared at once. The first six are shown."),
    "unknown-country": gettext_noop("There is no country “%(name)s”."),
    "one-country": gettext_noop("This dataset covers one country only: there is nothing to compare it with."),
    "withheld": gettext_noop("This table is withheld: too little of it could be shown without giving somebody away."),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What can be shown of what was asked. `absent` are countries that the dataset has no record of."""

    asked: Asked
    offered: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...] = ()
    rates: Figure | None = None
    withheld: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def compare_countries(asked: Asked, opened: OpenRelease) -> Comparison:
    """The countries of `asked` side by side. Raises `NotPublished` for a dataset or measure that there is not."""
    offered = _countries_of(asked, opened)
    there = {code for code, _name in offered}
    names = get_vocabulary("countries").terms
    strange = [code for code in asked.countries if code not in names or code == UNKNOWN]
    known = [code for code in asked.countries if code not in strange]
    said = [_(REFUSALS["unknown-country"]) % {"name": code} for code in strange]
    if len(known) > MOST:
        said.append(_(REFUSALS["too-many"]))
    known = known[:MOST]
    # By name: an order by size would be a ranking.
    countries = ordered("country", tuple(code for code in known if code in there), lambda _code: 0)
    absent = tuple(label_of("country", code) for code in known if code not in there)
    found = Comparison(asked, tuple(offered), absent=absent)
    if len(offered) < LEAST:
        return replace(found, said=(_(REFUSALS["one-country" if offered else "withheld"]),))
    if len(countries) < LEAST:
        return replace(found, said=(*said, _(REFUSALS["too-few"])))
    figures, withheld, rates = [], [], None
    for rows, kind in COMPARED.items():
        title = title_of(TableQuery(asked.dataset, asked.measure, rows))
        if parts := _parts_of(asked, countries, rows, opened):
            figures.append(_guard(lay_side_by_side(parts, title, kind, f"by-{rows}")))
            if rows == "year" and (table := show_rates(parts)):
                rates = replace(figures[-1], title=table.caption, svg=SafeString(""), table=table, words=())
        else:
            withheld.append(title)
    return replace(found, figures=tuple(figures), rates=rates, withheld=tuple(withheld), said=tuple(said))


def _guard(figure: Figure) -> Figure:
    """Whoever takes the figure out of its page takes this with it."""
    said = _(
        "Not a ranking: what the dataset covers differs from country to country, and what was not reported is not zero."
    )
    return replace(figure, notes=(said, *figure.notes))


def _countries_of(asked: Asked, opened: OpenRelease) -> list[tuple[str, str]]:
    """The countries that the dataset has a record of, by name."""
    try:
        codes = opened.read(TableQuery(asked.dataset, asked.measure, "country")).row_codes
    except NotPublished as refused:
        if refused.code != "withheld":
            raise
        return []
    known = tuple(code for code in codes if code != UNKNOWN)
    return [(code, label_of("country", code)) for code in ordered("country", known, lambda _code: 0)]


def _parts_of(asked: Asked, countries: Sequence[str], rows: str, opened: OpenRelease) -> list[Part]:
    """One for each country; none where the table is withheld, or tells nothing but "not known"."""
    tables: list[PublishedTable] = []
    for code in countries:
        try:
            tables.append(opened.read(TableQuery(asked.dataset, asked.measure, rows, None, {"country": code})))
        except NotPublished:
            return []
    if {code for table in tables for code in table.row_codes} <= {UNKNOWN}:
        return []
    return [Part(label_of("country", code), table) for code, table in zip(countries, tables, strict=True)]
