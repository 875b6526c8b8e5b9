"""Arrears by days past due, in the buckets a bank counts them in: the tiers' limits and finer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """Days past due from ``least`` to ``most``, both counted; the last bucket has no end."""

    code: str
    least: int
    most: int | None

    def holds(self, days_past_due: int) -> bool:
        """Say whether so many days belong here."""
        return self.least <= days_past_due and (self.most is None or days_past_due <= self.most)


_LIMITS = ((1, 3), (4, 30), (31, 60), (61, 90), (91, 180), (181, 270), (271, 360))
BUCKETS = (
    *(Bucket(f"{least}-{most}", least, most) for least, most in _LIMITS),
    Bucket("361-", 361, None),
)
BY_CODE = {bucket.code: bucket for bucket in BUCKETS}


def bucket_of(days_past_due: int) -> Bucket | None:
    """Return the bucket of so many days past due; None for a loan without arrears."""
    return next((bucket for bucket in BUCKETS if bucket.holds(days_past_due)), None)
