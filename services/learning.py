"""The learned model: from examples with their features to weights (multinomial logistic regression).

scikit-learn is needed here alone; a model is read and used without it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bulletin.classify import MODEL_FORMAT, checksum
from bulletin.errors import SettingsError
from bulletin.features import Features
from bulletin.model import Article

Model = dict[str, Any]

ROLES = ("directive", "experience", "news", "reject")
TERMS = 1200
"""Pairs of characters the model reads at the most; cross-validated macro-F1 is .956 with 600, .955 from 1200 on.

These figures and the next: 2101 examples with five rough copies of each written one, TERM_EXAMPLES 6 where
it is not varied; differences below .005 are chance."""
TERM_EXAMPLES = 4
"""A pair of characters seen in fewer groups of examples is chance; macro-F1 is .959 at 4, .955 at 6, .948 at 10."""
TERM_SCALE = 1.5
"""How much the pairs of characters may say next to the rules: macro-F1 is .910 without them, .955 so, .956 at 2.5,
.952 at 4."""
STRENGTH = 3.0
"""Inverse of the regularisation of the logistic regression: macro-F1 is .948 at 1, .955 at 3, .957 at 10."""
FOLDS = 5
COMPOSED_GROUP = "composed-"
"""How the group of an example begins that was composed from fragments."""


@dataclass(frozen=True)
class Example:
    """A labelled article; examples of one `group` never stand on both sides of a fold."""

    article: Article
    role: str
    group: str
    weight: float = 1.0
    hard: bool = False


@dataclass(frozen=True)
class Prepared:
    """Examples with their features drawn: what every training run over them shares."""

    examples: tuple[Example, ...]
    features: tuple[Features, ...]

    def part(self, indices: Iterable[int]) -> "Prepared":
        chosen = list(indices)
        return Prepared(tuple(self.examples[i] for i in chosen), tuple(self.features[i] for i in chosen))


def fit(prepared: Prepared) -> Model:
    """A model with temperature 1, not yet calibrated and without checksum."""
    # Imported here: loading it takes a second, and classifying does not need it.
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    names = _input_names(prepared.features)
    terms = _chosen_terms(prepared)
    column = {name: i for i, name in enumerate([*names, *(f"term:{term}" for term in terms)])}
    rows, columns, values = [], [], []
    for row, features in enumerate(prepared.features):
        for name, value in _encode(features, column):
            rows.append(row)
            columns.append(column[name])
            values.append(value)
    matrix = csr_matrix((values, (rows, columns)), shape=(len(prepared.features), len(column)))
    machine = LogisticRegression(C=STRENGTH, max_iter=2000)
    machine.fit(
        matrix,
        [ROLES.index(example.role) for example in prepared.examples],
        sample_weight=[example.weight for example in prepared.examples],
    )
    if len(machine.classes_) != len(ROLES):
        raise SettingsError("训练样本没有包括全部角色")
    weight = machine.coef_.T.round(4).tolist()
    return {
        "format": MODEL_FORMAT,
        "roles": list(ROLES),
        "bias": machine.intercept_.round(4).tolist(),
        "inputs": {name: weight[column[name]] for name in names},
        "terms": {t: [round(w * TERM_SCALE, 4) for w in weight[column[f"term:{t}"]]] for t in terms},
        "temperature": 1.0,
        "examples": len(prepared.examples),
    }


def _encode(features: Features, column: Mapping[str, int]) -> Iterable[tuple[str, float]]:
    yield from ((name, value) for name, value in features.values.items() if name in column)
    known = sorted(term for term in features.terms if f"term:{term}" in column)
    for term in known:
        yield f"term:{term}", TERM_SCALE / len(known) ** 0.5


def _input_names(features: Sequence[Features]) -> list[str]:
    return sorted({name for one in features for name in one.values})


def _chosen_terms(prepared: Prepared) -> list[str]:
    """The pairs of characters that tell the roles apart best (chi-square), seen in examples of several groups."""
    groups: dict[str, set[str]] = {}
    by_role: dict[str, Counter[str]] = {role: Counter() for role in ROLES}
    for example, features in zip(prepared.examples, prepared.features, strict=True):
        by_role[example.role].update(features.terms)
        for term in features.terms:
            groups.setdefault(term, set()).add(example.group)
    sizes = Counter(example.role for example in prepared.examples)
    total = len(prepared.examples)

    def telling(term: str) -> float:
        seen = sum(counter[term] for counter in by_role.values())
        expected = {role: seen * sizes[role] / total for role in ROLES}
        return sum((by_role[role][term] - expected[role]) ** 2 / expected[role] for role in ROLES if expected[role])

    frequent = [term for term, where in groups.items() if len(where) >= TERM_EXAMPLES]
    return sorted(sorted(frequent, key=lambda term: (-telling(term), term))[:TERMS])


def seal(model: Model) -> Model:
    """The model with its checksum."""
    return {**model, "checksum": checksum(model)}
