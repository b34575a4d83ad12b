"""The median days from recording an incident to verifying it, by any dimension."""

from collections import defaultdict
from datetime import UTC, date, datetime
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.cases.coded_plane import read_coded_plane
from amparo.statistics.verification import Delay, median_days
from tests.factories import make_incident, make_institution
from tests.statistics.planes import make_nested_plane
from tests.statistics.test_cube import DIMENSIONS, as_table, codes_of


def test_it_works() -> None:
    plane = make_nested_plane(60, 1)
    days = {row["incident_id"]: row["days_to_verification"] for row in plane.to_pylist()}
    known = [each for each in days.values() if each is not None]

    assert median_days(as_table(plane)) == {(): Delay(median(known), len(known))}


@settings(max_examples=15)
@given(seed=st.integers(0, 5), by=st.lists(st.sampled_from(DIMENSIONS), max_size=2, unique=True))
def test_as_by_hand(seed: int, by: list[str]) -> None:
    plane = make_nested_plane(30, seed)
    days: defaultdict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
    for row in plane.to_pylist():
        cells: list[tuple[str, ...]] = [()]
        for name in by:
            cells = [(*cell, code) for cell in cells for code in codes_of(row, name)]
        if row["status"] == "verified" and row["days_to_verification"] is not None:
            for cell in cells:
                days[cell][row["incident_id"]] = row["days_to_verification"]

    found = median_days(as_table(plane), by, {"status": ["verified"]})

    assert found == {cell: Delay(median(each.values()), len(each)) for cell, each in days.items()}


def test_nothing_verified_has_no_median() -> None:
    assert median_days(as_table(make_nested_plane(20, 1)), ["sex"], {"status": ["refuted"]}) == {}


@pytest.mark.django_db
def test_days_run_from_recording_to_verification() -> None:
    founded = make_institution()
    for verified_on, status in ((date(2031, 5, 12), "verified"), (None, "verified"), (date(2031, 5, 12), "refuted")):
        incident = make_incident(founded, status=status)
        type(incident).objects.filter(pk=incident.pk).update(
            created_at=datetime(2031, 5, 2, 23, tzinfo=UTC), verified_on=verified_on
        )

    # What was verified elsewhere, and what is no longer held for verified, has no days.
    assert read_coded_plane()["days_to_verification"].to_pylist() == [10, None, None]
