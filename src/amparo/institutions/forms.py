"""Forms of accounts. What is secret in them is never sent back to the browser."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amparo.institutions.log_words import ACTIONS, describe_action
from amparo.institutions.models import Institution, User
from amparo.institutions.passwords import StrongEnough
from amparo.institutions.services import SHARES_NEEDED
from amparo.vault.keys import VaultError
from amparo.vault.services import describe_bad_share
from amparo.vault.shares import BadShare, Share, read_shares
from amparo.vocabularies.catalogue import get_vocabulary

LOCK_HOURS = (
    ("1", _("for an hour")),
    ("24", _("for a day")),
    ("168", _("for a week")),
    ("0", _("until it is unlocked")),
)
_LONGEST_PASSWORD = 512
_what_is_strong = lazy(StrongEnough().get_help_text, str)


def password_field(label: Any, *, new: bool = False) -> forms.CharField:
    """A password: as it was typed, spaces included. A new one is described by what makes it strong."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=_LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
        help_text=_what_is_strong() if new else "",
    )


def code_field(label: Any, help_text: Any = "") -> forms.CharField:
    """A code that is typed or pasted: no keyboard changes it, no browser keeps it."""
    kept_as_typed = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
    return forms.CharField(
        label=label, max_length=300, help_text=help_text, widget=forms.TextInput(attrs=kept_as_typed)
    )


def label_choices(vocabulary: str) -> list[tuple[str, str]]:
    """Codes of a vocabulary with their labels in the active language."""
    language = get_language() or "en"
    return [(code, term.label(language)) for code, term in get_vocabulary(vocabulary).terms.items()]


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True, "dir": "auto"}
        ),
    )
    password = password_field(_("Password"))
    remember = forms.BooleanField(
        label=_("This is my own device"),
        required=False,
        help_text=_(
            "It is marked for 30 days, so that nobody who guesses at my password elsewhere can keep me out here. "
            "Leave it open on a device of others: the mark shows that somebody signed in."
        ),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
        ),
    )


class NewPassword(forms.Form):
    """A new password, twice; strong for the person whose it is."""

    new_password = password_field(_("New password"), new=True)
    repeated = password_field(_("The same again"), new=True)

    def __init__(self, *args: Any, owner: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        self.fields["repeated"].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        password, repeated = cleaned.get("new_password"), cleaned.get("repeated")
        if password and repeated and password != repeated:
            self.add_error("repeated", _("The two are not the same."))
        if password:
            try:
                validate_password(password, self.owner or User(username=cleaned.get("username", "")))
            except ValidationError as error:
                self.add_error("new_password", error)
        return cleaned


class ChangePassword(NewPassword):
    password = password_field(_("Present password"))
    field_order = ("password", "new_password", "repeated")


class NewPerson(NewPassword):
    """Somebody new: a name that nobody has, and a password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Colleagues see it. It need not be your own name. Letters, digits and @ . + - _ only."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "dir": "auto"}),
    )
    field_order = ("username", "new_password", "repeated")

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        # Case makes no other person: that would be taken for the same.
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("Somebody has this user name. Take another."), code="taken")
        return name


class InvitationCode(forms.Form):
    code = code_field(_("Code of the invitation"))


class InviteForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = label_choices("roles")  # type: ignore[attr-defined]


class OwnPassword(forms.Form):
    """Asked for before something grave: whose hands are on the keyboard?"""

    password = password_field(_("Your own password"))


class LockForm(forms.Form):
    hours = forms.ChoiceField(label=_("For how long"), choices=LOCK_HOURS, initial="24", widget=forms.RadioSelect)


class SharesForm(forms.Form):
    """Recovery shares, each in a field of its own. `shares` after validation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, SHARES_NEEDED + 1):
            self.fields[f"share_{number}"] = forms.CharField(
                label=_("Share %(number)d") % {"number": number},
                max_length=2000,
                required=number <= 2,
                widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "dir": "auto"}),
            )
        self.shares: list[Share] = []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        typed = [cleaned.get(f"share_{number}", "") for number in range(1, SHARES_NEEDED + 1)]
        try:
            self.shares = read_shares([text for text in typed if text.strip()])
        except BadShare as bad:
            raise ValidationError(describe_bad_share(bad), code=bad.code) from None
        except VaultError as error:
            raise ValidationError(_("These shares open nothing."), code=error.code) from None
        return cleaned


class InstitutionForm(forms.Form):
    """A new institution: its code, kind, country, and names in the four languages."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        validators=[validate_slug],
        help_text=_("Short and lasting, such as nhri-demoland. Letters, digits and hyphens."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}),
    )
    kind = forms.ChoiceField(label=_("Kind"))
    country = forms.ChoiceField(label=_("Country"), required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    name_fr = forms.CharField(label=_("Name in French"), max_length=200, widget=forms.TextInput(attrs={"lang": "fr"}))
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=200, widget=forms.TextInput(attrs={"lang": "es"}))
    name_ar = forms.CharField(
        label=_("Name in Arabic"), max_length=200, widget=forms.TextInput(attrs={"lang": "ar", "dir": "rtl"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = label_choices("institution-kinds")  # type: ignore[attr-defined]
        countries = sorted(label_choices("countries"), key=lambda pair: pair[1].casefold())
        self.fields["country"].choices = [("", _("none: a network")), *countries]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).lower()
        if Institution.objects.filter(code__iexact=code).exists():
            raise ValidationError(_("An institution has this code. Take another."), code="taken")
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == "nhri" and not cleaned.get("country"):
            self.add_error("country", _("A national institution has a country."))
        return cleaned

    @property
    def names(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"name_{language}"] for language in ("en", "fr", "es", "ar")}


class LogFilter(forms.Form):
    """What of the log to show."""

    person = forms.CharField(label=_("User name"), required=False, max_length=150)
    action = forms.ChoiceField(label=_("Action"), required=False)
    record = forms.CharField(label=_("Record"), required=False, max_length=80)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        described = sorted(((code, describe_action(code)) for code in ACTIONS), key=lambda pair: pair[1].casefold())
        self.fields["action"].choices = [("", _("all")), *described]  # type: ignore[attr-defined]

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until > timezone.now().date():
            return None
        return until
