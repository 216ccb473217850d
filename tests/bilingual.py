"""Reading the two languages of a chapter: what stands in its prose cells, and where the two disagree."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"<(div|span) lang=\"(zh|en)\">(.*?)</\1>", re.S)
FENCE = re.compile(r"```.*?```", re.S)
CODE = re.compile(r"`([^`\n]+)`")
MATH = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.S)
NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?![\w])", re.A)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Term:
    """One row of GLOSSARY.md."""

    zh: tuple[str, ...]
    en: tuple[str, ...]
    avoid: tuple[str, ...]


def glossary() -> list[Term]:
    """Return the rows of GLOSSARY.md's table."""
    lines = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [
        Term(tuple(zh.split(" / ")), tuple(en.split(" / ")), tuple(filter(None, avoid.split("、"))))
        for zh, en, avoid in rows[2:]
    ]


def languages(source: str) -> dict[str, str]:
    """Return what a prose cell says in each language: {"zh": text, "en": text}."""
    texts = {"zh": "", "en": ""}
    for _, lang, text in BLOCK.findall(source):
        texts[lang] += text + "\n"
    return texts


def outside(source: str) -> str:
    """Return what a prose cell says outside both languages: nothing but a heading's marks, pictures and separators."""
    rest = BLOCK.sub("", source).replace('<span class="lang-sep"> · </span>', "")
    rest = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", rest)
    return re.sub(r"[#\s·|:-]", "", rest)


def facts(text: str) -> dict[str, Counter]:
    """Return the formulas, code spans and numbers of a text, counted."""
    text = FENCE.sub("", text)
    math = Counter(re.sub(r"\\text\{[^}]*\}|\s", "", a or b) for a, b in MATH.findall(text))
    text = MATH.sub(" ", text)
    code = Counter(CODE.findall(text))
    text = re.sub(r"\]\([^)]*\)|https?://\S+", "]", CODE.sub(" ", text))
    return {"formulas": math, "code": code, "numbers": Counter(n.replace(",", "") for n in NUMBER.findall(text))}


def disagreements(source: str) -> list[str]:
    """Return how the two languages of one prose cell disagree, one sentence each."""
    said = languages(source)
    if not said["zh"].strip() or not said["en"].strip():
        return ["one language is missing"]
    found = [f"text in no language: {outside(source)[:40]!r}"] if outside(source) else []
    if len(re.findall(r'lang="zh"', source)) != len(re.findall(r'lang="en"', source)):
        found.append("not as many Chinese blocks as English ones")
    zh, en = facts(said["zh"]), facts(said["en"])
    for kind in zh:
        only_zh, only_en = zh[kind] - en[kind], en[kind] - zh[kind]
        if only_zh or only_en:
            found.append(f"{kind} differ: only Chinese {sorted(only_zh)}, only English {sorted(only_en)}")
    if not CHINESE.search(said["zh"]):
        found.append("the Chinese block holds no Chinese")
    if CHINESE.search(CODE.sub("", said["en"])):
        found.append("the English block holds Chinese")
    return found


def breaches(source: str, terms: list[Term]) -> list[str]:
    """Return where one prose cell departs from the glossary, one sentence each."""
    said = languages(source)
    if "References" in source.splitlines()[0]:
        return []  # titles of papers stay as they are
    english = MATH.sub(" ", CODE.sub(" ", said["en"])).lower()
    found = []
    for term in terms:
        found += [f"says {word!r}, the glossary says {term.zh[0]!r}" for word in term.avoid if word in said["zh"]]
        used = next((word for word in term.en if re.search(rf"\b{re.escape(word.lower())}s?\b", english)), None)
        if used and not any(word in said["zh"] for word in term.zh):
            found.append(f"English says {used!r}, but Chinese does not say {' / '.join(term.zh)!r}")
    return found
