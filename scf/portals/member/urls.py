"""The addresses of the portal of suppliers and buyers."""

from django.urls import path

from scf.portals import home

app_name = "member"
urlpatterns = [
    path("", home.home, name="home"),
]
