"""Bringing the invented reports in by the same services as real ones, and working on them as people of the desk do."""

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from django.utils import timezone

from amparo.channel.models import Channel, Mailbox, Report
from amparo.channel.services import KeepFile, NewReport, receive_report, send_message
from amparo.channel.triage import accepting, referring
from amparo.channel.triage import services as triage
from amparo.files.models import SealedFile
from amparo.files.services import keep_upload
from amparo.files.uploads import SealingUploadHandler
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.portal.demo.invented_reports import InventedReport, draw_photo, read_invented_reports
from amparo.vault.models import KeyPair, Section
from amparo.vault.receipts import make_receipt, read_receipt

RECEIVERS = ("demo-nhri", "demo-network", "demo-ganhri")


def record_invented_reports(founded: Mapping[str, Founded], focal_points: Mapping[str, User]) -> None:
    """Open the channels of RECEIVERS, bring all invented reports in, and do with each what its state says."""
    channels = {code: Channel.objects.create(institution=founded[code].institution) for code in RECEIVERS}
    for said in read_invented_reports():
        report = _receive(channels[said.institution], said)
        _work_on(report, said, focal_points[said.institution], founded)


def _receive(channel: Channel, said: InventedReport) -> Report:
    new = NewReport(
        about=said.about,
        language=said.language,
        urgency=said.urgency,
        naming=said.naming,
        consents=said.consents,
        answers=dict(said.answers),
    )
    receipt = read_receipt(said.receipt) if said.receipt else make_receipt()
    report = receive_report(channel, new, submission=os.urandom(32), receipt=receipt, files=_files(said))
    # As if it had come that many days ago.
    report.received_at = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=said.days)
    report.save(update_fields=["received_at"])
    return report


def _work_on(report: Report, said: InventedReport, person: User, founded: Mapping[str, Founded]) -> None:
    unlocked = founded[said.institution].unlocked
    if said.state == "spam":
        triage.mark_spam(person, [report.pk])
    if said.state in ("acknowledged", "referred"):
        triage.acknowledge(person, report.pk)
    for message in said.messages:
        if message.from_reporter:
            send_message(Mailbox.objects.get(report=report), message.text)
        else:
            triage.send_message(person, report.pk, message.text, unlocked)
    if said.state == "accepted":
        accepting.accept(person, report.pk, accepting.suggest_facts(report, dict(said.answers)), unlocked)
    if said.state == "referred":
        referring.refer(person, report.pk, founded[said.refer_to].institution, unlocked)


def _files(said: InventedReport) -> list[KeepFile]:
    return [partial(_keep_photo, draw_photo(said.photo))] if said.photo else []


def _keep_photo(content: bytes, holders: Sequence[KeyPair], like: Section) -> SealedFile:
    handler = SealingUploadHandler()
    handler.new_file("files", "invented-photo.jpg", "image/jpeg", len(content))
    handler.receive_data_chunk(content, 0)
    upload = handler.file_complete(len(content))
    try:
        return keep_upload(upload, holders, like)
    finally:
        handler.discard()
