"""The HTML report: self-contained, safe whatever the findings quote, and usable in a real browser by mouse and keyboard."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from secops_hooks.finding import Finding, Rule, Span, report
from secops_hooks.report.html import write
from secops_hooks.report.model import Report
from secops_hooks.run import Item

HOSTILE = '</script><img src=x onerror="document.title=1"><!--'
RULES = {
    "a-rule": Rule(
        id="a-rule",
        family="config",
        title="t",
        severity="high",
        tier="block",
        why="because",
        fix="do",
        references=("https://example.org/",),
    ),
    "b-rule": Rule(id="b-rule", family="secrets", title="t", severity="low", tier="warn", why="because", fix="do", equivalents=("x:y",)),
}


def page(count: int = 5) -> str:
    findings: list[Finding] = []
    for number in range(count):
        rule = RULES["b-rule" if number % 5 == 4 else "a-rule"]
        findings.append(
            report(
                rule,
                f"dir{number % 3}/file{number}.yaml",
                Span(number + 1, 3, number + 1, 6),
                f"message {number} {HOSTILE}",
                key_path="a.b",
            )
        )
    items = tuple(Item(f, f"k: {HOSTILE}", str(number)) for number, f in enumerate(findings))
    return "".join(write(Report(items, (), count, 1000, 0.1, ("config", "secrets"), "audit", "block", 1, {}, 0.0)))


def test_it_needs_nothing_else() -> None:
    text = page()
    outside = re.sub(r'<script type="application/json".*?</script>', "", text, flags=re.DOTALL)
    assert not re.search(r'(?:src|href)\s*=\s*["\']?(?:https?:)?//', outside)
    assert "default-src 'none'" in text
    assert "@import" not in text
    assert "fetch(" not in text
    assert "innerHTML" not in text


def test_content_cannot_leave_its_data() -> None:
    text = page()
    assert 'onerror="document' not in text
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert data
    assert HOSTILE in json.loads(data[1])["findings"][0]["message"]


def test_ten_thousand_findings_stay_small() -> None:
    assert len(page(10_000)) < 6_000_000


class Browser:
    """A headless Chromium through chromedriver's own HTTP interface (W3C WebDriver)."""

    def __init__(self, url: str) -> None:
        self.url = url
        flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
        options = {"args": flags.split(), "binary": shutil.which("chromium") or ""}
        capabilities = {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}
        self.session = self.call("", {"capabilities": capabilities})["sessionId"]

    def call(self, path: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
        where = f"{self.url}/session{'/' + self.session if path or hasattr(self, 'session') else ''}{path}"
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = urllib.request.Request(where, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())["value"]

    def script(self, code: str) -> Any:
        return self.call("/execute/sync", {"script": code, "args": []})

    def until(self, code: str) -> bool:
        """Whether the script ``code`` comes to give true within some seconds."""
        for _ in range(100):
            if self.script(code):
                return True
            time.sleep(0.05)
        return False

    def keys(self, text: str) -> None:
        actions = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.call("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    driver = shutil.which("chromedriver")
    if driver is None or shutil.which("chromium") is None:
        pytest.skip("needs chromium and chromedriver")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([driver, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        started = Browser(f"http://127.0.0.1:{port}")
        yield started
        started.call("", method="DELETE")
    finally:
        process.terminate()
        process.wait()


def opened(browser: Browser, tmp_path: Path, count: int = 5) -> None:
    file = tmp_path / "report.html"
    file.write_text(page(count), encoding="utf-8")
    browser.call("/url", {"url": file.as_uri()})


def shown(browser: Browser) -> str:
    return str(browser.script("return document.getElementById('count').textContent"))


def test_filters(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, 10)
    assert shown(browser) == "10 of 10 findings"
    for name, value, left in (
        ("family", "secrets", 2),
        ("severity", "high", 8),
        ("tier", "warn", 2),
        ("rule", "a-rule", 8),
        ("path", "DIR1", 3),
        ("text", "message 7", 1),
    ):
        browser.script(
            f"const e=document.forms[0].elements[{name!r}];e.value={value!r};e.dispatchEvent(new Event('input',{{bubbles:true}}))"
        )
        assert shown(browser) == f"{left} of 10 findings", name
        browser.script("document.getElementById('reset').click()")
    assert shown(browser) == "10 of 10 findings"


def test_keyboard(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path)
    browser.keys("jj")
    assert "file1.yaml" in browser.script("return document.activeElement.textContent")
    browser.keys("\ue007")  # Enter
    assert browser.until("return document.querySelectorAll('details[open] .in').length === 1")  # the toggle event comes later
    assert browser.script("return [...document.querySelectorAll('details[open] dd')].slice(0, 2).map(e => e.textContent)") == [
        "because",
        "do",
    ]
    browser.keys("k/4")
    assert browser.script("return document.activeElement.name") == "text"
    assert shown(browser) == "1 of 5 findings"
    browser.keys("\ue00c")  # Escape
    assert shown(browser) == "5 of 5 findings"


def test_dark_and_light(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path)
    colour = "return getComputedStyle(document.body).backgroundColor"
    first = browser.script(colour)
    browser.script("document.getElementById('theme').click()")
    assert browser.script(colour) != first
    browser.script("document.getElementById('theme').click()")
    assert browser.script(colour) == first


def test_no_request_leaves_and_no_content_runs(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path)
    assert browser.script("return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('data:'))") == []
    assert browser.call("/title", method="GET") == "secops-hooks report"
    assert browser.script("return document.querySelectorAll('img').length") == 0


def test_ten_thousand_findings_are_usable(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, 10_000)
    assert shown(browser) == "10000 of 10000 findings"
    assert browser.script("return document.querySelectorAll('#list li').length") == 200
    spent = browser.script(
        "const s=performance.now();const e=document.forms[0].elements.text;e.value='message 99';e.dispatchEvent(new Event('input',{bubbles:true}));return performance.now()-s"
    )
    assert shown(browser) == "111 of 10000 findings"
    assert spent < 2000


def test_accessibility_basics(browser: Browser, tmp_path: Path) -> None:
    """Named controls, one first heading, a language, labelled images, contrast of text at least 4.5 to 1 in both themes."""
    opened(browser, tmp_path)
    browser.script("document.querySelector('details').open = true")
    assert browser.until("return document.querySelectorAll('details[open] .in').length === 1")
    unnamed = "return [...document.querySelectorAll('input,select,button,a,summary')].filter(e => !(e.labels && e.labels.length) && !e.textContent.trim()).length"
    assert browser.script(unnamed) == 0
    assert browser.script("const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.length - new Set(ids).size") == 0
    named = "return [...document.querySelectorAll('[aria-labelledby]')].filter(e => !document.getElementById(e.getAttribute('aria-labelledby'))).length"
    assert browser.script(named) == 0
    assert browser.script('return document.querySelectorAll(\'[tabindex]:not([tabindex="0"]):not([tabindex="-1"])\').length') == 0
    levels = browser.script("return [...document.querySelectorAll('h1,h2,h3')].map(e => Number(e.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert browser.script("return document.querySelectorAll('h1').length") == 1
    assert browser.script("return document.documentElement.lang") == "en"
    assert browser.script("return [...document.querySelectorAll('[role=img]')].filter(e => !e.getAttribute('aria-label')).length") == 0
    contrast = """
      const lum = c => { const v = c.match(/[\\d.]+/g).slice(0,3).map(x => { x /= 255; return x <= .03928 ? x/12.92 : ((x+.055)/1.055)**2.4 }); return .2126*v[0]+.7152*v[1]+.0722*v[2] };
      const back = e => { while (e) { const b = getComputedStyle(e).backgroundColor; if (!/, 0\\)$/.test(b) && b !== 'transparent') return b; e = e.parentElement } return 'rgb(255,255,255)' };
      return [...document.querySelectorAll('p,span,b,label,summary,div,dt,dd,a,pre,mark,code,button,th,td,h1,h2,select,caption,kbd')].filter(e => e.textContent.trim() && !e.closest('.bar') && getComputedStyle(e).visibility === 'visible').map(e => {
        const a = lum(getComputedStyle(e).color), b = lum(back(e)); return (Math.max(a,b)+.05)/(Math.min(a,b)+.05) }).reduce((x, y) => Math.min(x, y), 99)
    """
    for _ in range(2):
        assert browser.script(contrast) >= 4.5
        browser.script("document.getElementById('theme').click()")


def test_the_order_of_focus_is_the_order_of_reading(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path)
    seen = []
    for _ in range(40):
        browser.keys("\ue004")  # Tab
        seen.append(browser.script("const e = document.activeElement; return e.id || e.name || e.tagName"))
    fields = [name for name in seen if name in ("family", "severity", "tier", "rule", "path", "text")]
    assert seen[:3] == ["A", "theme", "tile-high"]
    assert fields[:6] == ["family", "severity", "tier", "rule", "path", "text"]
    assert seen.index("text") < seen.index("SUMMARY")


def test_charts_and_tiles_filter(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, 10)
    browser.script("document.getElementById('tile-low').click()")
    assert shown(browser) == "2 of 10 findings"
    assert browser.script("return document.getElementById('tile-low').getAttribute('aria-pressed')") == "true"
    browser.script("document.getElementById('tile-low').click()")
    for chart, left in (("by-family", 8), ("by-directory", 4), ("by-rule", 8)):
        browser.script(f"document.querySelector('#{chart} button').click()")
        assert shown(browser) == f"{left} of 10 findings", chart
        browser.script("document.getElementById('reset').click()")
    assert browser.script("return document.getElementById('reset').hidden") is True


def test_a_phone_needs_no_sideways_scrolling(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path)
    browser.call("/window/rect", {"width": 500, "height": 900})
    try:
        assert browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    finally:
        browser.call("/window/rect", {"width": 1280, "height": 900})


def test_it_says_how_it_ended(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path)
    assert browser.script("return document.getElementById('verdict').textContent") == "failed"


def cdp(browser: Browser, command: str, **params: Any) -> Any:
    """A command of the browser's DevTools protocol."""
    return browser.call("/goog/cdp/execute", {"cmd": command, "params": params})


def tree_of(browser: Browser) -> list[dict[str, Any]]:
    """What the browser tells assistive technology: role, name and properties of everything that it does not leave out."""
    nodes = cdp(browser, "Accessibility.getFullAXTree")["nodes"]
    return [
        {
            "role": node["role"]["value"],
            "name": node.get("name", {}).get("value", "").strip(),
            **{each["name"]: each["value"].get("value") for each in node.get("properties", ())},
        }
        for node in nodes
        if not node["ignored"]
    ]


WIDGETS = (
    "button",
    "link",
    "textbox",
    "searchbox",
    "combobox",
    "checkbox",
    "DisclosureTriangle",
    "option",
    "image",
    "img",
    "table",
    "region",
)


def test_assistive_technology_is_told_names_roles_and_states(browser: Browser, tmp_path: Path) -> None:
    """Of WCAG 2.2: 1.1.1, 1.3.1, 2.4.1, 2.4.2, 2.4.6, 3.1.1, 4.1.2 and 4.1.3, asked of the browser's own accessibility tree."""
    opened(browser, tmp_path, 10)
    browser.script("document.querySelector('details').open = true")
    assert browser.until("return document.querySelectorAll('details[open] .in').length === 1")
    nodes = tree_of(browser)
    roles = [node["role"] for node in nodes]
    assert {"main", "banner"} <= set(roles), sorted(set(roles))
    assert roles.count("main") == 1
    assert [node for node in nodes if node["role"] in WIDGETS and not node["name"]] == []
    assert [node for node in nodes if node.get("focusable") and node["role"] in ("generic", "none", "StaticText")] == []
    assert next(node["name"] for node in nodes if node["role"] == "RootWebArea") == "secops-hooks report"
    assert any(node["role"] == "status" or node.get("live") == "polite" for node in nodes), "changes of the number of findings are told"
    assert {node.get("pressed") for node in nodes if node["role"] == "button" and "high" in node["name"].lower()} & {"true", "false"}
    states = {node.get("expanded") for node in nodes if node["role"] == "DisclosureTriangle"}
    assert states == {True, False}


def test_whoever_tabs_sees_where_they_are(browser: Browser, tmp_path: Path) -> None:
    """Of WCAG 2.2: 2.1.2, 2.4.7 and 2.5.8."""
    opened(browser, tmp_path)
    style = "const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2"
    size = "const r = document.activeElement.getBoundingClientRect(); return [document.activeElement.tagName, r.width, r.height]"
    ended = False
    for _ in range(60):
        browser.keys("\ue004")  # Tab
        if browser.script("return document.activeElement === document.body"):
            ended = True
            break
        assert browser.script(style), browser.script("return document.activeElement.outerHTML.slice(0, 200)")
        tag, width, height = browser.script(size)
        assert tag == "A" or (width >= 24 and height >= 24), (tag, width, height)
    assert ended, "the keyboard gets out again"


CONTRAST = """
  const rgb = c => c.match(/[\\d.]+/g).map(Number);
  const lum = v => { v = v.slice(0, 3).map(x => { x /= 255; return x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4 }); return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
  const over = (top, below) => { const a = top.length > 3 ? top[3] : 1; return [0, 1, 2].map(i => top[i] * a + below[i] * (1 - a)) };
  const back = e => { const all = []; for (; e; e = e.parentElement) all.unshift(rgb(getComputedStyle(e).backgroundColor)); return all.reduce((b, t) => over(t, b), [255, 255, 255]) };
  const low = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const s = getComputedStyle(e), box = e.getBoundingClientRect();
    if (!(own || e.matches('input,select')) || s.visibility !== 'visible' || !box.width || !box.height || e.matches('script,style,option')) continue;
    const below = back(e), a = lum(over(rgb(s.color), below)), b = lum(below);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), large = parseFloat(s.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) low.push([e.tagName, e.className, e.textContent.slice(0, 30), Math.round(ratio * 100) / 100]);
  }
  return low;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_in_the_colours_of_the_system(browser: Browser, tmp_path: Path, scheme: str) -> None:
    """Of WCAG 2.2: 1.4.3, for every text that is seen, transparent layers put together, in the scheme that the system asks for."""
    cdp(browser, "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    try:
        opened(browser, tmp_path, 10)
        browser.script("document.querySelectorAll('details').forEach((e, i) => { if (i < 3) e.open = true })")
        assert browser.until("return document.querySelectorAll('details[open] .in').length === 3")
        dark = browser.script("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).every(x => x < 100)")
        assert dark is (scheme == "dark")
        assert browser.script(CONTRAST) == []
    finally:
        cdp(browser, "Emulation.setEmulatedMedia", features=[])


def test_it_fits_at_four_times_the_size(browser: Browser, tmp_path: Path) -> None:
    """Of WCAG 2.2: 1.4.10, a window of 1280 at 400 % is one of 320."""
    opened(browser, tmp_path)
    cdp(browser, "Emulation.setDeviceMetricsOverride", width=320, height=256, deviceScaleFactor=1, mobile=False)
    try:
        browser.script("document.querySelector('details').open = true")
        assert browser.script("return document.documentElement.scrollWidth") <= 320
    finally:
        cdp(browser, "Emulation.clearDeviceMetricsOverride")


def test_nothing_moves_for_those_who_asked_for_that(browser: Browser, tmp_path: Path) -> None:
    """Of WCAG 2.2: 2.3.3; with fewer motions asked for, nothing is animated."""
    cdp(browser, "Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    try:
        opened(browser, tmp_path)
        moving = "return [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e); return (s.transitionDuration + s.animationDuration).replace(/[0.,s ]|1e-\\d+/g, '') }).length"
        assert browser.script(moving) == 0
    finally:
        cdp(browser, "Emulation.setEmulatedMedia", features=[])
