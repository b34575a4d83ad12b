"""What is filled in to follow a feed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amparo.evidence.capturing import capture_rules
from amparo.evidence.fetching import NotFetched, check_target, read_address
from amparo.evidence.words import describe_capture_problem
from amparo.ui.forms import OnceForm
from amparo.warning.media.following import Wanted
from amparo.warning.media.items import LONGEST_LINK, LONGEST_PUBLISHER, language_code, plain_text


class FeedForm(OnceForm):
    """A feed to follow. After `is_valid`, `wanted` is what was filled in."""

    address = forms.CharField(
        max_length=LONGEST_LINK,
        label=_("Address of the feed"),
        help_text=_(
            "Of an RSS or Atom feed, such as https://gazette.example/feed. Take https:// wherever the site has it: "
            "with http:// everybody on the line reads what is followed."
        ),
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )
    publisher = forms.CharField(
        required=False,
        max_length=LONGEST_PUBLISHER,
        label=_("Publisher"),
        help_text=_("Left empty, it is what the feed calls itself."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    language = forms.CharField(
        required=False,
        max_length=20,
        label=_("Language"),
        help_text=_("A code such as en, fr or ar. Left empty, it is what the feed says."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "none"}),
    )
    understood = forms.BooleanField(
        label=_("We have weighed what is revealed, and want to follow this feed."),
        error_messages={"required": _("Tick this once your institution has weighed it.")},
    )

    def clean_address(self) -> str:
        try:
            target = read_address(self.cleaned_data["address"])
            check_target(target, capture_rules())
        except NotFetched as refused:
            raise forms.ValidationError(describe_capture_problem(refused.code)) from None
        if len(target.address) > LONGEST_LINK:
            raise forms.ValidationError(describe_capture_problem("bad-address"))
        return target.address

    def clean_publisher(self) -> str:
        return plain_text(self.cleaned_data["publisher"])[:LONGEST_PUBLISHER]

    def clean_language(self) -> str:
        code = language_code(self.cleaned_data["language"])
        if code is None:
            raise forms.ValidationError(_("Give the language as a code such as en, fr or ar, or leave it empty."))
        return code

    def wanted(self) -> Wanted:
        """What was filled in. Call after `is_valid`."""
        said = self.cleaned_data
        return Wanted(said["address"], said["token"], said["publisher"], said["language"])
