"""`./amparo portal recompute`: it finds what was changed, and nothing else."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from amparo.portal.recompute.cells import Cells, Question
from amparo.portal.recompute.checking import FigureCheck
from amparo.portal.recompute.checking import Result as Checked
from amparo.portal.recompute.commands import portal
from amparo.portal.recompute.reading import ReadFigure, numbers_in, read_figures
from amparo.portal.recompute.snapshot import Recount, SnapshotMissing, recount
from amparo.portal.recompute.visiting import render_page
from amparo.statistics.models import Release
from amparo.statistics.releases import open_release
from amparo.statistics.services import publish_release
from tests.factories import make_incident, make_institution
from tests.published import Published


def run(*options: str) -> Result:
    return CliRunner().invoke(portal, ["recompute", *options])


@pytest.mark.slow
def test_it_works(release: Release) -> None:
    answer = run("--from-snapshot", "--json")

    said = json.loads(answer.output)
    assert (answer.exit_code, said["disagree"], said["miscounted"]) == (0, [], [])
    assert said["release"] == release.identifier
    assert said["numbers"] > 10_000
    assert said["figures"] > 500
    assert said["pages"] > 200
    assert said["tables"] == len(open_release(release).manifest["tables"])


@pytest.fixture
def figure(release: Release) -> ReadFigure:
    """A figure of one table, by sex."""
    address = "/en/countries/COL/"
    return next(each for each in read_figures(address, render_page(address, release)) if "by sex" in each.caption)


@pytest.fixture
def check(release: Release) -> FigureCheck:
    return FigureCheck(Cells(release.folder / "cells.parquet"))


def disagreements(check: FigureCheck, figure: ReadFigure) -> list[tuple[str, str, str]]:
    result = Checked()
    check.check(figure, result)
    return [(each.place, each.shown, each.recomputed) for each in result.wrong]


def test_a_figure_as_it_is_agrees(check: FigureCheck, figure: ReadFigure) -> None:
    assert disagreements(check, figure) == []


def test_a_wrong_number_is_found(check: FigureCheck, figure: ReadFigure) -> None:
    (first, _cells), *rest = figure.rows

    wrong = replace(figure, rows=((first, ("999",)), *rest))

    assert disagreements(check, wrong) == [(f"{first} / Victims", "999", figure.rows[0][1][0])]


def test_a_hidden_number_that_is_shown_is_found(check: FigureCheck, release: Release) -> None:
    address = "/en/countries/COL/"
    figures = read_figures(address, render_page(address, release))
    hidden = next(each for each in figures if len(each.questions) == 1 and "not shown" in str(each.rows))
    rows = tuple(
        (heading, tuple("2" if cell == "not shown" else cell for cell in cells)) for heading, cells in hidden.rows
    )

    found = disagreements(check, replace(hidden, rows=rows))

    assert {(shown, recomputed) for _place, shown, recomputed in found} == {("2", "not shown")}


def test_a_missing_row_is_found(check: FigureCheck, figure: ReadFigure) -> None:
    assert ("female", "–", "missing") in disagreements(
        check, replace(figure, rows=tuple(row for row in figure.rows if row[0] != "Female"))
    )


def test_a_wrong_total_is_found(check: FigureCheck, figure: ReadFigure) -> None:
    (found,) = disagreements(check, replace(figure, totals=("7",)))

    assert found[:2] == ("Total / Victims", "7")


@pytest.mark.parametrize("words", ["Women were 4,711 of them.", "Women were 83 % of them."])
def test_a_wrong_number_in_words_is_found(words: str, check: FigureCheck, figure: ReadFigure) -> None:
    assert [place for place, _shown, _counted in disagreements(check, replace(figure, words=(words,)))] == [words]


def test_a_figure_that_does_not_say_where_it_comes_from_is_found(check: FigureCheck, release: Release) -> None:
    address = "/en/countries/COL/"
    page = render_page(address, release).replace('class="sources"', 'class="gone"')

    found = disagreements(check, next(read_figures(address, page)))

    assert [place for place, _shown, _counted in found] == ["definition", "release", "query", "data"]


def test_numbers_are_read_out_of_sentences() -> None:
    assert numbers_in("81 women are among the 1,424 victims: 19%, and less than 1 % elsewhere.") == (
        {81, 1424},
        {19, 1},
    )


def test_cells_are_found_whatever_the_order_of_dimensions(check: FigureCheck) -> None:
    one = check.cells.count(Question("cpj", "victims", "year", "sex"), "2010", "male")

    assert one == check.cells.count(Question("cpj", "victims", "sex", "year"), "male", "2010")
    assert one == check.cells.count(Question("cpj", "victims", "year", "", {"sex": "male"}), "2010")


def test_a_table_that_was_not_published_gives_no_zero(check: FigureCheck) -> None:
    assert check.cells.count(Question("cpj", "victims", "year", "sex", {"act": "killing"}), "2010", "male") is None
    assert check.cells.count(Question("cpj", "deaths", "year"), "2010") is None
    assert check.cells.count(Question("cpj", "victims", "year"), "1901") == 0


def test_an_older_release_is_recomputed_from_its_own_pages(release: Release) -> None:
    first = Release.objects.get()
    release.pk, release.identifier = None, "2099-1"
    release.save()

    figures = [*read_figures("/en/", render_page("/en/", first))]

    assert {address for figure in figures for address in figure.links.releases} == {f"/en/releases/{first.identifier}/"}
    assert len(figures) == 2


def test_a_release_that_there_is_not(release: Release) -> None:
    answer = run("--release", "1999-1")

    assert answer.exit_code == 1
    assert "1999-1" in answer.output


def test_without_a_release_it_says_so(db: None) -> None:
    answer = run()

    assert answer.exit_code == 1
    assert "There is no release yet" in answer.output


def test_changed_files_are_refused(release: Release, settings: Settings, tmp_path: Path) -> None:
    copy = shutil.copytree(release.folder, tmp_path / "releases" / release.identifier)
    settings.DATA_DIR = tmp_path
    (copy / "cells.parquet").chmod(0o600)
    (copy / "cells.parquet").write_bytes(b"PAR1")

    answer = run()

    assert answer.exit_code == 1
    assert "cells.parquet" in answer.output


@pytest.fixture
def snapshots(published: Published, release: Release, tmp_path: Path) -> dict[str, Path]:
    """The kept facts of the smallest dataset, to do harm to."""
    kept = published.data_dir / "snapshots" / release.identifier
    return {"colombia-social-leaders": Path(shutil.copy(kept / "colombia-social-leaders.parquet", tmp_path))}


def wide_tables(release: Release) -> list[dict[str, object]]:
    tables: list[dict[str, object]] = open_release(release).manifest["tables"]
    return [t for t in tables if t["dataset"] == "colombia-social-leaders" and len(t["dimensions"]) < 3]  # type: ignore[arg-type]


def test_every_cell_is_counted_again_from_the_facts(release: Release, snapshots: dict[str, Path]) -> None:
    done = Recount()

    wrong = list(recount(release.folder / "cells.parquet", snapshots, wide_tables(release), done))

    assert wrong == []
    assert done.cells > 500
    assert 0 < done.hidden < done.cells


def test_a_fact_that_was_changed_is_found(release: Release, snapshots: dict[str, Path]) -> None:
    path = snapshots["colombia-social-leaders"]
    facts = pq.read_table(path)
    sex = pc.replace_with_mask(
        facts["sex"].combine_chunks(), pa.array([True] + [False] * (len(facts) - 1)), pa.scalar("other")
    )
    pq.write_table(facts.set_column(facts.schema.get_field_index("sex"), "sex", sex), path)

    wrong = list(recount(release.folder / "cells.parquet", snapshots, wide_tables(release), Recount()))

    assert {each.measure for each in wrong} == {"victims", "acts", "incidents"}
    assert {"sex"} == set.intersection(*(set(each.cell) for each in wrong))
    assert {"sex": "other"} in [each.cell for each in wrong]


def test_facts_that_are_gone_are_named(release: Release, tmp_path: Path) -> None:
    gone = {"colombia-social-leaders": tmp_path / "gone.parquet"}

    with pytest.raises(SnapshotMissing, match="colombia-social-leaders"):
        list(recount(release.folder / "cells.parquet", gone, wide_tables(release), Recount()))


@pytest.fixture
def small(settings: Settings, tmp_path: Path, db: None) -> Release:
    """A small release of its own, with its facts."""
    settings.DATA_DIR = tmp_path
    founded = make_institution()
    for year, sex, number in ((2019, "male", 6), (2019, "female", 4), (2020, "male", 8), (2020, "female", 2)):
        for _ in range(number):
            make_incident(founded, date=f"{year}-03-01", sex=sex, profile="land")
    return publish_release("Small")


def test_the_command_leaves_with_nought_where_all_agree(small: Release) -> None:
    answer = run("--from-snapshot")

    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines()[-1] == "All agree."


def test_the_command_leaves_with_one_where_a_cell_was_counted_wrongly(small: Release, tmp_path: Path) -> None:
    path = tmp_path / "snapshots" / small.identifier / "invented-list.parquet"
    facts = pq.read_table(path)
    path.chmod(0o600)
    pq.write_table(facts.slice(1), path)

    answer = run("--from-snapshot", "--json")

    said = json.loads(answer.output)
    assert answer.exit_code == 1
    assert said["disagree"] == []
    assert {"dataset": "invented-list", "cell": {}, "measure": "victims", "published": 20, "counted": 19} in said[
        "miscounted"
    ]


def test_the_command_says_where_the_facts_are_not_kept(small: Release, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "snapshots")

    answer = run("--from-snapshot")

    assert answer.exit_code == 1
    assert "invented-list" in answer.output


def test_a_dataset_published_again_as_it_was_is_recounted_from_the_facts_of_then(small: Release) -> None:
    again = publish_release("Again", keep_earlier=["invented-list"])

    answer = run("--release", again.identifier, "--from-snapshot")

    assert answer.exit_code == 0, answer.output
