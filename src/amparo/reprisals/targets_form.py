"""The form that says whom each form of a reprisal was directed at: the institution, and persons with their function."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from amparo.reprisals.drafts import UNKNOWN, TargetDraft
from amparo.reprisals.form_fields import CodeField, CodesField
from amparo.reprisals.forms import chosen_forms, functions
from amparo.reprisals.forms_of_reprisal import FORMS, INSTITUTION
from amparo.ui.templatetags.ui import label as label_of

MOST_PERSONS = 20
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class PersonFields:
    """The fields of one person, by her number on the page."""

    number: int
    target: BoundField
    sex: BoundField
    name: BoundField
    hit_by: BoundField

    @property
    def plain(self) -> tuple[BoundField, ...]:
        """The fields that are one line each."""
        return (self.target, self.sex, self.name)


class TargetsForm(forms.Form):
    """Which of the `chosen` forms hit the institution as such, and which hit which person."""

    def __init__(self, *args: Any, chosen: Sequence[str], seat: str = UNKNOWN, more: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.chosen = tuple(chosen)
        self.persons = min(self._number_sent() + more, MOST_PERSONS)
        on_institution = tuple(code for code in chosen if FORMS[code].on_institution)
        offered = lambda: chosen_forms(chosen)  # noqa: E731
        self.fields["institution"] = CodesField(
            "nhri-reprisal-forms",
            _("The institution as such: what hit it"),
            offered=offered,
            initial=on_institution,
        )
        for number in range(self.persons):
            first = number == 0
            self.fields[f"target_{number}"] = CodeField(
                "targets",
                _("Function"),
                offered=lambda: functions(unknown=True),
                initial=seat if first else UNKNOWN,
            )
            self.fields[f"sex_{number}"] = CodeField("sex", _("Sex"))
            self.fields[f"name_{number}"] = forms.CharField(
                required=False,
                max_length=LONGEST_NAME,
                label=_("Name"),
                help_text=_("Sealed."),
                widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
            )
            self.fields[f"hit_by_{number}"] = CodesField(
                "nhri-reprisal-forms",
                _("What was done to this person"),
                offered=offered,
                initial=tuple(code for code in chosen if code not in on_institution) if first else (),
            )

    def person_fields(self) -> Iterator[PersonFields]:
        """The fields of each person, for the page."""
        for number in range(self.persons):
            yield PersonFields(number + 1, *(self[f"{name}_{number}"] for name in ("target", "sex", "name", "hit_by")))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        hit: set[str] = set(said.get("institution", ()))
        for number in range(self.persons):
            forms_of_person = said.get(f"hit_by_{number}", ())
            hit |= set(forms_of_person)
            told = said.get(f"name_{number}") or said.get(f"target_{number}", UNKNOWN) != UNKNOWN
            if told and not forms_of_person:
                self.add_error(f"hit_by_{number}", _("Mark what was done to this person, or leave the person out."))
        missing = [label_of(code, "nhri-reprisal-forms") for code in self.chosen if code not in hit]
        if missing and not self.errors:
            self.add_error(None, _("Say whom this was directed at: %(forms)s.") % {"forms": _(", ").join(missing)})
        return said

    def targets(self) -> tuple[TargetDraft, ...]:
        """Whom it was directed at. Call after `is_valid`."""
        said = self.cleaned_data
        found = [TargetDraft(INSTITUTION, said["institution"])] if said["institution"] else []
        found += [
            TargetDraft(
                said[f"target_{number}"], said[f"hit_by_{number}"], said[f"sex_{number}"], said[f"name_{number}"]
            )
            for number in range(self.persons)
            if said[f"hit_by_{number}"]
        ]
        return tuple(found)

    def _number_sent(self) -> int:
        if not self.is_bound:
            return 1
        sent: Mapping[str, Any] = self.data
        return max(
            (number + 1 for number in range(MOST_PERSONS) if self.add_prefix(f"target_{number}") in sent), default=1
        )
