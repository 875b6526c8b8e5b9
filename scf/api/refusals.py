"""Refusals that only a door makes: about the request itself, not about the business."""

from scf.core.errors import DomainError


class RequestRefused(DomainError):
    """The request cannot be taken as it stands."""

    status = 400
    default_code = "malformed_request"


class Unauthorized(RequestRefused):
    """There is no good key."""

    status = 401
    default_code = "key_invalid"


class NotOffered(RequestRefused):
    """The address does not take this method."""

    status = 405
    default_code = "method_not_allowed"


class NotServed(RequestRefused):
    """Nothing of what the client accepts is served."""

    status = 406
    default_code = "not_acceptable"


class TooLarge(RequestRefused):
    """The body is larger than is read."""

    status = 413
    default_code = "body_too_large"


class NotRead(RequestRefused):
    """Bodies of this media type are not read."""

    status = 415
    default_code = "media_type_unsupported"


class TooMany(RequestRefused):
    """The key has no requests left this minute."""

    status = 429
    default_code = "too_many_requests"


class Broken(RequestRefused):
    """A fault of ours."""

    status = 500
    default_code = "broken"
