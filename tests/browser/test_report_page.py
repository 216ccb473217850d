"""The report of a class in Chromium: names that bite do nothing, tables sort, the limit of help moves."""

from __future__ import annotations

import sys
from pathlib import Path

from driver import browser_page
from playwright.sync_api import expect

from course_snn.course.classroom import feedback, report, report_page

sys.path.insert(0, str(Path(__file__).parents[1] / "course"))


def test_the_report_of_a_class(tmp_path: Path, shots: Path) -> None:
    import graded_class  # tests/course is on the path by now

    graded_class.write(tmp_path / "class")
    found = report.read(tmp_path / "class")
    path = tmp_path / "report.html"
    path.write_text(report_page.page(found, "en"), encoding="utf-8")
    pages = feedback.write(found, tmp_path / "feedback")
    with browser_page(tmp_path / "profile") as tab:
        fetched: list[str] = []
        tab.on("request", lambda request: fetched.append(request.url))
        tab.goto(path.as_uri())
        rows = tab.locator("#people tbody tr:visible")
        expect(rows).to_have_count(len(found.helped(60)))
        tab.get_by_label("Passed less than").fill("101")
        expect(rows).to_have_count(31)
        tab.get_by_label("Passed less than").fill("20")
        expect(rows).to_have_count(len(found.helped(20)))
        expect(tab.locator("#people .helped:visible")).to_have_text(str(len(found.helped(20))))
        tab.get_by_label("show everybody").check()
        expect(rows).to_have_count(31)

        shares = "rows => rows.map(row => Number(row.dataset.share))"
        head = tab.locator("#people").get_by_role("button", name="Passed", exact=True)  # no arrow is read out
        expect(head).to_have_count(1)
        head.focus()
        for direction, reverse in (("ascending", False), ("descending", True)):
            tab.keyboard.press("Enter")
            expect(tab.locator("#people [aria-sort]")).to_have_attribute("aria-sort", direction)
            got = rows.evaluate_all(shares)
            assert got == sorted(got, reverse=reverse)

        tab.get_by_role("button", name="中文").click()
        expect(tab.get_by_role("heading", name="谁需要帮助")).to_be_visible()
        for width in (1366, 390):
            tab.set_viewport_size({"width": width, "height": 768})
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.screenshot(path=shots / "report.png")
        for page in pages:
            tab.goto(page.as_uri())
            assert tab.evaluate("[window.hit, document.images.length]") == [None, 0]
        assert not [url for url in fetched if not url.startswith(("file:", "data:"))]
