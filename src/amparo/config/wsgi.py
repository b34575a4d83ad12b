"""What the server runs: Django, behind the cache of the public pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.config.settings")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402  (settings are ready only now)

from amparo.portal.page_cache import PageCache  # noqa: E402

application = PageCache(
    _django,
    releases=settings.DATA_DIR / "releases",
    allowed_hosts=settings.ALLOWED_HOSTS,
    https_only=settings.SECURE_SSL_REDIRECT,
)
