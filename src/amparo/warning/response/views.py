"""The response to an alert at the desk: sharing, tasks and their approval, recommendations, the look back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import DECIDE_ALERTS, HANDLE_ALERTS, desk_page
from amparo.institutions.models import Institution
from amparo.institutions.sessions import unlocked_institution
from amparo.institutions.signed_in import institution_of, person
from amparo.ui.forms import status_of, with_version
from amparo.warning.desk import Words, explain, open_words, page_of, posted_version, show, try_or_tell
from amparo.warning.duty.drills import drill_rate, drills_of, read_drills
from amparo.warning.held import AlertError
from amparo.warning.models import Advice, Alert, ResponseTask, Review
from amparo.warning.response import acting, advising
from amparo.warning.response.forms import AdviceForm, AnswerForm, HandForm, ReviewForm, ShareForm, TaskForm
from amparo.warning.response.record import count_record
from amparo.warning.response.record_of_members import count_record_of_members
from amparo.warning.scope import alerts_for, own_alerts
from amparo.warning.times import this_quarter
from amparo.warning.watching.outside import say_outside

# A year of them.
DRILLS = 12


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def share(request: HttpRequest, number: int) -> HttpResponse:
    """Who else reads the codes of an alert; each can be taken off again."""
    user = person(request)
    wanted = own_alerts(user).select_related("institution", "threatened", "merged_into")
    alert = get_object_or_404(wanted.prefetch_related("shared_with__institution", "reasons", "signals"), pk=number)
    inside = acting.institutions_in(alert).values("pk")
    others = list(Institution.objects.filter(locked_at=None).exclude(pk__in=inside).order_by("kind", "code"))
    form = ShareForm(request.POST or None, institutions=others)
    if request.method == "POST" and form.is_valid():
        chosen = next(each for each in others if str(each.pk) == form.cleaned_data["institution"])
        if try_or_tell(form, lambda: acting.share_alert(user, number, chosen)) is not None:
            messages.success(request, _("Shared: it reads the codes of the alert, and can plan tasks."))
            return redirect("alert-share", number)
    return show(
        request,
        "warning/alert-share.html",
        status=status_of(form),
        alert=alert,
        form=form,
        others=bool(others),
        told=say_outside(alert.institution, alert.signals.all()),
        from_data=any(each.origin == "data" for each in alert.signals.all()),
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def stop_sharing(request: HttpRequest, number: int, institution: int) -> HttpResponse:
    return _do(
        request,
        lambda: acting.stop_sharing(person(request), number, get_object_or_404(Institution, pk=institution)),
        _("It reads the alert no more, unless it was called about it."),
        ("alert-share", number),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def new_task(request: HttpRequest, number: int) -> HttpResponse:
    user = person(request)
    alert = get_object_or_404(alerts_for(user), pk=number)
    institutions = list(acting.institutions_in(alert))
    if alert.institution_id != user.institution_id:
        # Who was called or let in plans what it does itself.
        institutions = [institution_of(request)]
    form = TaskForm(request.POST or None, user=user, institutions=institutions)
    if request.method == "POST" and form.is_valid():
        task = try_or_tell(form, lambda: acting.plan_task(user, number, form.plan()))
        if task is not None:
            said = _("Planned. It waits for the approval of the institution that is threatened.")
            messages.success(request, said if task.needs_approval else _("Planned."))
            return redirect("alert", number)
    notes = [
        _(
            "Before you speak or write for others, look at what is planned already: two statements that contradict "
            "each other do harm."
        )
    ]
    if alert.threatened_id not in (None, user.institution_id):
        notes.append(_("The institution that is threatened reads these words too: it approves what is done for it."))
    return show(
        request,
        "warning/alert-step.html",
        status=status_of(form),
        form=form,
        alert=alert,
        heading=_("Plan a task"),
        note=" ".join(notes),
    )


@require_safe
@desk_page(HANDLE_ALERTS)
def task_list(request: HttpRequest) -> HttpResponse:
    """What one's own institution has still to do, also about alerts that it reads no more."""
    user = person(request)
    page = page_of(request, acting.open_tasks(user))
    words = open_words(request, "", {str(each.pk): each.section for each in page.object_list})
    alerts = alerts_for(user).filter(pk__in=[each.alert_id for each in page.object_list])
    return show(
        request,
        "warning/task-list.html",
        page=page,
        tasks=[(each, words[str(each.pk)]) for each in page.object_list],
        readable=set(alerts.values_list("pk", flat=True)),
    )


@require_POST
@desk_page(HANDLE_ALERTS)
def tick_task(request: HttpRequest, number: int) -> HttpResponse:
    """Say how far a task has come, by one button."""
    task, status = _task(request, number), request.POST.get("status", "")
    if status not in {"pending", "in-progress", "done", "not-executable", "removed"}:
        raise Http404
    return _do(
        request,
        lambda: acting.change_task(person(request), number, status, version=posted_version(request)),
        _("Kept."),
        _where_tasks_are(request, task),
    )


@require_POST
@desk_page(DECIDE_ALERTS)
def approve_task(request: HttpRequest, number: int) -> HttpResponse:
    """Approve what another institution plans to do for one's own, or refuse it."""
    task, approved = _task(request, number), request.POST.get("approve") == "yes"
    return _do(
        request,
        lambda: acting.approve_task(person(request), number, approved=approved, version=posted_version(request)),
        _("Approved.") if approved else _("Refused: it is not done. You can still approve it."),
        ("alert", task.alert_id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HANDLE_ALERTS)
def hand_task(request: HttpRequest, number: int) -> HttpResponse:
    task, user = _task(request, number), person(request)
    if task.institution_id != user.institution_id:
        raise Http404
    kept = {"version": task.version, "owner": str(task.owner_id or ""), "due_on": task.due_on}
    form = HandForm(request.POST or None, initial=kept, user=user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = try_or_tell(
            form,
            lambda: acting.hand_task(user, number, form.owner_chosen(), said["due_on"], version=said["version"]),
        )
        if done is not None:
            messages.success(request, _("Kept."))
            return redirect(*_where_tasks_are(request, task))
        form.data = with_version(request, task.version)
    return show(
        request,
        "warning/alert-step.html",
        status=status_of(form),
        form=form,
        alert=task.alert,
        heading=_("Hand the task to somebody, or change its day"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def new_advice(request: HttpRequest, number: int) -> HttpResponse:
    user = person(request)
    alert = get_object_or_404(own_alerts(user), pk=number)
    form = AdviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = try_or_tell(form, lambda: advising.give_advice(user, number, form.said()))
        if given is not None:
            messages.success(request, _("Kept. Note the answer when it comes."))
            return redirect("alert", number)
    return show(
        request,
        "warning/alert-step.html",
        status=status_of(form),
        form=form,
        alert=alert,
        heading=_("Recommend to an authority"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def answer_advice(request: HttpRequest, number: int) -> HttpResponse:
    user = person(request)
    ours = Advice.objects.filter(alert__institution=user.institution_id).select_related("alert", "section")
    advice = get_object_or_404(ours, pk=number)
    words = open_words(request, f"alert:{advice.alert_id}", {"advice": advice.section})["advice"]
    before = (words or {}).get("answer", "")
    kept = {name: getattr(advice, name) for name in ("version", "answer", "answered_on", "result")} | {"words": before}
    form = AnswerForm(request.POST or None, initial=kept, given_on=advice.given_on)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = try_or_tell(
            form,
            lambda: advising.note_answer(
                user,
                number,
                said["answer"],
                answered_on=said["answered_on"],
                result=said["result"],
                version=said["version"],
                words=None if said["words"] == before else _words_with_answer(words, said["words"]),
                unlocked=unlocked_institution(request),
            ),
        )
        if done is not None:
            messages.success(request, _("Kept."))
            return redirect("alert", advice.alert_id)
        form.data = with_version(request, advice.version)
    return show(
        request,
        "warning/advice.html",
        status=status_of(form),
        form=form,
        alert=advice.alert,
        advice=advice,
        words=words,
        heading=_("The answer of the authority"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DECIDE_ALERTS)
def review(request: HttpRequest, number: int) -> HttpResponse:
    """The after-action review of an alert that was closed: kept, and written anew."""
    user = person(request)
    alert = get_object_or_404(own_alerts(user).filter(state="closed"), pk=number)
    kept = Review.objects.filter(alert=alert).select_related("section").prefetch_related("bottlenecks").first()
    words = {} if kept is None else open_words(request, f"alert:{number}", {"review": kept.section})["review"]
    form = ReviewForm(request.POST or None, initial=_kept_review(kept, words or {}))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = try_or_tell(
            form,
            lambda: advising.keep_review(
                user,
                number,
                said["held_on"],
                form.findings(),
                {name: said[name] for name in ("lessons", "changes")},
                version=said["version"],
                unlocked=unlocked_institution(request),
            ),
        )
        if done is not None:
            messages.success(request, _("The review is kept."))
            return redirect("alert", number)
        form.data = with_version(request, kept.version if kept else 0)
    return show(
        request,
        "warning/alert-step.html",
        status=status_of(form),
        form=form,
        alert=alert,
        heading=_("Look back on the alert"),
        note=_("What hindered and what helped, for each interval of 7-1-7. It serves to learn, not to blame."),
    )


@require_safe
@desk_page(HANDLE_ALERTS)
def record(request: HttpRequest) -> HttpResponse:
    """How good past alerts were: precision, false alarms, lead time, timeliness, drills, what hindered.

    For a network or GANHRI besides, in numbers, over all its members.
    """
    institution = institution_of(request)
    return show(
        request,
        "warning/record.html",
        record=count_record(own_alerts(person(request))),
        drills=drill_rate(read_drills(drills_of(institution)[:DRILLS])),
        members=count_record_of_members(institution),
    )


def _words_with_answer(words: Words | None, answer: str) -> dict[str, str]:
    return {name: str(text) for name, text in (words or {}).items()} | {"answer": answer}


def _kept_review(kept: Review | None, words: dict[str, object]) -> dict[str, object]:
    if kept is None:
        return {"version": 0, "held_on": this_quarter().date()}
    initial: dict[str, object] = {"version": kept.version, "held_on": kept.held_on} | words
    for each in kept.bottlenecks.all():
        name = f"{each.interval}_{'helped' if each.helped else 'hindered'}"
        chosen = initial.setdefault(name, [])
        assert isinstance(chosen, list)  # noqa: S101  (made above)
        chosen.append(each.kind)
    return initial


def _where_tasks_are(request: HttpRequest, task: ResponseTask) -> tuple[str, *tuple[int, ...]]:
    """The page of the alert, for who reads it; else that of one's own tasks."""
    reads = alerts_for(person(request)).filter(pk=task.alert_id).exists()
    return ("alert", task.alert_id) if reads else ("tasks",)


def _task(request: HttpRequest, number: int) -> ResponseTask:
    found: ResponseTask = get_object_or_404(acting.tasks_for(person(request)).select_related("alert"), pk=number)
    return found


def _do(request: HttpRequest, do: Callable[[], object], done: str, then: tuple[str, *tuple[int, ...]]) -> HttpResponse:
    try:
        do()
    except (Alert.DoesNotExist, ResponseTask.DoesNotExist):
        raise Http404 from None
    except AlertError as refused:
        messages.error(request, explain(refused.code))
    else:
        messages.success(request, done)
    return redirect(*then)
