"""The form of who wants to be told, where and how often."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from amparo.notices.kinds import (
    ALERT_CALL,
    ANSWER_OVERDUE,
    CASE_SHARED,
    CASE_WITHDRAWN,
    CONSENT_WITHDRAWN,
    KINDS,
    NEW_MESSAGE,
    NEW_REPORT,
    NEW_SIGNAL,
    PROTECTION_DUE,
    REFERRED,
    RESPONSE_DUE,
)
from amparo.notices.letters import BadAgeKey, check_age_key
from amparo.notices.models import NoticeRecipient

_KIND_NAMES = {
    NEW_REPORT: _("a new report"),
    NEW_MESSAGE: _("a new message of a reporter"),
    REFERRED: _("a report that another institution refers to us"),
    CONSENT_WITHDRAWN: _("a consent that was withdrawn, or a report that was taken back"),
    ANSWER_OVERDUE: _("a report that should have been answered by now"),
    CASE_SHARED: _("a case that another institution shares with us"),
    CASE_WITHDRAWN: _("a case that is shared with us no more"),
    NEW_SIGNAL: _("a new signal"),
    ALERT_CALL: _("a call about an alert (sent at once, whatever is chosen here)"),
    RESPONSE_DUE: _("a task of a response to an alert that is due, or a statement to read and sign"),
    PROTECTION_DUE: _("an emergency, and measures and reviews of protection that are due"),
}
_HOW_OFTEN = {
    NoticeRecipient.HowOften.AT_ONCE: _("At once, then at most once an hour"),
    NoticeRecipient.HowOften.HOUR: _("At the next full hour"),
    NoticeRecipient.HowOften.DAY: _("Once a day, in the morning"),
}


class WishesForm(forms.Form):
    """What a person wants to be told of."""

    address = forms.EmailField(
        max_length=254,
        label=_("Your e-mail address"),
        help_text=_("Kept encrypted. Take one that may be known to have to do with your institution."),
    )
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Language of the messages"))
    kinds = forms.MultipleChoiceField(
        choices=[(kind, _KIND_NAMES[kind]) for kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
        label=_("Tell me of"),
        help_text=_("The message is always the same: nobody can read from it which of these it was."),
    )
    how_often = forms.ChoiceField(
        choices=list(_HOW_OFTEN.items()),
        widget=forms.RadioSelect,
        label=_("How soon"),
        help_text=_("A full hour hides from who watches your mail in which minute somebody wrote to you."),
    )
    age_key = forms.CharField(
        max_length=200,
        required=False,
        label=_("Your public age key (not needed)"),
        help_text=_("It begins with age1. With it even these few words are encrypted, to be opened with age."),
    )

    def clean_age_key(self) -> str:
        age_key = str(self.cleaned_data["age_key"]).strip()
        if age_key:
            try:
                check_age_key(age_key)
            except BadAgeKey:
                raise forms.ValidationError(
                    _("This is not a public age key. Copy the whole line that begins with age1.")
                ) from None
        return age_key
