"""The addresses of programmes, shared by the portals."""

from django.urls import path

from scf.portals.programmes import views

urlpatterns = [
    path("programmes/", views.programmes, name="programmes"),
    path("programmes/<uuid:programme_id>/", views.programme, name="programme"),
    path("programmes/<uuid:programme_id>/invite", views.invite, name="programme_invite"),
    path("members/<uuid:member_id>/<str:verb>", views.change_member, name="member"),
]
