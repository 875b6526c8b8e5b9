"""Every address of the site."""

from django.urls import include, path

handler400 = "scf.portals.errors.bad_request"
handler403 = "scf.portals.errors.forbidden"
handler404 = "scf.portals.errors.not_found"
handler429 = "scf.portals.errors.too_many"
handler500 = "scf.portals.errors.broken"

urlpatterns = [
    path("api/", include("scf.api.urls")),
    path("", include("scf.portals.urls")),
]
