"""The list of social leaders killed in Colombia, imported twice from two copies that differ: each person once."""

import csv
import random
from pathlib import Path

import pytest

from amparo.cases.coded_plane import read_coded_plane
from amparo.cases.models import Incident, Information, Victim
from amparo.exchange.importing import import_incidents
from amparo.exchange.mapping import load_mapping
from amparo.linkage import merging
from amparo.linkage.looking import Scope, look_for_same_persons
from amparo.linkage.models import NOT_SAME, OTHER_EVENT, SAME_EVENT, Candidate, Merge
from amparo.vault import services as vault
from tests.factories import make_institution, make_member
from tests.linkage.planting import plant

FILE = "colombia-social-leaders/lideres_sociales_2016_2020.csv"
MAPPING = Path(__file__).resolve().parents[2] / "src/amparo/exchange/mappings/colombia-social-leaders.toml"
SOURCES = ("Prensa", "Indepaz", "Somos Defensores", "CODHES", "Pacifista")


def write_copy(published: Path, to: Path) -> dict[str, str]:
    """A second copy as another office may have it; for each of its names the published one."""
    chance = random.Random(7)  # noqa: S311
    with published.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {}
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        for row in rows:
            if chance.random() < 0.05:
                continue
            name = plant(row["nombre"], chance)
            names[f"{name}|{row['fecha']}"] = row["nombre"]
            sources = set(filter(None, row["fuentes"].split(",")))
            sources = {each for each in sources if chance.random() < 0.8} | {chance.choice(SOURCES)}
            writer.writerow(row | {"nombre": name, "fuentes": ",".join(sorted(sources)), "cargo": ""})
    return names


@pytest.mark.django_db
def test_two_copies_end_as_424_persons_with_every_source(shared_data: Path, tmp_path: Path) -> None:
    founded = make_institution()
    user = make_member(founded)
    second, mapping = tmp_path / "second.csv", tmp_path / "second.toml"
    published = shared_data / FILE
    truth = write_copy(published, second)
    text = MAPPING.read_text(encoding="utf-8").replace('code = "colombia-social-leaders"', 'code = "second-copy"')
    mapping.write_text(text, encoding="utf-8")
    assert import_incidents(published, load_mapping("colombia-social-leaders"), founded.institution).written
    outcome = import_incidents(second, load_mapping(str(mapping)), founded.institution)
    assert outcome.written
    both = Victim.objects.count()
    assert both == 424 + outcome.summary.victims < 848
    told = Information.objects.count()

    looked = look_for_same_persons(
        user, founded.institution, founded.unlocked, Scope(dataset="colombia-social-leaders", other="second-copy")
    )
    assert looked.victims == both
    _, sure = merging.accept_all_sure(user)
    assert sure > 0.85 * outcome.summary.victims
    confirm_the_rest(user, founded.unlocked, truth)

    merges = list(Merge.objects.all())
    assert len(merges) == outcome.summary.victims
    assert all(merge.reasons and merge.score and merge.after for merge in merges)
    assert merging.count_persons(founded.institution) == 424
    assert Incident.objects.filter(same_as=None).count() == 424
    assert Victim.objects.count() == both
    assert Information.objects.count() == told
    plane = read_coded_plane()
    assert len(set(plane["victim_id"].to_pylist())) == 424
    assert len(set(plane["person"].to_pylist())) == 424
    counted = {(row["incident_id"], code) for row in plane.to_pylist() for code in row["source"]} - {
        (incident, "unknown") for incident in plane["incident_id"].to_pylist()
    }
    kept = {
        (information.incident.same_as_id or information.incident_id, information.source.code)
        for information in Information.objects.select_related("incident", "source")
    }
    assert counted == kept
    # By itself the second list still counts all that it lists.
    assert len(set(read_coded_plane(["second-copy"])["victim_id"].to_pylist())) == outcome.summary.victims


def confirm_the_rest(user: object, unlocked: vault.Unlocked, truth: dict[str, str]) -> None:
    """As a person does it who knows who is who."""
    waiting = Candidate.objects.filter(decision="open").select_related(
        "one__section", "other__section", "one__incident", "other__incident"
    )
    for candidate in waiting:
        opened = vault.open_sections([candidate.one.section, candidate.other.section], unlocked)
        names = [str(opened[each.section_id]["name"]) for each in (candidate.one, candidate.other)]
        key = f"{names[1]}|{candidate.other.incident.date}"
        # The same name in the copy on the same day may stand for brothers: then the incident tells.
        same = truth.get(key, "").split() == names[0].split()
        merging.decide(user, candidate.pk, SAME_EVENT if same else NOT_SAME)


def test_decisions_are_those_that_a_form_offers() -> None:
    assert set(merging.DECISIONS) == {SAME_EVENT, OTHER_EVENT, NOT_SAME, "later"}
