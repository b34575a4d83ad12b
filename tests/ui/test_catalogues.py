"""Everything a person sees is there in four languages, and the check notices when it is not."""

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from amparo.ui.catalogue_check import PLURAL_FORMS, find_gaps, read_catalogue, write_catalogues
from amparo.ui.catalogues import LOCALE, compile_catalogues
from amparo.ui.messages import collect_messages

TRANSLATED = {"fr": "Bonjour %(name)s", "es": "Hola %(name)s", "ar": "مرحبًا %(name)s"}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "greetings.py").write_text('told = gettext("Hello %(name)s")\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def folder(tmp_path: Path, package: Path) -> Path:
    """Catalogues that have the one message of `package` in every language."""
    folder = tmp_path / "locale"
    write_catalogues(collect_messages(package), folder)
    for language, text in TRANSLATED.items():
        change(folder, language, lambda catalogue, text=text: setattr(catalogue["Hello %(name)s"], "string", text))
    return folder


def change(folder: Path, language: str, act) -> None:  # type: ignore[no-untyped-def]
    catalogue = read_catalogue(language, folder)
    act(catalogue)
    with (folder / language / "LC_MESSAGES" / "django.po").open("wb") as file:
        write_po(file, catalogue)


def reasons(package: Path, folder: Path) -> set[tuple[str, str]]:
    return {(gap.language, gap.reason) for gap in find_gaps(collect_messages(package), folder)}


def found_in(package: Path) -> set[object]:
    return {message.id for message in collect_messages(package) if message.id}


def test_every_message_of_amparo_is_there_in_every_language() -> None:
    messages = collect_messages()

    gaps = find_gaps(messages)

    assert len(messages) > 200
    assert gaps == ()


def test_it_works(package: Path, folder: Path) -> None:
    assert reasons(package, folder) == set()


def test_a_new_message_is_missing_in_every_language(package: Path, folder: Path) -> None:
    (package / "more.py").write_text('gettext_lazy("Planted")\n', encoding="utf-8")

    assert reasons(package, folder) == {(language, "missing") for language in PLURAL_FORMS}


def test_an_untranslated_message_is_found(package: Path, folder: Path) -> None:
    change(folder, "es", lambda catalogue: setattr(catalogue["Hello %(name)s"], "string", ""))

    assert reasons(package, folder) == {("es", "untranslated")}


def test_a_guess_of_the_tools_is_found(package: Path, folder: Path) -> None:
    change(folder, "fr", lambda catalogue: catalogue["Hello %(name)s"].flags.add("fuzzy"))

    assert reasons(package, folder) == {("fr", "fuzzy")}


def test_a_message_that_nothing_uses_any_more_is_found(package: Path, folder: Path) -> None:
    change(folder, "ar", lambda catalogue: catalogue.add("Good bye", "وداعًا"))

    assert reasons(package, folder) == {("ar", "unused")}


@pytest.mark.parametrize("text", ["Bonjour", "Bonjour %(nom)s", "Bonjour %(name)s, %(age)s"])
def test_a_translation_must_fill_in_what_the_message_fills_in(package: Path, folder: Path, text: str) -> None:
    change(folder, "fr", lambda catalogue: setattr(catalogue["Hello %(name)s"], "string", text))

    assert reasons(package, folder) == {("fr", "placeholders")}


def test_a_plural_needs_each_form_of_the_language(package: Path, folder: Path) -> None:
    (package / "greetings.py").write_text('ngettext("%(n)s case", "%(n)s cases", n)\n', encoding="utf-8")
    write_catalogues(collect_messages(package), folder)
    forms = {"fr": ("a %(n)s", "b %(n)s", "c %(n)s"), "es": ("a", "b", "c %(n)s"), "ar": ("a",) * 4 + ("e", "%(n)s")}
    for language, texts in forms.items():
        change(folder, language, lambda catalogue, texts=texts: setattr(catalogue["%(n)s case"], "string", texts))
    complete = reasons(package, folder)

    change(
        folder, "ar", lambda catalogue: setattr(catalogue["%(n)s case"], "string", ("a", "b", "", "d", "e", "%(n)s"))
    )

    assert complete == set()
    assert reasons(package, folder) == {("ar", "untranslated")}


def test_messages_are_found_in_code_and_templates(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        'x = [_("one"), gettext_lazy("two"), ngettext_lazy("three", "threes", 3), pgettext("month", "four"),\n'
        '     gettext_noop("five " "and more")]\n'
        'nothing = other("six"), gettext(described["get"]["more"]), gettext(f"{six}")\n',
        encoding="utf-8",
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(
        '{% load i18n %}\n  <p title="{% translate \'seven\' %}">{{ x|default:_("eight") }} it\'s 5 %</p>\n'
        "    {% blocktranslate count n=3 %}{{ n }} nine{% plural %}{{ n }} nines{% endblocktranslate %}\n"
        " {# a note #}<b>{% blocktranslate trimmed %}\n  ten\n  eleven {{ y }}\n{% endblocktranslate %}</b>\n",
        encoding="utf-8",
    )

    assert found_in(tmp_path) == {
        *("one", "two", ("three", "threes"), "four", "five and more"),
        *("seven", "eight", ("%(n)s nine", "%(n)s nines"), "ten eleven %(y)s"),
    }


def test_writing_again_changes_nothing_and_keeps_every_translation(package: Path, folder: Path) -> None:
    write_catalogues(collect_messages(package), folder)
    written = [source.read_bytes() for source in sorted(folder.rglob("*.po"))]

    write_catalogues(collect_messages(package), folder)

    assert len(written) == len(PLURAL_FORMS)
    assert [source.read_bytes() for source in sorted(folder.rglob("*.po"))] == written
    assert reasons(package, folder) == set()


def test_compiled_catalogues_speak(folder: Path) -> None:
    changed = compile_catalogues(folder)

    assert changed == ("ar", "es", "fr")
    for language, text in TRANSLATED.items():
        assert gettext.translation("django", folder, [language]).gettext("Hello %(name)s") == text


def test_only_what_changed_is_compiled_again(folder: Path) -> None:
    compile_catalogues(folder)
    source = folder / "es" / "LC_MESSAGES" / "django.po"
    later = source.stat().st_mtime_ns + 1_000_000_000
    os.utime(source, ns=(later, later))

    assert compile_catalogues(folder) == ("es",)
    assert [path for path in folder.rglob("*") if path.is_file() and path.name.startswith(".")] == []


def test_arabic_has_its_six_forms() -> None:
    compile_catalogues()
    arabic = gettext.translation("django", LOCALE, ["ar"])

    forms = [arabic.ngettext("%(n)s victim", "%(n)s victims", n) for n in (0, 1, 2, 3, 11, 100)]

    assert len(set(forms)) >= 5
    assert forms[2] == "ضحيتان"


def test_a_catalogue_without_a_file_is_empty_and_knows_its_plurals(tmp_path: Path) -> None:
    catalogue = read_catalogue("ar", tmp_path)

    assert isinstance(catalogue, Catalog)
    assert len(catalogue) == 0
    assert catalogue.num_plurals == 6
