"""What is publicly known of an NHRI, whether or not it works on this installation. Persons' names only go sealed."""

from django.db import models

from amparo.cases.fields import EventDateField
from amparo.cases.models import coded
from amparo.institutions.models import Institution, User, this_hour
from amparo.reprisals.fields import AmountField
from amparo.vault.models import Section


class NhriProfile(models.Model):
    """An NHRI: names, model, law, and who keeps these facts."""

    institution = models.OneToOneField(
        Institution, models.PROTECT, null=True, related_name="nhri_profile", help_text="Null: it does not work here."
    )
    kept_by = models.ForeignKey(Institution, models.PROTECT, related_name="profiles_kept")
    country = coded("countries")
    network = coded("ganhri-networks")
    names = models.JSONField(help_text="The public name by language.")
    model = coded("nhri-models")
    legal_basis = coded("legal-bases")
    legal_year = models.PositiveSmallIntegerField(null=True, help_text="Of the law that holds now.")
    immunity = coded("nhri-immunity")
    focal_point = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    deputy = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Raised by every change: two who edit are told.")
    changed_at = models.DateTimeField(default=this_hour, help_text="To the hour.")

    class Meta:
        indexes = [models.Index(fields=["country", "id"]), models.Index(fields=["network", "country", "id"])]

    def __str__(self) -> str:
        return f"NHRI {self.pk}"


class ProfileCode(models.Model):
    """One of several answers to a question on an NHRI: a mandate, a step of appointment or of dismissal by its law."""

    MANDATE, STEP = "mandate", "step"

    profile = models.ForeignKey(NhriProfile, models.CASCADE, related_name="codes")
    question = models.CharField(max_length=20, help_text="mandate (nhri-mandates) or step (procedure-steps).")
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "question", "code"], name="one_answer_once")]

    def __str__(self) -> str:
        return self.code


class PillarState(models.Model):
    """How far an NHRI meets one pillar of the Paris Principles, as who keeps the profile sees it."""

    profile = models.ForeignKey(NhriProfile, models.CASCADE, related_name="pillars")
    pillar = coded("paris-pillars")
    state = coded("pillar-states")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "pillar"], name="one_state_per_pillar")]

    def __str__(self) -> str:
        return f"{self.pillar} {self.state}"


class Seat(models.Model):
    """A seat in the body that leads an NHRI, and when who holds it came and goes. The name is sealed."""

    profile = models.ForeignKey(NhriProfile, models.CASCADE, related_name="seats")
    function = coded("targets")
    sex = coded("sex")
    appointed_on = EventDateField()
    term_ends = EventDateField()
    left_on = EventDateField()
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="seat")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"seat {self.pk}"


class Accreditation(models.Model):
    """One decision in the history of an NHRI's accreditation."""

    profile = models.ForeignKey(NhriProfile, models.CASCADE, related_name="accreditations")
    session = models.PositiveSmallIntegerField(null=True, help_text="Number of the committee's session.")
    date = EventDateField()
    earliest = models.DateField(null=True, editable=False, help_text="First day that `date` allows; for order.")
    decision = coded("accreditation-status")
    path = coded("accreditation-paths")
    next_review = EventDateField()

    class Meta:
        ordering = ["-earliest", "-pk"]

    def __str__(self) -> str:
        return f"accreditation {self.pk}"


class YearFigures(models.Model):
    """Budget and staff of an NHRI in one year."""

    profile = models.ForeignKey(NhriProfile, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    amount = AmountField()
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217.")
    government_amount = AmountField(help_text="The budget of the whole of government, in the same currency.")
    staff = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["profile", "year"], name="one_set_of_figures_a_year")]

    def __str__(self) -> str:
        return f"figures of {self.year}"
