"""The register: what makes an incident a reprisal against an NHRI, form by form. Free text only goes sealed."""

from django.db import models

from amparo.cases.fields import EventDateField
from amparo.cases.models import Incident, Victim, coded
from amparo.reprisals.fields import AmountField
from amparo.reprisals.models.profile import NhriProfile
from amparo.vault.models import Section


class Reprisal(models.Model):
    """That an incident is a reprisal against an NHRI, its members or staff."""

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="reprisal")
    nhri = models.ForeignKey(NhriProfile, models.PROTECT, related_name="reprisals")
    novelty = coded("reprisal-novelty")
    extent = coded("reprisal-extent")
    in_un_document = coded("yes-no")
    token = models.CharField(max_length=40, unique=True, null=True, help_text="Of the form: sent twice it is one.")  # noqa: DJ001

    def __str__(self) -> str:
        return f"reprisal {self.pk}"


class Consequence(models.Model):
    """One thing that a reprisal has led to."""

    reprisal = models.ForeignKey(Reprisal, models.CASCADE, related_name="consequences")
    consequence = coded("reprisal-consequences")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reprisal", "consequence"], name="one_consequence_once")]

    def __str__(self) -> str:
        return self.consequence


class Cooperation(models.Model):
    """With which body of the United Nations the target cooperated, when and how."""

    reprisal = models.ForeignKey(Reprisal, models.CASCADE, related_name="cooperations")
    body = coded("un-bodies")
    manner = coded("cooperation-manners")
    date = EventDateField()
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="cooperation")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"cooperation {self.pk}"


class DocumentedForm(models.Model):
    """One form that a reprisal took. What documents it hangs on it, by its form."""

    reprisal = models.ForeignKey(Reprisal, models.CASCADE, related_name="forms")
    form = coded("nhri-reprisal-forms")
    date = EventDateField(help_text="Only where it differs from the incident's.")
    section = models.OneToOneField(Section, models.PROTECT, null=True, related_name="documented_form")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["form", "reprisal"])]

    def __str__(self) -> str:
        return f"{self.form} {self.pk}"


class FormTarget(models.Model):
    """Whom a form was directed at: one of the incident's victims, the institution or a person with her function."""

    documented = models.ForeignKey(DocumentedForm, models.CASCADE, related_name="targets")
    victim = models.ForeignKey(Victim, models.CASCADE, related_name="reprisal_forms")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["documented", "victim"], name="one_target_once_in_a_form")]

    def __str__(self) -> str:
        return f"target {self.victim_id}"


class FormCode(models.Model):
    """One of several answers to a question on a form: `question` is a field of it, `code` of the field's vocabulary."""

    documented = models.ForeignKey(DocumentedForm, models.CASCADE, related_name="codes")
    question = models.CharField(max_length=20)
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["documented", "question", "code"], name="one_code_once")]

    def __str__(self) -> str:
        return self.code


class BudgetCut(models.Model):
    """A budget before and after, beside the whole of government. Shares in per cent, where only they are known."""

    documented = models.OneToOneField(DocumentedForm, models.CASCADE, related_name="budget_cut")
    year_before = models.PositiveSmallIntegerField()
    year_after = models.PositiveSmallIntegerField()
    amount_before = AmountField()
    amount_after = AmountField()
    currency = models.CharField(max_length=3, help_text="ISO 4217.")
    government_before = AmountField()
    government_after = AmountField()
    share_before = AmountField(help_text="Per cent of the whole of government.")
    share_after = AmountField(help_text="Per cent of the whole of government.")

    def __str__(self) -> str:
        return f"budget cut {self.year_before}–{self.year_after}"


class SeatInterference(models.Model):
    """Interference with a seat: its selection, appointment or dismissal."""

    documented = models.OneToOneField(DocumentedForm, models.CASCADE, related_name="seat_interference")
    seat = coded("targets")
    term_ends = EventDateField()
    followed_law = coded("yes-no")

    def __str__(self) -> str:
        return f"seat {self.seat}"


class MandateChange(models.Model):
    """A change of what the institution may do."""

    documented = models.OneToOneField(DocumentedForm, models.CASCADE, related_name="mandate_change")
    instrument = coded("legal-bases")
    stage = coded("mandate-change-stages")

    def __str__(self) -> str:
        return f"mandate change {self.stage}"


class LegalAction(models.Model):
    """Proceedings against members, staff or the institution."""

    documented = models.OneToOneField(DocumentedForm, models.CASCADE, related_name="legal_action")
    kind = coded("legal-action-kinds")
    court = coded("court-levels")
    stage = coded("legal-action-stages")

    def __str__(self) -> str:
        return f"legal action {self.stage}"
