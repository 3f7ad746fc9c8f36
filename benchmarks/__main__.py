"""All measurements: `python -m benchmarks [--quick] [--only NAME ...] [--out FOLDER]`.

Prints every section and writes FOLDER/benchmarks.md with its plots in FOLDER/benchmarks/. A section that
was not run this time stays as it was. `--quick` runs everything small, to see that it works: its figures
mean nothing.
"""

import argparse
import json
import os
import platform
import sys
import time
from importlib import import_module
from pathlib import Path

from benchmarks.measure import ROOT
from benchmarks.report import Section, svg

MODULES = (
    "compiling", "extraction", "classifying", "duplicates", "building", "growth", "engines", "workers", "prefect_share",
)  # fmt: skip
PARTS = "sections.json"


def main(words: list[str] | None = None) -> int:
    """The exit code: 0 whatever the figures say, for they depend on the machine."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="All measurements, side by side.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="+", choices=MODULES, default=MODULES)
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    options = parser.parse_args(words)
    for name in options.only:
        began = time.perf_counter()
        section: Section | None = import_module(f"benchmarks.{name}").run(options.quick)
        if section is None:
            print(f"{name}: left out, its material is not at hand\n", file=sys.stderr)
            continue
        print(f"{section}\n\n({time.perf_counter() - began:.0f} s)\n", flush=True)
        keep(options.out, section)
    return 0


def keep(out: Path, section: Section) -> None:
    """Writes the section's plots and puts its text in its place on the page."""
    folder = out / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    for number, plot in enumerate(section.plots, 1):
        (folder / f"{section.name}-{number}.svg").write_text(svg(plot), "utf-8")
    store = folder / PARTS
    parts: dict[str, str] = json.loads(store.read_text("utf-8")) if store.exists() else {}
    parts[section.name] = f"{section}\n\n<sub>{machine()}</sub>"
    ordered = {name: parts[name] for name in MODULES if name in parts}
    store.write_text(json.dumps(ordered, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (out / "benchmarks.md").write_text("\n\n".join([_HEAD, *ordered.values()]) + "\n", "utf-8")


_HEAD = """# Benchmarks

Written by `make bench`. Every way does its work on the same bytes, the ways take turns, and medians are
compared: read the ratios, for the seconds are those of one machine on one day. ✗ is a promise not kept (yet)."""


def machine() -> str:
    """What the figures were measured on."""
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    return f"{system}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}{load}"


if __name__ == "__main__":
    sys.exit(main())
