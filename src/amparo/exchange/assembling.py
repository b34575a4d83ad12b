"""The rows of one incident into its draft: one victim a row, with what is said of her alone. Pure."""

from collections.abc import Iterator, Sequence

from amparo.cases.dates import EventDate
from amparo.cases.drafts import IncidentDraft, PerpetratorDraft, PlaceDraft, VictimDraft
from amparo.exchange.row_facts import GivenCodes, RowFacts
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

_OF_THE_INCIDENT = ("incident.country", "incident.area", "incident.setting", "incident.status", "incident.sector")


def assemble(rows: Sequence[RowFacts], given: GivenCodes) -> IncidentDraft:
    """The incident in `rows`, which agree in what is the incident's. Its victims are in their order."""
    first = rows[0]
    codes = _codes_of_all(rows)
    date = next((row.date for row in rows if row.date), None) or _span([row.date_of_acts for row in rows])
    narrative: dict[str, str] = {}
    for row in rows:
        narrative |= row.narrative
    alleged: dict[tuple[object, ...], tuple[int, PerpetratorDraft]] = {}
    told_of = any(row.perpetrator or row.codes.get("perpetrator.state_link") for row in rows) or len(rows) > 1
    victims = tuple(_victim(row, given, date, _alleged_in(row, given, alleged) if told_of else None) for row in rows)
    return IncidentDraft(
        date=date,
        country=given.one("incident.country", codes),
        area=given.one("incident.area", codes),
        setting=given.one("incident.setting", codes),
        status=given.one("incident.status", codes, "reported"),
        sector=given.one("incident.sector", codes),
        victims=victims,
        perpetrators=() if told_of else given.several("perpetrator.kind", first.codes),
        sources=given.several("source.code", codes),
        narrative=narrative,
        alleged=tuple(draft for _, draft in alleged.values()),
    )


def facts_of_the_incident(row: RowFacts) -> Iterator[tuple[str, str]]:
    """What of `row` is its incident's, by field or sealed part: rows of one incident must agree in it."""
    for name in _OF_THE_INCIDENT:
        if codes := row.codes.get(name):
            yield name, codes[0]
    if row.date is not None:
        yield "incident.date", str(row.date)
    for name, text in row.narrative.items():
        yield f"narrative.{name}", text


def _codes_of_all(rows: Sequence[RowFacts]) -> dict[str, list[str]]:
    if len(rows) == 1:
        return rows[0].codes
    codes: dict[str, list[str]] = {}
    for row in rows:
        for name, several in row.codes.items():
            codes.setdefault(name, []).extend(several)
    return codes


def _span(dates: Sequence[EventDate | None]) -> EventDate | None:
    """From the first of `dates` to the last, each end as exactly as it is known; None where none is."""
    known = [when for when in dates if when is not None]
    if not known:
        return None
    start = min((when.start for when in known), key=lambda each: (each.earliest, each.latest))
    end = max((when.end or when.start for when in known), key=lambda each: (each.latest, each.earliest))
    return EventDate(start) if start == end else EventDate(start, end)


def _victim(
    row: RowFacts, given: GivenCodes, date_of_incident: EventDate | None, alleged: tuple[int, ...] | None
) -> VictimDraft:
    acts = given.several("act.kind", row.codes)
    methods = given.several("act.method", row.codes)
    date = row.date_of_acts
    if not acts and (methods or alleged or date):
        # Something was done, of a kind that isn't known: when, how and by whom belongs to it.
        acts = (UNKNOWN,)
    return VictimDraft(
        kind=given.one("victim.kind", row.codes, "person"),
        target=given.one("victim.target", row.codes),
        sex=given.one("victim.sex", row.codes),
        gender=given.one("victim.gender", row.codes),
        age_band=row.age_band,
        profiles=given.several("victim.profile", row.codes),
        acts=acts,
        identity=row.identity,
        date=date if date != date_of_incident else None,
        methods=methods,
        ruled_out=tuple(kind for kind in dict.fromkeys(row.ruled_out) if kind not in acts),
        places=tuple(
            PlaceDraft(order, place.kind, place.precision, place.sealed) for order, place in sorted(row.places.items())
        ),
        alleged=alleged,
    )


def _alleged_in(
    row: RowFacts, given: GivenCodes, alleged: dict[tuple[object, ...], tuple[int, PerpetratorDraft]]
) -> tuple[int, ...]:
    """Who is said to have acted in `row`, as places in `alleged`, to which those are added who are not there yet.

    What is sealed of them is told of them together, and kept with the first.
    """
    kinds = given.several("perpetrator.kind", row.codes)
    link = given.one("perpetrator.state_link", row.codes)
    told = tuple(sorted(row.perpetrator.items()))
    if not kinds and (told or link != UNKNOWN):
        kinds = (UNKNOWN,)
    places: list[int] = []
    for kind in kinds:
        key = (kind, link, told, not places)
        if key not in alleged:
            sealed = row.perpetrator if not places else {}
            alleged[key] = (len(alleged), PerpetratorDraft(kind, _link_of(kind, link), sealed))
        places.append(alleged[key][0])
    return tuple(places)


def _link_of(kind: str, link: str) -> str:
    """`link`, which the row gives all of them; who is no State actor acted with the State at most, not for it."""
    acts_for_nobody = kind != UNKNOWN and get_vocabulary("alleged-perpetrators").top(kind) == "non-state-actor"
    return "acquiescence" if link == "agent" and acts_for_nobody else link
