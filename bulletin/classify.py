"""Into which section an article goes, how sure that is, and which sentences decided.

Rules and a learned model work as one: what the rules see (signals, the acting body, the scope it
addresses) are the inputs of a linear model (multinomial logistic regression) which also reads pairs
of characters; a verdict's reasons are the inputs that weighed most. The model is plain numbers,
trained by `services.training`; the roles it knows are mapped to sections by the publication's rules.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bulletin.errors import SettingsError
from bulletin.features import FeatureExtractor, Features, Rules
from bulletin.model import PENDING, REJECTED, Article, Publication, Reason, Verdict
from bulletin.places import Gazetteer
from bulletin.wordfinding import WordFinder

MODEL_FORMAT = 1
REASONS = 4
"""Reasons shown with a verdict."""
WEIGHT_SHOWN = 0.05
"""A reason that moved the log-odds by less is not worth reading."""


@dataclass(frozen=True)
class Weights:
    """A trained model: for each input one weight a role."""

    roles: tuple[str, ...]
    bias: tuple[float, ...]
    inputs: Mapping[str, Sequence[float]]
    terms: Mapping[str, Sequence[float]]
    temperature: float

    @cached_property
    def term_finder(self) -> WordFinder:
        """Finds the terms that weigh something; of an article's 900 the model knows 300."""
        return WordFinder(self.terms)

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Weights":
        """The weights of a model file; raises SettingsError when it is not one, or was altered."""
        if data.get("format") != MODEL_FORMAT:
            raise SettingsError("模型文件的格式不对或已过时", advice="请运行 bulletin train 重新训练")
        if data.get("checksum") != checksum(data):
            raise SettingsError("模型文件被改动过，校验不符", advice="请运行 bulletin train 重新训练")
        return cls(tuple(data["roles"]), tuple(data["bias"]), data["inputs"], data["terms"], float(data["temperature"]))


def checksum(data: Mapping[str, Any]) -> str:
    """The SHA-256 of a model's content, its own checksum left out."""
    content = {key: value for key, value in data.items() if key != "checksum"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Classifier:
    """Assigns articles to the sections of one publication."""

    def __init__(
        self, publication: Publication, rules: Mapping[str, Any], model: Mapping[str, Any], places: Gazetteer
    ) -> None:
        """Pure data in: the publication, its parsed rules, the parsed model file, the gazetteer.

        Raises SettingsError when rules, model and publication do not fit together.
        """
        parsed = Rules.parse(rules)
        self._weights = Weights.parse(model)
        self._extractor = FeatureExtractor(parsed, places, publication.level)
        self._threshold = publication.threshold
        self._sections = _sections(publication, parsed, self._weights.roles)

    def classify(self, articles: Sequence[Article]) -> list[Verdict]:
        """A verdict for each article, in order; 待定 where the best candidate is below the threshold."""
        return [self._judge(article) for article in articles]

    def _judge(self, article: Article) -> Verdict:
        features = self._extractor.draw(article)
        scores = score(features, self._weights)
        chances = softmax([value / self._weights.temperature for value in scores])
        ranking = sorted(range(len(scores)), key=lambda role: -chances[role])
        best, second = ranking[0], ranking[1]
        confidence = round(chances[best], 4)
        return Verdict(
            section=self._sections[best] if confidence >= self._threshold else PENDING,
            confidence=confidence,
            candidates=tuple((self._sections[role], round(chances[role], 4)) for role in ranking),
            reasons=self._reasons(features, best, second),
        )

    def _reasons(self, features: Features, best: int, second: int) -> tuple[Reason, ...]:
        """What weighed most for the best role against the second, one reason a sentence and text.

        What speaks for a third role still more is no reason that anybody would understand, and is given only where there
        is no other.
        """
        values = features.values
        weighed = {
            name: [weight * values[name] for weight in self._weights.inputs[name]]
            for name in values
            if name in self._weights.inputs
        }
        gains = {name: row[best] - row[second] for name, row in weighed.items()}
        gains = {name: gain for name, gain in gains.items() if weighed[name][best] == max(weighed[name])} or gains
        said = {name: text for name in gains if (text := features.says(name)) is not None}
        often = Counter(said.values())
        merged: dict[tuple[str, str], tuple[float, str]] = {}
        for name, text in said.items():
            # To look for the sentence takes longer than all else: here only where several inputs say the same.
            key = text, features.evidence(name) if often[text] > 1 else ""
            total, rule = merged.get(key, (0.0, name))
            merged[key] = (total + gains[name], rule)
        ranked = sorted(merged.items(), key=lambda item: -item[1][0])
        return tuple(
            Reason(rule=rule, text=text, evidence=features.evidence(rule), weight=round(gain, 3))
            for (text, _), (gain, rule) in ranked[:REASONS]
            if gain > WEIGHT_SHOWN
        )


def score(features: Features, weights: Weights) -> list[float]:
    """The log-odds of each role before calibration."""
    totals = list(weights.bias)
    for name, value in features.values.items():
        row = weights.inputs.get(name)
        if row is not None:
            for role, weight in enumerate(row):
                totals[role] += weight * value
    known = [weights.terms[term] for term in weights.term_finder.find(features.text)]
    if known:
        norm = 1 / math.sqrt(len(known))
        # fsum, because its sum is the same in whatever order the set gives the terms.
        totals = [
            total + norm * math.fsum(column) for total, column in zip(totals, zip(*known, strict=True), strict=True)
        ]
    return totals


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities from log-odds."""
    top = max(scores)
    powers = [math.exp(value - top) for value in scores]
    total = sum(powers)
    return [power / total for power in powers]


def _sections(publication: Publication, rules: Rules, roles: Sequence[str]) -> tuple[str, ...]:
    """The section of each role; raises SettingsError for a role or section that is missing."""
    allowed = {*publication.section_names, REJECTED}
    for role in roles:
        section = rules.roles.get(role, "")
        if section not in allowed:
            raise SettingsError(
                f"栏目规则里角色 {role} 对应的栏目“{section}”不在刊物的栏目里",
                subject=f"{publication.key}.rules.toml",
                advice=f"请改成 {'、'.join(sorted(allowed))} 之一",
            )
    return tuple(rules.roles[role] for role in roles)
