"""How NHRIs and their functions are named in the reader's language."""

from django.utils.translation import get_language

from amparo.reprisals.models import NhriProfile
from amparo.vocabularies.catalogue import get_vocabulary


def name_nhri(profile: NhriProfile) -> str:
    """The public name in the active language, else in the first that has one."""
    names: dict[str, str] = profile.names
    return names.get(get_language() or "en") or names.get("en") or next(iter(names.values()), str(profile.pk))


def label_of(code: str, vocabulary: str) -> str:
    """The label of `code` in the active language; the code itself where the vocabulary no longer has it."""
    term = get_vocabulary(vocabulary).terms.get(code)
    return term.label(get_language() or "en") if term else code
