"""Writing incidents: coded facts to columns, the rest sealed, all of it or nothing."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from amparo.cases.dates import EventDate
from amparo.cases.drafts import IncidentDraft, VictimDraft
from amparo.cases.models import Act, Incident, Information, Involvement, Source, Victim
from amparo.cases.services import record_incidents
from amparo.vault import services as vault
from amparo.vault.models import Section, SectionKey
from tests.factories import make_dataset, make_institution

pytestmark = pytest.mark.django_db

TWO_VICTIMS = IncidentDraft(
    date=EventDate.read("2020-05/2020-06"),
    country="XDM",
    area="XDM-N",
    victims=(
        VictimDraft(
            sex="female", profiles=("land", "land"), acts=("killing", "threat"), identity={"name": "Inventada A"}
        ),
        VictimDraft(sex="male", acts=("threat",), identity={"name": "Inventado B"}),
    ),
    perpetrators=("police", "military", "police"),
    narrative={"text": "An invented story."},
)


def test_it_works() -> None:
    founded = make_institution()

    written = record_incidents(founded.institution, make_dataset(), [TWO_VICTIMS])

    incident = Incident.objects.get()
    first, second = incident.victims.order_by("pk")
    assert written == 1
    assert (str(incident.earliest), str(incident.latest)) == ("2020-05-01", "2020-06-30")
    assert [(act.victim_id, act.kind) for act in Act.objects.order_by("pk")] == [
        (first.pk, "killing"),
        (first.pk, "threat"),
        (second.pk, "threat"),
    ]
    assert set(incident.alleged_perpetrators.values_list("kind", flat=True)) == {"police", "military"}
    assert Involvement.objects.count() == 6
    assert list(first.profiles.values_list("profile", flat=True)) == ["land"]


def test_what_is_sealed_opens_for_the_institution_and_for_nobody_else() -> None:
    founded, other = make_institution(), make_institution()
    record_incidents(founded.institution, make_dataset(), [TWO_VICTIMS])

    sections = list(Section.objects.all())
    opened = vault.open_sections(sections, founded.unlocked)

    first, second = Victim.objects.order_by("pk")
    assert opened[first.section_id] == {"name": "Inventada A"}
    assert opened[second.section_id] == {"name": "Inventado B"}
    assert opened[Incident.objects.get().section_id] == {"text": "An invented story."}
    assert vault.open_sections(sections, other.unlocked) == {}


def test_each_victim_keeps_her_own_facts_among_many() -> None:
    founded = make_institution()
    # More than are written at once, with another number of victims in each.
    drafts = [
        IncidentDraft(
            country="XDM",
            victims=tuple(
                VictimDraft(identity={"name": f"Inventada {n}.{v}"}, acts=("threat",) * bool(v), profiles=("land",))
                for v in range(n % 4)
            ),
            narrative={"text": f"Story {n}"} if n % 2 else {},
            perpetrators=("police",) * (n % 3),
        )
        for n in range(1201)
    ]

    assert record_incidents(founded.institution, make_dataset(), iter(drafts)) == 1201

    opened = vault.open_sections(Section.objects.all()[:400], founded.unlocked)
    for incident in Incident.objects.order_by("pk").select_related("section")[:100]:
        number = incident.pk - Incident.objects.order_by("pk")[0].pk
        names = [opened[victim.section_id]["name"] for victim in incident.victims.order_by("pk")]
        assert names == [f"Inventada {number}.{v}" for v in range(number % 4)]
        assert incident.acts.count() == max(0, number % 4 - 1)
        if number % 2:
            assert opened[incident.section_id] == {"text": f"Story {number}"}
        else:
            assert incident.section_id is None
    assert SectionKey.objects.count() == Section.objects.count()


def test_all_or_nothing() -> None:
    founded = make_institution()

    def failing() -> Iterator[IncidentDraft]:
        for _ in range(700):
            yield TWO_VICTIMS
        raise RuntimeError("the file ends here")

    with pytest.raises(RuntimeError), transaction.atomic():
        record_incidents(founded.institution, make_dataset(), failing())

    assert Incident.objects.count() == Section.objects.count() == 0


def test_sources_are_those_that_are_given() -> None:
    founded = make_institution()
    source = Source.objects.create(code="herald", kind="press")
    draft = IncidentDraft(sources=("herald", "herald"))

    record_incidents(founded.institution, make_dataset(), [draft], {"herald": source})

    assert Information.objects.get().source == source
    with pytest.raises(KeyError), transaction.atomic():
        record_incidents(founded.institution, make_dataset(), [IncidentDraft(sources=("gossip",))], {"herald": source})


def test_an_incident_without_anything_is_written() -> None:
    assert record_incidents(make_institution().institution, make_dataset(), [IncidentDraft()]) == 1
    assert record_incidents(make_institution().institution, make_dataset(), []) == 0


def test_the_number_of_queries_does_not_grow_with_the_incidents() -> None:
    founded, dataset = make_institution(), make_dataset()
    counts = []

    for many in (1, 10):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            record_incidents(founded.institution, dataset, [TWO_VICTIMS] * many)
        counts.append(len(queries))

    assert counts[0] == counts[1]
