"""How the installation is doing, for health checks and monitoring: figures only, no names or texts."""

import os
import time
from datetime import datetime

from bulletin.model import Frozen
from services.context import Office
from store.records import ArticleState, IssueState, RunState, SubmissionState


class Health(Frozen):
    good: bool
    problems: tuple[str, ...] = ()
    milliseconds: float = 0.0


class LastRun(Frozen):
    kind: str
    state: RunState
    started: datetime
    ended: datetime | None


class Figures(Frozen):
    """The figures of one publication."""

    publication: str
    articles: dict[ArticleState, int]
    submissions: dict[SubmissionState, int]
    issues: dict[IssueState, int]
    runs: tuple[LastRun, ...]
    """The last run of each kind."""


def health(office: Office) -> Health:
    """Whether the database answers and the files can be written."""
    started = time.perf_counter()
    problems = []
    try:
        with office.store.reading() as unit:
            unit.accounts.count()
    except Exception:
        # Whatever the driver raises: to the one who asks it is the same.
        problems.append("数据库没有响应")
    if not os.access(office.settings.home, os.W_OK):
        problems.append("数据文件夹不能写入")
    return Health(
        good=not problems,
        problems=tuple(problems),
        milliseconds=round((time.perf_counter() - started) * 1000, 3),
    )


def figures(office: Office) -> Figures:
    """What the pool, the archive and the runs look like now."""
    key = office.publication.key
    with office.store.reading() as unit:
        articles = dict.fromkeys(ArticleState, 0)
        for (state, _), count in unit.articles.counts(key).items():
            articles[state] += count
        submissions = dict.fromkeys(SubmissionState, 0) | unit.submissions.counts(key)
        issues = {state: len(unit.issues.find(key, state=state, limit=100_000)) for state in IssueState}
        last: dict[str, LastRun] = {}
        for run in unit.runs.find(key, limit=100):
            known = LastRun(kind=run.kind, state=run.state, started=run.started, ended=run.ended)
            last.setdefault(run.kind, known)
    return Figures(
        publication=key, articles=articles, submissions=submissions, issues=issues, runs=tuple(last.values())
    )
