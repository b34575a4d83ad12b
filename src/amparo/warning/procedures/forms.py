"""What is filled in for a procedure: a step in the institution's own words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amparo.ui.forms import OnceForm
from amparo.warning.procedures.keeping import LONGEST_WORDS, find_wrong

PROBLEMS = {
    "no-step": _("Write what is to be done."),
    "step-too-long": _("This is too long: shorten it."),
    "step-has-contact": _("It has a telephone number or an e-mail address: these belong to the directory, sealed."),
}


class StepForm(OnceForm):
    """A step in the institution's own words."""

    words = forms.CharField(
        required=False,
        max_length=LONGEST_WORDS,
        label=_("A step of our own"),
        help_text=_("A house rule, in clear: write nothing of a case and name nobody."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def clean_words(self) -> str:
        said = " ".join(str(self.cleaned_data["words"]).split())
        if (wrong := find_wrong(said)) is not None:
            raise forms.ValidationError(PROBLEMS[wrong])
        return said
