"""The conversation as the reporter reads it, opened by the key of her mailbox."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from amparo.channel.mailboxes import Opened
from amparo.channel.models import Message
from amparo.files.services import FileFacts, read_facts
from amparo.institutions.models import this_hour
from amparo.vault import services as vault
from amparo.vault.keys import VaultError
from amparo.vault.models import SectionKey

LONGEST_MESSAGE = 10_000


@dataclass(frozen=True, slots=True)
class MessageRead:
    """A message with its files; `text` is None where it does not open."""

    message: Message
    text: str | None = field(repr=False)
    files: tuple[FileFacts, ...] = field(repr=False)


@transaction.atomic
def list_messages(opened: Opened) -> list[MessageRead]:
    """All messages, oldest first; those of the institution are read now."""
    messages = opened.mailbox.report.messages
    sent = list(messages.select_related("section").prefetch_related("files__file__section"))
    texts = _texts(sent, opened)
    messages.filter(from_reporter=False, read_at=None).update(read_at=this_hour())
    return [MessageRead(each, texts.get(each.section_id), _files(each, opened)) for each in sent]


def _texts(sent: list[Message], opened: Opened) -> dict[UUID, str]:
    texts = {}
    for each in sent:
        # One that was damaged must not close the others.
        try:
            said = vault.open_sections([each.section], opened.unlocked).get(each.section_id, {}).get("text")
        except VaultError:
            continue
        if isinstance(said, str):
            texts[each.section_id] = said
    return texts


def _files(message: Message, opened: Opened) -> tuple[FileFacts, ...]:
    found = []
    for each in message.files.all():
        try:
            found.append(read_facts(each.file, opened.unlocked))
        except (VaultError, SectionKey.DoesNotExist):
            continue
    return tuple(found)
