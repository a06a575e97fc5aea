"""The WSGI application that a server calls."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "served_settings"

import noting
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application

request_started.connect(noting.started)
request_finished.connect(noting.finished)
application = get_wsgi_application()
