"""An editor's acts on a draft: each gives the issue as it is afterwards.

Entries are named by the id of their article, places count from 0. Sections keep the publication's
order and disappear when they are empty. NotFoundError where the draft has no such article.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from bulletin.errors import NotFoundError, StateError
from bulletin.model import Entry, Issue, Section

LAST = 10_000
"""A place behind every entry."""


def find(issue: Issue, article: str) -> tuple[str, int, Entry]:
    """Section, place and entry of an article."""
    for section in issue.sections:
        for place, entry in enumerate(section.entries):
            if entry.article == article:
                return section.name, place, entry
    raise NotFoundError("本期草稿里没有这篇稿件", subject=article, advice="可能已被别人移出，请刷新后再看")


def move(issue: Issue, article: str, section: str, place: int, order: Sequence[str]) -> Issue:
    """The issue with the article at that place of that section; `order` names the publication's sections."""
    _, _, entry = find(issue, article)
    return put(remove(issue, article), entry, section, place, order)


def remove(issue: Issue, article: str) -> Issue:
    """The issue without the article."""
    find(issue, article)
    return _rebuilt(issue, {name: [e for e in entries if e.article != article] for name, entries in _lists(issue)})


def put(issue: Issue, entry: Entry, section: str, place: int, order: Sequence[str]) -> Issue:
    """The issue with a new entry at that place of that section."""
    if section not in order:
        raise NotFoundError("本刊没有这个栏目", subject=section)
    if entry.article in {other.article for other in issue.entries}:
        raise StateError("这篇稿件已在本期草稿中", subject=entry.title)
    lists = dict(_lists(issue))
    entries = lists.setdefault(section, [])
    entries.insert(max(0, min(place, len(entries))), entry)
    return _rebuilt(issue, lists, order)


def change(issue: Issue, article: str, **values: Any) -> Issue:
    """The issue with some fields of one entry replaced (title, note, blocks ...)."""
    find(issue, article)
    return _rebuilt(
        issue,
        {
            name: [entry.model_copy(update=values) if entry.article == article else entry for entry in entries]
            for name, entries in _lists(issue)
        },
    )


def _lists(issue: Issue) -> list[tuple[str, list[Entry]]]:
    return [(section.name, list(section.entries)) for section in issue.sections]


def _rebuilt(issue: Issue, lists: dict[str, list[Entry]], order: Iterable[str] = ()) -> Issue:
    # A section that the publication no longer has keeps its place behind the others.
    names = [name for name in order if name in lists] + [name for name in lists if name not in set(order)]
    sections = tuple(Section(name=name, entries=tuple(lists[name])) for name in names if lists[name])
    return issue.model_copy(update={"sections": sections})
