"""A case held for one change: of the person's own institution, counted by its version, noted in the log."""

from collections.abc import Mapping

from amparo.cases.desk import incidents_for
from amparo.cases.models import Incident
from amparo.institutions.models import User
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import Section


def take_incident(user: User, incident: int) -> Incident:
    """The case, held for this transaction, of `user`'s own institution. Raises `Incident.DoesNotExist`."""
    held: Incident = (
        incidents_for(user)
        .select_for_update(of=("self",))
        .select_related("institution__key_pair", "section")
        .get(pk=incident)
    )
    return held


def note_change(
    action: str, incident: Incident, user: User, facts: Mapping[str, str | int] | None = None, *columns: str
) -> None:
    """Raise the version of `incident`, save it with `columns`, and note the change. Call last in the transaction."""
    incident.version += 1
    incident.save(update_fields=["version", *columns])
    log.record(
        action,
        actor=user.pk,
        institution=incident.institution.code,
        record=f"incident:{incident.pk}",
        facts=dict(facts or {}),
    )


def write_section(
    section: Section | None, text: str, kind: str, incident: Incident, unlocked: vault.Unlocked
) -> Section | None:
    """`text` in the sealed section of a record of `incident`: a new one where there is none yet and something to seal.

    One that is there is written anew, also with nothing: who may open it, and the consents given for it, stay.
    """
    if section is not None:
        vault.rewrite_section(section, unlocked, {"text": text} if text else {})
        return section
    return vault.keep_section({"text": text}, kind, [incident.institution.key_pair]) if text else None
