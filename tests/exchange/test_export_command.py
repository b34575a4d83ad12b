"""`./amparo export incidents`: who may, what is written, where, and what is said."""

import csv
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings

from amparo.cases.models import Dataset
from amparo.exchange.export_commands import export, unlock_for_export
from amparo.exchange.exporting import export_incidents
from amparo.exchange.importing import import_incidents
from amparo.exchange.mapping import load_mapping
from amparo.exchange.messages import describe
from amparo.exchange.problems import FileRefused
from amparo.institutions.second_factors import make_recovery_codes
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry
from tests.exchange.invented_files import COLUMNS, MAPPING, make_mapping, make_rows, write_csv
from tests.factories import PASSWORD, make_institution, make_member

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def founded(db: None, tmp_path: Path) -> Founded:
    founded = make_institution("invented-nhri")
    import_incidents(write_csv(tmp_path / "list.csv", make_rows(3)), make_mapping(), founded.institution)
    return founded


def refused_code(founded: Founded, path: Path, unlocked: object = None) -> str:
    with pytest.raises(FileRefused) as refused:
        export_incidents(path, make_mapping(), founded.institution, unlocked or founded.unlocked)  # type: ignore[arg-type]
    assert describe(refused.value.problem)
    return refused.value.problem.code


def test_it_works(founded: Founded, tmp_path: Path) -> None:
    person = make_member(founded)
    user, unlocked = unlock_for_export(founded.institution, person, PASSWORD)

    exported = export_incidents(tmp_path / "out.csv", make_mapping(), founded.institution, unlocked, user.pk)

    assert (exported.incidents, exported.rows) == (3, 3)
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(COLUMNS)
    assert [(row["name"], row["age"], row["story"]) for row in rows[:1]] == [
        ("Inventada 001", "41", "An invented story.")
    ]
    # This mapping keeps no cells as they were written: what may differ is named, and what is ignored is blank.
    assert rows[0]["number"] == ""
    assert {"number", "sex", "sources"} <= set(exported.lost_columns)
    assert not {"name", "story"} & set(exported.lost_columns)
    entry = LogEntry.objects.latest("number")
    assert (entry.action, entry.actor, entry.institution) == ("incidents-exported", person.pk, "invented-nhri")


def test_it_is_written_over_nothing_and_never_into_the_store(founded: Founded, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("kept")
    (tmp_path / "into-the-store").symlink_to(settings.DATA_DIR)

    assert refused_code(founded, tmp_path / "there.csv") == "output-exists"
    assert refused_code(founded, tmp_path / "nowhere" / "out.csv") == "output-not-writable"
    assert refused_code(founded, Path(settings.DATA_DIR) / "out.csv") == "output-in-store"
    assert refused_code(founded, tmp_path / "into-the-store" / "out.csv") == "output-in-store"
    assert (tmp_path / "there.csv").read_text() == "kept"
    assert not LogEntry.objects.filter(action="incidents-exported").exists()


def test_what_does_not_open_is_not_left_blank(founded: Founded, tmp_path: Path) -> None:
    other = make_institution()

    assert refused_code(founded, tmp_path / "out.csv", other.unlocked) == "not-all-opens"
    assert not (tmp_path / "out.csv").exists()


def test_another_institution_has_nothing_of_it(founded: Founded, tmp_path: Path) -> None:
    assert refused_code(make_institution(), tmp_path / "out.csv") == "nothing-imported"


def test_who_may_not_is_told_the_same_whatever_is_wrong(founded: Founded) -> None:
    real = make_institution("invented-real", invented=False)
    left = make_member(founded)
    left.is_active = False
    cases = [
        (founded, None, PASSWORD, ""),
        (founded, make_member(founded), "another invented pass phrase", ""),
        (founded, make_member(founded, role="analyst"), PASSWORD, ""),
        (founded, make_member(founded, role="auditor"), PASSWORD, ""),
        (founded, make_member(real), PASSWORD, ""),
        (founded, left, PASSWORD, ""),
        # Who signs in with a second step shows it here too.
        (real, make_member(real), PASSWORD, "123456"),
    ]
    for of, user, password, code in cases:
        with pytest.raises(FileRefused) as refused:
            unlock_for_export(of.institution, user, password, code)
        assert refused.value.problem.code == "may-not-export"


def test_a_second_step_lets_in(founded: Founded) -> None:
    real = make_institution("invented-real", invented=False)
    person = make_member(real)

    _, unlocked = unlock_for_export(real.institution, person, PASSWORD, make_recovery_codes(person)[0])

    assert unlocked.key_pair_id == real.institution.key_pair_id


def test_a_password_is_taken_from_no_pipe(founded: Founded, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(MAPPING)
    arguments = ["incidents", "--mapping", str(tmp_path / "mapping.toml"), "--output", str(tmp_path / "out.csv")]

    done = CliRunner().invoke(export, [*arguments, "--json"], input=f"invented-person\n{PASSWORD}\n")

    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]["code"] == "needs-terminal"
    assert not any("password" in str(option.opts) for option in export.commands["incidents"].params)
    assert not (tmp_path / "out.csv").exists()


def test_a_second_copy_of_a_list_is_kept_under_a_code_of_its_own(founded: Founded, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(MAPPING)
    copy = load_mapping(str(tmp_path / "mapping.toml"), "invented-copy")

    outcome = import_incidents(tmp_path / "list.csv", copy, founded.institution)

    assert outcome.summary.incidents == 3
    assert set(Dataset.objects.values_list("code", flat=True)) == {"invented-list", "invented-copy"}
    with pytest.raises(FileRefused) as refused:
        load_mapping(str(tmp_path / "mapping.toml"), "Not a Code")
    assert refused.value.problem.code == "not-a-code"


@pytest.mark.slow
def test_a_dry_run_into_an_empty_store_sets_nothing_up(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(MAPPING)
    path = write_csv(tmp_path / "list.csv", make_rows(2))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AMPARO_")}
    kept.pop("DATABASE_URL", None)
    kept |= {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "amparo.config.settings"}

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "amparo", "--data-dir", str(tmp_path / "store"), "import", *options]
        return subprocess.run(command, env=kept, capture_output=True, text=True, check=True)

    mapping = ("--mapping", str(tmp_path / "mapping.toml"))
    tried = run("incidents", str(path), *mapping, "--dry-run")
    drafted = run("draft-mapping", str(path))
    done = run("incidents", str(path), *mapping)

    assert "2 incidents" in tried.stdout
    # The shares of a recovery key are shown once: by the import that made the institution.
    said = [len(each.stdout + each.stderr) for each in (tried, done)]
    assert said[0] + 500 < said[1]
    assert "recovery" not in (tried.stderr + drafted.stderr).lower()
    assert "recovery" in (done.stdout + done.stderr).lower()
