"""Deliveries, places and periods out of UBL."""

from scf.trade.importing.document_parts import Delivery, Period
from scf.trade.importing.ubl_parties import address, party
from scf.trade.importing.ubl_values import date_of, identifier_of, leaves, quantity_of
from scf.trade.importing.xml_tree import Node

_PERIODS = ("RequestedDeliveryPeriod", "PromisedDeliveryPeriod", "EstimatedDeliveryPeriod")
_REST = (
    "ID",
    "MinimumQuantity",
    "MaximumQuantity",
    "ActualDeliveryTime",
    "LatestDeliveryDate",
    "LatestDeliveryTime",
    "ReleaseID",
    "TrackingID",
    "NotifyParty",
    "Despatch",
    "DeliveryTerms",
    "MinimumDeliveryUnit",
    "MaximumDeliveryUnit",
    "Shipment",
)


def deliveries(node: Node) -> tuple[Delivery, ...]:
    """Every delivery among the children of ``node``."""
    return tuple(_delivery(one) for one in node.all("Delivery"))


def _delivery(node: Node) -> Delivery:
    place = node.first("DeliveryLocation") or Node("DeliveryLocation", {}, node)
    where = place.first("Address") or node.first("DeliveryAddress")
    receiver = node.first("DeliveryParty")
    carrier = node.first("CarrierParty")
    return Delivery(
        location_id=identifier_of(place, "ID"),
        location_name=place.text_of("Name"),
        address=address(where) if where else None,
        party=party(receiver, "delivery") if receiver else None,
        carrier=party(carrier, "carrier") if carrier else None,
        quantity=quantity_of(node, "Quantity"),
        delivered_on=date_of(node, "ActualDeliveryDate"),
        periods=periods(node, *_PERIODS),
        details=leaves(node, _REST)
        + leaves(
            place,
            (
                "Description",
                "Conditions",
                "CountrySubentity",
                "CountrySubentityCode",
                "LocationTypeCode",
                "InformationURI",
                "ValidityPeriod",
                "LocationCoordinate",
            ),
        ),
    )


def periods(node: Node, *names: str) -> tuple[Period, ...]:
    """The periods of these names among the children of ``node``."""
    return tuple(
        Period(
            kind=one.name,
            start=date_of(one, "StartDate"),
            end=date_of(one, "EndDate"),
            details=leaves(
                one,
                ("StartTime", "EndTime", "DurationMeasure", "DescriptionCode", "Description"),
            ),
        )
        for one in node.all(*names)
    )
