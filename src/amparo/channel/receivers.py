"""Who receives reports: the open channels, under the institutions' public names."""

from dataclasses import dataclass
from hashlib import sha256

from django.core.validators import slug_re
from django.utils.translation import get_language

from amparo.channel.models import Channel
from amparo.institutions.models import Institution
from amparo.institutions.names import public_name
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.vocabularies.folding import fold

KINDS = ("nhri", "network", "ganhri")


@dataclass(frozen=True, slots=True)
class Receiver:
    """An institution that can be chosen. `country` is its name in the reader's language; "" for a network."""

    code: str
    kind: str
    name: str
    country: str


def open_channel(code: str) -> Channel | None:
    """The channel of the institution `code`; None where it takes no reports."""
    # What else was sent may not be text that a database takes.
    if not slug_re.match(code):
        return None
    return Channel.objects.select_related("institution__key_pair").filter(is_open=True, institution__code=code).first()


def list_receivers() -> dict[str, list[Receiver]]:
    """The institutions that take reports, by kind; NHRIs by their country in the reader's language."""
    found = [_receiver(each) for each in Institution.objects.filter(channel__is_open=True)]
    by_kind = {kind: [each for each in found if each.kind == kind] for kind in KINDS}
    return {kind: sorted(each, key=lambda one: (fold(one.country), fold(one.name))) for kind, each in by_kind.items()}


def key_fingerprint(institution: Institution) -> str:
    """The SHA-256 of the institution's public key in groups of four: to compare with what it publishes elsewhere."""
    digest = sha256(bytes(institution.key_pair.public_key)).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, 64, 4))


def _receiver(institution: Institution) -> Receiver:
    term = get_vocabulary("countries").terms.get(institution.country)
    country = term.label(get_language() or "en") if term else ""
    return Receiver(institution.code, institution.kind, public_name(institution), country)
