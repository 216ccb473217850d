"""Lint the page's JavaScript: each widget's module as it is joined, the scripts of pages and of JupyterLab as they are.

Usage (needs Node.js; once: npm ci --prefix tools/biome):
    uv run python tools/lint_js.py
"""

import json
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINTER = ROOT / "tools" / "biome"
UNUSED = "lint/correctness/noUnusedVariables"
INSTALL = "npm ci --prefix tools/biome"


def linter() -> str | None:
    """Where the linter is installed; None if it is not."""
    return shutil.which("biome", path=LINTER / "node_modules" / ".bin")


def sources() -> dict[str, list[Path]]:
    """Every module by its name (.cjs: a plain script), as the list of the files that make it."""
    from course_snn import widget
    from course_snn.widget.base import JS, PageWidget, module_files

    widgets = [kind for kind in vars(widget).values() if isinstance(kind, type) and issubclass(kind, PageWidget)]
    whole = {
        "LangSwitch.mjs": [JS / "lang_switch.js"],
        "remoteEntry.cjs": [ROOT / "labextension" / "static" / "remoteEntry.js"],
    }
    web = ROOT / "course_snn" / "course" / "web"
    whole["web_widgets.mjs"] = [web / "model.js", web / "widgets.js"]
    for script in sorted(set(web.glob("*.js")) - set(whole["web_widgets.mjs"])):
        ending = "mjs" if script.stem == "judge" else "cjs"  # a module worker
        whole[f"web_{script.stem}.{ending}"] = [script]
    for plugin in sorted((ROOT / "labextension" / "static").glob("*.js")):
        if plugin.name != "remoteEntry.js":
            whole[f"lab_{plugin.stem}.mjs"] = [plugin]
    return {f"{kind.__name__}.mjs": module_files(*kind.scripts) for kind in widgets} | whole


def lint(modules: dict[str, list[Path]], folder: Path) -> list[str]:
    """Join the modules into ``folder`` and return the linter's findings, each once, at its place in its own file.

    What a shared file declares is unused when no module that holds the file uses it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    origins = {name: _join(files, folder / name) for name, files in modules.items()}
    holders = Counter(file for files in modules.values() for file in files)
    found = defaultdict(set)
    for finding in _biome(folder):
        at, name = finding["location"]["start"], Path(finding["location"]["path"]).name
        file, line = origins[name][at["line"] - 1]
        found[file, line, at["column"], finding["category"], finding["message"]].add(name)
    kept = [key for key, names in found.items() if key[3] != UNUSED or len(names) == holders[key[0]]]
    return [f"{file}:{line}:{column} {message} ({rule})" for file, line, column, rule, message in sorted(kept)]


def _join(files: list[Path], module: Path) -> list[tuple[Path, int]]:
    """Write a module, and return the file and the line that each of its lines comes from."""
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    module.write_text("\n".join(texts.values()), encoding="utf-8")
    return [(file, line) for file, text in texts.items() for line in range(1, text.count("\n") + 2)]


def _biome(folder: Path) -> list[dict]:
    """Run the linter; it ends with an error of its own where it finds something, so its output is what counts."""
    options = ["--config-path", LINTER, "--reporter=json", "--max-diagnostics=none", "--error-on-warnings"]
    done = subprocess.run([linter(), "lint", *options, folder], cwd=folder, capture_output=True, encoding="utf-8")
    try:
        return json.loads(done.stdout)["diagnostics"]
    except (ValueError, KeyError):
        raise RuntimeError(f"the linter did not run: {done.stderr or done.stdout}") from None


if __name__ == "__main__":
    if linter() is None:
        sys.exit(f"The linter is not installed. It needs Node.js (https://nodejs.org) and then, once: {INSTALL}")
    if findings := lint(sources(), ROOT / "build" / "js"):
        sys.exit("\n".join(findings))
    print(f"{len(sources())} modules are clean")
