"""Chains of events: incidents of the institution that belong together, such as a threat, an arrest, then a trial."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from amparo.cases.desk import incidents_for
from amparo.cases.held import note_change, take_incident
from amparo.cases.models import Chain, ChainLink, Incident
from amparo.institutions.models import User
from amparo.vault import services as vault

CHAIN = "chain"


class NotChained(Exception):
    """There is no such case of the institution, or it is the same one."""


@dataclass(frozen=True, slots=True)
class OpenedChain:
    """A chain as a page shows it: its links in order; `title` is None where it is closed to this session."""

    chain: Chain
    title: str | None
    links: tuple[ChainLink, ...]


def chains_of(incident: Incident, unlocked: vault.Unlocked | None) -> list[OpenedChain]:
    """The chains that `incident` is in, with all their links. A constant number of queries."""
    chains = list(
        Chain.objects.filter(links__incident=incident).select_related("section").prefetch_related("links__incident")
    )
    sections = [chain.section for chain in chains if chain.section is not None]
    opened = vault.open_sections(sections, unlocked) if unlocked else {}
    return [
        OpenedChain(
            chain,
            str(opened[chain.section_id].get("text", "")) if chain.section_id in opened else None,
            tuple(chain.links.all()),
        )
        for chain in chains
    ]


@transaction.atomic
def chain_incidents(user: User, incident: int, other: int, title: str, unlocked: vault.Unlocked | None) -> Chain:
    """Put `other` into the chain of `incident`, after what is in it; a new chain where there is none. Twice is once.

    A `title` is that of a new chain, and needs open keys. Raises `NotChained`.
    """
    held = take_incident(user, incident)
    joined = incidents_for(user).filter(pk=other).exclude(pk=incident).first()
    if joined is None:
        raise NotChained
    chain = Chain.objects.filter(links__incident=held).order_by("pk").first()
    if chain is None:
        section = None
        if title and unlocked is not None:
            section = vault.keep_section({"text": title}, CHAIN, [held.institution.key_pair])
        chain = Chain.objects.create(institution=held.institution, section=section)
        # By date where dates are known: a chain is read from its first event to its last.
        ordered = sorted((held, joined), key=lambda each: (each.earliest is None, each.earliest, each.pk))
        ChainLink.objects.bulk_create(
            ChainLink(chain=chain, incident=each, order=place) for place, each in enumerate(ordered, start=1)
        )
    elif not chain.links.filter(incident=joined).exists():
        last = chain.links.aggregate(last=Max("order"))["last"] or 0
        ChainLink.objects.create(chain=chain, incident=joined, order=last + 1)
    else:
        return chain
    note_change("chain-changed", held, user, {"chain": chain.pk, "incident": joined.pk})
    return chain


@transaction.atomic
def move_earlier(user: User, incident: int, link: int) -> None:
    """Let a link change places with the one before it; the first one stays. Raises `ChainLink.DoesNotExist`."""
    held = take_incident(user, incident)
    moved = ChainLink.objects.select_related("chain").get(pk=link, chain__links__incident=held)
    links = list(moved.chain.links.select_for_update().order_by("order", "pk"))
    place = [each.pk for each in links].index(moved.pk)
    if place == 0:
        return
    links[place - 1], links[place] = links[place], links[place - 1]
    for order, each in enumerate(links, start=1):
        each.order = order
    ChainLink.objects.bulk_update(links, ["order"])
    note_change("chain-changed", held, user, {"chain": moved.chain_id})


@transaction.atomic
def unchain(user: User, incident: int, link: int) -> None:
    """Take a case out of its chain; a chain of one is no chain any more. Raises `ChainLink.DoesNotExist`."""
    held = take_incident(user, incident)
    taken = ChainLink.objects.select_related("chain__section").get(pk=link, chain__links__incident=held)
    chain = taken.chain
    taken.delete()
    if chain.links.count() < 2:
        section = chain.section_id
        chain.delete()
        if section is not None:
            vault.destroy_sections([section])
    note_change("chain-changed", held, user, {"chain": taken.chain_id})
