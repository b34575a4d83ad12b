"""Writing the register: a reprisal as a case, and each form of it, added, changed and removed. The only writer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from amparo.cases.datasets import own_dataset
from amparo.cases.drafts import IncidentDraft, VictimDraft
from amparo.cases.held import note_change, take_incident
from amparo.cases.models import Act, Incident
from amparo.cases.services import record_incident
from amparo.institutions.models import Institution, User
from amparo.reprisals.drafts import CooperationDraft, Facts, FormDraft, ReprisalDraft
from amparo.reprisals.forms_of_reprisal import FORMS, Detail
from amparo.reprisals.models import (
    BudgetCut,
    Consequence,
    Cooperation,
    DocumentedForm,
    FormCode,
    FormTarget,
    LegalAction,
    MandateChange,
    NhriProfile,
    Reprisal,
    Seat,
    SeatInterference,
)
from amparo.reprisals.scope import profiles_for, reprisals_for
from amparo.vault import services as vault
from amparo.vault.models import KeyPair, LogEntry, Section

NARRATIVE = "narrative"
_RECORDS: dict[Detail, tuple[type[models.Model], str]] = {
    Detail.BUDGET: (BudgetCut, "budget_cut"),
    Detail.SEAT: (SeatInterference, "seat_interference"),
    Detail.MANDATE: (MandateChange, "mandate_change"),
    Detail.LEGAL: (LegalAction, "legal_action"),
}


class ReprisalError(Exception):
    """What was asked for cannot be done with this reprisal. `code` says why."""

    code = "reprisal-error"


class KeysClosed(ReprisalError):
    """Text was given that goes sealed over what is sealed already, and the person's keys are not open."""

    code = "keys-closed"


class ChangedMeanwhile(ReprisalError):
    """Somebody else changed the case since the form was opened."""

    code = "changed-meanwhile"


def record_reprisal(user: User, nhri: int, draft: ReprisalDraft, token: str) -> Incident:
    """Make a case of `draft`: incident, targets, acts and each form with its details, in one transaction.

    The same case where the form with this token was sent before. Raises `NhriProfile.DoesNotExist`.
    """
    there = reprisals_for(user).filter(token=token).select_related("incident")
    if (found := there.first()) is not None:
        return found.incident
    try:
        return _record(user, nhri, draft, token)
    except IntegrityError:
        # Sent twice at the same moment: the other one was quicker.
        return there.get().incident


@transaction.atomic
def begin_reprisal(user: User, incident: int, nhri: int) -> Reprisal:
    """Say of a case that it is a reprisal against that NHRI. Twice is once; another replaces the first."""
    held = take_incident(user, incident)
    profile = profiles_for(user).get(pk=nhri)
    reprisal, made = Reprisal.objects.get_or_create(incident=held, defaults={"nhri": profile})
    if made or reprisal.nhri_id != profile.pk:
        reprisal.nhri = profile
        reprisal.save()
        note_change("reprisal-marked", held, user, {"nhri": profile.pk})
    return reprisal


@transaction.atomic
def change_facts(user: User, incident: int, facts: Facts, version: int) -> None:
    """Change what is said of the reprisal as a whole. Raises `ChangedMeanwhile`, `Reprisal.DoesNotExist`."""
    held, reprisal = _take(user, incident, version)
    _set_facts(held, reprisal, facts)
    note_change("reprisal-changed", held, user, {}, "because_of_mandate", "because_of_cooperation")


@transaction.atomic
def add_form(user: User, incident: int, draft: FormDraft, victims: Iterable[int], token: str) -> DocumentedForm | None:
    """Document one more form; None where this was sent before. Raises `Reprisal.DoesNotExist`."""
    held, reprisal = _take(user, incident)
    if _was_sent(held, token):
        return None
    added = _write_form(reprisal, draft, [held.institution.key_pair])
    _set_targets(added, held, victims)
    note_change("reprisal-form-added", held, user, {"form": added.form, "number": added.pk, "token": token})
    return added


@transaction.atomic
def change_form(
    user: User,
    incident: int,
    number: int,
    draft: FormDraft,
    victims: Iterable[int],
    version: int,
    unlocked: vault.Unlocked | None,
) -> None:
    """Change what documents a form. With closed keys its texts stay as they are.

    Raises `ChangedMeanwhile`, `KeysClosed` where texts are given all the same, and what `DoesNotExist`.
    """
    held, reprisal = _take(user, incident, version)
    found = reprisal.forms.select_related("section").get(pk=number)
    found.date = draft.date
    found.section = _rewrite(found.section, draft.texts, [held.institution.key_pair], unlocked)
    found.save()
    found.codes.all().delete()
    _write_codes(found, draft.codes)
    _write_columns(found, draft.columns)
    _set_targets(found, held, victims)
    note_change("reprisal-form-changed", held, user, {"form": found.form, "number": number})


@transaction.atomic
def remove_form(user: User, incident: int, number: int) -> None:
    """Remove a form with what documents it. The acts on the case stay: other facts may hang on them."""
    held, reprisal = _take(user, incident)
    found = reprisal.forms.get(pk=number)
    found.delete()
    note_change("reprisal-form-removed", held, user, {"form": found.form, "number": number})


@transaction.atomic
def add_cooperation(user: User, incident: int, draft: CooperationDraft, token: str) -> Cooperation | None:
    """Note cooperation with a body of the United Nations; None where this was sent before."""
    held, reprisal = _take(user, incident)
    if _was_sent(held, token):
        return None
    added = _write_cooperation(reprisal, draft, [held.institution.key_pair])
    note_change("cooperation-added", held, user, {"body": added.body, "number": added.pk, "token": token})
    return added


@transaction.atomic
def change_cooperation(
    user: User, incident: int, number: int, draft: CooperationDraft, version: int, unlocked: vault.Unlocked | None
) -> None:
    """Change what is noted of cooperation. Raises as `change_form`."""
    held, reprisal = _take(user, incident, version)
    found = reprisal.cooperations.select_related("section").get(pk=number)
    found.body, found.manner, found.date = draft.body, draft.manner, draft.date
    texts = {"text": draft.text} if draft.text else {}
    found.section = _rewrite(found.section, texts, [held.institution.key_pair], unlocked)
    found.save()
    note_change("cooperation-changed", held, user, {"body": found.body, "number": number})


@transaction.atomic
def remove_cooperation(user: User, incident: int, number: int) -> None:
    """Remove what is noted of cooperation."""
    held, reprisal = _take(user, incident)
    found = reprisal.cooperations.get(pk=number)
    found.delete()
    note_change("cooperation-removed", held, user, {"body": found.body, "number": number})


@receiver(post_delete, sender=DocumentedForm)
@receiver(post_delete, sender=Cooperation)
@receiver(post_delete, sender=Seat)
def _destroy_text(instance: Any, **_: object) -> None:
    """What was sealed goes with its record, however that is removed."""
    if instance.section_id is not None:
        vault.destroy_sections([instance.section_id])


@transaction.atomic
def _record(user: User, nhri: int, draft: ReprisalDraft, token: str) -> Incident:
    institution: Institution | None = user.institution
    assert institution is not None  # noqa: S101  (desk pages are for members)
    profile = profiles_for(user).get(pk=nhri)
    incident = record_incident(institution, own_dataset(institution), _as_incident(draft, profile))
    reprisal = Reprisal.objects.create(incident=incident, nhri=profile, token=token)
    _set_facts(incident, reprisal, draft.facts)
    holders = [institution.key_pair]
    victims = list(incident.victims.order_by("pk"))
    for each in draft.forms:
        documented = _write_form(reprisal, each, holders)
        FormTarget.objects.bulk_create(
            FormTarget(documented=documented, victim=victim)
            for victim, target in zip(victims, draft.targets, strict=True)
            if each.form in target.forms
        )
    for cooperation in draft.cooperations:
        _write_cooperation(reprisal, cooperation, holders)
    facts: dict[str, str | int] = {"nhri": profile.pk, "forms": len(draft.forms)}
    note_change("reprisal-recorded", incident, user, facts, "because_of_mandate", "because_of_cooperation")
    return incident


def _as_incident(draft: ReprisalDraft, profile: NhriProfile) -> IncidentDraft:
    victims = tuple(
        VictimDraft(
            kind=each.kind,
            target=each.target,
            sex=each.sex,
            acts=tuple(dict.fromkeys(FORMS[form].act for form in each.forms)),
            identity={"name": each.name} if each.name else {},
        )
        for each in draft.targets
    )
    return IncidentDraft(
        date=draft.date,
        country=profile.country,
        status=draft.status,
        victims=victims,
        perpetrators=draft.perpetrators,
        narrative={"text": draft.text} if draft.text else {},
    )


def _take(user: User, incident: int, version: int | None = None) -> tuple[Incident, Reprisal]:
    held = take_incident(user, incident)
    if version is not None and held.version != version:
        raise ChangedMeanwhile
    return held, Reprisal.objects.get(incident=held)


def _was_sent(incident: Incident, token: str) -> bool:
    """Whether the form with this token was sent before: the log remembers it. Call while the case is held."""
    return LogEntry.objects.filter(record=f"incident:{incident.pk}", facts__token=token).exists()


def _set_facts(incident: Incident, reprisal: Reprisal, facts: Facts) -> None:
    incident.because_of_mandate = facts.because_of_mandate
    incident.because_of_cooperation = facts.because_of_cooperation
    reprisal.novelty, reprisal.extent = facts.novelty, facts.extent
    reprisal.in_un_document = facts.in_un_document
    reprisal.save()
    reprisal.consequences.all().delete()
    Consequence.objects.bulk_create(
        Consequence(reprisal=reprisal, consequence=code) for code in dict.fromkeys(facts.consequences)
    )


def _write_form(reprisal: Reprisal, draft: FormDraft, holders: Sequence[KeyPair]) -> DocumentedForm:
    documented = DocumentedForm.objects.create(
        reprisal=reprisal,
        form=draft.form,
        date=draft.date,  # type: ignore[misc]
        section=vault.keep_section(draft.texts, NARRATIVE, holders) if draft.texts else None,
    )
    _write_codes(documented, draft.codes)
    _write_columns(documented, draft.columns)
    return documented


def _write_codes(documented: DocumentedForm, codes: Mapping[str, Sequence[str]]) -> None:
    FormCode.objects.bulk_create(
        FormCode(documented=documented, question=question, code=code)
        for question, chosen in codes.items()
        for code in dict.fromkeys(chosen)
    )


def _write_columns(documented: DocumentedForm, columns: Mapping[str, object]) -> None:
    kept = _RECORDS.get(FORMS[documented.form].detail)
    if kept is not None:
        kept[0]._default_manager.update_or_create(documented=documented, defaults=dict(columns))


def _set_targets(documented: DocumentedForm, incident: Incident, victims: Iterable[int]) -> None:
    """Those of `victims` that are the incident's. A form that hits somebody is an act against her."""
    chosen = list(incident.victims.filter(pk__in=list(victims)))
    documented.targets.exclude(victim__in=chosen).delete()
    act = FORMS[documented.form].act
    for victim in chosen:
        FormTarget.objects.get_or_create(documented=documented, victim=victim)
        if not Act.objects.filter(incident=incident, victim=victim, kind=act).exists():
            Act.objects.create(incident=incident, victim=victim, kind=act)


def _write_cooperation(reprisal: Reprisal, draft: CooperationDraft, holders: Sequence[KeyPair]) -> Cooperation:
    return Cooperation.objects.create(
        reprisal=reprisal,
        body=draft.body,
        manner=draft.manner,
        date=draft.date,  # type: ignore[misc]
        section=vault.keep_section({"text": draft.text}, NARRATIVE, holders) if draft.text else None,
    )


def _rewrite(
    section: Section | None, texts: Mapping[str, str], holders: Sequence[KeyPair], unlocked: vault.Unlocked | None
) -> Section | None:
    """The section with `texts` in place of what was in it. A new one takes no open key; to write over one does."""
    if section is None:
        return vault.keep_section(texts, NARRATIVE, holders) if texts else None
    if unlocked is not None:
        vault.rewrite_section(section, unlocked, texts)
    elif texts:
        raise KeysClosed
    return section
