"""What has to be done again and again, whoever is there: one function of each package that has something to do.

Named here, at the top, so that no package has to know the worker. Each gives back how many things it did.
"""

from collections.abc import Callable

from amparo.channel.drafts import drop_old_drafts

DUTIES: tuple[Callable[[], int], ...] = (drop_old_drafts,)
