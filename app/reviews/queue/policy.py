"""Who reads the review queue: those who decide."""

from app.kernel.permissions import Rules, is_reviewer

RULES: Rules = {"read_the_queue": [[is_reviewer]]}
