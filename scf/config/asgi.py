"""The ASGI application: the event stream only; pages and API are WSGI's."""

import os

import django
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scf.config.settings")
django.setup()
# Looked up after the set-up, which its models need.
application = import_string("scf.portals.events.stream.EventStream")()
