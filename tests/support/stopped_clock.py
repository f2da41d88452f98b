"""A clock that stands still until it is told to go on."""

from datetime import UTC, datetime, timedelta

from app.kernel import clock


class StoppedClock:
    """The product's one clock, stopped at the moment it is made."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)
        clock.set_source(lambda: self.moment)

    def forward(self, **span: float) -> None:
        """Let time pass: `forward(minutes=5)`."""
        self.moment += timedelta(**span)

    def release(self) -> None:
        """Give the system's clock back."""
        clock.set_source(None)
