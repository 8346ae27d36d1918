"""What plotting libraries cost a report: bytes in every copy, time until its plots are there, what the plots can do.

    python -m benchmarks.plotting

Each library draws the same four histograms of 40 bins and a scatter of 300 points in a page of its own, inlined and
under the report's policy (scripts by digest, no eval, Trusted Types), opened by Chromium from disk five times; the
median counts. Needs npm, Chromium and the extra `browser`.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, run
from typing import cast

from playwright.sync_api import Browser, sync_playwright

from transforms.report.html.policy import policy

REPEATS = 5

PLOT = """
const draw = (mark) => {
  const svg = Plot.plot({ width: 400, height: 200, marks: [mark] });
  svg.querySelector("style").remove(); // as the report does
  document.body.append(svg);
};
for (const bins of data.histograms) draw(Plot.rectY(bins, { x1: "a", x2: "b", y: "n" }));
draw(Plot.dot(data.dots, { x: "x", y: "y" }));"""
UPLOT = """
const draw = (xs, ys, series, scale) =>
  new uPlot({ width: 400, height: 200, scales: { x: { time: false } }, series: [{}, series] }, [xs, ys], document.body);
for (const bins of data.histograms)
  draw(bins.map((d) => d.a), bins.map((d) => d.n), { fill: "teal", paths: uPlot.paths.bars({ size: [1] }) });
const dots = [...data.dots].sort((p, q) => p.x - q.x);
draw(dots.map((d) => d.x), dots.map((d) => d.y), { paths: () => null, points: { show: true } });"""
ECHARTS = """
const draw = (type, points) => {
  const box = document.body.appendChild(document.createElement("div"));
  const chart = echarts.init(box, null, { renderer: "svg", width: 400, height: 200 });
  chart.setOption({ animation: false, xAxis: {}, yAxis: {}, series: [{ type, data: points }] });
};
for (const bins of data.histograms) draw("bar", bins.map((d) => [d.a, d.n]));
draw("scatter", data.dots.map((d) => [d.x, d.y]));"""
CHART = """
const draw = (type, points) => {
  const canvas = document.body.appendChild(document.createElement("canvas"));
  const scales = { x: { type: "linear" } };
  new Chart(canvas, { type, data: { datasets: [{ data: points }] }, options: { animation: false, scales } });
};
for (const bins of data.histograms) draw("bar", bins.map((d) => ({ x: d.a, y: d.n })));
draw("scatter", data.dots);"""
VEGA = """
const draw = (values, mark, encoding) => {
  const spec = vegaLite.compile({ data: { values }, mark, encoding, width: 340, height: 150 }).spec;
  const box = document.body.appendChild(document.createElement("div"));
  new vega.View(vega.parse(spec), { renderer: "svg", container: box }).run();
};
const q = (field) => ({ field, type: "quantitative" });
for (const bins of data.histograms) draw(bins, "rect", { x: q("a"), x2: { field: "b" }, y: q("n"), y2: { datum: 0 } });
draw(data.dots, "point", { x: q("x"), y: q("y") });"""


@dataclass(frozen=True, slots=True)
class Library:
    """A library: its files as package@version/path, and a script that draws."""

    name: str
    files: tuple[str, ...]
    script: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    library: Library
    size: int  # bytes
    drawn_ms: float  # from navigation to the frame after the last plot
    plots: int  # svg or canvas elements in the page
    violations: tuple[str, ...]  # directives of the policy it ran into


LIBRARIES = (
    Library(
        "Observable Plot + d3", ("d3@7.9.2/dist/d3.min.js", "@observablehq/plot@0.6.17/dist/plot.umd.min.js"), PLOT
    ),
    Library("uPlot", ("uplot@1.6.32/dist/uPlot.iife.min.js",), UPLOT),
    Library("Chart.js", ("chart.js@4.6.1/dist/chart.umd.min.js",), CHART),
    Library("ECharts", ("echarts@6.1.0/dist/echarts.min.js",), ECHARTS),
    Library("Vega-Lite + Vega", ("vega@6.4.0/build/vega.min.js", "vega-lite@6.4.3/build/vega-lite.min.js"), VEGA),
)


def fetch(file: str, folder: Path) -> str:
    """The text of a file of a package of npm."""
    name, _, rest = file.rpartition("@")
    version, _, path = rest.partition("/")
    place = folder / f"{name}@{version}".replace("/", "-")
    if not place.exists():
        place.mkdir()
        command = ["npm", "pack", "--silent", f"{name}@{version}", "--pack-destination", str(place)]
        run(command, check=True, stdout=DEVNULL)  # noqa: S603
        shutil.unpack_archive(next(place.glob("*.tgz")), place, "gztar", filter="data")
    return (place / "package" / path).read_text(encoding="utf-8")


def page(library: Library, sources: Sequence[str]) -> str:
    """A page with the library and its plots, under the policy of the report."""
    numbers = random.Random(1)  # noqa: S311
    bins = [[{"a": i, "b": i + 1, "n": numbers.random()} for i in range(40)] for _ in range(4)]
    dots = [{"x": numbers.random(), "y": numbers.random()} for _ in range(300)]
    data = f"const data = {json.dumps({'histograms': bins, 'dots': dots})};"
    script = (
        f"{data}{library.script}\nrequestAnimationFrame(() => setTimeout(() => (window.drawn = performance.now())));"
    )
    watch = (
        "window.stopped = []; addEventListener('securitypolicyviolation', (e) => stopped.push(e.violatedDirective));"
    )
    scripts = [watch, *sources, script]
    code = "".join(f"<script>{source}</script>" for source in scripts)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(scripts, "")}">'
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{meta}</head><body>{code}</body></html>"


def measure(library: Library, folder: Path, browser: Browser) -> Found:
    """Open the page of a library several times."""
    sources = [fetch(file, folder) for file in library.files]
    path = folder / "page.html"
    path.write_text(page(library, sources), encoding="utf-8")
    times, plots, stopped = [], 0, set[str]()
    for _ in range(REPEATS):
        opened = browser.new_page()
        opened.goto(path.as_uri())
        opened.wait_for_timeout(1500)
        times.append(float(opened.evaluate("window.drawn ?? NaN")))
        plots = int(opened.evaluate("document.querySelectorAll('body svg, canvas').length"))
        stopped |= set(cast(list[str], opened.evaluate("window.stopped")))
        opened.close()
    size = sum(len(source.encode()) for source in sources)
    return Found(library, size, statistics.median(times), plots, tuple(sorted(stopped)))


def main() -> int:
    """Measure all and print a table."""
    print(f"{'library':32} {'kB':>6} {'ms':>6} {'plots':>6}  stopped by the policy")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox"])
        for library in LIBRARIES:
            found = measure(library, Path(folder), browser)
            told = ", ".join(found.violations) or "nothing"
            print(f"{library.name:32} {found.size / 1000:6.0f} {found.drawn_ms:6.0f} {found.plots:6}  {told}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
