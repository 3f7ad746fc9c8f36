"""Building the DOCX of an issue of 40 articles, beside pandoc and docxtpl with the same text.

    python -m benchmarks.building [--articles 40] [--rounds 7]

Prints the median of each way and its ratio to ours. All get the same titles and paragraphs; pandoc
and docxtpl make plain documents of them (no broken titles, no 版记, no page numbers), so they do less.
Pandoc is a program, so beside our building in a running process stands ours in a fresh process.
"""

import argparse
import io
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.measure import call, in_turn  # noqa: E402
from benchmarks.report import Bars, Check, Section, Table  # noqa: E402
from builders.style import load_style  # noqa: E402
from builders.word import build_docx  # noqa: E402
from bulletin.model import Issue  # noqa: E402
from tests.builders.samples import issue  # noqa: E402

_FRESH = (
    "from benchmarks.building import sample;from builders.style import load_style;from builders.word import build_docx;"
    "import sys;build_docx(sample(int(sys.argv[1])), load_style(), {}, {})"
)


def sample(articles: int, edition: int = 0) -> Issue:
    """An issue of plain articles of about 1800 characters, no two titles alike, in this edition or another."""
    made = issue(articles, paragraphs=10)
    sections, number = [], 0
    for section in made.sections:
        entries = []
        for entry in section.entries:
            number += 1
            entries.append(entry.model_copy(update={"title": f"{entry.title}（{edition}之{number}）"}))
        sections.append(section.model_copy(update={"entries": tuple(entries)}))
    return made.model_copy(update={"sections": tuple(sections)})


def markdown(made: Issue) -> str:
    lines = [f"% {made.publication}", ""]
    for section in made.sections:
        lines += [f"# {section.name}", ""]
        for entry in section.entries:
            lines += [f"## {entry.title}", "", *(f"{block.text}\n" for block in entry.blocks)]
    return "\n".join(lines)


def template() -> bytes:
    """A template as users of docxtpl write them: loops over sections, articles, paragraphs."""
    import docx

    document = docx.Document()
    for style, text in (
        ("Title", "{{ issue.publication }}"), ("Normal", "{%p for section in issue.sections %}"),
        ("Heading 1", "{{ section.name }}"), ("Normal", "{%p for entry in section.entries %}"),
        ("Heading 2", "{{ entry.title }}"), ("Normal", "{%p for block in entry.blocks %}"),
        ("Normal", "{{ block.text }}"), ("Normal", "{%p endfor %}"), ("Normal", "{%p endfor %}"),
        ("Normal", "{%p endfor %}"),
    ):  # fmt: skip
        document.add_paragraph(text, style=style)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def ways(made: Issue, folder: Path) -> dict[str, Callable[[], object]]:
    """What is timed, by name; a way whose program or library is missing is left out."""
    style = load_style()
    # Another edition every time: no broken title is remembered from the round before.
    editions = iter([sample(len(made.entries), number) for number in range(1, 100)])
    found: dict[str, Callable[[], object]] = {
        "bulletin": lambda: build_docx(next(editions), style, {}, {}),
        "bulletin, fresh process": lambda: subprocess.run(
            [sys.executable, "-c", _FRESH, str(len(made.entries))], check=True, cwd=ROOT
        ),
    }
    if shutil.which("pandoc"):
        source = folder / "issue.md"
        source.write_text(markdown(made), "utf-8")
        found["pandoc"] = lambda: subprocess.run(["pandoc", source, "-o", folder / "pandoc.docx"], check=True)
    try:
        from docxtpl import DocxTemplate
    except ImportError:
        return found
    form = template()

    def fill() -> None:
        document = DocxTemplate(io.BytesIO(form))
        document.render({"issue": made}, autoescape=True)
        document.save(io.BytesIO())

    found["docxtpl"] = fill
    return found


def measure(way: Callable[[], object], rounds: int) -> float:
    """The median of so many rounds in seconds, after one that is not counted."""
    way()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        way()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def run(quick: bool = False) -> Section:
    """The same for the page of all benchmarks."""
    articles, rounds = (3, 1) if quick else (40, 7)
    with tempfile.TemporaryDirectory() as folder:
        found = ways(sample(articles), Path(folder))
        for way in found.values():
            way()  # warms up
        spent = in_turn({name: partial(call, way) for name, way in found.items()}, rounds)
    times = {name: one.wall for name, one in spent.items()}
    ours = times["bulletin"]
    checks = []
    if "docxtpl" in times:
        checks.append(Check("building against docxtpl", ours / times["docxtpl"], 1))
    if "pandoc" in times:
        checks.append(
            Check("building against pandoc (its process, as a compile would call it)", ours / times["pandoc"], 1)
        )
    return Section(
        name="building",
        title=f"The DOCX of an issue of {articles} articles",
        about="The same titles and paragraphs; pandoc and docxtpl make plain documents of them. Medians.",
        tables=[Table(("way", "ms", "of ours"), tuple((n, s * 1000, s / ours) for n, s in times.items()))],
        checks=checks,
        plots=[Bars("Milliseconds", "ms", tuple((name, seconds * 1000) for name, seconds in times.items()))],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    made = sample(options.articles)
    characters = sum(len(block.text) for entry in made.entries for block in entry.blocks)
    print(f"{options.articles} articles, {characters} characters")
    with tempfile.TemporaryDirectory() as folder:
        times = {name: measure(way, options.rounds) for name, way in ways(made, Path(folder)).items()}
    for name, seconds in times.items():
        print(f"{name:26} {seconds * 1000:8.1f} ms   {seconds / times['bulletin']:6.1f} x")


if __name__ == "__main__":
    main()
