"""A browser for tests: Chromium, driven over the W3C WebDriver protocol with plain HTTP."""

import json
import os
import shutil
import socket
import subprocess
import time
from base64 import b64decode
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver, section 12.1
FLAGS = (
    "--headless",
    "--no-sandbox",  # a container's root cannot have one
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def binaries() -> tuple[str, str] | None:
    """Chromium and its driver, or None. FACTMARK_BROWSER names another Chromium than the path's;
    set to nothing, it says that there shall be no browser."""
    browser = os.environ.get("FACTMARK_BROWSER")
    if browser is None:
        names = ("chromium", "chromium-browser", "google-chrome")
        browser = next(filter(None, map(shutil.which, names)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


def may_be_missing() -> bool:
    """Whether tests without a browser are skipped: where nobody wants one, and outside of CI."""
    return os.environ.get("FACTMARK_BROWSER") == "" or os.environ.get("CI") != "true"


class Browser:
    """One window. Close it, or use it in a `with`."""

    def __init__(self, profile: Path, width: int = 1280, height: int = 900) -> None:
        found = binaries()
        assert found is not None, "no chromium and chromedriver: see bin/browser"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._at = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [found[1], f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            self._await_driver()
            self._session = self._open(found[0], profile, f"--window-size={width},{height}")
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._call("DELETE", self._session)
        finally:
            self._process.terminate()
            self._process.wait(10)

    def go(self, address: str) -> None:
        self._call("POST", f"{self._session}/url", {"url": address})

    def script(self, source: str, *given: Any) -> Any:
        """What the body of a function returns in the page; `given` are its arguments."""
        body = {"script": source, "args": list(given)}
        return self._call("POST", f"{self._session}/execute/sync", body)

    def until(self, source: str, *given: Any, seconds: float = 30) -> Any:
        """The first value of an expression in the page that is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := self.script(f"return {source}", *given):
                return value
            time.sleep(0.05)
        seen = self.script("return document.body.innerText")
        raise AssertionError(f"never came true: {source}\n{seen}")

    def type(self, css: str, text: str) -> None:
        """Type into what a selector finds, key by key."""
        self._call("POST", f"{self._session}/element/{self._find(css)}/value", {"text": text})

    def click(self, css: str) -> None:
        self._call("POST", f"{self._session}/element/{self._find(css)}/click", {})

    def log(self, kind: str = "browser") -> list[dict[str, Any]]:
        """What the console was told since the last call."""
        lines: list[dict[str, Any]] = self._call("POST", f"{self._session}/se/log", {"type": kind})
        return lines

    def resize(self, width: int, height: int) -> None:
        self._call("POST", f"{self._session}/window/rect", {"width": width, "height": height})

    def narrow(self, width: int) -> None:
        """Lay the page out at this width, though no window can be as narrow as a phone."""
        size = {"width": width, "height": 760, "deviceScaleFactor": 1, "mobile": True}
        body = {"cmd": "Emulation.setDeviceMetricsOverride", "params": size}
        self._call("POST", f"{self._session}/goog/cdp/execute", body)

    def leave(self) -> None:
        """Close nothing, but forget who was here and how wide the page was."""
        self._call("DELETE", f"{self._session}/cookie")
        body = {"cmd": "Emulation.clearDeviceMetricsOverride", "params": {}}
        self._call("POST", f"{self._session}/goog/cdp/execute", body)
        self.resize(1280, 900)
        self.go("about:blank")
        self.log()

    def forget(self, cookie: str) -> None:
        self._call("DELETE", f"{self._session}/cookie/{cookie}")

    def picture(self, path: Path) -> None:
        path.write_bytes(b64decode(self._call("GET", f"{self._session}/screenshot")))

    def _find(self, css: str) -> str:
        found = self.until("document.querySelector(arguments[0])", css)
        return str(found[ELEMENT])

    def _open(self, browser: str, profile: Path, size: str) -> str:
        options = {"binary": browser, "args": [*FLAGS, size, f"--user-data-dir={profile}"]}
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        opened = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        return f"/session/{opened['sessionId']}"

    def _await_driver(self) -> None:
        for _ in range(200):
            try:
                if self._call("GET", "/status")["ready"]:
                    return
            except URLError:
                time.sleep(0.05)
        raise AssertionError("chromedriver did not start")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._at + path, data, {"Content-Type": "application/json"})
        request.method = method
        try:
            with urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            raise AssertionError(error.read().decode()) from None
