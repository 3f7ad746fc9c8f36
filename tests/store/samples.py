"""Invented publications, articles and issues for the store's tests."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from bulletin.assembly import entry_of
from bulletin.model import (
    Article,
    BackIssue,
    Block,
    Issue,
    IssueNumber,
    Numbering,
    NumberScheme,
    Publication,
    Section,
    SectionRule,
    Series,
    Verdict,
)
from store.database import Store
from store.records import IssueRecord

KEY = "yunjiang"
DAY = date(2026, 11, 20)


class Place(NamedTuple):
    home: Path
    url: str


def publication(scheme: NumberScheme = NumberScheme.TOTAL, start: int = 1, key: str = KEY) -> Publication:
    return Publication(
        key=key,
        name="云江 简报",
        issuer="云江省某办公室",
        sections=(SectionRule(name="工作动态"), SectionRule(name="经验交流")),
        numbering=Numbering(scheme=scheme, start=start),
    )


def article(number: int, text: str = "", **fields: object) -> Article:
    plain = {
        "source": sha256(str(number).encode()).hexdigest(),
        "title": f"临川市开展第{number}次活动",
        "unit": "临川市某局",
        "date": DAY,
        "blocks": (Block(text=text or f"近日，临川市开展第{number}次活动，取得实效。"),),
    }
    return Article.model_validate(plain | fields)


def verdict(section: str = "工作动态") -> Verdict:
    return Verdict(section=section, confidence=0.9)


def add_articles(store: Store, *numbers: int, key: str = KEY) -> tuple[Article, ...]:
    added = tuple(article(number) for number in numbers)
    with store.transaction() as unit:
        for one in added:
            unit.articles.add(key, one, verdict=verdict())
    return added


def with_articles(issue: Issue, *articles: Article) -> Issue:
    return issue.model_copy(
        update={"sections": (Section(name="工作动态", entries=tuple(entry_of(one) for one in articles)),)}
    )


def begin(store: Store, period: str, *articles: Article, of: Publication | None = None) -> IssueRecord:
    """The draft of a period with the articles in it."""
    of = of or publication()
    with store.transaction() as unit:
        draft, _ = unit.issues.draft(of, period, DAY)
        return unit.issues.save(of.key, draft.id, draft.version, with_articles(draft.issue, *articles))


def sign(store: Store, draft: IssueRecord, key: str = KEY) -> IssueRecord:
    """The issue of a draft, built (as any bytes) and signed."""
    docx = store.files.put(draft.issue.model_dump_json().encode())
    with store.transaction() as unit:
        built = unit.issues.attach(key, draft.id, draft.version, docx, {"a1": 1})
        return unit.issues.sign(key, draft.id, built.version, who="签发人")


def back_issue(total: int | None, name: str = "", **number: object) -> BackIssue:
    printed = IssueNumber.model_validate({"total": total, **number})
    source = sha256(f"{printed.label}{name}".encode()).hexdigest()
    issue = Issue(publication="云江 简报", number=printed, date=date(2026, 1, 9), issuer="云江省某办公室", note=name)
    return BackIssue(source=source, name=f"{printed.label}.txt", issue=issue)


EXTRA = Series.EXTRA
