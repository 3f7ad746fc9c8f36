"""What one search for duplicates costs, and which index finds shortened articles.

    python -m benchmarks.duplicates                 one new article against 1 000 and 100 000 archived ones
    python -m benchmarks.duplicates --rivals        keys of peculiar clauses beside MinHash LSH (datasketch, rensa)
    python -m benchmarks.duplicates --store         the same search over the store's tables (some minutes)

The articles are made up: phrases of the genre, invented places, figures and measures, so that
every one has sentences of its own and formulas that thousands share.
"""

import argparse
import gc
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from benchmarks.report import Check, Section, Table
from bulletin.fingerprint import Fingerprint, band_keys, letters
from bulletin.model import Article, Block
from bulletin.similarity import Duplicates, Index, MemoryIndex
from store.database import open_store
from store.fingerprints import Fingerprints

SIZES = (1_000, 100_000)
SEARCHES = 100

_FORMULAS = (
    "会议指出，要深入学习贯彻党的创新理论，切实把思想和行动统一到上级决策部署上来。",
    "会议强调，各级党组织要提高政治站位，压实工作责任，确保各项任务落到实处。",
    "会议要求，领导干部要带头学、带头讲、带头做，以上率下形成头雁效应。",
    "要坚持问题导向，加强调查研究，推动学习成果转化为干事创业的实际成效。",
    "与会同志表示，要认真落实会议要求，以钉钉子精神抓好各项工作。",
)


def _words(line: str) -> list[str]:
    return line.split()


_PLACES = _words("云泽 临溪 丰澜 望川 石岭 梅塘 松河 桐湾 双渡 青屏 南浦 北亭 龙涧 鹿原 白浔 沙汀 柳堰 枫桥 竹溪 荷湾")
_UNITS = _words(
    "市委理论学习中心组 县委宣传部 区教育局党组 市水务局党委 县医院党委 街道党工委 市税务局青年学习小组 供电公司党支部"
)
_DEEDS = _words(
    "入户走访 登记诉求 编写口袋书 开设夜校 培训骨干 评选范例 旁听学习会 抽查笔记 修订清单 建起书屋 结对帮扶 录制微课"
)
_THINGS = _words(
    "渔港改造 茶园灌溉 老旧小区电梯 山村客运 社区食堂 冷链仓库 校外托管 河道清淤 古桥修缮 电子病历 果蔬大棚 职工驿站"
)
_ENDS = _words(
    "群众满意度明显提高 台账当月全部销号 相关做法在片区推广 形成三项长效制度 问题解决时间缩短一半 参与人数逐年增加"
)


def articles(count: int, seed: int = 1) -> Iterator[Article]:
    """`count` different articles of 5 to 9 paragraphs, the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        place, unit = chance.choice(_PLACES) + chance.choice("市县区镇"), chance.choice(_UNITS)
        lines = [
            f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日，{place}{unit}召开第{chance.randint(2, 40)}次专题学习会。"
        ]
        for _ in range(chance.randint(4, 8)):
            lines.append(_paragraph(chance, place))
        yield Article(
            source=f"{seed}x{number:07d}", title=f"{place}{unit}学习会", blocks=tuple(Block(text=t) for t in lines)
        )


def _paragraph(chance: random.Random, place: str) -> str:
    own = [
        f"{place}{_word(chance, 4)}{chance.choice(_THINGS)}专班{chance.choice(_DEEDS)}{chance.randint(3, 980)}次，"
        f"把{_word(chance, 6)}交给{_word(chance, 5)}办理，{_word(chance, 3)}带头{_word(chance, 6)}，{chance.choice(_ENDS)}。"
        for _ in range(chance.randint(2, 4))
    ]
    return "".join([chance.choice(_FORMULAS), *own]) if chance.random() < 0.6 else "".join(own)


def _word(chance: random.Random, length: int) -> str:
    """Letters of no meaning, as peculiar to an article as names and details are."""
    return "".join(chr(chance.randint(0x4E00, 0x5E00)) for _ in range(length))


def shortened(article: Article, share: float, seed: int = 7) -> Article:
    """The article with a share of its sentences, paragraphs in another order, under another title."""
    chance = random.Random(f"{seed}{article.id}")
    lines = []
    for block in article.blocks:
        kept = [part for part in block.text.split("。") if part and chance.random() < share]
        if kept:
            lines.append("。".join(kept) + "。")
    chance.shuffle(lines)
    return Article(source="s" + article.source, title="另一个标题", blocks=tuple(Block(text=line) for line in lines))


def search_times(index: Index, size: int) -> tuple[float, float, float]:
    """Median milliseconds of processor time of one search for a new article and for a shortened old one; share of the latter found."""
    known = Duplicates(index=index)
    old = []
    for number, article in enumerate(articles(size)):
        known.add(article)
        if number % max(1, size // SEARCHES) == 0:
            old.append(article)
    new = list(articles(SEARCHES, seed=2))
    again = [shortened(article, 0.5) for article in old[:SEARCHES]]
    gc.collect()
    gc.freeze()
    fresh, _ = _timed(known, new)
    repeated, found = _timed(known, again)
    return fresh, repeated, found / len(again)


def _timed(known: Duplicates, queries: list[Article]) -> tuple[float, int]:
    times, found = [], 0
    for article in queries:
        start = time.process_time()
        found += known.find(article).duplicate_of is not None
        times.append((time.process_time() - start) * 1e3)
    return statistics.median(times), found


class StoredIndex:
    """Keys in the store's table, asked for one article at a time; the articles are at hand, so that only the search is
    timed."""

    def __init__(self, keys: Fingerprints) -> None:
        self.keys = keys
        self.articles: dict[str, Article] = {}

    def _buckets(self, keys: Iterable[int]) -> MemoryIndex:
        return MemoryIndex(buckets=self.keys.buckets("default", list(keys)))

    def candidates(self, keys: Iterable[int], limit: int) -> Sequence[str]:
        wanted = tuple(keys)
        return self._buckets(wanted).candidates(wanted, limit)

    def article(self, id: str) -> Article | None:
        return self.articles.get(id)

    def add(self, id: str, trace: Fingerprint, article: Article) -> None:
        self.articles[id] = article
        keys = band_keys(trace)
        self.keys.add("default", [(key, id) for key in self._buckets(keys).file(id, keys)])


@contextmanager
def in_memory() -> Iterator[Index]:
    yield MemoryIndex()


@contextmanager
def in_store() -> Iterator[Index]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        with store.transaction() as unit:
            yield StoredIndex(unit.fingerprints)
        store.close()


def growth(factory: Callable[[], AbstractContextManager[Index]]) -> None:
    """Prints the cost of a search in a small and a large archive and their ratio."""
    rows = []
    for size in SIZES:
        with factory() as index:
            rows.append(search_times(index, size))
        fresh, repeated, found = rows[-1]
        print(f"{size:>7} archived: new article {fresh:.2f} ms, shortened one {repeated:.2f} ms, found {found:.0%}")
    print(f"ratio: new {rows[1][0] / rows[0][0]:.2f}, shortened {rows[1][1] / rows[0][1]:.2f} (at most 1.30)")


def run(quick: bool = False) -> Section:
    """The search over the store's tables for the page of all benchmarks."""
    rows = []
    for size in (50, 200) if quick else SIZES:
        with in_store() as index:
            rows.append((size, *search_times(index, size)))
    (_, fresh, again, _), (_, fresh_large, again_large, _) = rows
    return Section(
        name="duplicates",
        title="One search for duplicates over the store's tables",
        about="Processor time of a search for a new article, and for one cut by half, re-ordered and under another title.",
        tables=[Table(("archived", "new, ms", "shortened, ms", "shortened ones found"), tuple(rows))],
        checks=[
            Check("a new article", fresh_large / fresh, 1.3),
            Check("a shortened article", again_large / again, 1.3),
        ],
    )


def rivals(size: int = 1_000) -> None:
    """Prints how many shortened articles each index proposes, and what a search costs."""
    from datasketch import MinHash, MinHashLSH
    from rensa import RMinHash, RMinHashLSH

    def shingles(article: Article) -> list[str]:
        text = letters(article.body)
        return [text[at : at + 5] for at in range(len(text) - 4)]

    def dense(article: Article) -> MinHash:
        sketch = MinHash(num_perm=128)
        sketch.update_batch([part.encode() for part in shingles(article)])
        return sketch

    def rusty(article: Article) -> RMinHash:
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update(shingles(article))
        return sketch

    every = list(articles(size))
    own, lsh, rust = (
        MemoryIndex(),
        MinHashLSH(threshold=0.4, num_perm=128),
        RMinHashLSH(threshold=0.4, num_perm=128, num_bands=32),
    )
    known = Duplicates(index=own)
    for number, article in enumerate(every):
        known.add(article)
        lsh.insert(article.id, dense(article))
        rust.insert(number, rusty(article))
    keys = {article.id: number for number, article in enumerate(every)}
    for share in (0.7, 0.5, 0.3):
        pairs = [(article, shortened(article, share)) for article in every[:200]]
        for name, ask in (
            ("clause keys", lambda a: [known.find(a).duplicate_of]),
            ("datasketch", lambda a: lsh.query(dense(a))),
            ("rensa", lambda a: rust.query(rusty(a))),
        ):
            start = time.perf_counter()
            hits = [
                (article.id in found or keys[article.id] in found, len(found))
                for article, cut in pairs
                for found in [ask(cut)]
            ]
            spent = (time.perf_counter() - start) / len(pairs) * 1e3
            proposed = sum(count for _, count in hits) / len(hits)
            print(
                f"{share:.0%} kept  {name:<12} found {sum(hit for hit, _ in hits) / len(hits):.0%}  proposed {proposed:.1f}  {spent:.2f} ms"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args()
    if options.rivals:
        rivals()
    else:
        growth(in_store if options.store else in_memory)


if __name__ == "__main__":
    main()
