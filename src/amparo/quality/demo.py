"""An invented second coding of invented cases, for the demonstration."""

from amparo.institutions.models import User
from amparo.quality.fields import SEVERAL, join_codes
from amparo.quality.models import CodingRound
from amparo.quality.recoding import DECISIONS, NothingToDraw, code_again, draw_sample, own_cases, resolve, rounds_of
from amparo.vocabularies.catalogue import UNKNOWN

_SEED, _SIZE = 20_181_012, 60
_TOKEN = "0" * 31 + "1"
_FIELDS = ("setting", "act", "target", "sex", "age", "perpetrator")
_CODED, _RESOLVED = 0.8, 3


def seed_demo_quality(drawn_by: User, coded_by: User) -> CodingRound | None:
    """A sample of their institution's cases, most of it coded again by `coded_by`, and a few decisions.

    Seeded once, however often it is called; None where there are no cases with a story. They differ where a second
    reader plausibly would: she finds fewer ages, and takes one kind of act or of perpetrator for its neighbour.
    """
    there = rounds_of(drawn_by).filter(token=_TOKEN).first()
    if there is not None:
        return there
    try:
        drawn = draw_sample(drawn_by, _SIZE, _FIELDS, _SEED, _TOKEN)
    except NothingToDraw:
        return None
    sampled = list(drawn.sampled.all())
    own = own_cases(coded_by, [each.incident_id for each in sampled])
    differing = []
    for each in sampled[: max(1, int(len(sampled) * _CODED))]:
        if each.incident_id in own:
            continue
        coding = {code: _again(code, each.first[code], each.order) for code in drawn.fields}
        code_again(coded_by, each.pk, coding)
        differing += [(each.pk, code) for code in drawn.fields if coding[code] != each.first[code]]
    for place, (number, code) in enumerate(differing[:_RESOLVED]):
        resolve(drawn_by, number, code, DECISIONS[place % len(DECISIONS)])
    return drawn


def _again(code: str, first: str, order: int) -> str:
    """How the invented colleague codes it: mostly the same, now and then something near it."""
    if code == "age" and order % 4 == 0:
        return UNKNOWN if order % 8 == 0 else _NEXT_AGE.get(first, first)
    if code == "setting" and order % 7 == 0:
        return "both" if first in ("offline", "online") else first
    if code == "target" and order % 9 == 0:
        return "relative" if first == "human-rights-defender" else first
    if code in SEVERAL and order % 6 == 0:
        return _NEAR.get(first, join_codes(first.split(" + ")[:1]))
    return first


_NEXT_AGE = {"18-24": "25-34", "25-34": "35-49", "35-49": "25-34", "50-64": "35-49", "65-plus": "50-64"}
_NEAR = {
    "threat": "death-threat",
    "death-threat": "threat",
    "harassment": "online-harassment",
    "fabricated-charge": "judicial-harassment",
    "surveillance": "digital-surveillance",
    "police": "state-actor",
    "company": "private-security",
}
