"""From a Python that is new enough to the command: makes the environment ready, then becomes the command."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from amparo.launch.words import say, words

WITH_DEVELOPMENT = {"test", "bench", "check"}


def start(root: str, arguments: Sequence[str]) -> int:
    """Become `./amparo ARGUMENTS`. Returns, with an exit status, only where the command could not be started."""
    if os.name != "posix":
        say(words("not-here"))
        return 1
    # fcntl, which it needs, is not to be had elsewhere.
    from amparo.launch.environment import EnvironmentRefused, ready_environment  # noqa: PLC0415

    try:
        python = ready_environment(Path(root), development=command_in(arguments) in WITH_DEVELOPMENT)
    except EnvironmentRefused as refused:
        say(str(refused))
        return 1
    except KeyboardInterrupt:
        say("\n" + words("interrupted"))
        return 130
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    variables["PYTHONPATH"] = os.path.join(root, "src")
    sys.stderr.flush()
    # -P: a file called json.py in the folder where somebody stands must not become ours.
    return os.execve(python, [str(python), "-P", "-m", "amparo", *arguments], variables)  # noqa: S606


def command_in(arguments: Sequence[str]) -> str | None:
    """The first word that is neither an option nor the folder after --data-dir."""
    words_left = iter(arguments)
    for word in words_left:
        if word == "--data-dir":
            next(words_left, None)
        elif not word.startswith("-"):
            return word
    return None
