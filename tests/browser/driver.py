"""Driving JupyterLab as a learner does: a server of its own, Chromium, and the few steps that tests are made of."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patience import PATIENCE, until
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from course_snn.course.lab import without_graders

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
KERNEL_IDLE = """() => {
  const session = window.jupyterapp?.shell.currentWidget?.context?.sessionContext;
  const kernel = session?.session?.kernel;
  return Boolean(session?.isReady && kernel?.connectionStatus === 'connected' && kernel.status === 'idle');
}"""
WAIT = 1000 * PATIENCE  # in ms, as playwright counts
BEFORE_ALL_SCRIPTS = """(() => {
  const send = window.fetch;
  window.underWay = 0;
  window.fetch = (...request) => {
    window.underWay += 1;
    return send(...request).finally(() => { window.underWay -= 1; });
  };
  window.addEventListener('pagehide', event => { if (window.leavesSilently) event.stopImmediatePropagation(); });
})()"""


def chromium() -> str | None:
    """The path of an installed Chromium; the environment variable CHROMIUM names another one."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM)), None)


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: its address, its token, the folder it serves."""

    url: str
    token: str
    folder: Path
    settings: Path


JUPYTERLAB = ("-m", "jupyterlab", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")
COURSE_SNN_LAB = ("-c", "from course_snn.course.cli import main; main()", "lab")


@contextlib.contextmanager
def lab_server(notebooks: Iterable[Path], scratch: Path, command: Iterable[str] = JUPYTERLAB) -> Iterator[Server]:
    """Serve copies of the notebooks, with home, settings and history in `scratch`; stopped at the end.

    `command` says how to start: plain JupyterLab, or COURSE_SNN_LAB with options of ours.
    """
    folder = scratch / "notebooks"
    folder.mkdir(parents=True)
    for notebook in notebooks:
        shutil.copy(notebook, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(f"http://127.0.0.1:{port}", secrets.token_hex(16), folder, scratch / "config/lab/user-settings")
    command = [sys.executable, *command, "--no-browser", f"--port={port}"]
    command += [
        "--allow-root", "--expose-app-in-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={server.token}", "--LabApp.news_url=None",
    ]  # fmt: skip
    without_graders(scratch / "config")
    log = scratch / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=_environment(scratch, folder), stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_up(server, process, log)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            finally:  # one that does not end fails the test
                process.kill()
                process.wait()


def _environment(scratch: Path, folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "COURSE_SNN_"))}
    own = {
        "HOME": "home",
        "USERPROFILE": "home",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
        "COURSE_SNN_HOME": "progress",
    }
    for name in own.values():
        (scratch / name).mkdir(exist_ok=True)
    english = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return (
        kept
        | english
        | {name: str(scratch / value) for name, value in own.items()}
        | {"COURSE_SNN_NOTEBOOKS": str(folder)}
    )


def _wait_until_up(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    def up() -> bool:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{server.url}/api?token={server.token}", timeout=PATIENCE).close()
            return True
        if process.poll() is not None:
            raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-4000:]}")
        return False

    until(up)


@contextlib.contextmanager
def browser(
    profile: Path, locale: str = "en-US", width: int = 1400, height: int = 1000, still: bool = True
) -> Iterator[BrowserContext]:
    """A Chromium with a fresh profile; where it is still nothing moves by itself: the processor is for the test."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium(),
            args=CHROMIUM_OPTIONS,
            locale=locale,
            viewport={"width": width, "height": height},
            reduced_motion="reduce" if still else "no-preference",
        )
        context.set_default_timeout(WAIT)
        expect.set_options(timeout=WAIT)
        try:
            yield context
        finally:
            context.close()


def new_page(context: BrowserContext) -> Page:
    """One more page in a browser; its console errors are kept in `page.errors`."""
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    return page


@contextlib.contextmanager
def browser_page(
    profile: Path, locale: str = "en-US", width: int = 1400, height: int = 1000, still: bool = True
) -> Iterator[Page]:
    """A page in a browser of its own."""
    with browser(profile, locale, width, height, still) as context:
        yield new_page(context)


class LabPage:
    """JupyterLab in a page. Everything that waits, waits for what it needs and for no fixed time."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server
        page.add_init_script(BEFORE_ALL_SCRIPTS)

    def leave(self) -> None:
        """Close the page so that nothing of it reaches the server, or the browser's memory, afterwards.

        What it is writing arrives first; what it would write on being left (the language of the menus) is not written.
        """
        self.page.evaluate("window.leavesSilently = true")
        self.page.wait_for_function("!window.underWay")  # a page that never opened JupyterLab counts nothing
        self.page.evaluate("localStorage.clear()")
        self.page.close()

    def open_notebook(self, name: str, reset: bool = True) -> None:
        """Open a notebook in a fresh workspace and wait until its kernel is idle."""
        query = f"token={self.server.token}" + ("&reset" if reset else "")
        self.page.goto(f"{self.server.url}/lab/tree/{name}?{query}")
        self.wait_loaded()

    def reload(self) -> None:
        self.page.reload()
        self.wait_loaded()

    def wait_loaded(self) -> None:
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        self.page.wait_for_selector(f"{PANEL} .jp-Notebook .jp-Cell", state="attached")
        self.page.wait_for_selector(".jp-Spinner", state="detached")
        self.wait_idle()

    def wait_idle(self) -> None:
        """Wait for a kernel that is connected and has nothing to do."""
        self.page.wait_for_function(KERNEL_IDLE)

    def command(self, name: str, **arguments: Any) -> None:
        """Execute one of JupyterLab's commands and wait for its end."""
        self.page.evaluate(
            "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args); }", [name, arguments]
        )

    def run_all(self) -> None:
        """Run every cell and wait for the end; raises AssertionError if a cell shows an error."""
        self.command("notebook:run-all-cells")
        self.wait_idle()
        errors = self.page.locator(f'{PANEL} [data-mime-type="application/vnd.jupyter.error"]')
        assert errors.count() == 0, errors.first.inner_text()

    def set_cell(self, containing: str, source: str) -> None:
        """Replace the source of the code cell that contains a text, as a learner who types an answer."""
        found = self.page.evaluate(
            """([containing, source]) => {
              const notebook = window.jupyterapp.shell.currentWidget.content;
              const index = notebook.widgets.findIndex(
                cell => cell.model.type === 'code' && cell.model.sharedModel.source.includes(containing));
              if (index < 0) return false;
              notebook.activeCellIndex = index;
              notebook.widgets[index].model.sharedModel.setSource(source);
              return true;
            }""",
            [containing, source],
        )
        assert found, f"no code cell contains {containing!r}"

    def run_cell(self) -> None:
        """Run the active cell (the one `set_cell` wrote) and wait for the end."""
        self.command("notebook:run-cell")
        self.wait_idle()

    def switch_language(self, lang: str) -> None:
        """Choose zh, en or both, and wait until the page and the saved setting say so."""
        self.command(f"course-lang:{lang}")
        self.page.wait_for_function("lang => document.body.dataset.courseLang === lang", arg=lang)

    def language(self) -> str:
        return self.page.evaluate("document.body.dataset.courseLang")

    def menus(self) -> list[str]:
        """The words in the menu bar."""
        return self.page.locator("#jp-MainMenu .lm-MenuBar-itemLabel").all_inner_texts()

    def contents(self) -> list[str]:
        """The entries of the contents panel, which is opened for it."""
        self.command("toc:show-panel")
        self.page.wait_for_selector(".jp-tocItem-content")
        return self.page.locator(".jp-tocItem-content").all_inner_texts()

    def shows(self, text: str) -> bool:
        """Whether the page shows an element with this text: in the page, visible and of some height."""
        element = self.page.locator(f"{PANEL} .jp-RenderedHTMLCommon").get_by_text(text, exact=False).first
        element.wait_for(state="attached")
        return element.evaluate(
            "node => getComputedStyle(node).visibility === 'visible' && node.getBoundingClientRect().height > 0"
        )

    def screenshot(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
        return path
