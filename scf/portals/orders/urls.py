"""The addresses of orders and imports, shared by the portals."""

from django.urls import path

from scf.portals.orders import following, imports, papers, views

urlpatterns = [
    path("orders/", views.orders, name="orders"),
    path("orders/import/", imports.upload, name="import_upload"),
    path("orders/template.<str:kind>", imports.template, name="import_template"),
    path("orders/imports/", imports.imports, name="imports"),
    path("orders/imports/<uuid:job_id>/", imports.job, name="import_job"),
    path("orders/imports/<uuid:job_id>/check", imports.check, name="import_check"),
    path("orders/imports/<uuid:job_id>/confirm", imports.confirm, name="import_confirm"),
    path("orders/imports/<uuid:job_id>/progress", following.progress, name="import_progress"),
    path("orders/imports/<uuid:job_id>/refuse", imports.refuse, name="import_refuse"),
    path("orders/imports/<uuid:job_id>/errors.xlsx", imports.errors, name="import_errors"),
    path("orders/papers/<uuid:job_id>/", papers.paper, name="paper"),
    path("orders/papers/<uuid:job_id>/check", papers.check, name="paper_check"),
    path("orders/papers/<uuid:job_id>/confirm", papers.confirm, name="paper_confirm"),
    path("orders/papers/<uuid:job_id>/refuse", papers.refuse, name="paper_refuse"),
    path("orders/<uuid:order_id>/", views.order, name="order"),
    path("orders/<uuid:order_id>/confirm", views.confirm, name="order_confirm"),
    path("orders/<uuid:order_id>/cancel", views.cancel, name="order_cancel"),
]
