"""Choosing one of the datasets whose past may be looked at."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amparo.cases.models import Dataset
from amparo.institutions.models import User
from amparo.warning.backtest.playing import datasets_for


class DatasetField(forms.ModelChoiceField):  # type: ignore[type-arg]  # (is generic for the type checker only)
    """A dataset by its code, shown with its title."""

    def label_from_instance(self, obj: Any) -> str:
        return title_of(obj)


class DatasetForm(forms.Form):
    """Of which dataset, among those that `user` may see."""

    dataset = DatasetField(Dataset.objects.none(), to_field_name="code", label=_("Dataset"), empty_label=None)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["dataset"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (declared above)
        field.queryset = datasets_for(user)


def title_of(dataset: Dataset) -> str:
    """The name of a dataset in the active language."""
    titles = dataset.titles
    return str(titles.get(get_language() or "en") or titles.get("en") or dataset.code)
