"""The model of documentation, after HURIDOCS' Events Standard Formats (Dueck, Guzman, Verstappen, 2001).

Incident (ESF: Event), Act, Victim, Alleged perpetrator, Involvement, Source, Information. Every column here belongs to
the coded plane: codes of the vocabularies, dates, numbers. What can identify or endanger lies in `vault` sections.
"""

from django.db import models

from amparo.cases.dates import EventDate
from amparo.cases.fields import EventDateField
from amparo.files.models import SealedFile
from amparo.institutions.models import Institution
from amparo.vault.models import Section

UNKNOWN = "unknown"


def coded(vocabulary: str, **options: object) -> "models.CharField[str, str]":
    """A column that holds a code of `vocabulary`."""
    options.setdefault("default", UNKNOWN)
    return models.CharField(max_length=40, help_text=f"Code of the vocabulary {vocabulary}.", **options)  # type: ignore[arg-type]


class Dataset(models.Model):
    """Where a set of incidents comes from, and what it covers: said under every table that counts it."""

    code = models.SlugField(max_length=40, unique=True)
    titles = models.JSONField(help_text="By language.")
    publisher = models.CharField(max_length=200)
    coverage = models.JSONField(help_text="What it covers and what it leaves out, by language.")
    invented = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code


class Incident(models.Model):
    """Something that happened at one time and place, in which one or several acts were committed."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="incidents")
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="incidents")
    date = EventDateField()
    earliest = models.DateField(
        null=True, editable=False, help_text="First day that `date` allows; for order and range."
    )
    latest = models.DateField(null=True, editable=False)
    country = coded("countries")
    area = coded("areas")
    setting = coded("settings")
    status = coded("information-status", default="reported")
    sector = coded("sectors")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="incident")
    # Which row of which file this was, keyed and one-way, so that the same file imported twice changes nothing.
    fingerprint = models.BinaryField(max_length=32, null=True, editable=False)
    content_fingerprint = models.BinaryField(max_length=32, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["institution", "-latest", "-id"]),
            models.Index(fields=["country", "-latest"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "dataset", "fingerprint"], name="one_incident_per_row_imported"
            ),
        ]

    def __str__(self) -> str:
        return f"incident {self.pk}"

    def set_date(self, when: EventDate | None) -> None:
        """Set `date` with the two columns derived from it."""
        self.date = when
        self.earliest = when.earliest if when else None
        self.latest = when.latest if when else None


class Victim(models.Model):
    """A person, group or institution that an act was committed against."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="victims")
    kind = coded("victim-kinds", default="person")
    target = coded("targets")
    sex = coded("sex")
    gender = coded("gender")
    age_band = coded("age-bands")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="victim")

    def __str__(self) -> str:
        return f"victim {self.pk}"


class DefenderProfile(models.Model):
    """One of the fields in which a victim defends rights; a victim may have several."""

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="profiles")
    profile = coded("defender-profiles")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["victim", "profile"], name="one_profile_once")]

    def __str__(self) -> str:
        return self.profile


class Act(models.Model):
    """One kind of act against one victim. `date` only where it differs from the incident's."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="acts")
    victim = models.ForeignKey(Victim, models.CASCADE, related_name="acts")
    kind = coded("acts")
    date = EventDateField()

    def __str__(self) -> str:
        return self.kind


class AllegedPerpetrator(models.Model):
    """A person, group or body that is said to have committed acts; identity only in the sealed section."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="alleged_perpetrators")
    kind = coded("alleged-perpetrators")
    state_link = coded("state-links")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="alleged_perpetrator")

    def __str__(self) -> str:
        return self.kind


class Involvement(models.Model):
    """What an alleged perpetrator had to do with an act."""

    act = models.ForeignKey(Act, models.CASCADE, related_name="involvements")
    alleged_perpetrator = models.ForeignKey(AllegedPerpetrator, models.CASCADE, related_name="involvements")
    degree = coded("degrees-of-involvement")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "alleged_perpetrator"], name="one_involvement_per_act")]

    def __str__(self) -> str:
        return self.degree


class Evidence(models.Model):
    """A sealed file that belongs to an incident: the original as it came; its clean copy hangs on the file.

    A report that was referred may become a case at each institution that has it: the file is evidence of all.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(SealedFile, models.PROTECT, related_name="evidence")
    added_at = models.DateTimeField(help_text="To the hour.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["incident", "file"], name="one_file_once_in_an_incident")]

    def __str__(self) -> str:
        return f"evidence {self.pk}"


class Source(models.Model):
    """Who lists or tells of incidents. Named here only when it publishes under its name; a person never is."""

    code = models.SlugField(max_length=40, unique=True)
    kind = coded("source-kinds")
    published_name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.code


class Information(models.Model):
    """That a source tells of an incident, and how far it is believed (Admiralty scale)."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="information")
    source = models.ForeignKey(Source, models.PROTECT, related_name="information")
    reliability = coded("source-reliability")
    credibility = coded("information-credibility")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "source"], name="one_information_per_source")]

    def __str__(self) -> str:
        return f"information {self.pk}"
