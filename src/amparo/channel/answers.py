"""What a report can say: the names of its answers, which travel and lie sealed only. Pure.

All answers of a report are one sealed section of kind "report": a JSON object of texts and of lists of codes. The
browser makes the same object from the form as the server does where there is no script.
"""

from collections.abc import Mapping, Sequence

REPORT, MESSAGE = "report", "message"

TEXTS = (
    "what",
    "victim_name",
    "victim_contact",
    "by_whom",
    "when",
    "place",
    "un_details",
    "name",
    "relation",
    "contact",
    "function",
    "budget_years",
    "budget_before",
    "budget_after",
    "budget",
    "procedure",
    "procedure_done",
)
# Answers that are one code, or several, each with its vocabulary.
CODES = {
    "target": "targets",
    "sex": "sex",
    "perpetrator": "alleged-perpetrators",
    "country": "countries",
}
LISTS = {"acts": "acts", "profiles": "defender-profiles", "nhri_forms": "nhri-reprisal-forms"}
# Because of the work, of the mandate, of cooperation with the UN: each a fact of its own.
YES_OR_NO = ("still_going_on", "un_cooperation", "because_of_work", "because_of_mandate", "because_of_cooperation")
LONGEST_TEXT = 20_000

Answers = dict[str, str | list[str]]


def clean_answers(said: Mapping[str, object]) -> Answers:
    """The answers that a report can have, of those in `said`; empty ones left out.

    What a browser sealed is not seen before it is opened, so it is read as carefully as any input: unknown names,
    other types and texts beyond `LONGEST_TEXT` don't pass.
    """
    cleaned: Answers = {}
    for name in (*TEXTS, *CODES, *YES_OR_NO):
        value = said.get(name)
        if isinstance(value, str) and value.strip():
            cleaned[name] = value.strip()[:LONGEST_TEXT]
    for name in LISTS:
        values = said.get(name)
        if isinstance(values, Sequence) and not isinstance(values, str):
            kept = [value for value in values if isinstance(value, str) and value]
            if kept:
                cleaned[name] = kept[:100]
    return cleaned
