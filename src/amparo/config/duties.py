"""What has to be done again and again, whoever is there: one function of each package that has something to do.

Named here, at the top, so that no package has to know the worker. Each gives back how many things it did.
"""

from collections.abc import Callable

from amparo.cases.sharing.services import close_expired
from amparo.channel.destruction import destroy_due
from amparo.channel.triage.overdue import tell_overdue
from amparo.documenting.typed import destroy_old_drafts
from amparo.files.services import remove_abandoned
from amparo.institutions.people import forget_old
from amparo.protection.reminding import tell_due
from amparo.warning.alerts.calling import pass_on_late
from amparo.warning.duty.directory import end_posts_of_who_is_gone
from amparo.warning.duty.drills import run_drills
from amparo.warning.media.looking import look_at_due_feeds
from amparo.warning.response.acting import tell_due_tasks
from amparo.warning.running.nightly import run_due

# Deadlines of two hours, kept to the quarter of an hour, cannot wait for the hour. Feeds come after them, a few at a
# time: all at once would make the deadlines wait.
SOON: tuple[Callable[[], int], ...] = (pass_on_late, look_at_due_feeds)
DUTIES: tuple[Callable[[], int], ...] = (
    destroy_due,
    tell_overdue,
    remove_abandoned,
    forget_old,
    close_expired,
    destroy_old_drafts,
    tell_due,
    end_posts_of_who_is_gone,
    run_drills,
    tell_due_tasks,
    run_due,
)
