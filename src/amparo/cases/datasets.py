"""The dataset of what an institution documents itself."""

from amparo.cases.models import Dataset
from amparo.institutions.models import Institution
from amparo.institutions.names import public_name

_TITLES = {
    "en": "Own documentation: {name}",
    "fr": "Documentation propre : {name}",
    "es": "Documentación propia: {name}",
    "ar": "توثيق خاص: {name}",
}
_COVERAGE = {
    "en": "What was reported to this institution and taken up by it. Most of what happens is reported to nobody.",
    "fr": "Ce qui a été signalé à cette institution et retenu. La plupart des faits ne sont signalés à personne.",
    "es": "Lo que se denunció ante esta institución y fue admitido. La mayor parte de lo que ocurre no se denuncia.",
    "ar": "ما أُبلغت به هذه المؤسسة وتولّته. ومعظم ما يحدث لا يُبلَّغ به أحد.",
}


def own_code(institution: Institution) -> str:
    """The code of that dataset, whether it is there yet or not."""
    return f"own-{institution.code}"[:40]


def own_dataset(institution: Institution) -> Dataset:
    """The dataset of what `institution` documents itself; made at its first case."""
    titles = {language: title.format(name=public_name(institution, language)) for language, title in _TITLES.items()}
    return Dataset.objects.get_or_create(
        code=own_code(institution),
        defaults={
            "titles": titles,
            "publisher": public_name(institution, "en")[:200],
            "coverage": _COVERAGE,
            "invented": institution.invented,
        },
    )[0]
