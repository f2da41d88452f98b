"""One folder for everything a test run leaves on disk, shared by its parallel workers."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_NAME = "FACTMARK_TEST_HOME"
_PREFIX = "factmark-tests-"


def make_home() -> Path:
    """Make the folder; the workers, who start later, find it through the environment."""
    made = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    os.environ[_NAME] = str(made)
    runtime = made / "runtime"
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # the server's wheel keeps its lock there
    # Registered before the wheel's own last step, so it runs after it.
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def home() -> Path:
    """The folder of this run."""
    return Path(os.environ[_NAME])


def abandoned() -> Iterator[Path]:
    """The folders of runs that were killed before they could tidy up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            yield folder


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
