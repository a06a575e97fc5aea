"""The settings of the site: no database, no log, and a middleware that knows whose response is closed."""

ALLOWED_HOSTS = ["*"]
DEBUG = False
INSTALLED_APPS = []
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"django": {"level": 60}}}
MIDDLEWARE = ["noting.middleware"]
ROOT_URLCONF = "served_views"
SECRET_KEY = "a check has no secrets"
WSGI_APPLICATION = "served_wsgi.application"
