"""The page where a member says what she wants to be told of; and how the sending goes, for who looks after it."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amparo.institutions.access import ANSWER_REPORTS, SET_UP_CHANNEL, desk_page
from amparo.institutions.models import Institution, User
from amparo.notices import services
from amparo.notices.addresses import read_address
from amparo.notices.forms import WishesForm
from amparo.notices.kinds import KINDS
from amparo.notices.models import NoticeRecipient
from amparo.notices.outgoing import NotSent
from amparo.vault.keys import VaultError


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(ANSWER_REPORTS)
def wishes(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    recipient = NoticeRecipient.objects.filter(user=user).first()
    form = WishesForm(request.POST or None, initial=_initial(recipient))
    if request.method == "POST" and form.is_valid():
        services.keep_wishes(user, services.Wishes(**form.cleaned_data))
        messages.success(request, _("Kept. Send yourself a message to see whether it arrives."))
        return redirect("notices")
    context = {"form": form, "recipient": recipient, "can_send": settings.MAIL_SERVER is not None}
    return render(request, "notices/wishes.html", context | {"institution": user.institution})


@require_POST
@desk_page(ANSWER_REPORTS)
def stop(request: HttpRequest) -> HttpResponse:
    services.forget_wishes(cast(User, request.user))
    messages.success(request, _("You will get no more messages, and your address was deleted."))
    return redirect("notices")


@require_POST
@desk_page(ANSWER_REPORTS)
def send_test(request: HttpRequest) -> HttpResponse:
    recipient = NoticeRecipient.objects.filter(user=cast(User, request.user)).first()
    if recipient is not None:
        try:
            services.send_test(recipient)
            messages.success(request, _("Sent. Look into your mailbox, and among unwanted mail as well."))
        except NotSent as refused:
            messages.error(request, explain(refused.code))
        except VaultError:
            messages.error(request, _("Your address cannot be read any more: the key file is another. Write it again."))
    return redirect("notices")


@require_safe
@desk_page(SET_UP_CHANNEL)
def deliveries(request: HttpRequest) -> HttpResponse:
    institution = cast(Institution, cast(User, request.user).institution)
    context = {
        "counts": services.count_deliveries(institution),
        "can_send": settings.MAIL_SERVER is not None,
        "institution": institution,
    }
    return render(request, "notices/deliveries.html", context)


def explain(code: str) -> str:
    """Why a message was not sent, for a person who can do something about it."""
    return {
        "no-server": _("No mail server is set up. Ask who runs Amparo for AMPARO_SMTP_URL and AMPARO_MAIL_FROM."),
        "address-refused": _("The mail server does not take this address. Look whether it is right."),
        "sign-in-refused": _("The mail server refuses the name or the password in AMPARO_SMTP_URL."),
        "line-not-safe": _("The line to the mail server cannot be encrypted. Ask who runs Amparo."),
        "message-refused": _("The mail server refuses the message. Ask who runs Amparo for AMPARO_MAIL_FROM."),
    }.get(code, _("The mail server cannot be reached now. Try again later."))


def _initial(recipient: NoticeRecipient | None) -> dict[str, object]:
    if recipient is None:
        return {"language": get_language(), "kinds": KINDS, "how_often": NoticeRecipient.HowOften.HOUR}
    try:
        address, age_key = read_address(recipient)
    except VaultError:
        address = age_key = ""
    return {
        "address": address,
        "age_key": age_key,
        "language": recipient.language,
        "kinds": recipient.kinds,
        "how_often": recipient.how_often,
    }
