"""Every message of the code and the templates, found without gettext's tools."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
_PLAIN = ("gettext", "ngettext", "pgettext", "npgettext")
# Where in a call the texts stand, by the name of the function.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_{kind}": DEFAULT_KEYWORDS[name] for name in _PLAIN for kind in ("lazy", "noop")},
}

# A message, or its singular and plural.
MessageId = str | tuple[str, ...]


def collect_messages(package: Path = PACKAGE) -> Catalog:
    """The messages of all Python files and HTML templates below `package`, with the files that hold them."""
    catalogue = Catalog()
    for source in sorted([*package.rglob("*.py"), *package.rglob("templates/**/*.html")]):
        place = source.relative_to(package).as_posix()
        for line, context, message in _read_messages(source):
            catalogue.add(message, locations=[(place, line)], context=context)
    return catalogue


def _read_messages(source: Path) -> Iterator[tuple[int, str | None, MessageId]]:
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".html":
        # Django turns a template into calls that look like Python between words that are blanked out; without
        # their indentation the lines can be read as Python.
        text = "\n".join(line.strip() for line in templatize(text, source.name).split("\n"))
    for line, message, _, context in extract("python", BytesIO(text.encode()), KEYWORDS):
        yield line, context, message
