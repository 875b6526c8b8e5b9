"""The addresses of the portal of the bank."""

from django.urls import path

from scf.portals import home

app_name = "bank"
urlpatterns = [
    path("", home.home, name="home"),
]
