"""Short turns last as long as somebody needs them, and no longer."""

import sys

from app.kernel.turns import short_turns


def test_the_usual_interval_comes_back_with_the_last_who_needed_short_ones() -> None:
    usual = sys.getswitchinterval()
    first, second = short_turns(), short_turns()
    first.__enter__()
    short = sys.getswitchinterval()
    assert short < usual
    second.__enter__()
    first.__exit__(None, None, None)
    assert sys.getswitchinterval() == short
    second.__exit__(None, None, None)
    assert sys.getswitchinterval() == usual
