"""Every message of the code and the templates, found without gettext's tools."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
_PLAIN = ("gettext", "ngettext", "pgettext", "npgettext")
# Where in a call the texts stand, by the name of the function: Babel's own, and Django's beside them.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_{kind}": DEFAULT_KEYWORDS[name] for name in _PLAIN for kind in ("lazy", "noop")},
}

# Number of the line; context, if any; the message, or its singular and plural.
Found = tuple[int, str | None, str | tuple[str, ...]]


def collect_messages(package: Path = PACKAGE) -> Catalog:
    """The messages of all Python files and HTML templates below `package`, with the files that hold them."""
    catalogue = Catalog()
    for source in sorted([*package.rglob("*.py"), *package.rglob("templates/**/*.html")]):
        place = source.relative_to(package).as_posix()
        text = source.read_text(encoding="utf-8")
        found = _read_template(text, source.name) if source.suffix == ".html" else _read_python(text)
        for line, context, message in found:
            catalogue.add(message, locations=[(place, line)], context=context)
    return catalogue


def _read_python(text: str) -> Iterator[Found]:
    """Calls with plain texts. Babel's own reader takes any string inside an argument for a text, that of a key too."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        given = tuple(argument.value if isinstance(argument, ast.Constant) else None for argument in call.args)
        if name in KEYWORDS and (found := _message_of(KEYWORDS[name], given)):
            yield call.lineno, *found


def _message_of(places: object, given: tuple[object, ...]) -> tuple[str | None, str | tuple[str, ...]] | None:
    """Context and message among the arguments `given`; None where they are not plain texts."""
    context, texts = None, []
    for place in places if isinstance(places, tuple) else (1,):
        index = (place[0] if isinstance(place, tuple) else place) - 1
        text = given[index] if index < len(given) else None
        if not isinstance(text, str) or not text:
            return None
        if isinstance(place, tuple):
            context = text
        else:
            texts.append(text)
    return context, texts[0] if len(texts) == 1 else tuple(texts)


def _read_template(text: str, name: str) -> Iterator[Found]:
    """Django turns a template into calls between words that are blanked out: not Python, but like it line by line."""
    lines = "\n".join(line.strip() for line in templatize(text, name).split("\n"))
    for line, message, _, context in extract("python", BytesIO(lines.encode()), KEYWORDS):
        yield line, context, message
