"""Training the classifier and loading it: examples and corrections in, a model file of plain numbers out.

The same examples give the same file, byte for byte. scikit-learn is needed for training alone;
a model is read and used without it.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.classify import MODEL_FORMAT, Classifier, checksum
from bulletin.errors import NotFoundError, SettingsError
from bulletin.features import FeatureExtractor, Features, Rules
from bulletin.model import Article, Block, Publication
from bulletin.places import Gazetteer

Model = dict[str, Any]

ROLES = ("directive", "experience", "news", "reject")
CORRECTION_WEIGHT = 3.0
"""An editor's correction counts as much as three written examples."""

TERMS = 1200
"""Pairs of characters the model reads; cross-validation is flat from 600 to 2400."""
TERM_EXAMPLES = 6
"""A pair of characters seen in fewer examples is chance."""
TERM_SCALE = 1.5
"""How much the pairs of characters may say next to the rules; see `services.evaluation`."""
STRENGTH = 3.0
"""Inverse of the regularisation of the logistic regression."""
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


def article_of(row: Mapping[str, Any]) -> Article:
    """The article of a JSON row {"id", "title", "unit", "date", "body"}; other keys are left alone."""
    blocks = tuple(Block(text=line.strip()) for line in str(row.get("body", "")).splitlines() if line.strip())
    return Article(
        source=str(row.get("id", "")), title=str(row.get("title", "")), unit=str(row.get("unit", "")), blocks=blocks
    )


def read_examples(folder: Path) -> list[Example]:
    """All examples of the JSONL files of a folder, in the order of file names and lines."""
    examples = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                role = str(row["role"])
            except (ValueError, KeyError) as error:
                raise SettingsError(f"第 {number} 行不是训练样本", subject=path.name) from error
            if role not in ROLES:
                raise SettingsError(f"第 {number} 行的角色 {role} 不认得", subject=path.name)
            group = str(row.get("group") or f"{path.stem}-{number}")
            weight = float(row.get("weight", 1.0))
            examples.append(Example(article_of(row), role, group, weight, bool(row.get("hard"))))
    if not examples:
        raise NotFoundError("没有训练样本", subject=str(folder))
    return examples


def corrected(corrections: Iterable[tuple[Article, str]], rules: Rules) -> list[Example]:
    """An editor's corrections (article and section) as examples; sections no role maps to are left out."""
    role_of = {section: role for role, section in rules.roles.items()}
    return [
        Example(article, role_of[section], f"correction-{article.id}", CORRECTION_WEIGHT)
        for article, section in corrections
        if section in role_of
    ]


def prepare(examples: Sequence[Example], rules: Rules, places: Gazetteer, level: str) -> Prepared:
    """The examples with their features."""
    extractor = FeatureExtractor(rules, places, level)
    return Prepared(tuple(examples), tuple(extractor.draw(example.article) for example in examples))


def fit(prepared: Prepared) -> Model:
    """A model with temperature 1, not yet calibrated and without checksum."""
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


def write_model(model: Model, path: Path) -> None:
    """Writes the sealed model as JSON, one input a line, so that a retrained one can be compared."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(seal(model), ensure_ascii=False, sort_keys=True, indent=0) + "\n", "utf-8")


def train(
    reference: Path,
    publication: Publication,
    corrections: Iterable[tuple[Article, str]] = (),
    folders: Sequence[Path] = (),
) -> Model:
    """The calibrated model of a publication, from the examples under `reference` and the editor's corrections."""
    from services.evaluation import calibrate

    rules = Rules.parse(read_rules(reference, publication, folders))
    examples = read_examples(reference / "training") + corrected(corrections, rules)
    prepared = prepare(examples, rules, read_places(reference), publication.level)
    return {**fit(prepared), "temperature": calibrate(prepared)}


def read_places(reference: Path) -> Gazetteer:
    """The administrative divisions."""
    return Gazetteer.parse((reference / "divisions.csv").read_text("utf-8"))


def read_rules(reference: Path, publication: Publication, folders: Sequence[Path] = ()) -> dict[str, Any]:
    """The rules of a publication: its own file in `folders` or the reference, else the default's."""
    places = [*folders, reference / "publications"]
    for name in (f"{publication.key}.rules.toml", "default.rules.toml"):
        for folder in places:
            if (folder / name).is_file():
                try:
                    return tomllib.loads((folder / name).read_text("utf-8"))
                except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                    raise SettingsError(f"写法有误：{error}", subject=name) from error
    raise NotFoundError(f"没有刊物 {publication.key} 的栏目规则", subject=str(reference))


def read_model(reference: Path, publication: Publication, folders: Sequence[Path] = ()) -> Model:
    """The parsed model file of a publication: its own where it has been trained, else the default's."""
    for name in (f"{publication.key}.json", "default.json"):
        for folder in (*folders, reference / "models"):
            if (folder / name).is_file():
                try:
                    model: Model = json.loads((folder / name).read_text("utf-8"))
                except ValueError as error:
                    raise SettingsError(
                        "模型文件不是有效的 JSON", subject=name, advice="请运行 bulletin train"
                    ) from error
                return model
    raise NotFoundError("没有训练好的模型", subject=str(reference / "models"), advice="请运行 bulletin train")


def load_classifier(reference: Path, publication: Publication, folders: Sequence[Path] = ()) -> Classifier:
    """The classifier of a publication; files in `folders` (a home's publications and models) win over the shipped."""
    return Classifier(
        publication,
        read_rules(reference, publication, folders),
        read_model(reference, publication, folders),
        read_places(reference),
    )
