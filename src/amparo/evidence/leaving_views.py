"""What leaves of a case: the package with its evidence, and the Word case file."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.shown_files import NOT_OPENED
from amparo.evidence.case_content import Leaving
from amparo.evidence.case_file import make_case_file
from amparo.evidence.desk import incident_of
from amparo.evidence.package import encrypt, prepare_package, read_age_key, stream_package
from amparo.evidence.views import keys_are_closed
from amparo.institutions.access import EXPORT_CASES, OPEN_SECTIONS, desk_page, may
from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vocabularies.choices import choices_of

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class LeavingForm(forms.Form):
    """For whom something leaves, and for what."""

    recipient = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    purpose = forms.ChoiceField(
        label=gettext_lazy("For what"),
        required=False,
        help_text=gettext_lazy("For others only what a consent for them and for this purpose lets leave goes in."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("recipient", [("", _("our own institution")), *choices_of("consent-recipients")])
        self._choose("purpose", [("", "–"), *choices_of("consent-purposes")])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("recipient") and not said.get("purpose"):
            self.add_error("purpose", _("Say for what it is given: the consent is for one purpose."))
        return said

    def leaving(self, *, sealed: bool = True) -> Leaving:
        """What was asked for. Call after `is_valid`."""
        recipient = self.cleaned_data["recipient"]
        return Leaving(recipient, self.cleaned_data["purpose"] if recipient else "", sealed)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = choices


class PackageForm(LeavingForm):
    """The package with the evidence."""

    which = forms.ChoiceField(
        label=gettext_lazy("Which files"),
        choices=[
            ("copies", gettext_lazy("clean copies, without what is hidden in the files")),
            ("originals", gettext_lazy("originals, which may tell who made them, where and by which device")),
        ],
    )
    age_key = forms.CharField(
        label=gettext_lazy("Encrypt it to this age key (not needed)"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "placeholder": "age1…"}),
    )

    def clean_age_key(self) -> Any:
        said = self.cleaned_data["age_key"].strip()
        try:
            return read_age_key(said) if said else None
        except ValueError:
            raise forms.ValidationError(_("An age key begins with age1. Copy it whole.")) from None


class CaseFileForm(LeavingForm):
    """The Word document."""

    sealed = forms.BooleanField(label=gettext_lazy("With the sealed parts"), required=False)


@require_safe
@desk_page(EXPORT_CASES)
def leave(request: HttpRequest, incident: int) -> HttpResponse:
    """What can be taken along of a case."""
    return _page(request, incident)


@require_POST
@desk_page(OPEN_SECTIONS)
def package(request: HttpRequest, incident: int) -> HttpResponse:
    """The package, streamed."""
    found, user, unlocked = incident_of(request, incident), cast(User, request.user), unlocked_institution(request)
    form = PackageForm(request.POST, auto_id="package-%s")
    if form.is_valid() and unlocked is None:
        form.add_error(None, keys_are_closed())
    if unlocked is None or not form.is_valid():
        return _page(request, incident, package_form=form, status=422)
    try:
        originals = form.cleaned_data["which"] == "originals"
        prepared = prepare_package(user, found, unlocked, form.leaving(), originals=originals)
    except NOT_OPENED:
        messages.error(request, _("This package could not be made: a file cannot be opened. Verify the evidence."))
        return redirect("case-leave", incident)
    pieces, key = stream_package(prepared, unlocked), form.cleaned_data["age_key"]
    name = f"case-{found.pk}.zip"
    answer = StreamingHttpResponse(encrypt(pieces, key) if key else pieces, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}.age"' if key else f'attachment; filename="{name}"'
    return cast(HttpResponse, _kept_nowhere(answer))


@require_POST
@desk_page(EXPORT_CASES)
def case_file(request: HttpRequest, incident: int) -> HttpResponse:
    """The Word case file, with what the reader may see."""
    found, user, unlocked = incident_of(request, incident), cast(User, request.user), unlocked_institution(request)
    form = CaseFileForm(request.POST, auto_id="word-%s")
    form.full_clean()
    sealed = bool(form.cleaned_data.get("sealed")) and may(user, OPEN_SECTIONS)
    if form.is_valid() and sealed and unlocked is None:
        form.add_error(None, keys_are_closed())
    if not form.is_valid():
        return _page(request, incident, word_form=form, status=422)
    written = make_case_file(user, found, unlocked if sealed else None, form.leaving(sealed=sealed))
    answer = HttpResponse(written, content_type=_WORD)
    answer["Content-Disposition"] = f'attachment; filename="case-{found.pk}.docx"'
    return cast(HttpResponse, _kept_nowhere(answer))


def _page(request: HttpRequest, incident: int, status: int = 200, **given: object) -> HttpResponse:
    found = incident_of(request, incident)
    context: dict[str, object] = {
        "incident": found,
        "package_form": PackageForm(auto_id="package-%s"),
        "word_form": CaseFileForm(auto_id="word-%s"),
        "opens": may(cast(User, request.user), OPEN_SECTIONS),
        "unlocked": unlocked_institution(request) is not None,
    }
    return render(request, "evidence/leave.html", context | given, status=status)


def _kept_nowhere(answer: HttpResponse | StreamingHttpResponse) -> HttpResponse | StreamingHttpResponse:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private, no-transform"
    return answer
