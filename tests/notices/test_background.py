"""The worker beside the server: one an installation, whom no error stops."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amparo.config import background
from amparo.config.background import SOON_SECONDS, OnlyWorker, do_duties, run_queue, work
from amparo.config.duties import SOON
from amparo.notices.delivery import send_notice
from amparo.warning.alerts.calling import pass_on_late
from tests.factories import make_institution, make_member
from tests.notices.conftest import Postbox
from tests.notices.test_tell import wish

SECRET = "an invented name that no log may have"


@pytest.mark.django_db(transaction=True)
def test_it_works(postbox: Postbox) -> None:
    founded = make_institution()
    recipient = wish(make_member(founded))
    recipient.is_waiting = True
    recipient.save()
    send_notice.enqueue(recipient.pk)
    stop = threading.Event()

    worker = threading.Thread(target=work, args=(stop,), kwargs={"look_seconds": 0.05})
    worker.start()
    ends_at = time.monotonic() + 20
    while not postbox.envelopes and time.monotonic() < ends_at:
        time.sleep(0.05)
    stop.set()
    worker.join(timeout=20)

    assert len(postbox.envelopes) == 1
    assert not worker.is_alive()


@pytest.mark.django_db(transaction=True)
def test_of_two_only_one_works_and_the_other_takes_over(tmp_path: Path) -> None:
    first, second = OnlyWorker(tmp_path), OnlyWorker(tmp_path)

    assert first.is_held()
    assert not second.is_held()
    assert first.is_held()
    first.release()
    assert second.is_held()
    second.release()


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_had_begun_is_done_again() -> None:
    send_notice.enqueue(0)
    DBTaskResult.objects.get().claim("killed")
    assert run_queue() == 0

    lock = OnlyWorker(settings.DATA_DIR)
    assert lock.is_held()
    lock.release()

    assert run_queue() == 1


@pytest.mark.django_db
def test_a_task_that_fails_leaves_no_words_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    send_notice.enqueue(SECRET)

    run_queue()

    failed = DBTaskResult.objects.get()
    assert failed.traceback == ""
    assert "ValueError" in failed.exception_class_path
    assert "send_notice" in caplog.text
    assert SECRET not in caplog.text


def test_a_duty_that_fails_keeps_no_other_from_being_done(caplog: pytest.LogCaptureFixture) -> None:
    done = []

    def fail() -> int:
        raise RuntimeError(SECRET)

    def count() -> int:
        done.append(timezone.now())
        return 1

    do_duties((fail, count))

    assert len(done) == 1
    assert "fail" in caplog.text
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_deadlines_of_two_hours_do_not_wait_for_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted over the looks of a worker whose hour never comes: only what cannot wait is done again."""
    stop, done = threading.Event(), []

    def note(name: str) -> Callable[[], int]:
        def duty() -> int:
            done.append(name)
            if done.count("soon") == 3:
                stop.set()
            return 0

        return duty

    monkeypatch.setattr(background, "SOON", (note("soon"),))
    monkeypatch.setattr(background, "SOON_SECONDS", 0.0)
    monkeypatch.setattr(background.do_duties, "__defaults__", ((note("hourly"),),))

    # However it goes, it ends.
    watch = threading.Timer(30, stop.set)
    watch.start()
    work(stop, look_seconds=0.01)
    watch.cancel()

    assert (done.count("soon"), done.count("hourly")) == (3, 1)
    assert pass_on_late in SOON
    assert SOON_SECONDS <= 300
