"""Mappings: the shipped ones are sound, and whatever is wrong with one is named before a row is read."""

from pathlib import Path

import pytest
import tomlkit

from amparo.exchange.mapping import COLUMN_KEYS, LARGEST_MAPPING, load_mapping, parse_mapping, shipped_mappings
from amparo.exchange.messages import describe
from amparo.exchange.problems import FileRefused
from amparo.exchange.reading import Row
from amparo.exchange.rules import FIELDS
from tests.exchange.invented_files import COLUMNS, MAPPING, make_mapping, make_row


def refusal(text: str | bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        parse_mapping(text if isinstance(text, bytes) else text.encode())
    return refused.value


def without(table: str) -> str:
    """The mapping without one of its tables."""
    document = tomlkit.parse(MAPPING)
    *above, last = table.split(".")
    holder = document
    for name in above:
        holder = holder[name]
    del holder[last]
    return tomlkit.dumps(document)


def test_it_works() -> None:
    draft = make_mapping().draft(Row(2, make_row(1, threatened="Yes", province="Nowhere at all")))

    (victim,) = draft.victims
    assert (str(draft.date), draft.country, draft.area) == ("2020-05-17", "COL", "unknown")
    assert (victim.sex, victim.age_band, victim.profiles) == ("female", "35-49", ("land",))
    assert victim.acts == ("killing", "threat")
    assert (draft.perpetrators, draft.sources) == (("police", "paramilitary"), ("listener", "herald"))
    assert victim.identity == {"name": "Inventada 001", "age": "41"}
    assert draft.narrative == {"place": "Nowhere at all", "text": "An invented story."}


def test_what_goes_sealed_is_not_in_the_representation() -> None:
    draft = make_mapping().draft(Row(2, make_row(1)))

    assert "Inventada" not in repr(draft)
    assert "story" not in repr(draft)


def test_defaults_stand_in_and_fixed_values_stand_beside() -> None:
    text = MAPPING.replace('"act.kind" = ["killing"]', '"act.kind" = ["killing"]\n"incident.status" = "verified"')
    mapping = make_mapping(text)

    blank = mapping.draft(Row(2, make_row(profile="", threatened="")))
    given = mapping.draft(Row(2, make_row(profile="environment;unknown", threatened="Yes")))

    assert (blank.victims[0].profiles, blank.victims[0].acts) == (("land",), ("killing",))
    assert (given.victims[0].profiles, given.victims[0].acts) == (("environment",), ("killing", "threat"))
    assert given.status == "verified"


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    problems = make_mapping().draft(Row(7, make_row(date="soon", country="Atlantis", age="old", sources="Gossip")))

    assert [(problem.row, problem.column, problem.code) for problem in problems] == [
        (7, "country", "unknown-code"),
        (7, "date", "no-date"),
        (7, "age", "no-age"),
        (7, "sources", "unknown-source"),
    ]


def test_a_value_of_a_sealed_column_is_not_told() -> None:
    (problem,) = make_mapping().draft(Row(7, make_row(age="the age of Inventada")))

    assert problem.value is None
    assert "Inventada" not in describe(problem)
    assert "(sealed)" in describe(problem)


def test_a_column_that_is_sealed_by_one_of_its_rules_is_sealed_for_all() -> None:
    text = MAPPING.replace(
        '[columns.sex]\nfield = "victim.sex"\nvalues = { "F" = "female", "M" = "male" }',
        '[[columns.sex]]\nfield = "victim.sex"\n[[columns.sex]]\nseal = "identity.sex"',
    )

    (problem,) = make_mapping(text).draft(Row(2, make_row(sex="as she told us")))

    assert problem.value is None


def test_a_seal_keeps_the_cell_as_it_is() -> None:
    odd = "  \u202eInvented\u202c\r\n=1+1 \u200f "

    draft = make_mapping().draft(Row(2, make_row(name=odd, province="Cauca\u202e")))

    assert draft.victims[0].identity["name"] == odd
    assert draft.area in {"CO-CAU", "unknown"}


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_shipped_mapping_is_sound(name: str) -> None:
    mapping = load_mapping(name)

    assert mapping.dataset == name
    assert not mapping.invented
    # Whatever could name somebody is sealed: no column of a person's own is left open.
    assert any(rule.seal == ("identity", "name") for rule in mapping.rules) or "name" in mapping.joined


def test_the_three_are_shipped() -> None:
    assert set(shipped_mappings()) >= {"global-witness", "colombia-social-leaders", "cpj"}


def test_columns_that_are_missing_or_not_mapped_are_named() -> None:
    mapping = make_mapping()

    with pytest.raises(FileRefused) as missing:
        mapping.check_columns(tuple(column for column in COLUMNS if column not in {"sex", "age"}))
    with pytest.raises(FileRefused) as extra:
        mapping.check_columns((*COLUMNS, "phone", "address"))

    assert missing.value.problem.details["missing"] == "age, sex"
    assert extra.value.problem.details["columns"] == "phone, address"


def test_a_first_row_that_is_no_header_is_not_shown() -> None:
    with pytest.raises(FileRefused) as refused:
        make_mapping().check_columns(("1", "2020-05-17", "Inventada Primera"))

    assert refused.value.problem.code == "no-column-found"
    assert "Inventada" not in describe(refused.value.problem)


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("[dataset]", "[dataset", "mapping-not-toml", "line 2"),
        ("[rows]", "[row]", "unknown-key", "rows"),
        ('publisher = "', 'publishers = "', "unknown-key", "publisher"),
        ("[columns.name]\nseal", "[columns.name]\nsaeal", "unknown-key", "columns.name"),
        ("[columns.name]\nseal", "[columns.name]\nlabel = 1\nseal", "unknown-key", "columns.name"),
        ('kind = "ngo"', 'knd = "ngo"', "unknown-key", "sources.listener"),
        ("fr =", "de =", "unknown-key", "dataset.titles"),
        ('field = "victim.sex"', 'field = "victim.sexx"', "no-such-field", "victim.sex"),
        ('"act.kind" = ["killing"]', '"act.kin" = ["killing"]', "no-such-field", "fixed"),
        ('"act.kind" = ["killing"]', '"act.kind" = ["kiling"]', "mapping-code", "killing"),
        ('"act.kind" = ["killing"]', '"act.kind" = "kiling"', "mapping-code", "fixed"),
        ('"F" = "female"', '"F" = "femal"', "mapping-code", "female"),
        ('kind = "ngo"', 'kind = "ngos"', "mapping-code", "sources.listener"),
        ('otherwise = "unknown"', 'otherwise = "nowhere"', "mapping-code", "columns.province"),
        ('"Listener" = "listener"', '"Listener" = "gossip"', "no-such-source", "listener, herald"),
        ('seal = "identity.name"', 'seal = "name"', "no-such-sealed-part", "columns.name"),
        ('seal = "identity.name"', 'seal = "secret.name"', "no-such-sealed-part", "identity, narrative"),
        ('seal = "identity.name"', 'seal = "identity.a b"', "no-such-sealed-part", "columns.name"),
        ('seal = "identity.name"', 'seal = ["identity.name"]', "not-a-text", "seal"),
        ('seal = "identity.name"', 'seal = "identity.age"', "given-twice", "identity.age"),
        ('[columns.name]\nseal = "identity.name"', "[columns.name]", "column-without-purpose", "columns.name"),
        ('[columns.name]\nseal = "identity.name"', '[columns]\nname = "sealed"', "not-a-table", "columns.name"),
        ('seal = "narrative.text"', 'field = "victim.sex"', "given-twice", "victim.sex"),
        ("ignore = \"the list's own number; used as the key only\"", 'ignore = ""', "not-a-text", "columns.number"),
        ("ignore = ", 'seal = "identity.number"\nignore = ', "unknown-key", "seal"),
        ('key = ["number"]', 'key = ["numbre"]', "key-not-a-column", "numbre"),
        ('key = ["number"]', 'key = "number"', "not-a-list", "key"),
        ('key = ["number"]', "key = []", "not-a-list", "key"),
        ('"%B %Y", "%Y"]', '"%B %Q"]', "no-date-format", "columns.date"),
        ('formats = ["%Y-%m-%d", "%d/%m/%Y", "%B %Y", "%Y"]', 'formats = "%Y-%m-%d"', "not-a-list", "formats"),
        ('values = { "Unknown" = "" }', 'values = { "Then" = "then" }', "mapping-date", "columns.date"),
        ('values = { "Unknown" = "" }', 'values = ["Unknown"]', "not-a-table", "columns.date.values"),
        ('values = { "Unknown" = "" }', 'values = { "Unknown" = 0 }', "not-a-text", "Unknown"),
        ('"F" = "female", "M" = "male"', '"F" = "female", "f" = "male"', "value-twice", "columns.sex"),
        ('field = "victim.sex"', 'field = "victim.sex"\nseparator = ","', "one-value-only", "victim.sex"),
        ('field = "victim.sex"', 'field = "victim.sex"\nformats = ["%Y"]', "unknown-key", "formats"),
        ('separator = ";"', 'separator = ""', "not-a-text", "separator"),
        ('"act.kind" = ["killing"]', '"victim.sex" = ["male", "female"]', "one-value-only", "victim.sex"),
        ('"act.kind" = ["killing"]', '"incident.date" = "2016"', "only-from-a-column", "incident.date"),
        ('"act.kind" = ["killing"]', '"source.code" = ["gossip"]', "no-such-source", "gossip"),
        ('"act.kind" = ["killing"]', '"act.kind" = [1]', "not-a-list", "act.kind"),
        ('code = "invented-list"', 'code = "Invented list"', "not-a-code", "Invented list"),
        ('code = "invented-list"', f'code = "{"x" * 41}"', "not-a-code", "dataset"),
        ("listener = {", '"The Listener" = {', "not-a-code", "The Listener"),
        ("invented = true", 'invented = "yes"', "not-a-truth", "invented"),
        ('publisher = "Invented publisher"', 'publisher = " "', "not-a-text", "publisher"),
        ('publisher = "Invented publisher"', "", "missing-key", "publisher"),
        (', ar = "قائمة مخترعة"', "", "missing-language", "dataset.titles"),
    ],
)  # fmt: skip
def test_a_broken_mapping_is_refused_with_the_place(old: str, new: str, code: str, place: str) -> None:
    assert old in MAPPING
    refused = refusal(MAPPING.replace(old, new, 1))

    assert refused.problem.code == code
    assert place in describe(refused.problem)


@pytest.mark.parametrize("table", ["dataset", "columns"])
def test_a_missing_table_is_named(table: str) -> None:
    assert refusal(without(table)).problem.details == {"table": table}


@pytest.mark.parametrize(
    "text",
    [
        'dataset = "one"',
        "columns = []\n[dataset]\ncode = 'x'",
        "sources = 1\n[dataset]\n[columns]",
        "[dataset]\ntitles = 1",
    ],
)
def test_tables_that_are_none_are_refused(text: str) -> None:
    assert refusal(text).problem.code in {"missing-table", "missing-key"}


def test_a_mapping_without_a_key_tells_rows_by_all_their_columns() -> None:
    assert parse_mapping(without("rows").encode()).key == tuple(sorted(COLUMNS))


def test_a_mapping_that_is_no_utf_8_is_refused() -> None:
    assert refusal(MAPPING.encode("utf-16")).problem.code == "mapping-not-utf-8"


def test_a_mapping_with_a_byte_order_mark_is_read() -> None:
    assert parse_mapping(MAPPING.encode("utf-8-sig")).dataset == "invented-list"


def test_a_mapping_file_that_is_not_there_or_too_long_is_refused(tmp_path: Path) -> None:
    (tmp_path / "long.toml").write_bytes(b"#" * (LARGEST_MAPPING + 1))

    for name, code in (
        (str(tmp_path / "none.toml"), "no-such-mapping"),
        (str(tmp_path), "no-such-mapping"),
        ("globl-witness", "no-such-mapping"),
        ("\0", "no-such-mapping"),
        (str(tmp_path / "long.toml"), "mapping-too-long"),
    ):
        with pytest.raises(FileRefused) as refused:
            load_mapping(name)
        assert refused.value.problem.code == code


def test_the_documentation_names_every_field_and_every_key() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")

    for name in (*FIELDS, *COLUMN_KEYS, *(f"`{name}`" for name in shipped_mappings())):
        assert name in text, name
