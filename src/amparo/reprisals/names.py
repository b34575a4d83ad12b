"""How NHRIs are named in the reader's language."""

from django.utils.translation import get_language

from amparo.reprisals.models import NhriProfile


def name_nhri(profile: NhriProfile) -> str:
    """The public name in the active language, else in the first that has one."""
    names: dict[str, str] = profile.names
    return names.get(get_language() or "en") or names.get("en") or next(iter(names.values()), str(profile.pk))
