"""The form that asks for a period."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amparo.ui.forms import day_field


class PeriodForm(forms.Form):
    """From a day to a day; each may be left open."""

    since = day_field(_("Received from"))
    until = day_field(_("to"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["since"].required = self.fields["until"].required = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", _("The end lies before the beginning."))
        return said
