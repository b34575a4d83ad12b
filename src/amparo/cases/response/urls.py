"""Addresses of the response to a case, below the desk."""

from django.urls import path

from amparo.cases.response import status_views, views

urlpatterns = [
    path("cases/<int:incident>/response/", views.response, name="case-response"),
    path("cases/<int:incident>/response/add/", views.add_intervention, name="intervention-add"),
    path("cases/<int:incident>/response/<int:intervention>/", views.change_intervention, name="intervention-change"),
    path(
        "cases/<int:incident>/response/<int:intervention>/remove/",
        views.remove_intervention,
        name="intervention-remove",
    ),
    path("cases/<int:incident>/chain/", views.chain, name="case-chain"),
    path("cases/<int:incident>/chain/<int:link>/", views.move_in_chain, name="case-chain-move"),
    path("cases/<int:incident>/laws/", views.use_law, name="case-law-use"),
    path("cases/<int:incident>/laws/<int:law>/", views.unuse_law, name="case-law-unuse"),
    path("cases/<int:incident>/status/", status_views.status, name="case-status"),
    path("laws/", views.register, name="laws"),
    path("laws/<int:law>/", views.change_law, name="law"),
]
