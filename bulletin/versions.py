"""Which of several versions of one article is the best to print, and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bulletin.fingerprint import letters, readable
from bulletin.model import Article

COMPLETE = 0.9
"""A version with this share of the longest one's letters is as complete; new leads and headers are shorter."""

_FURNITURE = re.compile(
    r"浏览次数|字体[：:]|责任编辑|本文来源|特别声明|打开APP|点击查看|扫一扫|分享到|原标题|来源[：:]", re.IGNORECASE
)
_ENDS = re.compile(r"[。！？!?…”）)]$")


@dataclass(frozen=True, slots=True)
class Best:
    """The id of the version to take and the reason in Chinese."""

    id: str
    reason: str


def best_version(versions: Sequence[Article], faults: Mapping[str, int] | None = None) -> Best:
    """The version to print: complete first, then fewest faults, official source, latest date.

    `faults` counts the proofreading hints (必改) of each id; raises ValueError for no versions.
    """
    if not versions:
        raise ValueError("no versions to choose from")
    known = faults or {}
    longest = max(len(letters(_own_text(article))) for article in versions)
    ranked = sorted(versions, key=lambda article: _rank(article, longest, known), reverse=True)
    best, others = ranked[0], ranked[1:]
    if not others:
        return Best(best.id, "只有这一稿")
    mine, next_best = _rank(best, longest, known), _rank(others[0], longest, known)
    criterion = next((place for place in range(len(mine) - 1) if mine[place] != next_best[place]), None)
    reason = "各稿相当，取最先收到的一稿" if criterion is None else _WHY[criterion]
    return Best(best.id, reason)


_WHY = (
    "内容最完整",
    "结尾完整，没有中断",
    "差错最少",
    "来自报送单位或政府网站",
    "日期最新，应为改定稿",
    "最干净，没有网页残留",
)

_Rank = tuple[bool, bool, int, int, date, int, str]


def _rank(article: Article, longest: int, faults: Mapping[str, int]) -> _Rank:
    own = _own_text(article)
    return (
        len(letters(own)) >= COMPLETE * longest,
        bool(_ENDS.search(own.strip())),
        -faults.get(article.id, 0),
        _official(article),
        article.date or date.min,
        -len(_FURNITURE.findall(readable(article))),
        "",
    )


def _own_text(article: Article) -> str:
    """The article's lines without those that are a web page's furniture."""
    return "\n".join(line for line in readable(article).splitlines() if not _FURNITURE.search(line))


def _official(article: Article) -> int:
    """2 for a submitting unit's own text, 1 for a government site, 0 for anything else."""
    if article.unit and not article.address:
        return 2
    return 1 if re.search(r"\.gov\.cn\b", article.address) else 0
