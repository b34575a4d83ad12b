"""The demo, as a newcomer starts it: a store of its own, built whole or not at all, served to this machine."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from amparo.cases.drafts import IncidentDraft
from amparo.config.demo_store import DemoRefused, check_place, draft_of, in_use, is_demo_store, remove_demo
from amparo.portal.demo.coded_facts import COLUMNS, read_coded_facts, write_coded_facts
from amparo.portal.demo.invented import FILE, read_invented_incidents
from amparo.portal.demo.invented_reports import read_invented_reports, receipts
from amparo.portal.demo.make_coded_facts import facts_in
from amparo.portal.demo.people import PASSWORD, PEOPLE
from amparo.vocabularies.catalogue import get_vocabulary
from tests.launcher.serving import Served, fetch, served

ROOT = Path(__file__).resolve().parents[2]


def command(*arguments: str) -> tuple[list[str], dict[str, str]]:
    left = {name: value for name, value in os.environ.items() if name != "AMPARO_DATA_DIR"}
    words = [sys.executable, "-P", "-m", "amparo", "demo", *arguments]
    return words, left | {"PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    words, variables = command(*arguments)
    return subprocess.run(words, env=variables, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=900)


def serve(folder: Path, *arguments: str, log: Path) -> AbstractContextManager[Served]:
    """`./amparo demo` on `folder`, stopped by Ctrl-C on leaving."""
    words, variables = command("--data-dir", str(folder), *arguments)
    return served(words, variables, r"demo is at +(\S+)", log)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo store, built by a first start."""
    folder = tmp_path_factory.mktemp("demo") / "store"
    with serve(folder, log=folder.with_suffix(".log")) as shown:
        assert 'lang="en"' in fetch(f"{shown.address}en/")
    return folder


def test_it_works(demo: Path, tmp_path: Path) -> None:
    with serve(demo, log=tmp_path / "log") as shown:
        home = fetch(f"{shown.address}en/")

    assert "1,733" in home or "1733" in home or "3,939" in home or "1,782" in home
    assert all(person.username in shown.told for person in PEOPLE)
    assert PASSWORD in shown.told
    assert all(receipt in shown.told for _, receipt in receipts())


def test_the_second_start_takes_the_same_store_and_is_quick(demo: Path, tmp_path: Path) -> None:
    before = (demo / "demo.json").stat().st_ino

    with serve(demo, log=tmp_path / "log") as shown:
        pass

    assert (demo / "demo.json").stat().st_ino == before
    assert "Making a demo" not in shown.told
    # Of the processor, whatever runs beside it; three seconds by the clock on an idle machine.
    assert shown.processor_seconds < 8


def test_it_shows_the_counts_of_the_published_lists(demo: Path) -> None:
    with closing(sqlite3.connect(demo / "amparo.sqlite3")) as store:
        counts = dict(
            store.execute(
                "SELECT d.code, count(*) FROM cases_victim v JOIN cases_incident i ON v.incident_id = i.id "
                "JOIN cases_dataset d ON i.dataset_id = d.id WHERE NOT d.invented GROUP BY d.code"
            )
        )

    assert counts == {"global-witness": 1733, "colombia-social-leaders": 424, "cpj": 1782}


def test_its_store_names_nobody(demo: Path) -> None:
    secrets = [
        text
        for draft in read_invented_incidents()
        for fields in (draft.narrative, draft.victims[0].identity)
        for key, text in fields.items()
        if key != "language"
    ]
    for report in read_invented_reports():
        secrets += [text for text in report.answers.values() if isinstance(text, str) and "nvent" in text]
        secrets += [message.text for message in report.messages]
    assert len(secrets) > 90

    for path in demo.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for secret in secrets:
                assert secret.encode() not in content, path
                assert secret.encode("utf-16-le") not in content, path


def test_only_its_owner_may_enter_it(demo: Path) -> None:
    assert demo.stat().st_mode & 0o777 == 0o700


def test_a_taken_port_that_was_asked_for_is_refused_with_another(demo: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        done = run("--port", str(taken), "--data-dir", str(demo))

    assert done.returncode == 1
    assert re.search(r"--port \d+", done.stderr)
    assert "Traceback" not in done.stderr


def test_reset_without_a_terminal_asks_for_yes(demo: Path) -> None:
    done = run("--reset", "--data-dir", str(demo))

    assert done.returncode == 1
    assert "--yes" in done.stderr
    assert is_demo_store(demo)


@pytest.mark.long
def test_reset_makes_a_new_one(demo: Path, tmp_path: Path) -> None:
    copied = tmp_path / "store"
    shutil.copytree(demo, copied)
    (copied / "left-by-a-visitor").write_text("x", encoding="utf-8")

    with serve(copied, "--reset", "--yes", log=tmp_path / "log") as shown:
        assert "Making a demo" in shown.told

    assert not (copied / "left-by-a-visitor").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".store")] == []


def test_a_demo_that_is_served_is_not_reset(demo: Path, tmp_path: Path) -> None:
    with in_use(demo):
        done = run("--reset", "--yes", "--data-dir", str(demo))

    assert done.returncode == 1
    assert "being served" in done.stderr
    assert is_demo_store(demo)


@pytest.mark.parametrize("option", [[], ["--reset", "--yes"]])
def test_a_store_that_no_demo_made_is_left_as_it_is(tmp_path: Path, option: list[str]) -> None:
    (tmp_path / "amparo.sqlite3").write_text("somebody's real store", encoding="utf-8")

    done = run(*option, "--data-dir", str(tmp_path))

    assert done.returncode == 1
    assert "no demo made" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["amparo.sqlite3"]
    assert (tmp_path / "amparo.sqlite3").read_text(encoding="utf-8") == "somebody's real store"


def test_a_seeding_that_was_killed_leaves_nothing_in_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    words, variables = command("--data-dir", str(folder))
    running = subprocess.Popen(
        words, env=variables, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, start_new_session=True
    )
    assert running.stderr is not None
    while "[4/" not in running.stderr.readline():
        assert running.poll() is None
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    assert not folder.exists()

    with draft_of(folder) as draft:
        assert draft is not None
        assert list(draft.iterdir()) == []

    assert is_demo_store(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_draft_that_fails_is_cleared_away(tmp_path: Path) -> None:
    def fail() -> None:
        with draft_of(tmp_path / "store") as draft:
            assert draft is not None
            (draft / "half").write_text("x", encoding="utf-8")
            raise RuntimeError("invented")

    with pytest.raises(RuntimeError, match="invented"):
        fail()

    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_may_become_a_demo(tmp_path: Path) -> None:
    check_place(tmp_path)

    with draft_of(tmp_path):
        pass

    assert is_demo_store(tmp_path)


def test_only_a_demo_is_ever_removed(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text('{"made by": "somebody else"}', encoding="utf-8")

    with pytest.raises(DemoRefused, match="not-a-demo"):
        remove_demo(tmp_path)

    assert (tmp_path / "demo.json").exists()


def test_the_coded_facts_are_those_of_the_published_lists(shared_data: Path, tmp_path: Path) -> None:
    written = tmp_path / "facts.csv.gz"
    write_coded_facts(written, facts_in(shared_data))

    assert Counter(map(repr_of, read_coded_facts(written))) == Counter(map(repr_of, read_coded_facts()))


def test_the_coded_facts_hold_codes_and_dates_only() -> None:
    vocabularies = {
        "country": "countries",
        "area": "areas",
        "sex": "sex",
        "age_band": "age-bands",
        "target": "targets",
        "status": "information-status",
        "sector": "sectors",
        "setting": "settings",
    }
    several = {"profiles": "defender-profiles", "acts": "acts", "perpetrators": "alleged-perpetrators"}

    for _, draft in read_coded_facts():
        victim = draft.victims[0]
        assert not draft.narrative
        assert not victim.identity
        for column, vocabulary in vocabularies.items():
            assert getattr(draft if hasattr(draft, column) else victim, column) in get_vocabulary(vocabulary).terms
        for column, vocabulary in several.items():
            for code in getattr(draft if hasattr(draft, column) else victim, column):
                assert code in get_vocabulary(vocabulary).terms
    assert not {"name", "text", "place", "municipality"} & set(COLUMNS)


def test_the_invented_incidents_use_the_vocabularies_and_are_plainly_invented() -> None:
    drafts = list(read_invented_incidents())

    assert len(drafts) >= 24
    assert {str(draft.narrative["language"]) for draft in drafts} == {"en", "fr", "es", "ar"}
    for draft in drafts:
        (victim,) = draft.victims
        assert draft.country == "XDM"
        assert draft.area in get_vocabulary("areas").terms
        assert re.search("Invent|متخيَّل", str(victim.identity["name"]))
        assert re.match("Invent|قصة متخيَّلة", str(draft.narrative["text"]))
        for vocabulary, codes in (
            ("acts", victim.acts),
            ("defender-profiles", victim.profiles),
            ("alleged-perpetrators", draft.perpetrators),
            ("targets", (victim.target,)),
            ("sex", (victim.sex,)),
            ("gender", (victim.gender,)),
            ("age-bands", (victim.age_band,)),
            ("settings", (draft.setting,)),
            ("information-status", (draft.status,)),
            ("source-kinds", [code.removeprefix("demo-") for code in draft.sources]),
        ):
            assert set(codes) <= set(get_vocabulary(vocabulary).terms), (vocabulary, codes)
    assert "example.invalid" in FILE.read_text(encoding="utf-8")


def repr_of(fact: tuple[str, IncidentDraft]) -> str:
    dataset, draft = fact
    return f"{dataset} {draft!r} {draft.date}"
