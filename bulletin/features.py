"""What an article shows that bears on its section: signals from the publication's rules, and the acting body.

The rules are data (`publications/*.rules.toml`); their weights are learned. Every feature can name
the sentence it was found in, so that a verdict can say why.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from bulletin.actors import KIND_NAMES, SENTENCE, Actor, ActorFinder, Kind
from bulletin.errors import SettingsError
from bulletin.model import Article
from bulletin.places import LEVEL_NAMES, Gazetteer, Level
from bulletin.wordfinding import WordFinder

READ = 4000
"""Characters of the body that are looked at: what an article is shows early, and cost stays bounded."""
LEAD = 180
"""Characters that count as the opening; 99 in 100 training articles have named who acts by character 76."""
ZONES = ("title", "unit", "lead", "body", "end")

_LEVELS = {
    "central": Level.CENTRAL,
    "province": Level.PROVINCE,
    "city": Level.CITY,
    "county": Level.COUNTY,
    "grassroots": Level.GRASSROOTS,
}
_REGION = "region"
"""The scope words that mean an autonomous region in its own articles, and a district elsewhere."""
_GROUPS = {
    Kind.LEADERSHIP: "leadership",
    Kind.LEADER: "leadership",
    Kind.OFFICE: "office",
    Kind.LECTURERS: "lecturers",
    Kind.INTERNAL: "inside",
    Kind.UNIVERSITY: "inside",
    Kind.ENTERPRISE: "inside",
    Kind.INSTITUTION: "inside",
    Kind.OTHER_PARTY: "inside",
}
_NOTICE_SIGNS = ("notice-title", "notice-salutation", "notice-formula", "notice-issuing")


# 传达学习全省教育工作会议精神: what is conveyed does not say whom the article addresses.
_HAN_RUN = re.compile("[一-龥]+")
_CONVEYED = re.compile(r"(?:传达|学习|贯彻|落实)[^，。；\n]{0,40}?(?:精神|讲话|要求|部署)")


@dataclass(frozen=True)
class Signal:
    """One row of the rules: words or a pattern, where to look, what it says."""

    key: str
    zone: str
    text: str
    words: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    count: int = 1
    absent: bool = False
    """Whether it is the lack of the words that tells."""

    def value(self, text: str) -> float:
        """How strongly the text shows it, 0 to 1."""
        if self.pattern is None:
            return self.strength(sum(map(text.__contains__, self.words)))
        if self.count == 1:
            return float(self.pattern.search(text) is not None)
        return self.strength(len(list(islice(self.pattern.finditer(text), self.count))))

    def strength(self, found: int) -> float:
        """How strongly a text shows it that has so many of the words or places."""
        value = found / self.count if found < self.count else 1.0
        return 1.0 - value if self.absent else value

    def shows(self, text: str) -> bool:
        return self.value(text) > 0

    def narrowed(self, text: str) -> "Signal":
        """The same for the parts of `text`: words that the whole has not are in none of its parts."""
        return replace(self, words=tuple(filter(text.__contains__, self.words)))


@dataclass(frozen=True)
class Rules:
    """A publication's rules: which role each section plays, the words for each scope, the signals."""

    roles: Mapping[str, str]
    scopes: Mapping[Level, tuple[str, ...]]
    regional: tuple[str, ...]
    signals: tuple[Signal, ...]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Rules":
        """The rules of a parsed TOML file; raises SettingsError naming the row that is wrong."""
        try:
            given = dict(data.get("scopes", {}))
            regional = tuple(given.pop(_REGION, ()))
            scopes = {_LEVELS[level]: tuple(words) for level, words in given.items()}
            signals = tuple(_signal(row) for row in data.get("signals", ()))
            return cls(dict(data["roles"]), scopes, regional, signals)
        except KeyError as error:
            raise SettingsError(f"栏目规则缺少 {error.args[0]} 或写法不对") from error


def _signal(row: Mapping[str, Any]) -> Signal:
    if row["zone"] not in ZONES:
        raise SettingsError(f"线索 {row['key']} 的 zone 不对：{row['zone']}", advice=f"只能是 {'、'.join(ZONES)}")
    try:
        pattern = re.compile(row["pattern"]) if "pattern" in row else None
    except re.error as error:
        raise SettingsError(f"线索 {row['key']} 的正则表达式有误：{error}") from error
    return Signal(
        row["key"],
        row["zone"],
        row["text"],
        tuple(row.get("words", ())),
        pattern,
        row.get("count", 1),
        row.get("absent", False),
    )


@dataclass(frozen=True)
class Features:
    """The features of one article: values by name, and where they come from."""

    values: Mapping[str, float]
    actor: Actor
    zones: Mapping[str, str]
    scope_word: str = ""
    signals: Mapping[str, Signal] = field(default_factory=dict, repr=False)

    @property
    def text(self) -> str:
        """The title and the body, whose pairs of characters the model reads."""
        return f"{self.zones['title']}\n{self.zones['body']}"

    @cached_property
    def terms(self) -> frozenset[str]:
        """The pairs of neighbouring Chinese characters in the title and the body."""
        return frozenset(pair for run in _HAN_RUN.findall(self.text) for pair in map(str.__add__, run, run[1:]))

    def explain(self, name: str) -> tuple[str, str] | None:
        """Chinese text and deciding sentence of a feature; None for one that says nothing to a reader."""
        said = self.says(name)
        return None if said is None else (said, self.evidence(name))

    def says(self, name: str) -> str | None:
        """Chinese text of a feature; None for one that says nothing to a reader."""
        signal = self.signals.get(name)
        if signal is not None:
            return signal.text
        if name.startswith(("actor", "notice=")) and self.actor:
            level, kind = LEVEL_NAMES[self.actor.level], KIND_NAMES[self.actor.kind]
            text = f"行为主体是{self.actor.name}（{level}{kind}）"
            return f"{text}，对“{self.scope_word}”提出要求" if self._tells_scope(name) else text
        if name.startswith("scope=") and self.scope_word:
            return f"面向的范围是“{self.scope_word}”"
        return None

    def evidence(self, name: str) -> str:
        """The sentence that decided a feature that says something."""
        signal = self.signals.get(name)
        if signal is not None:
            return self._sentence(signal)
        if name.startswith("scope=") or self._tells_scope(name):
            return self._sentence_with(self.scope_word)
        return self.actor.sentence

    def _tells_scope(self, name: str) -> bool:
        return name.startswith("actor+scope") and bool(self.scope_word) and "/wide" in name

    def _sentence(self, signal: Signal) -> str:
        """The sentence of the zone in which the signal shows most; short zones whole, nothing for a lack."""
        text = self.zones[signal.zone]
        if signal.absent:
            return ""
        if signal.zone in ("title", "unit"):
            return text
        best = max(_sentences(text), key=signal.narrowed(text).value, default="")
        if signal.shows(best):
            return best
        found = signal.pattern.search(text) if signal.pattern is not None else None
        return found.group().strip() if found is not None else ""

    def _sentence_with(self, word: str) -> str:
        for zone in ("title", "body"):
            for sentence in _sentences(self.zones[zone]):
                if word in sentence:
                    return sentence
        return ""


@lru_cache(maxsize=8)
def _sentences(text: str) -> tuple[str, ...]:
    """The sentences of a zone; the last ones are remembered, however many signals ask."""
    return tuple(match.group().strip() for match in SENTENCE.finditer(text))


# 编者按：近日，……\n   开栏的话\n为深入……\n
_EDITORS_WORDS = re.compile(
    r"\A[【\[（(]?(?:编者按|编者的话|编前话|编前语|开栏的话|开栏语|按语)"
    r"(?:[】\]）)][：:]?|[：: \u3000]|(?=\n))[ \u3000]*\n?[^\n]+\n(?=[^\n])"
)


class FeatureExtractor:
    """Draws the features of articles for a publication of one level."""

    def __init__(self, rules: Rules, places: Gazetteer, level: str = "province") -> None:
        """`level` is the publication's own: central, province, city or county."""
        self._rules = rules
        self._actors = ActorFinder(places)
        self._places = places
        self._level = _LEVELS[level]
        self._signals = {signal.key: signal for signal in rules.signals}
        self._body_words: dict[str, list[int]] = {}
        """The words that are looked for in bodies, and the signals (by their place in the rules) that ask for each."""
        for place, signal in enumerate(rules.signals):
            if signal.zone == "body" and signal.pattern is None:
                for word in signal.words:
                    self._body_words.setdefault(word, []).append(place)
        self._finder = WordFinder(self._body_words)
        self._scope_finder = WordFinder([word for words in (*rules.scopes.values(), rules.regional) for word in words])

    def draw(self, article: Article) -> Features:
        """The features of one article."""
        zones = _zones(article)
        values = self._signal_values(zones)
        actor = self._actors.acting(zones["title"], zones["unit"], zones["body"])
        unit = self._actors.in_unit(zones["unit"])
        scope, scope_word = self._scope(zones, actor)
        values.update(self._actor_values(actor, unit, scope, values))
        return Features(values, actor, zones, scope_word, self._signals)

    def _signal_values(self, zones: Mapping[str, str]) -> dict[str, float]:
        """How strongly each signal shows; the many words that bodies are searched for are looked for together."""
        found = self._finder.find(zones["body"])
        counts = Counter(place for word in found for place in self._body_words[word])
        values = {}
        for place, signal in enumerate(self._rules.signals):
            together = signal.zone == "body" and signal.pattern is None
            value = signal.strength(counts[place]) if together else signal.value(zones[signal.zone])
            if value:
                values[signal.key] = value
        return values

    def _actor_values(self, actor: Actor, unit: Actor, scope: str, signs: Mapping[str, float]) -> dict[str, float]:
        standing, group = self._standing(actor.level), _GROUPS.get(actor.kind, "department")
        values = {
            f"actor={standing}/{actor.kind}": 1.0,
            f"actor:{standing}/{group}": 1.0,
            f"actor+scope={standing}/{group}/{scope}": 1.0,
            f"unit={self._standing(unit.level)}/{_GROUPS.get(unit.kind, 'department')}": 0.5,
            f"scope={scope}": 0.5,
        }
        notice = sum(signs.get(sign, 0.0) for sign in _NOTICE_SIGNS)
        if notice:
            values[f"notice={standing}/{scope}"] = min(1.0, notice)
        return values

    def _standing(self, level: Level) -> str:
        """How a body stands to the publication: above, own, below, a single unit, or unknown."""
        if level is Level.NONE:
            return "none"
        if level is Level.GRASSROOTS:
            return "single"
        if level == self._level:
            return "own"
        return "above" if level > self._level else "below"

    def _scope(self, zones: Mapping[str, str], actor: Actor) -> tuple[str, str]:
        """Whom the article addresses: wide (the publication's whole area), narrow, or unsaid; and the word for it."""
        text = _CONVEYED.sub("", f"{zones['title']}\n{zones['body']}")
        found = self._scope_finder.find(text)
        counts: dict[str, tuple[int, str]] = {"wide": (0, ""), "narrow": (0, "")}
        for level, words in self._scope_words(zones, actor):
            side = "wide" if level >= self._level else "narrow"
            for word in words:
                if word in found:
                    total, first = counts[side]
                    counts[side] = (total + text.count(word), first or word)
        wide, narrow = counts["wide"][0], counts["narrow"][0]
        if not wide and not narrow:
            return "unsaid", ""
        side = "wide" if wide >= narrow and wide >= 1 else "narrow"
        if side == "wide" and wide >= 2:
            return "wide", counts["wide"][1]
        return ("wide1" if side == "wide" else "narrow"), counts[side][1]

    def _scope_words(self, zones: Mapping[str, str], actor: Actor) -> Iterator[tuple[Level, tuple[str, ...]]]:
        """The words for each scope; 全市 of a municipality and 全区 of a region mean a province."""
        high = actor.level is Level.PROVINCE
        municipal = high and self._of_municipality(zones)
        for level, words in self._rules.scopes.items():
            yield (Level.PROVINCE if municipal and level is Level.CITY else level), words
        yield (Level.PROVINCE if high and not municipal else Level.COUNTY), self._rules.regional

    def _of_municipality(self, zones: Mapping[str, str]) -> bool:
        for text in (zones["unit"], zones["title"], zones["body"][:120]):
            place = self._places.of(text)
            if place is not None:
                return place.in_municipality
        return False


def _zones(article: Article) -> dict[str, str]:
    """The texts the signals look at; what an editor says before the article is none of it."""
    body = _EDITORS_WORDS.sub("", article.body)
    opening = f"{article.author}\n{body[:LEAD]}" if article.author else body[:LEAD]
    title = f"{article.title} {article.subtitle}".strip()
    return {"title": title, "unit": article.unit, "lead": opening, "body": body[:READ], "end": body[-80:]}
