"""What pages on consents, sharing and the history of a case need to name things."""

from datetime import UTC, datetime

from babel.dates import format_date
from django import template
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from amparo.cases.sharing.forms import LANGUAGES_ASKED_IN
from amparo.cases.sharing.matrix import State, state_of
from amparo.institutions.names import public_name
from amparo.vault.models import Consent
from amparo.vocabularies.catalogue import get_vocabulary

register = template.Library()
register.filter("name_of_institution", public_name)

_STATES = {
    State.HOLDS: _("holds"),
    State.EXPIRED: _("has run out"),
    State.WITHDRAWN: _("withdrawn"),
    State.REPLACED: _("replaced by a newer one"),
}


@register.filter
def defined_as(code: str, vocabulary: str) -> str:
    """The definition of `code` in the active language; "" where the vocabulary has it no longer."""
    term = get_vocabulary(vocabulary).terms.get(code)
    return term.definition(get_language() or "en") if term else ""


@register.filter
def state_in_words(state: State | Consent) -> str:
    """How a consent stands."""
    return gettext(_STATES[state_of(state) if isinstance(state, Consent) else state])


@register.filter
def language_asked_in(code: str) -> str:
    """The language in which somebody was asked, by its own name."""
    return str(dict(LANGUAGES_ASKED_IN).get(code, code))


@register.filter
def day_and_hour(moment: datetime) -> str:
    """Day and hour, universal time."""
    universal = moment.astimezone(UTC)
    return f"{format_date(universal, 'medium', locale=get_language() or 'en')} · {universal:%H:00} UTC"
