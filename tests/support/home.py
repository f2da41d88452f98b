"""One folder for everything a test run leaves on disk, shared by its parallel workers."""

import os
import shutil
import tempfile
from pathlib import Path

_NAME = "FACTMARK_TEST_HOME"


def make_home() -> Path:
    """Make the folder; the workers, who start later, find it through the environment."""
    made = Path(tempfile.mkdtemp(prefix="factmark-tests-"))
    os.environ[_NAME] = str(made)
    runtime = made / "runtime"
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # the server's wheel keeps its lock there
    return made


def home() -> Path:
    """The folder of this run."""
    return Path(os.environ[_NAME])


def remove_home() -> None:
    """Take the folder away again."""
    shutil.rmtree(os.environ.pop(_NAME), ignore_errors=True)
