"""Reading by one Dask worker and by two: how much faster two are."""

import os
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.material import write_submissions
from benchmarks.report import Bars, Check, Section, Table
from bulletin.model import Submission

BATCH = 25


def read_batch(paths: list[str]) -> tuple[int, float]:
    """Which process read the files, and its processor seconds for them."""
    from extractors.registry import extract_many

    began = time.process_time()
    extract_many([Submission(name=Path(path).name, content=Path(path).read_bytes()) for path in paths])
    return os.getpid(), time.process_time() - began


def run(quick: bool = False) -> Section:
    """The files read by clusters of one and of two processes, in turn; the kind that comes in a mail is left out."""
    from distributed import Client, LocalCluster

    count, rounds = (40, 1) if quick else (1_500, 5)
    times: dict[int, list[float]] = {1: [], 2: []}
    busiest: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        paths = [str(path) for path in write_submissions(Path(folder), count) if path.suffix != ".eml"]
        batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
        clusters = {n: LocalCluster(n_workers=n, threads_per_worker=1, dashboard_address=None) for n in times}
        clients = {n: Client(cluster) for n, cluster in clusters.items()}
        try:
            for number in range(rounds + 1):  # the first round loads the readers
                for n, client in clients.items():
                    began = time.perf_counter()
                    done = client.gather(client.map(read_batch, batches, pure=False))
                    if number or quick:
                        times[n].append(time.perf_counter() - began)
                        by_process: dict[int, float] = defaultdict(float)
                        for process, seconds in done:
                            by_process[process] += seconds
                        busiest[n].append(max(by_process.values()))
        finally:
            for n in times:
                clients[n].close()
                clusters[n].close()
    wall = {n: statistics.median(times[n]) for n in times}
    cpu = {n: statistics.median(busiest[n]) for n in times}
    return Section(
        name="workers",
        title="Two Dask workers against one",
        about=(
            f"{len(paths)} submissions (DOCX, HTML, TXT) read in batches of {BATCH} by processes of one thread each, clusters of one "
            "and of two in turn, medians. The clock tells what an office feels, and depends on what else the machine does; the "
            "processor seconds of the busiest worker tell how evenly the work was shared, and what it cost to share it."
        ),
        tables=[
            Table(
                ("workers", "seconds", "pages a second", "processor seconds of the busiest"),
                tuple((n, wall[n], len(paths) / wall[n], cpu[n]) for n in times),
            )
        ],
        checks=[
            Check("two workers against one, by the clock", wall[1] / wall[2], 1.8, at_least=True),
            Check("two workers against one, by the busiest's processor time", cpu[1] / cpu[2], 1.8, at_least=True),
        ],
        plots=[Bars("Seconds", "s", tuple((f"{n} worker{'s' * (n > 1)}", wall[n]) for n in wall))],
    )
