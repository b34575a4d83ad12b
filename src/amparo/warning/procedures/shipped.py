"""The steps that Amparo ships for each level: codes of the vocabulary alert-steps, in their order. Pure."""

from collections.abc import Iterable, Mapping

SHIPPED: Mapping[str, tuple[str, ...]] = {
    "watch": ("take-up", "second-source", "who-is-exposed", "weekly-look"),
    "warning": ("take-up", "second-source", "speak-safely", "agree-measures", "tell-agreed"),
    "emergency": ("take-up", "reach-now", "open-plan", "turn-to-authorities", "ask-for-others", "tell-agreed"),
}
_GRAVITY = tuple(SHIPPED)


def find_round(changes: Iterable[tuple[int, str]]) -> int | None:
    """In which of an alert's level changes (number and level, the oldest first) the steps of its level began.

    A graver level than before shows its steps anew. A lesser one goes on where its own steps stood, and so does one
    that was only set again, with other reasons.
    """
    began: dict[str, int] = {}
    before: str | None = None
    for number, level in changes:
        graver = before is None or _GRAVITY.index(level) > _GRAVITY.index(before)
        if graver or level not in began:
            began[level] = number
        before = level
    return began[before] if before is not None else None
