"""Signing in and out."""

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from amparo.institutions.models import User
from amparo.institutions.sessions import close_keys, open_keys


class SignIn(LoginView):
    """Sign in, and open one's keys with the same password."""

    template_name = "institutions/sign-in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        user = form.get_user()
        assert isinstance(user, User)  # noqa: S101  (AUTH_USER_MODEL; tells the type checker)
        open_keys(self.request, response, user, form.cleaned_data["password"])
        return response


@method_decorator(never_cache, name="dispatch")
class SignOut(LogoutView):
    """Sign out: the session goes on the server, the key's cookie in the browser."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:  # type: ignore[override]
        response = super().post(request, *args, **kwargs)
        assert isinstance(response, HttpResponse)  # noqa: S101
        close_keys(response)
        return response
