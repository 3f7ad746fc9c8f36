"""The whole of `bulletin compile --local`, beside a plain script and pandoc, from the cold command to the DOCX."""

import email
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from email import policy
from pathlib import Path

from lxml import etree, html

from benchmarks.material import LENGTH, write_submissions
from benchmarks.measure import PYTHON, ROOT, Spent, call, in_turn, process
from benchmarks.report import Bars, Check, Section, Table

OURS, PLAIN, PANDOC, FLOOR = "bulletin compile --local", "plain script", "pandoc", "lxml alone"


def run(quick: bool = False) -> Section:
    """300 mixed submissions (20 where quick)."""
    count, rounds = (20, 1) if quick else (300, 5)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        write_submissions(folder / "inbox", count)
        times = in_turn(ways(folder), rounds)
        shares = stages(folder)
    whole = sum(shares.values())
    rows = [(way, spent.wall, spent.cpu, spent.wall / times[OURS].wall) for way, spent in times.items()]
    checks = [Check("time of the whole against the plain script", times[OURS].wall / times[PLAIN].wall, 2)]
    if PANDOC in times:
        checks.append(Check("time of the whole against pandoc", times[OURS].wall / times[PANDOC].wall, 0.5))
    return Section(
        name="compiling",
        title=f"Compile of {count} mixed submissions",
        about=(
            f"DOCX, HTML (33 KB pages), TXT in UTF-8 and GB18030, EML, {LENGTH} characters each, whole processes. The plain "
            "script pastes the same files into one DOCX with trafilatura and python-docx; pandoc is called once a file and "
            "once for the whole; lxml alone only reads and parses the bytes. Neither cleans, sorts, finds duplicates, numbers "
            "or stores anything, and neither lays pages out. Medians, the ways in turn. Processor seconds of ours leave out those "
            "who read and LibreOffice, which are ended at the end and tell nobody what they took."
        ),
        tables=[
            Table(("way", "seconds", "processor seconds", "of ours"), tuple(rows)),
            Table(
                ("stage", "seconds", "share"),
                tuple((name, seconds, f"{seconds / whole:.0%}") for name, seconds in shares.items()),
                title="Stages of ours (one process, so that they add up)",
            ),
        ],
        checks=checks,
        plots=[
            Bars("Seconds for the whole", "s", tuple((way, spent.wall) for way, spent in times.items())),
            Bars("Seconds by stage", "s", tuple(shares.items())),
        ],
    )


def ways(folder: Path) -> dict[str, Callable[[], Spent]]:
    inbox = folder / "inbox"
    found: dict[str, Callable[[], Spent]] = {
        OURS: lambda: _compile(folder),
        PLAIN: lambda: process([PYTHON, ROOT / "benchmarks" / "plain_script.py", inbox, folder / "plain.docx"]),
    }
    if shutil.which("pandoc"):
        found[PANDOC] = lambda: _pandoc(inbox, folder)
    found[FLOOR] = lambda: call(lambda: parse(inbox))
    return found


def _compile(folder: Path) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as home:
        words = [PYTHON, "-m", "cli.main", "--home", home, "compile", folder / "inbox", "--local", "--out", home]
        return process(words)


def _pandoc(inbox: Path, folder: Path) -> Spent:
    """Pandoc reads UTF-8 and no mail, so that the text of those is given to it."""
    texts = folder / "pandoc"
    texts.mkdir(exist_ok=True)
    wall = cpu = 0.0
    for path in sorted(inbox.iterdir()):
        source = path
        if path.suffix in (".txt", ".eml"):
            source = texts / f"{path.name}.md"
            source.write_text("\n\n".join(_lines(path)), "utf-8")
        spent = process(["pandoc", source, "-t", "html", "-o", texts / f"{path.name}.out.html"])
        wall, cpu = wall + spent.wall, cpu + spent.cpu
    last = process(["pandoc", *sorted(texts.glob("*.out.html")), "-o", folder / "pandoc.docx"])
    return Spent(wall + last.wall, cpu + last.cpu)


def _lines(path: Path) -> list[str]:
    content = path.read_bytes()
    if path.suffix == ".eml":
        body = email.message_from_bytes(content, policy=policy.default).get_body(("plain",))
        return str(body.get_content()).splitlines() if body else []
    try:
        return content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return content.decode("gb18030").splitlines()


def parse(inbox: Path) -> int:
    """The number of text nodes in the files: the least that anything must do that reads them."""
    return sum(1 for path in sorted(inbox.iterdir()) for _ in _nodes(path))


def _nodes(path: Path) -> Iterator[str]:
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as package:
            yield from map(str, etree.fromstring(package.read("word/document.xml")).itertext())
    elif path.suffix == ".html":
        yield from map(str, html.fromstring(path.read_bytes()).itertext())
    else:
        yield from _lines(path)


def stages(folder: Path) -> dict[str, float]:
    """Seconds by stage of one run of ours."""
    with tempfile.TemporaryDirectory(dir=folder) as home:
        words = [PYTHON, "-m", "benchmarks.stages", str(folder / "inbox"), home]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return dict(sorted(found.items(), key=lambda item: -item[1]))
