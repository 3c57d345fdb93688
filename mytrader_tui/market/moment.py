"""When something happened, by both clocks: the one people read and the one that never jumps."""

from datetime import UTC, datetime, timedelta

import msgspec


class Moment(msgspec.Struct, frozen=True, order=False):
    """One instant: `wall` is aware UTC (for people and exchanges), `mono` monotonic seconds (for durations).

    Durations are always taken from `mono`, so that a clock set forwards or back fires no timer.
    """

    wall: datetime
    mono: float

    def later(self, seconds: float) -> "Moment":
        """The moment `seconds` after this one (before it when negative)."""
        return Moment(self.wall + timedelta(seconds=seconds), self.mono + seconds)

    def seconds_since(self, earlier: "Moment") -> float:
        """Seconds from `earlier` to here on the monotonic clock, never below 0."""
        return max(0.0, self.mono - earlier.mono)

    def age_of(self, event_time: datetime) -> float:
        """Seconds since an outside `event_time` by the wall clock, never below 0."""
        return max(0.0, (self.wall - event_time).total_seconds())


def remembered(wall: datetime, now: Moment) -> Moment:
    """The moment of something stamped `wall` by an earlier run, placed on this run's monotonic clock."""
    return Moment(wall, now.mono - (now.wall - wall).total_seconds())


EPOCH = Moment(datetime(1970, 1, 1, tzinfo=UTC), 0.0)
"""A moment before everything, for comparisons that need a floor."""
