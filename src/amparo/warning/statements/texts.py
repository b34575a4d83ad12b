"""The words of a statement, in each language that it has, and what has to be true of them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from babel import Locale, UnknownLocaleError

from amparo.civic_space.facts import has_contact

LONGEST_TITLE = 200
LONGEST_BODY = 5000
LONGEST_NOTE = 1500
MOST_LANGUAGES = 8


@dataclass(frozen=True, slots=True)
class Words:
    """Title and text in one language."""

    title: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A statement's words by language; `language` is the one in which it was drafted first."""

    language: str
    versions: Mapping[str, Words] = field(repr=False)

    def with_words(self, language: str, words: Words) -> "Text":
        """The same with other words in one language; without that language where both are empty."""
        kept = {code: each for code, each in self.versions.items() if code != language}
        return replace(self, versions=kept | ({language: words} if words.title or words.body else {}))

    def in_order(self) -> list[tuple[str, Words]]:
        """Languages with their words, that of the draft first."""
        return sorted(self.versions.items(), key=lambda pair: (pair[0] != self.language, pair[0]))

    def to_fields(self) -> dict[str, object]:
        """As it is sealed, and as it is published."""
        return {"language": self.language, "texts": to_json(self)}


def to_json(text: Text) -> dict[str, dict[str, str]]:
    return {code: {"title": words.title, "body": words.body} for code, words in text.versions.items()}


def read_fields(fields: Mapping[str, object]) -> Text:
    """What `Text.to_fields` gave."""
    texts = fields["texts"]
    assert isinstance(texts, dict)  # noqa: S101  (sealed by to_fields)
    return Text(str(fields["language"]), {code: Words(each["title"], each["body"]) for code, each in texts.items()})


def tidy(words: Words) -> Words:
    """The same as it is kept: one kind of line end, nothing around it, a title in one line."""
    return Words(" ".join(words.title.split()), words.body.replace("\r\n", "\n").replace("\r", "\n").strip())


def find_wrong(words: Words) -> Iterator[tuple[str, str]]:
    """What keeps `words` from being a statement's: "title" or "body", and a code of what is wrong with it."""
    for part, said, longest in (("title", words.title, LONGEST_TITLE), ("body", words.body, LONGEST_BODY)):
        if not any(letter.isalnum() for letter in said):
            yield part, f"no-{part}"
        elif len(said) > longest:
            yield part, "too-long"
        elif has_contact(said):
            yield part, "has-contact"


def direction(language: str) -> str:
    """Where a line of `language` begins: "rtl" or "ltr"."""
    try:
        return str(Locale.parse(language).text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


def choose_language(texts: Mapping[str, object], reader: str, first: str) -> str:
    """In which of its languages a statement is shown: the reader's, else that of the draft."""
    return reader if reader in texts else first
