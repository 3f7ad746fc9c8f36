"""How good the classifier is: figures a role or section, confusion, calibration, cross-validation."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bulletin.classify import Classifier, Weights, score, softmax
from bulletin.model import Article
from services.learning import COMPOSED_GROUP, FOLDS, ROLES, Example, Prepared, fit, seal

Progress = Callable[[int, int], object]
"""Told how many of how many folds are done."""
BINS = 5
TEMPERATURES = [step / 20 for step in range(8, 61)]
"""Divisors of the log-odds that are tried; not below 0.4, lest a lucky sample make the verdicts too sure."""


@dataclass(frozen=True)
class Figures:
    """How one label was hit."""

    label: str
    precision: float
    recall: float
    f1: float
    count: int


@dataclass(frozen=True)
class Miss:
    """An example that was called something else."""

    title: str
    said: str
    true: str
    confidence: float


@dataclass(frozen=True)
class Evaluation:
    """The figures of one evaluation; `confusion[true][said]` counts, labels in the order of `figures`."""

    figures: tuple[Figures, ...]
    confusion: dict[str, dict[str, int]]
    accuracy: float
    macro_f1: float
    hard_accuracy: float | None
    calibration_error: float
    """Expected calibration error: mean gap of confidence and accuracy over five equal bins."""
    reliability: tuple[tuple[float, float, int], ...]
    """Mean confidence, accuracy and number of articles of each bin."""
    misses: tuple[Miss, ...]


@dataclass(frozen=True)
class Judged:
    """One article, what was said and what is true."""

    title: str
    said: str
    true: str
    confidence: float
    hard: bool = False


def evaluate(classifier: Classifier, labelled: Sequence[tuple[Article, str]]) -> Evaluation:
    """The figures of a classifier on articles with their true sections; its best candidate counts as said."""
    verdicts = classifier.classify([article for article, _ in labelled])
    return measure(
        [
            Judged(article.title, verdict.candidates[0][0], true, verdict.confidence)
            for (article, true), verdict in zip(labelled, verdicts, strict=True)
        ]
    )


def measure(judged: Sequence[Judged]) -> Evaluation:
    """The figures of what was said against what is true."""
    labels = sorted({one.true for one in judged} | {one.said for one in judged})
    confusion = {true: dict.fromkeys(labels, 0) for true in labels}
    for one in judged:
        confusion[one.true][one.said] += 1
    figures = tuple(_figures(label, labels, confusion) for label in labels)
    hard = [one for one in judged if one.hard]
    bins = _reliability(judged)
    return Evaluation(
        figures=figures,
        confusion=confusion,
        accuracy=_share(one.said == one.true for one in judged),
        macro_f1=sum(one.f1 for one in figures) / len(figures) if figures else 0.0,
        hard_accuracy=_share(one.said == one.true for one in hard) if hard else None,
        calibration_error=sum(abs(sure - right) * n for sure, right, n in bins) / max(1, len(judged)),
        reliability=bins,
        misses=tuple(Miss(one.title, one.said, one.true, one.confidence) for one in judged if one.said != one.true),
    )


def crossvalidate(prepared: Prepared, temperature: float | None = None, progress: Progress | None = None) -> Evaluation:
    """The figures of models each trained without the fold they are tried on; labels are roles.

    Without a `temperature` the probabilities are calibrated as `calibrate` would.
    """
    told = list(_out_of_fold(prepared, progress))
    divisor = _best_temperature(told) if temperature is None else temperature
    judged = []
    for example, scores in told:
        chances = softmax([value / divisor for value in scores])
        best = max(range(len(ROLES)), key=lambda role: chances[role])
        judged.append(Judged(example.article.title, ROLES[best], example.role, chances[best], example.hard))
    return measure(judged)


def calibrate(prepared: Prepared) -> float:
    """The temperature at which out-of-fold probabilities fit best (least log loss; Guo et al. 2017).

    Only articles written as a whole count: composed ones are easier than what arrives.
    """
    return _best_temperature(list(_out_of_fold(prepared)))


def _best_temperature(told: Sequence[tuple[Example, list[float]]]) -> float:
    whole = [(example, scores) for example, scores in told if not example.group.startswith(COMPOSED_GROUP)]
    outcomes = [(ROLES.index(example.role), scores) for example, scores in whole or told]

    def loss(temperature: float) -> float:
        return -sum(math.log(max(softmax([v / temperature for v in s])[true], 1e-12)) for true, s in outcomes)

    return min(TEMPERATURES, key=loss)


def _out_of_fold(prepared: Prepared, progress: Progress | None = None) -> Iterator[tuple[Example, list[float]]]:
    """Each example with the scores of a model that has seen nothing of its group."""
    groups = sorted({example.group for example in prepared.examples})
    fold_of = {group: i % FOLDS for i, group in enumerate(groups)}
    for fold in range(FOLDS):
        if progress is not None:
            progress(fold, FOLDS)
        inside = [i for i, example in enumerate(prepared.examples) if fold_of[example.group] == fold]
        outside = [i for i, example in enumerate(prepared.examples) if fold_of[example.group] != fold]
        if not inside:
            continue
        weights = Weights.parse(seal(fit(prepared.part(outside))))
        for i in inside:
            yield prepared.examples[i], score(prepared.features[i], weights)


def _figures(label: str, labels: Sequence[str], confusion: dict[str, dict[str, int]]) -> Figures:
    hit = confusion[label][label]
    called = sum(confusion[true][label] for true in labels)
    real = sum(confusion[label].values())
    precision, recall = hit / called if called else 0.0, hit / real if real else 0.0
    return Figures(label, precision, recall, 2 * hit / (called + real) if called + real else 0.0, real)


def _reliability(judged: Sequence[Judged]) -> tuple[tuple[float, float, int], ...]:
    ordered = sorted(judged, key=lambda one: one.confidence)
    size = math.ceil(len(ordered) / BINS) or 1
    bins = [ordered[i : i + size] for i in range(0, len(ordered), size)]
    return tuple((sum(o.confidence for o in b) / len(b), _share(o.said == o.true for o in b), len(b)) for b in bins)


def _share(outcomes: Iterable[bool]) -> float:
    told = list(outcomes)
    return sum(told) / len(told) if told else 0.0
