"""What was done about incidents, what they belong together with, and the laws that were used in them."""

from django.db import models

from amparo.cases.fields import EventDateField
from amparo.cases.models.documentation import Act, Incident, Victim, coded
from amparo.institutions.models import Institution
from amparo.vault.models import Section


class Intervention(models.Model):
    """Something done for the victims of an incident (R4): by whom, when, and what came of it."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="interventions")
    victim = models.ForeignKey(
        Victim, models.SET_NULL, null=True, related_name="interventions", help_text="Null: for all of them."
    )
    kind = coded("interventions")
    by = coded("intervention-actors", default="nhri")
    date = EventDateField()
    result = coded("intervention-results", default="pending")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="intervention")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Chain(models.Model):
    """Incidents that belong together, in their order: such as a threat, then an arrest, then a trial."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="chains")
    section = models.OneToOneField(
        Section, models.PROTECT, null=True, related_name="chain", help_text="Its title, and why they belong together."
    )

    def __str__(self) -> str:
        return f"chain {self.pk}"


class ChainLink(models.Model):
    """An incident's place in a chain."""

    chain = models.ForeignKey(Chain, models.CASCADE, related_name="links")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="chain_links")
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["chain", "incident"], name="one_incident_once_in_a_chain")]

    def __str__(self) -> str:
        return f"chain {self.chain_id}: incident {self.incident_id}"


class Law(models.Model):
    """A law in the register of laws used against defenders. Its title is public, and kept as it was published."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="laws")
    country = coded("countries")
    kind = coded("law-kinds")
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=8, blank=True, help_text="Of the title.")
    year = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["country", "title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "country", "title", "year"], name="one_law_once"),
            models.UniqueConstraint(
                fields=["institution", "country", "title"],
                condition=models.Q(year=None),
                name="one_law_without_year_once",
            ),
        ]

    def __str__(self) -> str:
        return f"law {self.pk}"


class LawUsed(models.Model):
    """That a law was used as the instrument of an act."""

    act = models.ForeignKey(Act, models.CASCADE, related_name="laws_used")
    law = models.ForeignKey(Law, models.PROTECT, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "law"], name="one_law_once_in_an_act")]

    def __str__(self) -> str:
        return f"law {self.law_id} in act {self.act_id}"
