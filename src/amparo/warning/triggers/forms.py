"""The numbers of a rule, as somebody fills them in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amparo.warning.models import Rule
from amparo.warning.triggers.kinds import RULES

LABELS = {
    "number": _("How many at least"),
    "days": _("Within how many days"),
    "percent": _("By how many per cent at least"),
    "usual": _("Cases in the year before it, at least"),
}


class RuleForm(forms.Form):
    """The numbers of a rule of one kind."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rule: Rule, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("version", rule.version)
        for name, parameter in RULES[rule.kind].parameters.items():
            self.fields[name] = forms.IntegerField(
                min_value=parameter.least, max_value=parameter.most, label=LABELS[name]
            )
            self.initial.setdefault(name, rule.parameters.get(name, parameter.default))

    def numbers(self) -> dict[str, int]:
        """What was typed. Call after `is_valid`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
