"""The invented incidents of the demonstration: plainly invented people in a plainly invented country. Pure."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from amparo.cases.dates import EventDate
from amparo.cases.drafts import IncidentDraft, VictimDraft

COUNTRY = "XDM"
FILE = Path(__file__).parent / "data" / "invented-incidents.toml"
TITLES = {
    "en": "Cases of the demonstration (invented)",
    "fr": "Cas de la démonstration (inventés)",
    "es": "Casos de la demostración (inventados)",
    "ar": "حالات العرض التوضيحي (متخيَّلة)",
}
COVERAGE = {
    "en": "Nothing of this happened: it shows how Amparo works, and is never counted with real data.",
    "fr": "Rien de ceci n’a eu lieu : cela montre le fonctionnement d’Amparo, et n’est jamais compté avec le réel.",
    "es": "Nada de esto ocurrió: muestra cómo funciona Amparo y nunca se cuenta junto con datos reales.",
    "ar": "لم يحدث شيء من هذا: يبيّن كيف يعمل Amparo ولا يُحتسب أبدًا مع بيانات حقيقية.",
}


def read_invented_incidents() -> Iterator[IncidentDraft]:
    """The incidents, coded, with what goes sealed."""
    for said in tomllib.loads(FILE.read_text(encoding="utf-8"))["incidents"]:
        yield _draft(said)


def source_code(kind: str) -> str:
    """The code of the invented source of that kind."""
    return f"demo-{kind}"


def _draft(said: Mapping[str, Any]) -> IncidentDraft:
    victim = VictimDraft(
        target=said["target"],
        sex=said["sex"],
        gender=said["gender"],
        age_band=said["age_band"],
        profiles=tuple(said["profiles"]),
        acts=tuple(said["acts"]),
        identity={"name": said["name"], "contact": said["contact"]},
    )
    return IncidentDraft(
        date=EventDate.read(said["date"]),
        country=COUNTRY,
        area=said["area"],
        setting=said["setting"],
        status=said["status"],
        victims=(victim,),
        perpetrators=tuple(said["perpetrators"]),
        sources=(source_code(said["source"]),),
        narrative={"text": said["text"], "place": said["place"], "language": said["language"]},
    )
