# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "cffsubr==0.4.0"]
# ///
"""Make the Chinese font that the course's figures are drawn with. Run by hand, once; its result is committed.

    uvx pip download --no-deps --dest build/font pylopdf-fonts-zh-cn==0.1.1
    uv run tools/make_font.py build/font/pylopdf_fonts_zh_cn-0.1.1-py3-none-any.whl

The wheel holds Noto Sans SC Regular (Adobe, SIL Open Font License 1.1), 8.3 MB. We keep Latin, Greek, the signs
that formulas in running text need and GB2312 (all 6763 hanzi, punctuation, full-width forms; not its kana,
Cyrillic and box drawing), drop hinting, vertical metrics and every layout feature but kerning, pack the outlines
again (cffsubr), and give the result a name of its own, so that an installed Noto Sans SC is never taken for it.
"""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path

import cffsubr
from fontTools import subset
from fontTools.ttLib import TTFont

MEMBER = "pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf"
LICENSE = "pylopdf_fonts_zh_cn-0.1.1.dist-info/licenses/LICENSE"
ASSETS = Path(__file__).resolve().parents[1] / "course_snn" / "assets" / "fonts"
FONT = ASSETS / "CourseSansSC-Regular.otf"
FAMILY = "Course Sans SC"
LARGEST = 1_450_000  # bytes; the repository refuses files over 1.5 MB
SIGNS = "ΑΩαω−±×÷·…–—‘’“”←↑→↓↔⇒⇔≈≠≡≤≥≪≫∂∇∆∈∏∑√∝∞∫°′″²³¹µ‰•●○◆◇■□▲△▼▽★☆✓"


def gb2312() -> set[int]:
    """The code points of GB2312 that course text uses."""
    rows = [1, 3, 6, *range(16, 88)]  # 1 signs, 3 full-width ASCII, 6 Greek, 16–55 hanzi level 1, 56–87 level 2
    cells = (bytes((0xA0 + row, 0xA0 + cell)) for row in rows for cell in range(1, 95))
    return {ord(char) for cell in cells if len(char := cell.decode("gb2312", "ignore")) == 1}


def characters() -> set[int]:
    latin = {*range(0x20, 0x7F), *range(0xA0, 0x100)}
    greek = {*range(0x391, 0x3CA)} - {0x3A2}
    return gb2312() | latin | greek | set(map(ord, SIGNS))


def make(source: bytes) -> bytes:
    """The subset as a CFF OpenType font; the same bytes for the same source and fontTools."""
    font = TTFont(BytesIO(source), recalcTimestamp=False)
    options = subset.Options(
        hinting=False,
        layout_features=["kern"],
        name_IDs=[0, 1, 2, 3, 4, 6, 13, 14],
        name_languages=[0x409],
        drop_tables=["vhea", "vmtx", "VORG", "BASE", "DSIG", "GDEF"],
        notdef_outline=True,
        recalc_timestamp=False,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    rename(font)
    cffsubr.subroutinize(font)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def rename(font: TTFont) -> None:
    postscript = FAMILY.replace(" ", "") + "-Regular"
    for name_id, text in {
        1: FAMILY,
        3: f"{postscript}; subset of Noto Sans SC 2.004",
        4: FAMILY,
        6: postscript,
    }.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font["name"].setName("A subset of Noto Sans SC made for course-snn", 10, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    cff.topDictIndex[0].FullName = cff.topDictIndex[0].FamilyName = FAMILY


def main(wheel: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        source, licence = archive.read(MEMBER), archive.read(LICENSE).decode("utf-8")
    data = make(source)
    if len(data) > LARGEST:
        raise SystemExit(f"the font has {len(data):,} bytes, more than {LARGEST:,}: keep fewer characters")
    ASSETS.mkdir(parents=True, exist_ok=True)
    FONT.write_bytes(data)
    notice = "Copyright 2014-2021 Adobe (http://www.adobe.com/).\nCourse Sans SC is a subset of Noto Sans SC 2.004.\n\n"
    (ASSETS / "OFL.txt").write_text(notice + licence, encoding="utf-8", newline="\n")
    print(f"{FONT}: {len(data):,} bytes, {len(TTFont(FONT).getBestCmap()):,} characters")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
