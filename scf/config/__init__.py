"""Composition root: settings, urls, celery, wsgi, asgi."""
