"""Drafting a mapping: it fits the file that it was drafted from, seals what it does not know, and guesses no code."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amparo.exchange.commands import import_
from amparo.exchange.draft_mapping import draft_mapping
from amparo.exchange.mapping import Mapping, parse_mapping
from amparo.exchange.problems import FileRefused
from amparo.exchange.reading import open_table
from tests.exchange.test_published_lists import FILES


def drafted(path: Path) -> Mapping:
    mapping = parse_mapping(draft_mapping(path).encode())
    with open_table(path) as table:
        mapping.check_columns(table.columns)
    return mapping


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rule_of(mapping: Mapping, column: str) -> tuple[str | None, tuple[str, str] | None]:
    (rule,) = [rule for rule in mapping.rules if rule.column == column]
    return rule.field, rule.seal


def test_it_works(tmp_path: Path) -> None:
    path = write(
        tmp_path / "list.csv",
        "id;fecha;país;departamento;nombre;sexo;edad;presunto autor;torturado;observaciones",
        "7;03/02/2019;Colombia;Cauca;Inventada Uno;F;40;Policía;sí;texto",
        "8;31/12/2019;Perú;Lima;Inventado Dos;M;;Marcianos;no;otro texto",
    )

    mapping = drafted(path)

    assert mapping.key == ("id",)
    assert rule_of(mapping, "fecha") == ("incident.date", None)
    assert rule_of(mapping, "país") == ("incident.country", None)
    assert rule_of(mapping, "departamento") == ("incident.area", ("narrative", "departamento"))
    assert rule_of(mapping, "nombre") == (None, ("identity", "nombre"))
    assert rule_of(mapping, "edad") == ("victim.age_band", ("identity", "edad"))
    assert rule_of(mapping, "observaciones") == (None, ("narrative", "observaciones"))
    with open_table(path) as table:
        first, second = [mapping.draft(row) for row in table.rows]
    assert (str(first.date), first.country, first.area, first.victims[0].sex) == (
        "2019-02-03",
        "COL",
        "CO-CAU",
        "female",
    )
    assert (second.victims[0].sex, second.perpetrators) == ("male", ())


def test_a_value_that_no_vocabulary_has_is_not_known_and_the_nearest_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", "id,perpetrator", "1,Police", "2,Polise", "3,Hitmen")

    text = draft_mapping(path)

    assert 'Polise = "unknown" # not recognised; nearest: police' in text
    assert 'Hitmen = "unknown" # not recognised' in text
    assert "Police =" not in text


@pytest.mark.parametrize(
    ("values", "expected"),
    [(("F", "M"), {"f": "female", "m": "male"}), (("H", "M"), {"h": "male", "m": "female"}), (("M", "X"), {})],
)
def test_letters_for_the_sex_are_read_by_their_neighbours(tmp_path: Path, values, expected: dict[str, str]) -> None:
    mapping = drafted(write(tmp_path / "list.csv", "id,sex", *(f"{n},{value}" for n, value in enumerate(values))))

    (rule,) = [rule for rule in mapping.rules if rule.column == "sex"]
    assert rule.codes is not None
    assert {cell: code for cell, code in rule.codes.values.items() if code != "unknown"} == expected


def test_a_date_that_could_be_read_either_way_is_marked(tmp_path: Path) -> None:
    either = draft_mapping(write(tmp_path / "a.csv", "id,date", "1,03/04/2019", "2,05/06/2019"))
    one_way = draft_mapping(write(tmp_path / "b.csv", "id,date", "1,03/04/2019", "2,25/06/2019"))

    assert "the other way round" in either
    assert "the other way round" not in one_way
    assert 'formats = ["%d/%m/%Y"]' in one_way


def test_columns_with_the_same_meaning_are_not_given_twice(tmp_path: Path) -> None:
    mapping = drafted(write(tmp_path / "list.csv", "Sex,sexo,SEX ,Nom,nom", "Female,Female,Male,Inventée,Inventée"))

    assert [rule.field for rule in mapping.rules if rule.field] == ["victim.sex"]
    assert len({rule.seal for rule in mapping.rules if rule.seal}) == 4


@pytest.mark.parametrize("name", FILES)
def test_a_draft_from_a_published_list_takes_all_its_rows_and_seals_its_names(shared_data: Path, name: str) -> None:
    path = shared_data / FILES[name]

    mapping = drafted(path)

    with open_table(path) as table:
        assert not [problem for row in table.rows if isinstance(problem := mapping.draft(row), list)]
    assert {"name", "Name", "nombre", "cargo"} & set(mapping.columns) <= mapping.sealed_columns


def test_at_the_command_line(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", "id,name", "1,Inventada")

    done = CliRunner().invoke(import_, ["draft-mapping", str(path)])
    refused = CliRunner().invoke(import_, ["draft-mapping", str(tmp_path / "none.csv")])

    assert done.exit_code == 0
    assert parse_mapping(done.stdout.encode()).columns == {"id", "name"}
    assert "Inventada" not in done.stdout
    assert refused.exit_code == 1


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        draft_mapping(write(tmp_path / "list.csv", "id,name"))

    assert refused.value.problem.code == "no-rows"


_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    lambda name: name.strip() and name.strip() == name
)


@given(
    names=st.lists(_NAMES | st.sampled_from(["sex", "date", "country", "act", "Tortured"]), min_size=2, unique=True),
    cells=st.lists(
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=9), max_size=30
    ),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_file_the_draft_fits_it(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], cells: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    width = len(names)
    rows = [cells[start : start + width] for start in range(0, len(cells), width)] + [["1"] * width]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [names, *rows]]
    path.write_text("sep=,\r\n" + "\r\n".join(quoted) + "\r\n", encoding="utf-8", newline="")

    mapping = drafted(path)

    with open_table(path) as table:
        for row in table.rows:
            assert not isinstance(mapping.draft(row), list)


def test_groups_ends_and_what_a_no_may_mean_are_pointed_out(tmp_path: Path) -> None:
    path = write(
        tmp_path / "list.csv",
        "id,group id,start date,end date,name,weapon,tortured",
        "1,7,1973-09-11,1973-09-12,Inventada Uno,firearm,1.0",
        "2,7,1973-09-11,1973-09-14,Inventado Dos,,0.0",
    )

    text = draft_mapping(path)

    assert '# group = "group id"' in text
    assert "rules_out" in text
    mapping = drafted(path)
    assert (mapping.group, mapping.as_written, mapping.lost_columns) == ("", True, ())
    assert rule_of(mapping, "start date") == ("act.start", None)
    assert rule_of(mapping, "weapon") == ("act.method", None)
    # What is pointed out can be taken as it stands.
    grouped = parse_mapping(text.replace('# group = "group id"', 'group = "group id"').encode())
    with open_table(path) as table:
        draft = grouped.draft_of(list(table.rows))
    assert (len(draft.victims), str(draft.date)) == (2, "1973-09-11/1973-09-14")
