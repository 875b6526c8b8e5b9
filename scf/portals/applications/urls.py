"""The addresses of applications, shared by the portals."""

from django.urls import path

from scf.portals.applications import apply, views

urlpatterns = [
    path("applications/", views.applications, name="applications"),
    path("applications/new/", apply.choose_order, name="apply"),
    path("applications/new/<uuid:order_id>/", apply.choose_lines, name="apply_lines"),
    path("applications/new/<uuid:order_id>/terms", apply.terms, name="apply_terms"),
    path("applications/new/<uuid:order_id>/quote", apply.quote, name="apply_quote"),
    path("applications/new/<uuid:order_id>/papers", apply.papers, name="apply_papers"),
]
