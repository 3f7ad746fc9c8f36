"""Whether an article repeats one that is already known, with the passages and reasons that show it.

    fingerprint -> keys -> candidates of the index -> compare (exact) -> Likeness

The index only proposes; `compare` decides on the words themselves: how much of the shorter article,
new lead and closing lines aside, stands in the longer one, formulas weighing little; and whether
what differs makes it another event (`conflicts`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from bulletin.alignment import SHORTEST, Alignment, Flat, align, flatten
from bulletin.conflicts import Difference, agreeing_figures, differences, two_events
from bulletin.facts import same_notice
from bulletin.fingerprint import NO_FORMULAS, Fingerprint, Formulas, band_keys, fingerprint, letters, readable
from bulletin.model import Article, Likeness, Reason
from bulletin.versions import Best, best_version

__all__ = [
    "BUCKET_CAP",
    "CANDIDATES",
    "Best",
    "Duplicates",
    "Fingerprint",
    "Formulas",
    "Index",
    "MemoryIndex",
    "band_keys",
    "best_version",
    "compare",
    "fingerprint",
]

SAME_TEXT = 0.70
"""Weighted share of the shorter text that must stand in the longer one. Of 16 labelled pairs the versions
of one article share 0.94 and more; sister events share 0.30 to 0.77, those above 0.5 differ in facts."""
SAME_FACTS = 0.60
"""The share that is enough where at least two figures agree and nothing that tells differs."""
LEAD_SHARE = 0.45
TAIL_SHARE = 0.25
FRAME_SHARE = 0.5
"""At most these shares of a shortened text may be a new lead and new closing lines, set aside, and both together:
two short reports with one paragraph of formulas in common are more frame than text."""
LEAST_LETTERS = 80
"""Letters that must remain: two notices of three lines have one line in common by chance."""
SHORTENED = 0.85
"""A text this much shorter than the other is a shortened one. At equal length a paragraph of its own
stands against one of the other's own, and is no frame (as in the labelled sister events)."""
BUCKET_CAP = 48
"""A key that so many articles have is a formula: an index need not keep more under it and skips it."""
CANDIDATES = 8
"""Articles that one search compares word for word at the most."""
UNLIKE = 0.4
GIVE_UP = 3
"""Candidates below this similarity, in a row from the best on, that end a search: they come best first."""
HOPELESS = 0.18
"""Below this share of common runs of 6 letters no text is the other's version, whatever its frame."""
_OWN_TEXT = Reason(rule="own-text", text="各自的内容多于相同的内容", weight=-1.0)
_RUN = re.compile(f"(?=(.{{{SHORTEST}}}))")
STRIDE = 4
"""Of a text of many runs every fourth one tells that it has nothing in common with the other one."""
MANY_RUNS = 200
_STRIDING = re.compile(f"(?=(.{{{SHORTEST}}})).{{{STRIDE}}}")
_PASSAGE_SHORTEST = 12
_PASSAGES_SHOWN = 5


class Index(Protocol):
    """What keeps keys and articles: a dictionary here, two tables in the store."""

    def candidates(self, keys: Iterable[int], limit: int) -> Sequence[str]:
        """Ids of the articles that share most keys, best first; keys of BUCKET_CAP articles do not count."""
        ...

    def article(self, id: str) -> Article | None:
        """The article of an id, None where it is gone."""
        ...

    def add(self, id: str, trace: Fingerprint, article: Article) -> None:
        """Files an article under the keys of its fingerprint."""
        ...


def compare(new: Article, old: Article, formulas: Formulas = NO_FORMULAS) -> Likeness:
    """Whether `new` repeats `old`: similarity 0 to 1 with matching passages and reasons.

    The similarity is the weighted share of the shorter text that the longer one has; two events with
    the same sentences keep their high similarity, but are no duplicates and the reasons say why.
    """
    texts = readable(new), readable(old)
    overlap = _overlap(*map(_letters, texts))
    rewritten = same_notice(*texts)
    if overlap < HOPELESS and not rewritten:
        return Likeness(similarity=round(overlap, 3), reasons=(_OWN_TEXT,))
    one, other = map(flatten, texts)
    if one.letters == other.letters and one.letters:
        return _same(new, old, one)
    swapped = len(one.letters) > len(other.letters)
    alignment = align(other, one) if swapped else align(one, other)
    if not alignment.new.letters:
        return Likeness()
    titles = letters(old.title if swapped else new.title), letters(new.title if swapped else old.title)
    found = differences(alignment, titles)
    figures = agreeing_figures(alignment)
    whole, share = _shared(alignment, formulas, framed=not found)
    apart = two_events(found, figures, whole)
    enough = SAME_FACTS if figures >= 2 and not found else SAME_TEXT
    duplicate = (share >= enough or rewritten) and not apart
    return Likeness(
        duplicate_of=old.id if duplicate else None,
        similarity=round(share, 3),
        passages=_passages(alignment),
        reasons=tuple(_reasons(share, found, figures, duplicate=duplicate, apart=apart, rewritten=rewritten)),
    )


@lru_cache(maxsize=512)
def _letters(text: str) -> str:
    """Remembered (3 KB for an article of 1500 letters), because the articles of one intake are each other's candidates."""
    return letters(text)


def _overlap(new: str, old: str) -> float:
    """The share of the shorter text's runs of 6 letters which the longer one has.

    Where that is hopeless, as with 97 of 100 candidates, it is an estimate from every fourth run, some 0.03 too high:
    what is said several times is met more often. Of the old text no set is made, not even to count its different
    runs: that would take as long again.
    """
    runs = _runs(new)
    fewer = max(1, min(len(runs), len(old) - SHORTEST + 1))
    if fewer >= MANY_RUNS:
        estimate = STRIDE * len(runs.intersection(_STRIDING.findall(old))) / fewer
        if estimate < HOPELESS:
            return estimate
    return len(runs.intersection(_RUN.findall(old))) / fewer


@lru_cache(maxsize=4)
def _runs(text: str) -> frozenset[str]:
    """Every run of 6 letters; remembered, because a new article is compared with several."""
    return frozenset(_RUN.findall(text))


def _same(new: Article, old: Article, flat: Flat) -> Likeness:
    note = "正文逐字相同" if letters(new.title) == letters(old.title) else "正文逐字相同，仅标题不同"
    return Likeness(
        duplicate_of=old.id,
        similarity=1.0,
        passages=tuple(flat.text.splitlines()[:1]),
        reasons=(Reason(rule="same-text", text=note, weight=1.0),),
    )


def _shared(alignment: Alignment, formulas: Formulas, *, framed: bool) -> tuple[float, float]:
    """The weighted share of the shorter text that the longer one has, as a whole and with its frame left out."""
    covered = alignment.covered()
    weights = formulas.weights(alignment.new.letters)
    own: dict[int, list[float]] = {}
    for line, weight, is_covered in zip(alignment.new.lines, weights, covered, strict=True):
        sums = own.setdefault(line, [0.0, 0.0])
        sums[0] += weight
        sums[1] += weight if is_covered else 0.0
    lines = list(own.values())
    total = sum(weight for weight, _ in lines)
    whole = sum(said for _, said in lines) / total if total else 0.0
    shortened = len(alignment.new.letters) < SHORTENED * len(alignment.old.letters)
    return whole, max(whole, _unframed(lines, total)) if shortened or framed else whole


def _unframed(lines: list[list[float]], total: float) -> float:
    """The share with the lines at both ends set aside that the other text has not, if they are few."""
    said = [index for index, (weight, share) in enumerate(lines) if weight and share / weight > 0.25]
    if not said:
        return 0.0
    start, end = said[0], said[-1] + 1
    lead = sum(weight for weight, _ in lines[:start])
    tail = sum(weight for weight, _ in lines[end:])
    rest = total - lead - tail
    framed = lead > LEAD_SHARE * total or tail > TAIL_SHARE * total or lead + tail > FRAME_SHARE * total
    if framed or rest < LEAST_LETTERS:
        return 0.0
    return sum(share for _, share in lines[start:end]) / rest


def _passages(alignment: Alignment) -> tuple[str, ...]:
    longest = sorted(alignment.passages, key=lambda passage: (-passage.length, passage.start))
    shown = sorted(p for p in ((q.start, q) for q in longest[:_PASSAGES_SHOWN] if q.length >= _PASSAGE_SHORTEST))
    return tuple(alignment.quote(passage) for _, passage in shown)


def _reasons(
    share: float, found: list[Difference], figures: int, *, duplicate: bool, apart: bool, rewritten: bool
) -> Iterable[Reason]:
    verdict = f"较短一篇的内容有{share:.0%}见于另一篇（套话已减权）"
    yield Reason(rule="shared-text", text=verdict, weight=round(share, 3))
    if duplicate and rewritten:
        yield Reason(rule="same-facts", text="两则短讯的日期、数字、名称都一致，是同一件事的改写", weight=1.0)
    if duplicate and figures:
        yield Reason(rule="shared-figures", text=f"{figures}处数字、日期一致", weight=float(figures))
    for difference in sorted(found, key=lambda one: -one.weight)[:6]:
        yield Reason(
            rule="differing-" + difference.kind.name.lower(),
            text=f"{difference.kind}不同：{difference.new}／{difference.old}",
            evidence=f"{difference.new}／{difference.old}",
            weight=-difference.weight,
        )
    if apart:
        yield Reason(rule="two-events", text="同一位置的地名、日期、数字等成组不同，是两件事", weight=-1.0)
    elif not duplicate:
        yield _OWN_TEXT


@dataclass
class MemoryIndex:
    """An index in memory, for one run and for tests."""

    buckets: dict[int, list[str]] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)

    def candidates(self, keys: Iterable[int], limit: int) -> list[str]:
        """Ids by number of shared keys, rarer keys counting more; at most BUCKET_CAP a key are looked at."""
        votes: dict[str, float] = {}
        for key in keys:
            bucket = self.buckets.get(key, ())
            if len(bucket) < BUCKET_CAP:
                for id in bucket:
                    votes[id] = votes.get(id, 0.0) + 1.0 / len(bucket)
        return sorted(votes, key=lambda id: (-votes[id], id))[:limit]

    def article(self, id: str) -> Article | None:
        return self.articles.get(id)

    def add(self, id: str, trace: Fingerprint, article: Article) -> None:
        self.articles[id] = article
        self.file(id, band_keys(trace))

    def file(self, id: str, keys: Iterable[int]) -> list[int]:
        """Those of the keys under which the id is new: of one key only BUCKET_CAP articles are kept."""
        new = []
        for key in keys:
            bucket = self.buckets.setdefault(key, [])
            if len(bucket) < BUCKET_CAP and id not in bucket:
                bucket.append(id)
                new.append(key)
        return new


@dataclass
class Duplicates:
    """All known articles, to ask whether a new one is among them. The cost of a search does not grow with them."""

    index: Index = field(default_factory=MemoryIndex)
    formulas: Formulas = NO_FORMULAS

    def find(self, article: Article, identity: str = "", trace: Fingerprint | None = None) -> Likeness:
        """The likeness to the known article it repeats, else to the one most like it (duplicate_of None).

        `identity` is the article's name in the index where that is not its id; `trace` its fingerprint
        where that is known already.
        """
        best, unlike = Likeness(), 0
        trace = trace or fingerprint(article, self.formulas)
        for id in self.index.candidates(band_keys(trace), CANDIDATES):
            known = self.index.article(id)
            if known is None or id == (identity or article.id):
                continue
            likeness = compare(article, known, self.formulas)
            if likeness.duplicate_of is not None:
                likeness = likeness.model_copy(update={"duplicate_of": id})
            if (likeness.duplicate_of is not None, likeness.similarity) > (
                best.duplicate_of is not None,
                best.similarity,
            ):
                best = likeness
            unlike = 0 if likeness.similarity >= UNLIKE else unlike + 1
            if unlike == GIVE_UP or (likeness.similarity == 1.0 and likeness.duplicate_of):
                break
        return best

    def add(self, article: Article, identity: str = "") -> None:
        """Makes the article known, under `identity` where that is not its id."""
        self.index.add(identity or article.id, fingerprint(article, self.formulas), article)
