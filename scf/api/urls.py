"""The addresses under ``/api/``: version 1, its schema, its description and its problem pages."""

from django.urls import include, path

from scf.api import views

urlpatterns = [
    path("docs", views.docs, name="api_docs"),
    path("docs/", views.docs),
    path("problems/", views.problems, name="api_problems"),
    path("problems/<str:code>", views.problems, name="api_problem"),
    path("v1/schema", views.SchemaView.as_view(), name="api_schema"),
    path("v1/", include("scf.api.v1.urls")),
]
