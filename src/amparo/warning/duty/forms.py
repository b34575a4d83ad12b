"""What is filled in for focal points, their channels and their shifts."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import get_day_names
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amparo.institutions.models import User
from amparo.ui.forms import ChoosingForm, OnceForm, VersionForm, day_field
from amparo.vocabularies.catalogue import UNKNOWN
from amparo.vocabularies.choices import Choices, choices_of
from amparo.warning.alerts.calling import CHAIN
from amparo.warning.duty.addresses import EMAIL, NoAddress, read_typed
from amparo.warning.duty.directory import Post, Wanted
from amparo.warning.duty.shifts import LONGEST_DAYS, Planned
from amparo.warning.models import FocalPoint
from amparo.warning.times import this_quarter, to_quarter

# Spoken in at least one office of an NHRI, a network or the United Nations; the six of the UN among them.
LANGUAGES = tuple(
    each
    for line in (
        "am ar ay az bg bn bs cs da de dv dz el en es et fa fi fr gn ha he hi hr ht hu hy id is it ja ka kk km ko ky",
        "lo lt lv mg mk mn ms my ne nl no ny pl ps pt qu rn ro ru rw si sk sl sm sn so sq sr sv sw ta tg th ti tk to",
        "tr uk ur uz vi wo yo zh zu",
    )
    for each in line.split()
)


def language_name(code: str) -> str:
    """What a language is called in the reader's; its code where that is not known."""
    return str(Locale.parse(get_language() or "en").languages.get(code, code))


@cache
def zones() -> Choices:
    """Time zones by region and city, universal time first."""
    cities = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in cities)]


def week_days() -> Choices:
    """The days of the week in the reader's language, from Monday on."""
    names = get_day_names("wide", locale=get_language() or "en")
    return [(str(number), names[number]) for number in range(7)]


class WantedOffices(ChoosingForm):
    """Which institutions the directory shows. What is not understood is as if it had not been asked for."""

    kind = forms.ChoiceField(required=False, label=_("Kind of institution"))
    network = forms.ChoiceField(required=False, label=_("Region of the network"))
    country = forms.ChoiceField(required=False, label=_("Country"))
    language = forms.ChoiceField(required=False, label=_("Language of a focal point"))

    def __init__(self, *args: Any, countries: Collection[str], **options: Any) -> None:
        super().__init__(*args, **options)
        everything = ("", str(_("All")))
        kinds = [(code, label) for code, label in choices_of("institution-kinds", {UNKNOWN}) if code in CHAIN]
        named = [(code, label) for code, label in choices_of("countries", {UNKNOWN}) if code in countries]
        self.choose("kind", [everything, *kinds])
        self.choose("network", [everything, *choices_of("ganhri-networks", {UNKNOWN})])
        self.choose("country", [everything, *sorted(named, key=lambda each: each[1])])
        self.choose("language", [everything, *_languages()])

    def wanted(self) -> Wanted:
        """What is asked for."""
        self.is_valid()
        return Wanted(**self.cleaned_data)


def _languages() -> Choices:
    return sorted(((code, language_name(code)) for code in LANGUAGES), key=lambda each: each[1])


class PostForm(ChoosingForm):
    """Languages, hours and time zone of a focal point."""

    languages = forms.MultipleChoiceField(
        required=False,
        label=_("Languages"),
        help_text=_("Several by holding Ctrl or Cmd."),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    week_days = forms.MultipleChoiceField(
        required=False,
        label=_("Days"),
        help_text=_("None: every day."),
        widget=forms.CheckboxSelectMultiple,
    )
    from_hour = forms.TypedChoiceField(coerce=int, label=_("There from"))
    to_hour = forms.TypedChoiceField(
        coerce=int, label=_("There until"), help_text=_("An earlier hour than the first means: through the night.")
    )
    in_post_since = forms.DateField(required=False, label=_("In post since"), widget=day_field("").widget)

    def __init__(self, *args: Any, point: FocalPoint | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        hours = [(str(hour), f"{hour:02}:00") for hour in range(25)]
        self.choose("languages", _languages())
        self.choose("time_zone", zones())
        self.choose("week_days", week_days())
        self.choose("from_hour", hours[:-1])
        self.choose("to_hour", hours[1:])
        self.initial.setdefault("time_zone", "UTC")
        self.initial.setdefault("from_hour", 9)
        self.initial.setdefault("to_hour", 17)
        self.initial.setdefault("week_days", ["0", "1", "2", "3", "4"])
        self.initial.setdefault("languages", [get_language() or "en"])
        if point is not None:
            self.initial = dict(self.initial) | {
                "languages": point.languages,
                "time_zone": point.time_zone,
                "week_days": [str(each) for each in point.week_days],
                "from_hour": point.from_hour,
                "to_hour": point.to_hour,
                "in_post_since": point.in_post_since,
            }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("from_hour") is not None and said.get("from_hour") == said.get("to_hour"):
            self.add_error("to_hour", _("Write a later hour, or an earlier one for hours through the night."))
        return said

    def _post(self, user: int | None, **more: Any) -> Post:
        said = self.cleaned_data
        return Post(
            user=user,
            languages=said["languages"],
            time_zone=said["time_zone"],
            week_days=[int(each) for each in said["week_days"]],
            from_hour=said["from_hour"],
            to_hour=said["to_hour"],
            in_post_since=said["in_post_since"],
            **more,
        )


class NewPostForm(OnceForm, PostForm):
    """Somebody new in the directory: a member, or at an office nobody in particular."""

    person = forms.ChoiceField(required=False, label=_("Who"))
    field_order = ("token", "person")

    def __init__(self, *args: Any, people: Sequence[User], in_post: Collection[int | None], **options: Any) -> None:
        super().__init__(*args, **options)
        nobody = ("", str(_("No person who signs in here: only a way to tell the office")))
        self.choose("person", [nobody, *((str(user.pk), user.username) for user in people)])
        # All of them can be chosen: a form that is sent twice must be understood twice.
        self.initial.setdefault("person", next((str(user.pk) for user in people if user.pk not in in_post), ""))

    def post(self) -> Post:
        """What was typed. Call after `is_valid`."""
        person = self.cleaned_data["person"]
        return self._post(int(person) if person else None, token=self.cleaned_data["token"])


class ChangePostForm(VersionForm, PostForm):
    """The hours of somebody who is there."""

    def post(self) -> Post:
        """What was typed. Call after `is_valid`."""
        return self._post(None)


class ContactForm(ChoosingForm):
    """By what somebody is told. What was kept is never shown again."""

    channel = forms.ChoiceField(label=_("Channel"))
    address = forms.CharField(
        max_length=254,
        label=_("Number or address"),
        help_text=_("A telephone number with its country: +, then digits. It is kept sealed, and not shown again."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, point: FocalPoint, **options: Any) -> None:
        super().__init__(*args, **options)
        # Who signs in has the e-mail of her notices.
        self.choose("channel", choices_of("contact-channels", {UNKNOWN, EMAIL} if point.user_id else {UNKNOWN}))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("channel") and said.get("address"):
            try:
                said["address"] = read_typed(said["channel"], said["address"])
            except NoAddress:
                is_email = said["channel"] == EMAIL
                wrong = _("Write an e-mail address, such as office@example.org.") if is_email else _NO_NUMBER
                self.add_error("address", wrong)
        return said


_NO_NUMBER = _("Write the number with its country: +, then 7 to 15 digits.")


class ShiftForm(OnceForm):
    """A shift, by the clock of whoever is on call."""

    who = forms.TypedChoiceField(coerce=int, label=_("Who is on call"))
    starts_at = forms.DateTimeField(label=_("From"))
    ends_at = forms.DateTimeField(label=_("Until"), help_text=_("Both by the clock of whoever is on call."))

    def __init__(self, *args: Any, choices: Choices, zones_of: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.zones_of = zones_of
        self.choose("who", choices)
        for name in ("starts_at", "ends_at"):
            self.fields[name].widget = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        zone = self.zones_of.get(said.get("who") or 0, "UTC")
        for name in ("starts_at", "ends_at"):
            if said.get(name) is not None:
                said[name] = _by_clock(said[name], zone)
        start, end = said.get("starts_at"), said.get("ends_at")
        if start is None or end is None:
            return said
        if end <= start:
            self.add_error("ends_at", _("The end must come after the beginning, a quarter of an hour at least."))
        elif end <= this_quarter():
            self.add_error("ends_at", _("This time has passed. Write one that is still to come."))
        elif end - start > timedelta(days=LONGEST_DAYS):
            self.add_error("ends_at", _("A shift is a month at most. Split a longer one."))
        return said

    def planned(self) -> Planned:
        """What was typed. Call after `is_valid`."""
        said = self.cleaned_data
        return Planned(said["who"], said["starts_at"], said["ends_at"], said["token"])


def _by_clock(typed: datetime, zone: str) -> datetime:
    """What was typed, read by a clock of `zone`, to the quarter of an hour."""
    return to_quarter(typed.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))
