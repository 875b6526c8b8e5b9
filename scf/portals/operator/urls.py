"""The addresses of the portal of the operator."""

from django.urls import path

from scf.portals import home

app_name = "operator"
urlpatterns = [
    path("", home.home, name="home"),
]
