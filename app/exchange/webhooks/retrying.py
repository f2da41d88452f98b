"""When to try again. Pure."""

from datetime import timedelta

FIRST, FACTOR, LONGEST = 10.0, 3.0, 3600.0


def pause_after(failures: int, chance: float) -> timedelta:
    """The pause after so many failures in a row: 10 s, 30 s, 90 s … up to an hour.

    `chance` from 0 to 1 moves it by up to a quarter either way, so that webhooks that failed
    together do not come back together.
    """
    seconds = min(LONGEST, FIRST * FACTOR ** (failures - 1))
    return timedelta(seconds=seconds * (0.75 + chance / 2))
