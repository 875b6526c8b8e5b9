"""The OpenAPI description, read off the doors themselves: what they take, give and refuse."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

REFUSALS = {
    "400": "请求内容不正确 / The request makes no sense",
    "401": "没有有效密钥 / No valid key",
    "403": "无权限、四眼原则或须本人验证 / Not allowed, four eyes, or a person must step up",
    "404": "不存在或无权查看 / Missing, or not for you",
    "409": "状态或幂等冲突 / The world moved on, or the same request is running",
    "422": "违反业务规则 / A rule of the business says no",
    "429": "请求过于频繁 / Too many requests",
}
READ_REFUSALS = ("400", "401", "403", "404", "429")


class ProblemField(serializers.Serializer[Any]):
    """One wrong field."""

    pointer = serializers.CharField()
    field = serializers.CharField()
    detail = serializers.CharField()
    detail_zh = serializers.CharField(required=False)
    detail_en = serializers.CharField(required=False)
    code = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """A problem document (RFC 9457); values of the refusal stand beside these members."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    detail_zh = serializers.CharField()
    detail_en = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField()
    errors = ProblemField(many=True, required=False)  # type: ignore[assignment]


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a key is sent."""

    target_class = "scf.api.auth.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """A bearer token of our form."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "scf_<prefix>_<secret>"}


class DoorSchema(AutoSchema):
    """Describes a Door by its attributes; a view names nothing twice."""

    view: Any

    def get_operation_id(self) -> str:
        """``listOrders``, ``getOrder``, ``confirmOrder``: the class says it."""
        name = type(self.view).__name__
        name = getattr(self.view, "writing" if self.method == "POST" else "reading", "") or name
        return name[0].lower() + name[1:]

    def get_tags(self) -> list[str]:
        """The resource: the part of the address after the version."""
        return [self.path.split("/")[3]]

    def get_override_parameters(self) -> list[Any]:
        """The query of a GET, the ``Idempotency-Key`` of a POST."""
        if self.method == "POST" and not hasattr(self.view, "act"):
            return []
        if self.method == "POST":
            return [
                OpenApiParameter(
                    "Idempotency-Key",
                    OpenApiTypes.STR,
                    OpenApiParameter.HEADER,
                    required=True,
                    description="1–255 ASCII; kept 30 days / 保存 30 天",
                )
            ]
        return [self.view.asks] if self.view.asks().fields else []

    def get_request_serializer(self) -> Any:
        """What a verb takes; nothing for a GET."""
        takes = getattr(self.view, "takes", None) if self.method == "POST" else None
        return takes() if takes and takes().fields else None

    def get_response_serializers(self) -> Any:
        """What is given, and the refusals as problem documents."""
        if self.method == "POST":
            success, refusals = {str(self.view.answers): self.view.gives}, tuple(REFUSALS)
        elif hasattr(self.view, "lists"):
            success, refusals = {"200": _page_of(self.view.lists)}, READ_REFUSALS
        else:
            success, refusals = {"200": self.view.gives}, READ_REFUSALS
        problems = {
            (status, "application/problem+json"): OpenApiResponse(Problem, REFUSALS[status])
            for status in refusals
        }
        return {**success, **problems}


def _page_of(lists: Any) -> Any:
    return inline_serializer(
        f"{lists.__name__.removesuffix('Out')}Page",
        {
            "results": lists(many=True),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
        },
    )
