"""What is filled in to bring published reports in and to find them again; and why a file was refused, in words."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.ui.forms import day_field
from amparo.warning.media.feeds import read_feed
from amparo.warning.media.items import MOST_BYTES, Item, ItemsRefused
from amparo.warning.media.tables import read_table

_TO_READ, _CODED, _ASIDE, _ALL = "to-read", "coded", "aside", "all"
_REFUSALS = {
    "too-large": _("The file is larger than %(limit)s MB. Give a smaller one."),
    "too-many-items": _("The file has more than %(limit)s items. Divide it."),
    "declares-entities": _("The file declares words of its own (<!ENTITY>), as no feed needs to. It was not read."),
    "no-feed": _("This is neither an RSS or Atom feed nor a table. Save the feed’s page itself, or give a CSV file."),
    "no-items": _("There is no item in the file."),
    "not-utf-8": _("The table is not written in UTF-8. In the spreadsheet, save it as “CSV UTF-8”."),
    "not-csv": _("This row cannot be read as CSV: look at its quotation marks."),
    "missing-column": _("The table has no such column. It needs title and link."),
    "too-many-cells": _("This row has more cells than there are columns."),
    "no-title": _("Give a title."),
    "too-long": _("Give at most %(limit)s characters."),
    "no-link": _("Give the address of a page, beginning with https:// or http://, without a password."),
    "no-language": _("Give the language as a code such as en, fr or ar, or leave it empty."),
    "no-day": _("Write the day as 2016-10-22, or leave it empty."),
}


def explain_refusal(refused: ItemsRefused) -> str:
    """Where a file is wrong, and what was expected there; never what stood there."""
    said = str(_REFUSALS[refused.code]) % refused.details
    if refused.row is not None and refused.field:
        where = gettext("Row %(row)s, %(field)s:") % {"row": refused.row, "field": refused.field}
    elif refused.row is not None:
        where = gettext("Row %(row)s:") % {"row": refused.row}
    else:
        where = f"{refused.field}:" if refused.field else ""
    return f"{where} {said}".strip()


class BringInForm(forms.Form):
    """A file of published reports. After `is_valid`, `items` are those in it; `left_out` is how many were not."""

    file = forms.FileField(
        label=_("Feed or table"),
        allow_empty_file=True,
        help_text=_(
            "An RSS or Atom feed saved as a file, or a CSV table with the columns title, link, publisher, language "
            "and published_on, up to 2 MB. Nothing is fetched from the internet: nobody learns what you read."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.rss,.atom,.csv,text/csv,application/xml"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.items: tuple[Item, ...] = ()
        self.left_out = 0

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        content = given.read(MOST_BYTES + 1)
        try:
            if _looks_like_markup(content):
                feed = read_feed(content)
                self.items, self.left_out = feed.items, feed.left_out
            else:
                self.items = read_table(content)
        except ItemsRefused as refused:
            raise forms.ValidationError(explain_refusal(refused)) from None
        if not self.items:
            raise forms.ValidationError(_("No item of the file has a title and the address of a page."))
        return given


class WantedItems(forms.Form):
    """Which published reports the list shows. What is not understood is as if it had not been asked for."""

    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[
            (_TO_READ, _("To be read")),
            (_CODED, _("Made a signal")),
            (_ASIDE, _("Put aside")),
            (_ALL, _("All")),
        ],
    )
    since = day_field(_("Published since"))
    publisher = forms.CharField(required=False, max_length=200, label=_("Publisher"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["since"].required = False

    def wanted(self) -> dict[str, Any]:
        """What is asked for, as conditions on the items."""
        self.is_valid()
        said = self.cleaned_data
        conditions: dict[str, Any] = {
            _CODED: {"signal__isnull": False},
            _ASIDE: {"is_put_aside": True, "signal__isnull": True},
            _ALL: {},
        }.get(said.get("state", ""), {"is_put_aside": False, "signal__isnull": True})
        if said.get("since"):
            conditions["published_on__gte"] = said["since"]
        if said.get("publisher"):
            conditions["publisher__icontains"] = said["publisher"]
        return conditions


def _looks_like_markup(content: bytes) -> bool:
    start = content[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<")
