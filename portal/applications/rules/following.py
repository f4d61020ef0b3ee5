"""Which applications a browser may read without signing in."""

from datetime import UTC, datetime, timedelta

#: The place in the signed cookie that holds which applications this browser follows, and until when.
FOLLOWING = "following"
_MOST_FOLLOWED = 20


def follow_more(following: object, public_id: str, now: datetime, until: datetime) -> dict[str, int]:
    """What a browser follows after it began to follow one more; the ones that end soonest make room."""
    kept = {**_still(following, now), public_id: int(until.timestamp())}
    longest = sorted(kept, key=lambda one: kept[one], reverse=True)[:_MOST_FOLLOWED]
    return {one: kept[one] for one in longest}


def followed_since(following: object, public_id: str, now: datetime, lifetime: timedelta) -> datetime | None:
    """When a browser began to follow this application, to the second; None when it does not. It may for `lifetime`."""
    ends = _still(following, now).get(public_id)
    return datetime.fromtimestamp(ends, UTC) - lifetime if ends is not None else None


def _still(following: object, now: datetime) -> dict[str, int]:
    if not isinstance(following, dict):
        return {}
    return {str(one): ends for one, ends in following.items() if isinstance(ends, int) and ends > now.timestamp()}
