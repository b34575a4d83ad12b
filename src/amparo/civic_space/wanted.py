"""Which conditions are asked for: on the list, on the timeline, in a file."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import F, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.civic_space.facts import EARLIEST_YEAR
from amparo.civic_space.models import ConditionVersion
from amparo.ui.templatetags.ui import label as label_of
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.vocabularies.choices import Choices, choices_of, grouped_choices
from amparo.vocabularies.folding import fold

_LATEST_YEAR = 2200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conditions; "" and None leave a facet open. `kind` finds what is below it too."""

    country: str = ""
    kind: str = ""
    effect: str = ""
    setting: str = ""
    state: str = ""
    first: int | None = None
    last: int | None = None


class WantedForm(forms.Form):
    """The filters of the list. What is not understood is as if it had not been asked for."""

    country = forms.ChoiceField(required=False, label=_("Country"))
    kind = forms.ChoiceField(required=False, label=_("Kind"))
    effect = forms.ChoiceField(required=False, label=_("Effect"))
    setting = forms.ChoiceField(required=False, label=_("Online or offline"))
    state = forms.ChoiceField(required=False, label=_("Review"))
    first = forms.IntegerField(
        required=False, min_value=EARLIEST_YEAR, max_value=_LATEST_YEAR, label=_("Began in or after")
    )
    last = forms.IntegerField(
        required=False, min_value=EARLIEST_YEAR, max_value=_LATEST_YEAR, label=_("Began in or before")
    )

    def __init__(self, *args: Any, countries: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        named = sorted(((code, label_of(code, "countries")) for code in countries), key=lambda pair: fold(pair[1]))
        for name, choices in (
            ("country", named),
            ("kind", grouped_choices("condition-kinds")),
            ("effect", choices_of("condition-effects")),
            ("setting", choices_of("settings")),
            ("state", choices_of("condition-review-states", {"unknown"})),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
            field.choices = [("", gettext("All")), *cast(Choices, choices)]

    def wanted(self) -> Wanted:
        """What is asked for."""
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})


def choose(versions: QuerySet[ConditionVersion], wanted: Wanted) -> QuerySet[ConditionVersion]:
    """Those of `versions` that are asked for, the newest first, those without a date at the end."""
    exact = {name: getattr(wanted, name) for name in ("country", "effect", "state") if getattr(wanted, name)}
    found = versions.filter(**exact)
    if wanted.kind:
        found = found.filter(kind__in=get_vocabulary("condition-kinds").with_narrower(wanted.kind))
    if wanted.setting:
        found = found.filter(setting__in=settings_like(wanted.setting))
    if wanted.first is not None:
        found = found.filter(earliest__gte=date(wanted.first, 1, 1))
    if wanted.last is not None:
        found = found.filter(earliest__lte=date(wanted.last, 12, 31))
    return found.order_by(F("earliest").desc(nulls_last=True), "-pk")


def settings_like(setting: str) -> tuple[str, ...]:
    """The codes that someone who asks for `setting` wants to see: "both" is online as well as offline."""
    return (setting, "both") if setting in ("online", "offline") else (setting,)
