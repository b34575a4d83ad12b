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
    # Two facts apart, for institutions: attacked for their mandate, or for having worked with the United Nations.
    because_of_work = coded("yes-no")
    because_of_mandate = coded("yes-no")
    because_of_cooperation = coded("yes-no")
    stage = coded("case-stages", default="open")
    verified_on = models.DateField(null=True, help_text="The day on which its status first became verified here.")
    version = models.PositiveIntegerField(default=1, help_text="Raised by every change: two who edit are told.")
    same_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="copies",
        help_text="The incident that is shown and counted instead of this one: they were found to be the same event.",
    )
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="incident")
    notes = models.OneToOneField(Section, models.PROTECT, null=True, related_name="incident_noted")
    # Which row of which file this was, keyed and one-way, so that the same file imported twice changes nothing.
    fingerprint = models.BinaryField(max_length=32, null=True, editable=False)
    content_fingerprint = models.BinaryField(max_length=32, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["institution", "-latest", "-id"]),
            models.Index(fields=["country", "-latest"]),
            models.Index(fields=["institution", "stage", "status", "-latest", "-id"]),
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


class Person(models.Model):
    """One and the same person in several incidents. Who it is stands sealed with each victim and perpetrator."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="persons")

    def __str__(self) -> str:
        return f"person {self.pk}"


class Victim(models.Model):
    """A person, group or institution that an act was committed against."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="victims")
    kind = coded("victim-kinds", default="person")
    target = coded("targets")
    sex = coded("sex")
    gender = coded("gender")
    age_band = coded("age-bands")
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="victims", help_text="Null: not found in another incident."
    )
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="victim")
    contacts = models.OneToOneField(Section, models.PROTECT, null=True, related_name="victim_reached")

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


class Place(models.Model):
    """Where something happened, in order. The place itself, with its coordinates, is sealed."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="places")
    victim = models.ForeignKey(
        Victim, models.CASCADE, null=True, related_name="places", help_text="Null: the whole incident's."
    )
    order = models.PositiveSmallIntegerField(default=1)
    kind = coded("place-kinds")
    precision = coded("place-precision")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="place")

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"place {self.pk}"


class RuledOut(models.Model):
    """A kind of act that, as the sources say, was not committed against a victim. Never counted as an act."""

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="ruled_out")
    kind = coded("acts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["victim", "kind"], name="one_kind_ruled_out_once")]

    def __str__(self) -> str:
        return self.kind


class Act(models.Model):
    """One kind of act against one victim. `date` only where it differs from the incident's."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="acts")
    victim = models.ForeignKey(Victim, models.CASCADE, related_name="acts")
    kind = coded("acts")
    date = EventDateField()
    place = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="acts")

    def __str__(self) -> str:
        return self.kind


class ActMethod(models.Model):
    """By what means an act was committed; one act may have several."""

    act = models.ForeignKey(Act, models.CASCADE, related_name="methods")
    method = coded("act-methods")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "method"], name="one_method_once")]

    def __str__(self) -> str:
        return self.method


class AllegedPerpetrator(models.Model):
    """A person, group or body that is said to have committed acts; identity only in the sealed section."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="alleged_perpetrators")
    kind = coded("alleged-perpetrators")
    state_link = coded("state-links")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="said_to_have_acted")
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
    independence = coded("yes-no")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="information")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "source"], name="one_information_per_source")]

    def __str__(self) -> str:
        return f"information {self.pk}"


class Statement(models.Model):
    """What one source says of one coded fact, kept where sources disagree: a code, or a date as EDTF text."""

    information = models.ForeignKey(Information, models.CASCADE, related_name="statements")
    fact = models.CharField(max_length=40, help_text="Such as incident.date, victim.sex, perpetrator.kind.")
    victim = models.ForeignKey(Victim, models.CASCADE, null=True, related_name="statements")
    value = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["information", "fact", "victim", "value"], name="one_statement_once"),
            models.UniqueConstraint(
                fields=["information", "fact", "value"],
                condition=models.Q(victim=None),
                name="one_statement_once_of_the_incident",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.value}"
