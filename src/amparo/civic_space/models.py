"""Conditions for civic space, version by version, and the ratings that others give. Public facts about States."""

import uuid

from django.db import models

from amparo.cases.dates import EventDate
from amparo.cases.fields import EventDateField
from amparo.cases.models import coded
from amparo.civic_space.facts import ConditionFacts, SourceLink, StageFacts
from amparo.institutions.models import Institution, User, this_hour


class Condition(models.Model):
    """A law, a shutdown, a closure, progress: what it says stands in its versions, of which one may be public."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="conditions", help_text="Who keeps it.")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    recorded_at = models.DateTimeField(default=this_hour, help_text="When it was first written down, to the hour.")
    published_at = models.DateTimeField(null=True, help_text="When it was first published, to the hour.")
    latest = models.OneToOneField("ConditionVersion", models.SET_NULL, null=True, related_name="latest_of")
    public = models.OneToOneField("ConditionVersion", models.SET_NULL, null=True, related_name="public_of")

    def __str__(self) -> str:
        return f"condition {self.pk}"


class ConditionVersion(models.Model):
    """What was said of a condition at one time. Never changed, save in how far its review has come."""

    condition = models.ForeignKey(Condition, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    previous = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    country = coded("countries")
    area = coded("areas")
    kind = coded("condition-kinds")
    effect = coded("condition-effects")
    setting = coded("settings")
    date = EventDateField()
    earliest = models.DateField(null=True, editable=False, help_text="First day that `date` allows.")
    ended = EventDateField()
    ends = models.DateField(null=True, editable=False, help_text="Last day that `ended` allows; null: it goes on.")
    stage = coded("condition-stages")
    titles = models.JSONField(help_text="Public, by language.")
    texts = models.JSONField(default=dict, help_text="Public, by language.")
    sources = models.JSONField(default=list, help_text="[{title, address}]")
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(default=this_hour, help_text="To the hour.")
    state = coded("condition-review-states", default="draft")
    sent_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, help_text="To the hour.")
    return_reason = coded("condition-return-reasons")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["condition", "number"], name="one_version_per_number")]
        indexes = [models.Index(fields=["country", "-earliest"]), models.Index(fields=["kind", "-earliest"])]

    def __str__(self) -> str:
        return f"version {self.number} of condition {self.condition_id}"

    def set_dates(self, date: EventDate | None, ended: EventDate | None) -> None:
        """Set both dates with the columns derived from them."""
        self.date, self.earliest = date, date.earliest if date else None
        self.ended, self.ends = ended, ended.latest if ended else None

    def facts(self) -> ConditionFacts:
        """What it says, as a value. Reads stages and themes: prefetch them for many."""
        return ConditionFacts(
            country=self.country,
            titles=dict(self.titles),
            kind=self.kind,
            area=self.area,
            effect=self.effect,
            setting=self.setting,
            date=self.date,
            ended=self.ended,
            texts=dict(self.texts),
            stages=tuple(StageFacts(each.stage, each.date) for each in self.stages.all()),
            themes=tuple(each.theme for each in self.themes.all()),
            sources=tuple(SourceLink(each["title"], each["address"]) for each in self.sources),
        )


class ConditionStage(models.Model):
    """A stage that a condition reached, when, and when we came to know it."""

    version = models.ForeignKey(ConditionVersion, models.CASCADE, related_name="stages")
    stage = coded("condition-stages")
    date = EventDateField()
    earliest = models.DateField(null=True, editable=False)
    recorded_at = models.DateTimeField(default=this_hour, help_text="To the hour; corrections of other parts keep it.")
    public_at = models.DateTimeField(null=True, help_text="When others could first read of it, to the hour.")

    class Meta:
        ordering = [models.F("earliest").asc(nulls_first=True), "pk"]
        indexes = [models.Index(fields=["public_at", "stage"]), models.Index(fields=["recorded_at", "stage"])]

    def __str__(self) -> str:
        return self.stage


class ConditionTheme(models.Model):
    """A right of the Declaration that a condition touches."""

    version = models.ForeignKey(ConditionVersion, models.CASCADE, related_name="themes")
    theme = coded("civic-space-themes")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "theme"], name="one_theme_once")]

    def __str__(self) -> str:
        return self.theme


class Rating(models.Model):
    """What somebody else says of a country on a scale of theirs: shown beside our figures, never mixed with them."""

    scale = models.CharField(max_length=40, help_text="Code of a scale in civic_space/scales.")
    country = coded("countries")
    value = models.CharField(max_length=40, help_text="Code of a value of the scale.")
    position = models.PositiveSmallIntegerField(help_text="Of the value, from the worst, 1, upwards.")
    date = EventDateField(null=False)
    earliest = models.DateField(editable=False)
    link = models.URLField(max_length=500, blank=True, help_text="The publisher's page of the country.")
    recorded_at = models.DateTimeField(default=this_hour, help_text="To the hour.")

    class Meta:
        ordering = ["country", "scale", "earliest"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "country", "date"], name="one_rating_per_scale_and_date")
        ]

    def __str__(self) -> str:
        return f"rating {self.pk}"
