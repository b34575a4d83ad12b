"""Attacks planted among hundreds of series are found, and where none are planted hardly anything is."""

import numpy as np
import pytest

from amparo.warning.months import Month
from amparo.warning.watching.counting import Cell, count_cell, watch
from amparo.warning.watching.findings import Basis, Finding, WatchSettings, find_unusual
from amparo.warning.watching.strata import COUNTRY, Stratum
from tests.warning.watching.planes import MONTHS, NOW, Plane, make_plane

SETTINGS = WatchSettings()
NEPAL = Stratum(COUNTRY, ("NPL",))
IN_AREA = Stratum(("country", "area"), ("NPL", "NPL-2"))


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    plane = make_plane(1)
    plane.add(NOW, country="NPL", area="NPL-2", act="killing", number=5)
    plane.add(NOW, country="NPL", area="NPL-2", act="smear-campaign", number=4)
    return find_unusual(plane.table(), NOW, SETTINGS)


def of(findings: list[Finding], stratum: Stratum) -> Finding:
    return next(each for each in findings if each.stratum == stratum)


def test_it_works(findings: list[Finding]) -> None:
    found = of(findings, IN_AREA)

    assert found.month == NOW
    assert found.observed >= 9
    assert found.expected < found.upperbound < found.observed
    assert found.tail < 0.001
    assert found.adjusted <= SETTINGS.false_share
    assert dict(found.acts)["killing"] >= 5
    assert found.acts[0][1] == max(number for _, number in found.acts)


def test_few_of_the_series_raised_are_not_those_of_the_attacks() -> None:
    false = []
    for seed in range(30, 40):
        plane = make_plane(seed)
        plane.add(NOW, country="NPL", area="NPL-2", act="killing", number=7)
        findings = find_unusual(plane.table(), NOW, SETTINGS)
        assert "NPL" in {each.stratum.country for each in findings}
        false.append(np.mean([(each.stratum.country, each.month) != ("NPL", NOW) for each in findings]))

    assert np.mean(false) <= SETTINGS.false_share + 2 * np.std(false) / np.sqrt(len(false))


def test_the_surest_stand_first(findings: list[Finding]) -> None:
    assert [each.adjusted for each in findings] == sorted(each.adjusted for each in findings)


def test_where_nothing_is_planted_hardly_anything_is_raised() -> None:
    raised = [len(find_unusual(make_plane(seed).table(), NOW, SETTINGS)) for seed in range(10, 22)]

    # In at most one run of ten anything at all, within chance of twelve runs.
    assert sum(number > 0 for number in raised) <= 3


def test_late_reports_make_a_month_unusual_afterwards() -> None:
    plane = make_plane(3, delays=(0.5, 0.3, 0.2))
    plane.add(NOW.later(-2), country="TUN", act="killing", after=2, number=8)

    findings = find_unusual(plane.table(), NOW, SETTINGS)

    assert of(findings, Stratum(COUNTRY, ("TUN",))).month == NOW.later(-2)


def test_what_is_recorded_after_now_is_not_known_yet() -> None:
    plane = make_plane(4)
    plane.add(NOW, country="TUN", act="killing", after=1, number=8)

    assert not [each for each in find_unusual(plane.table(), NOW, SETTINGS) if each.stratum.country == "TUN"]


def test_a_list_of_old_cases_brought_in_at_once_is_a_backlog_and_no_wave_of_attacks() -> None:
    plane = make_plane(5)
    for age in range(12, 52):
        plane.add(NOW.later(-age), country="FRA", act="threat", after=age)

    by_happening = find_unusual(plane.table(), NOW, SETTINGS)
    by_recording = find_unusual(plane.table(), NOW, SETTINGS, Basis.RECORDED)

    assert not [each for each in by_happening if each.stratum.country == "FRA"]
    backlog = of(by_recording, Stratum(COUNTRY, ("FRA",)))
    assert backlog.basis is Basis.RECORDED
    assert backlog.observed >= 40


def test_reports_that_come_sooner_are_no_more_attacks() -> None:
    """The same attacks as ever; those of the last two months were recorded at once, as were those left over."""
    raised, entered = 0, 0
    for seed in range(50, 58):
        plane = make_plane(seed, delays=(0.2, 0.2, 0.2, 0.2, 0.2))
        plane.recorded = [
            min(at, NOW.number) if Month(row["year"], row["month"]).number >= NOW.number - 4 else at  # type: ignore[arg-type]
            for row, at in zip(plane.rows, plane.recorded, strict=True)
        ]
        raised += bool(find_unusual(plane.table(), NOW, SETTINGS))
        entered += bool(find_unusual(plane.table(), NOW, SETTINGS, Basis.RECORDED))

    assert raised <= 2
    assert entered >= 6


def test_reports_to_come_widen_what_it_may_be() -> None:
    plane = make_plane(6, delays=(0.5, 0.3, 0.2))
    plane.add(NOW, country="GTM", act="threat", number=12)

    found = of(find_unusual(plane.table(), NOW, SETTINGS), Stratum(COUNTRY, ("GTM",)))

    assert found.high > found.low >= found.observed >= 12


def test_an_institution_without_records_has_no_findings() -> None:
    plane = Plane()
    plane.add(Month(1990, 1))

    assert find_unusual(plane.table(), NOW, SETTINGS) == []


def test_an_incident_counts_once_in_each_series_it_belongs_to() -> None:
    plane = Plane()
    plane.add(NOW, profile=("journalist", "land"), area="COL-ANT")
    # Two acts of one incident.
    plane.rows.append(plane.rows[0] | {"act": "killing", "act_group": "attack-on-life"})
    plane.recorded.append(plane.recorded[0])

    watched = watch(plane.table(), NOW, 3, 2)

    counts = dict(zip(watched.strata, watched.happened[:, -1].tolist(), strict=True))
    assert counts == dict.fromkeys(
        [
            Stratum(COUNTRY, ("COL",)),
            Stratum(("country", "act_group"), ("COL", "attack-on-life")),
            Stratum(("country", "act_group"), ("COL", "intimidation")),
            Stratum(("country", "profile"), ("COL", "journalist")),
            Stratum(("country", "profile"), ("COL", "land")),
            Stratum(("country", "target"), ("COL", "human-rights-defender")),
            Stratum(("country", "area"), ("COL", "COL-ANT")),
        ],
        1.0,
    )


def test_a_date_without_a_month_is_in_no_series_of_months_but_was_recorded() -> None:
    plane = Plane()
    plane.add(NOW)
    plane.rows[0]["month"] = None
    plane.add(NOW)

    watched = watch(plane.table(), NOW, 3, 2)

    assert watched.happened[0].tolist() == [0, 0, 1]
    assert watched.by_recording[0].tolist() == [0, 0, 2]


def test_a_cell_knows_how_many_persons_it_speaks_of() -> None:
    plane = Plane()
    plane.add(NOW, person=70, number=5)
    plane.add(NOW, act="killing", number=2)

    cell = count_cell(plane.table(), Stratum(COUNTRY, ("COL",)), NOW, NOW)

    assert cell == Cell(incidents=7, victims=3, acts=(("threat", 5), ("killing", 2)))


def test_a_month_that_is_complete_is_not_judged_again() -> None:
    with pytest.raises(ValueError, match="not judged again"):
        WatchSettings(judged=7)


def test_delays_do_not_change_what_is_counted() -> None:
    plane = make_plane(7, delays=(0.5, 0.3, 0.2))

    watched = watch(plane.table(), NOW, MONTHS, 6)

    whole = [number for number, each in enumerate(watched.strata) if each.by == COUNTRY]
    known = sum(recorded <= NOW.number for recorded in plane.recorded)
    assert np.sum(watched.happened[whole]) == known
