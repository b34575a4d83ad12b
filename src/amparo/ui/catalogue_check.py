"""Are all messages there in all languages? `python -m amparo.ui.catalogue_check [--write]`.

`--write` brings the catalogues up to date first: new messages come in untranslated, those no longer used go.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from amparo.ui.catalogues import LOCALE
from amparo.ui.messages import collect_messages

# English is what the code says. French and Spanish have a form of their own for millions; Arabic has six.
PLURAL_FORMS = {
    "fr": "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;",
    "es": "nplurals=3; plural=n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 "
    ": n%100>=11 && n%100<=99 ? 4 : 5;",
}
HEADER = """\
# Amparo: the words of its pages, commands and errors. Licence: AGPL-3.0-or-later.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {forms}\\n"

"""
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd]")


@dataclass(frozen=True, slots=True)
class Gap:
    """A message that a language lacks: missing, untranslated, fuzzy, unused, or with other placeholders."""

    language: str
    reason: str
    message: str


def find_gaps(messages: Catalog, folder: Path = LOCALE) -> tuple[Gap, ...]:
    """What the catalogues of `folder` lack of `messages`, in each language, in the order of the messages."""
    return tuple(gap for language in PLURAL_FORMS for gap in _gaps_of(language, messages, folder))


def _gaps_of(language: str, messages: Catalog, folder: Path) -> Iterator[Gap]:
    catalogue = read_catalogue(language, folder)
    wanted = {(message.id, message.context) for message in messages if message.id}
    for message in messages:
        if not message.id:
            continue
        reason = _fault(catalogue.get(message.id, message.context), catalogue.num_plurals)
        if reason:
            yield Gap(language, reason, _singular(message))
    for message in catalogue:
        if message.id and (message.id, message.context) not in wanted:
            yield Gap(language, "unused", _singular(message))


def _fault(translated: Message | None, forms: int) -> str | None:
    if translated is None:
        return "missing"
    if translated.fuzzy:
        return "fuzzy"
    ids, texts = _texts(translated.id), _texts(translated.string)
    if len(texts) != (forms if len(ids) > 1 else 1) or not all(texts):
        return "untranslated"
    allowed = set(_PLACEHOLDER.findall(" ".join(ids)))
    if any(set(_PLACEHOLDER.findall(text)) - allowed for text in texts):
        return "placeholders"
    # A form for one or two may say the number in words; the last form stands for the large numbers and cannot.
    if set(_PLACEHOLDER.findall(texts[-1])) != set(_PLACEHOLDER.findall(ids[-1])):
        return "placeholders"
    return None


def _texts(value: object) -> tuple[str, ...]:
    given = value if isinstance(value, tuple | list) else (value,)
    return tuple(str(text or "") for text in given)


def _singular(message: Message) -> str:
    return _texts(message.id)[0]


def read_catalogue(language: str, folder: Path = LOCALE) -> Catalog:
    """The catalogue of a language, an empty one where it has no file yet."""
    source = _file_of(language, folder)
    text = (
        source.read_bytes()
        if source.exists()
        else HEADER.format(language=language, forms=PLURAL_FORMS[language]).encode()
    )
    return read_po(BytesIO(text), locale=language)


def write_catalogues(messages: Catalog, folder: Path = LOCALE) -> None:
    """Bring the catalogue of each language up to date with `messages`, keeping every translation still in use."""
    for language, forms in PLURAL_FORMS.items():
        kept = read_catalogue(language, folder)
        fresh = Catalog(locale=language)
        fresh.mime_headers = [("Plural-Forms", forms)]
        for message in messages:
            if message.id:
                known = kept.get(message.id, message.context)
                string = known.string if known and known.pluralizable == message.pluralizable else None
                fresh.add(message.id, string, message.locations, message.flags, context=message.context)
        target = _file_of(language, folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            # Without numbers of lines and dates, so that a change of the file is a change of the words.
            file.write(HEADER.format(language=language, forms=forms).encode())
            write_po(file, fresh, width=0, include_lineno=False, sort_by_file=True, omit_header=True)


def _file_of(language: str, folder: Path) -> Path:
    return folder / language / "LC_MESSAGES" / "django.po"


@click.command()
@click.option("--write", is_flag=True, help="Bring the catalogues up to date with the code and the templates first.")
def check_catalogues(write: bool) -> None:
    """Fail where a message of the code or the templates is not there in French, Spanish or Arabic."""
    messages = collect_messages()
    if write:
        write_catalogues(messages)
    gaps = find_gaps(messages)
    for gap in gaps:
        click.echo(f"{gap.language}: {gap.reason}: {gap.message!r}", err=True)
    if gaps:
        raise click.ClickException(f"{len(gaps)} gaps in the message catalogues.")
    click.echo(f"{len(messages)} messages, each in {len(PLURAL_FORMS) + 1} languages.", err=True)


if __name__ == "__main__":
    check_catalogues()
