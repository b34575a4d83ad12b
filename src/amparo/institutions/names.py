"""What institutions are called."""

from django.utils.translation import get_language

from amparo.institutions.models import Institution


def public_name(institution: Institution, language: str | None = None) -> str:
    """The public name in `language`, else in the reader's; in English where there is none in that."""
    names: dict[str, str] = institution.names
    return names.get(language or get_language() or "en") or names.get("en") or institution.code
