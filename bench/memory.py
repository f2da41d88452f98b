"""How much the resident memory of a server's workers grows while something runs (Linux)."""

from pathlib import Path

_MIB = 1024


class Watch:
    """Begins when it is made; the kernel keeps each process's peak from then on."""

    def __init__(self, pid: int) -> None:
        self._before: dict[int, int] = {}
        for worker in _family(pid):
            Path(f"/proc/{worker}/clear_refs").write_text("5")  # forget the peak so far
            self._before[worker] = _status(worker, "VmRSS")

    def grown(self) -> float:
        """The most that any of the processes rose above where it was, in MiB."""
        rises = [_status(pid, "VmHWM") - before for pid, before in self._before.items()]
        return max(rises, default=0) / _MIB


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _family(int(child))
    return found


def _status(pid: int, name: str) -> int:
    """A line of the process's status, in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
