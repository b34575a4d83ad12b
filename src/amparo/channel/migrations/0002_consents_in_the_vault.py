"""What reporters agreed to before the vault knew of consents: let it know, and for what keys were shared with whom."""

from django.db import migrations
from django.db.models import Q

PURPOSES = {
    'sca': 'accreditation-review',
    'special-procedures': 'communication-un',
    'treaty-bodies': 'communication-un',
    'sg-report': 'communication-un',
    'regional-mechanism': 'communication-regional',
    'public': 'publication-without-name',
}
SUPPORT = 'support-protection'


def let_the_vault_know(apps, schema_editor):
    report, given = apps.get_model('channel', 'Report'), apps.get_model('channel', 'ConsentGiven')
    section, key = apps.get_model('vault', 'Section'), apps.get_model('vault', 'SectionKey')
    consent, shared_for = apps.get_model('vault', 'Consent'), apps.get_model('vault', 'SharedFor')
    file = apps.get_model('files', 'SealedFile')
    for first in report.objects.filter(referred_from=None).filter(Q(consents__isnull=False) | Q(referrals__isnull=False)).distinct():
        files = file.objects.filter(report_file__report=first)
        said = section.objects.filter(
            Q(pk=first.section_id)
            | Q(pk__in=first.messages.values('section'))
            | Q(pk__in=files.values('section'))
            | Q(pk__in=file.objects.filter(original__in=files.values('pk')).values('section'))
        )
        consent.objects.bulk_create(
            consent(
                section_id=pk,
                recipient=each.recipient,
                purpose=PURPOSES.get(each.recipient, SUPPORT),
                how='safe-channel',
                language=first.language,
                given_on=each.given_at.date(),
                withdrawn_on=each.withdrawn_at.date() if each.withdrawn_at else None,
            )
            for each in given.objects.filter(report=first).order_by('pk')
            for pk in said.values_list('pk', flat=True)
        )
        holders = first.referrals.exclude(outcome='no-consent').values('institution__key_pair')
        shared_for.objects.bulk_create(
            shared_for(key=each, purpose=SUPPORT)
            for each in key.objects.filter(section__in=said, holder__in=holders, shared_for=None)
        )


class Migration(migrations.Migration):

    dependencies = [
        ('channel', '0001_initial'),
        ('vault', '0004_consent'),
    ]

    operations = [migrations.RunPython(let_the_vault_know, migrations.RunPython.noop)]
