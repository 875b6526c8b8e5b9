"""The addresses of the portal of the core enterprise."""

from django.urls import path

from scf.portals import home

app_name = "enterprise"
urlpatterns = [
    path("", home.home, name="home"),
]
