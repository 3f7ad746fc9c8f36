"""Which articles make the issue, in which order, and why the others wait.

Inside a section the order is: the editor's pin, then the level of the acting body, then the day
(newest first), then the time of arrival. An editor's wish always wins over the machine's order,
and over the quota.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence

from bulletin.model import Article, Entry, Frozen, Reason, Section, SectionRule

PERIOD = "{year}-W{week:02d}"
WRITTEN = re.compile(r"(?P<year>[0-9]{4})-W(?P<week>[0-9]{2})(-([2-9]|[1-9][0-9]))?")
"""A period as it is written; the number at its end is that of one more issue of the week."""


class Wish(Frozen):
    """What an editor wants of an article, whatever the machine thinks."""

    pin: bool = False
    """To the head of its section, over the quota if need be."""
    exclude: bool = False
    """Not in this issue."""


class Candidate(Frozen):
    """An article of the pool that could be printed: what is looked at when it is chosen."""

    id: str
    title: str
    section: str
    date: dt.date | None = None
    length: int = 0
    """Characters of its body."""
    rank: int = 9
    """Level of the acting body: 0 is the highest."""
    body: str = ""
    """The acting body that gave the rank, for the reason."""
    received: dt.datetime | None = None
    wish: Wish = Wish()


class Choice(Frozen):
    """What became of one candidate: its place in the section (1, 2 ...) or 0 when it waits."""

    article: str
    title: str
    section: str
    place: int
    reasons: tuple[Reason, ...]


class Selection(Frozen):
    sections: tuple[Section, ...]
    choices: tuple[Choice, ...]

    @property
    def waiting(self) -> tuple[Choice, ...]:
        return tuple(choice for choice in self.choices if not choice.place)


def period_of(day: dt.date) -> str:
    """The week an issue belongs to: 2026-W47 (ISO 8601)."""
    year, week, _ = day.isocalendar()
    return PERIOD.format(year=year, week=week)


def is_period(text: str) -> bool:
    """Whether this is how `period_of` names a week that there is, or one more issue of it: 2026-W47-2."""
    parts = WRITTEN.fullmatch(text)
    if parts is None:
        return False
    try:
        dt.date.fromisocalendar(int(parts["year"]), int(parts["week"]), 1)
    except ValueError:
        return False
    return True


def one_more(period: str) -> str:
    """The period of one more issue of the week: 2026-W47 -> 2026-W47-2."""
    week, number = period[:8], period[9:]
    return f"{week}-{int(number or 1) + 1}"


def entry_of(article: Article) -> Entry:
    """The article as it will be printed, before an editor touches it."""
    return Entry(
        title=article.title,
        subtitle=article.subtitle,
        unit=article.unit,
        author=article.author,
        date=article.date,
        blocks=article.blocks,
        article=article.id,
    )


def select(
    candidates: Iterable[Candidate],
    rules: Sequence[SectionRule],
    entry: Callable[[str], Entry],
    draft: Sequence[Section] = (),
) -> Selection:
    """The sections of the issue and what became of every candidate.

    `entry` gives the entry of an article by its id; it is asked for those that are chosen, of hundreds some twenty.
    `draft` is the issue as it stands: its entries keep their section, place and wording (an editor may
    have worked on them) unless the editor now excludes them; candidates only fill what the quotas leave. A section
    that the publication no longer has comes last. Sections without an entry are left out.
    """
    pool = list(candidates)
    excluded = {c.id for c in pool if c.wish.exclude}
    standing = {
        section.name: [entry for entry in section.entries if entry.article not in excluded] for section in draft
    }
    placed = {entry.article for entries in standing.values() for entry in entries if entry.article}
    sections, choices = [], []
    gone = [SectionRule(name=name, quota=0) for name in standing if name not in {rule.name for rule in rules}]
    for rule in (*rules, *gone):
        kept = standing.get(rule.name, [])
        fresh = sorted((c for c in pool if c.section == rule.name and c.id not in placed), key=_order)
        taken, verdicts = _fill(rule, kept, fresh, entry)
        pinned = taken.index(kept[0]) if kept else 0
        choices += [_standing(one, rule.name, place) for place, one in enumerate(kept, pinned + 1)]
        choices += verdicts
        if taken:
            sections.append(Section(name=rule.name, entries=tuple(taken)))
    return Selection(sections=tuple(sections), choices=tuple(choices))


def _order(candidate: Candidate) -> tuple[object, ...]:
    day = candidate.date
    received = candidate.received
    return (
        not candidate.wish.pin,
        candidate.rank,
        -day.toordinal() if day else 0,
        received.timestamp() if received else 0.0,
        candidate.id,
    )


def _fill(
    rule: SectionRule, kept: list[Entry], fresh: list[Candidate], entry: Callable[[str], Entry]
) -> tuple[list[Entry], list[Choice]]:
    """The entries of one section and what became of the fresh candidates."""
    entries = list(kept)
    used = sum(len(block.plain) for one in entries for block in one.blocks)
    choices = []
    pins = 0
    for candidate in fresh:
        refusal = _refusal(candidate, rule, len(entries), used + candidate.length)
        if refusal:
            choices.append(_choice(candidate, rule.name, 0, (refusal,)))
            continue
        if candidate.wish.pin:
            entries.insert(pins, entry(candidate.id))
            pins += 1
            place = pins
        else:
            entries.append(entry(candidate.id))
            place = len(entries)
        used += candidate.length
        choices.append(_choice(candidate, rule.name, place, _why_here(candidate)))
    return entries, choices


def _refusal(candidate: Candidate, rule: SectionRule, count: int, characters: int) -> Reason | None:
    """Why the candidate waits, or None when it goes in."""
    if candidate.wish.exclude:
        return Reason(rule="excluded", text="编辑决定本期不用")
    if candidate.wish.pin:
        return None
    if count >= rule.quota:
        return Reason(rule="quota", text=f"“{rule.name}”本期限 {rule.quota} 篇，已满，留作备用")
    if rule.characters and count and characters > rule.characters:
        return Reason(rule="length", text=f"“{rule.name}”本期限 {rule.characters} 字，放不下，留作备用")
    return None


def _why_here(candidate: Candidate) -> tuple[Reason, ...]:
    if candidate.wish.pin:
        return (Reason(rule="pinned", text="编辑置顶"),)
    reasons = []
    if candidate.body:
        reasons.append(Reason(rule="level", text=f"行为主体：{candidate.body}", weight=float(-candidate.rank)))
    if candidate.date:
        reasons.append(Reason(rule="date", text=f"日期：{candidate.date.isoformat()}"))
    return tuple(reasons) or (Reason(rule="arrival", text="按来稿先后"),)


def _choice(candidate: Candidate, section: str, place: int, reasons: tuple[Reason, ...]) -> Choice:
    return Choice(article=candidate.id, title=candidate.title, section=section, place=place, reasons=reasons)


def _standing(entry: Entry, section: str, place: int) -> Choice:
    return Choice(
        article=entry.article,
        title=entry.title,
        section=section,
        place=place,
        reasons=(Reason(rule="standing", text="已在本期草稿中"),),
    )
