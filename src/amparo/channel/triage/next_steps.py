"""What can be done with a report beyond the channel: packages above it put their pages here. Pure."""

from dataclasses import dataclass

_STEPS: dict[str, "NextStep"] = {}


@dataclass(frozen=True, slots=True)
class NextStep:
    """A page that begins from a report, for who may do `permission`: it is given `?report=` and its identifier.

    `label` is marked by `gettext_noop`, and translated where it is shown.
    """

    url_name: str
    label: str
    permission: str


def add_next_step(step: NextStep) -> None:
    """Show `step` on every report; called once, when its package is ready."""
    _STEPS[step.url_name] = step


def next_steps() -> list[NextStep]:
    """All of them, in the order in which they were added."""
    return list(_STEPS.values())
