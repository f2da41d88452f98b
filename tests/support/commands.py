"""Calling the command line as a person would, but in this process."""

from click.testing import Result

from app.web.application import Application

_UNSET = {"ADMIN_EMAIL": None, "ADMIN_PASSWORD": None}
"""What the machine that runs the tests may have set."""


def run(app: Application, *words: str, typed: str | None = None, **environment: str) -> Result:
    """`flask --app wsgi WORDS`, with this on its standard input and in its environment."""
    env = {**_UNSET, **environment}
    result = app.test_cli_runner().invoke(args=words, input=typed, env=env)
    assert "Traceback" not in result.output
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def told(app: Application, *words: str, typed: str | None = None, **environment: str) -> str:
    """What the command prints, when it succeeds."""
    result = run(app, *words, typed=typed, **environment)
    assert result.exit_code == 0, result.output
    return result.output


def refused(app: Application, *words: str, typed: str | None = None, **environment: str) -> str:
    """What the command prints, when it refuses."""
    result = run(app, *words, typed=typed, **environment)
    assert result.exit_code == 1, result.output
    return result.output
