"""Bringing the database up to the data files."""

from collections.abc import Iterable

from django.db import transaction

from amparo.vocabularies.catalogue import Vocabulary, get_vocabulary, vocabulary_codes
from amparo.vocabularies.models import LoadedTerm, LoadedVocabulary


def load_vocabularies(vocabularies: Iterable[Vocabulary] | None = None) -> tuple[str, ...]:
    """Load each vocabulary that differs from what is loaded; the codes of those that did. Writes nothing otherwise."""
    wanted = list(vocabularies) if vocabularies is not None else [get_vocabulary(code) for code in vocabulary_codes()]
    loaded = dict(LoadedVocabulary.objects.values_list("code", "sha256"))
    changed = [vocabulary for vocabulary in wanted if loaded.get(vocabulary.code) != vocabulary.sha256]
    with transaction.atomic():
        for vocabulary in changed:
            _load(vocabulary)
    return tuple(vocabulary.code for vocabulary in changed)


def _load(vocabulary: Vocabulary) -> None:
    row, _ = LoadedVocabulary.objects.update_or_create(
        code=vocabulary.code, defaults={"version": vocabulary.version, "sha256": vocabulary.sha256}
    )
    # All first, then those that are there: naming thousands of codes in one query is more than SQLite takes.
    row.terms.update(retired=True)
    LoadedTerm.objects.bulk_create(
        [
            LoadedTerm(vocabulary=row, code=term.code, broader=term.broader or "", labels=dict(term.labels))
            for term in vocabulary.terms.values()
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["vocabulary", "code"],
        update_fields=["broader", "labels", "retired"],
    )
