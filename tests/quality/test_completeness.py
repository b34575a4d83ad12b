"""How complete fields are, by whom it can be mended, and that each figure leads to just the cases behind it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from amparo.cases.models import Incident, Information, Source, Victim
from amparo.quality.completeness import (
    DATASET,
    MENDER,
    MONTH,
    SOURCE,
    SOURCE_KIND,
    SPLITS,
    WHOLE,
    Group,
    measure_completeness,
)
from amparo.quality.completeness_tables import completeness_table
from amparo.quality.fields import FIELDS
from amparo.vocabularies.catalogue import get_vocabulary
from tests.channel.triage.conftest import Desk
from tests.factories import make_dataset, make_incident
from tests.quality.conftest import make_quick_desk

pytestmark = pytest.mark.django_db


def by_key(desk: Desk, split: str) -> dict[str, Group]:
    return {each.key: each for each in measure_completeness(desk.user, split)}


def listed(desk: Desk, address: str) -> int:
    """How many cases the list shows at `address`."""
    response = desk.client.get(address)
    assert response.status_code == 200
    assert response.context["unknown"] == 0
    return int(response.context["page"].paginator.count)


def make_mixed_cases(desk: Desk) -> None:
    known = make_incident(desk.founded, sex="female", profile="land", setting="online")
    make_incident(desk.founded, date=None, acts=())
    body = make_incident(desk.founded, kind="group", date="2020")
    imported = make_incident(desk.founded, sex="male")
    copied, draft = make_incident(desk.founded), make_incident(desk.founded, stage="draft")
    Incident.objects.filter(pk=imported.pk).update(fingerprint=b"1", dataset=make_dataset("invented-import"))
    Incident.objects.filter(pk=copied.pk).update(same_as=known)
    Incident.objects.filter(pk=body.pk).update(stage="closed")
    assert draft.stage == "draft"
    named = Source.objects.create(code="invented-paper", kind="press", published_name="Invented Paper")
    other = Source.objects.create(code="invented-ngo", kind="ngo")
    Information.objects.create(incident=known, source=named, reliability="b")
    Information.objects.create(incident=known, source=other)
    Information.objects.create(incident=imported, source=named)
    Victim.objects.create(incident=known, sex="unknown")
    Victim.objects.filter(incident=copied).delete()


def test_it_works(desk: Desk) -> None:
    make_mixed_cases(desk)

    (group,) = measure_completeness(desk.user)

    assert group.cases == 4
    sex, act, date = group.fields["sex"], group.fields["act"], group.fields["date"]
    # One man is known; of the case with a woman another victim's isn't; one isn't known at all; a group has none.
    assert (sex.known, sex.not_known, sex.not_asked, sex.not_applicable) == (1, 2, 0, 1)
    assert sex.share == pytest.approx(1 / 3)
    assert (act.known, act.not_known, act.not_asked) == (3, 0, 1)
    assert (date.known, date.not_known) == (3, 1)


def test_what_an_imported_list_never_gives_was_not_asked(desk: Desk) -> None:
    make_mixed_cases(desk)

    groups = by_key(desk, DATASET)

    never, here = groups["invented-import"].fields["setting"], groups["invented-list"].fields["setting"]
    assert (never.known, never.not_known, never.not_asked) == (0, 0, 1)
    assert (here.known, here.not_known, here.not_asked) == (1, 2, 0)


def test_who_can_mend_it_is_told_apart(desk: Desk) -> None:
    make_mixed_cases(desk)

    assert {key: each.cases for key, each in by_key(desk, MENDER).items()} == {"here": 2, "list": 1, "closed": 1}


def test_sources_that_publish_and_all_kinds_of_source(desk: Desk) -> None:
    make_mixed_cases(desk)

    assert {key: each.cases for key, each in by_key(desk, SOURCE).items()} == {"invented-paper": 2}
    assert {key: each.cases for key, each in by_key(desk, SOURCE_KIND).items()} == {"press": 2, "ngo": 1, "": 2}


@pytest.mark.parametrize("split", SPLITS)
def test_each_figure_leads_to_just_as_many_cases(desk: Desk, split: str) -> None:
    make_mixed_cases(desk)
    groups = measure_completeness(desk.user, split)
    table = completeness_table(groups, split)

    assert table.rows
    if split == WHOLE:
        wanted = {each.cells[1].address: each.cells[1].value for each in table.rows if each.cells[1].address}
    else:
        wanted = {
            cell.address: group.fields[field.code].lacking
            for group, row in zip(groups, table.rows, strict=True)
            for field, cell in zip(FIELDS, row.cells[1:], strict=True)
            if cell.address
        }
        wanted |= {row.heading.address: group.cases for group, row in zip(groups, table.rows, strict=True)}
    # Months and datasets are asked for in the same way: a few of each say enough.
    some = list(wanted.items())[:: 1 if split == WHOLE else 4]
    assert {address: listed(desk, address) for address, _ in some} == dict(some)


def test_the_page_shows_and_links_them(desk: Desk) -> None:
    make_mixed_cases(desk)

    page = desk.client.get(reverse("quality-completeness"), {"by": MONTH}).content.decode()

    assert re.search(r"recorded=\d{4}-\d{2}", page)
    assert escape("Kind of act") in page


def test_a_split_that_is_none_shows_all(desk: Desk) -> None:
    make_mixed_cases(desk)

    assert desk.client.get(reverse("quality-completeness"), {"by": "nothing"}).context["split"] == WHOLE


def test_no_case_is_a_page_that_says_what_to_do(desk: Desk) -> None:
    for name in ("quality", "quality-completeness", "quality-delays", "quality-unusual", "quality-agreement"):
        page = desk.client.get(reverse(name))

        assert page.status_code == 200
    assert "There are no cases yet" in desk.client.get(reverse("quality-completeness")).content.decode()


def test_cases_of_another_institution_count_nowhere(desk: Desk) -> None:
    make_mixed_cases(desk)
    stranger = make_quick_desk()

    assert measure_completeness(stranger.user) == []
    assert listed(stranger, f"{reverse('case-list')}?lacks=sex") == 0


def test_a_code_that_is_none_finds_no_case(desk: Desk) -> None:
    make_mixed_cases(desk)

    for asked in (
        "recorded=2026-13",
        "recorded=x",
        "happened=2020-05",
        "check=unknown",
        "lacks=unknown",
        "mend=unknown",
    ):
        assert listed(desk, f"{reverse('case-list')}?{asked}") == 0


def test_the_vocabulary_names_every_field() -> None:
    assert {each.code for each in FIELDS} < set(get_vocabulary("coded-fields").terms)


@pytest.mark.parametrize(("split", "most"), [(WHOLE, 1), (DATASET, 1), (SOURCE_KIND, 2), (MONTH, 2), (MENDER, 2)])
def test_the_number_of_queries_does_not_grow(desk: Desk, split: str, most: int) -> None:
    make_mixed_cases(desk)
    for _ in range(3):
        make_incident(desk.founded)

    with CaptureQueriesContext(connection) as few:
        measure_completeness(desk.user, split)

    assert len(few) == most
