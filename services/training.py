"""Training the classifier and loading it: examples and corrections in, a model file of plain numbers out.

The same examples give the same file, byte for byte. Files in a home's own folders win over the shipped
ones, so that a publication can have rules and a model of its own.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from bulletin.classify import Classifier
from bulletin.errors import NotFoundError, SettingsError
from bulletin.features import FeatureExtractor, Rules
from bulletin.model import Article, Block, Publication
from bulletin.places import Gazetteer
from services.evaluation import calibrate
from services.learning import ROLES, Example, Model, Prepared, fit, seal
from services.written import read_toml

CORRECTION_WEIGHT = 3.0
"""An editor's correction counts as much as three written examples."""


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
    rules = Rules.parse(read_rules(reference, publication, folders))
    examples = read_examples(reference / "training") + corrected(corrections, rules)
    prepared = prepare(examples, rules, read_places(reference), publication.level)
    return {**fit(prepared), "temperature": calibrate(prepared)}


@lru_cache(maxsize=1)
def read_places(reference: Path) -> Gazetteer:
    """The administrative divisions; read once, because the names that they are found by take 10 ms to make."""
    return Gazetteer.parse((reference / "divisions.csv").read_text("utf-8"))


def read_rules(reference: Path, publication: Publication, folders: Sequence[Path] = ()) -> dict[str, Any]:
    """The rules of a publication: its own file in `folders` or the reference, else the default's."""
    places = [*folders, reference / "publications"]
    for name in (f"{publication.key}.rules.toml", "default.rules.toml"):
        for folder in places:
            if (folder / name).is_file():
                return read_toml(folder / name)
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
