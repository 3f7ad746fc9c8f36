"""Training: examples, corrections, the model file, figures."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bulletin.errors import NotFoundError, SettingsError
from bulletin.features import Rules
from bulletin.model import Publication
from services.composing import COMPOSED, MATERIAL, WRITTEN, compose_text
from services.evaluation import Judged, crossvalidate, measure
from services.learning import FOLDS, ROLES, Prepared, fit, seal
from services.settings import parse_publication
from services.training import (
    article_of,
    corrected,
    load_classifier,
    prepare,
    read_examples,
    read_model,
    read_places,
    read_rules,
    write_model,
)

REFERENCE = Path(__file__).resolve().parents[2] / "data/reference"
TRAINING = REFERENCE / "training"


@pytest.fixture(scope="module")
def publication() -> Publication:
    return parse_publication(REFERENCE / "publications/default.toml")


@pytest.fixture(scope="module")
def rules(publication: Publication) -> Rules:
    return Rules.parse(read_rules(REFERENCE, publication))


@pytest.fixture(scope="module")
def prepared(rules: Rules) -> Prepared:
    return prepare(read_examples(TRAINING), rules, read_places(REFERENCE), "province")


@pytest.fixture(scope="module")
def some(prepared: Prepared) -> Prepared:
    """Every fourth example: enough to learn from, quick to train."""
    return prepared.part(range(0, len(prepared.examples), 4))


def test_there_are_examples_enough_of_every_role(prepared: Prepared) -> None:
    written = [example for example in prepared.examples if example.weight == 1]
    assert len(written) >= 480
    assert min(Counter(example.role for example in written).values()) >= 100
    assert sum(example.hard for example in written) >= 200


def test_examples_differ_from_each_other(prepared: Prepared) -> None:
    bodies = Counter(example.article.body for example in prepared.examples if example.weight == 1)
    assert [body[:30] for body, times in bodies.items() if times > 2] == []


def test_composed_examples_are_what_the_material_gives() -> None:
    text = compose_text((TRAINING / MATERIAL).read_text("utf-8"), (TRAINING / WRITTEN).read_text("utf-8"))
    assert (TRAINING / COMPOSED).read_text("utf-8") == text
    assert "{" not in "".join(json.loads(line)["body"] for line in text.splitlines())


def test_the_shipped_model_is_what_the_examples_give(prepared: Prepared, publication: Publication) -> None:
    shipped, made = read_model(REFERENCE, publication), fit(prepared)
    assert shipped["examples"] == made["examples"]
    assert shipped["terms"].keys() == made["terms"].keys()
    assert shipped["inputs"].keys() == made["inputs"].keys()
    for name, row in made["inputs"].items():
        assert shipped["inputs"][name] == pytest.approx(row, abs=0.02), name


def test_the_same_examples_give_the_same_file(some: Prepared, tmp_path: Path) -> None:
    write_model(fit(some), tmp_path / "a.json")
    write_model(fit(some), tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == seal(fit(some))


def test_a_correction_teaches(some: Prepared, rules: Rules, publication: Publication, tmp_path: Path) -> None:
    texts = ["猜灯谜", "包粽子", "放风筝", "扎灯笼"]
    corrections = [
        (article_of({"id": t, "title": f"社区{t}", "body": f"大家在社区{t}，联欢晚会演出精彩。"}), rules.roles["news"])
        for t in texts
    ]
    asked = article_of({"title": "社区剪窗花", "body": "大家在社区剪窗花，联欢晚会演出精彩。"})
    extra = corrected(corrections, rules)
    features = prepare(extra, rules, read_places(REFERENCE), "province").features
    before, after = fit(some), fit(Prepared((*some.examples, *extra), (*some.features, *features)))
    said = []
    for name, model in (("before", before), ("after", after)):
        write_model(model, tmp_path / name / "default.json")
        classifier = load_classifier(REFERENCE, publication, [tmp_path / name])
        said.append(dict(classifier.classify([asked])[0].candidates)[rules.roles["news"]])
    assert said[1] > said[0] + 0.2


def test_corrections_weigh_more_and_unknown_sections_are_left_out(rules: Rules) -> None:
    article = article_of({"title": "读书"})
    (example,) = corrected([(article, rules.roles["experience"]), (article, "别的栏目")], rules)
    assert (example.role, example.weight > 1) == ("experience", True)


def test_crossvalidation_keeps_a_high_level(some: Prepared) -> None:
    told: list[tuple[int, int]] = []
    found = crossvalidate(some, progress=lambda done, total: told.append((done, total)))
    assert told == [(fold, FOLDS) for fold in range(FOLDS)]
    assert found.macro_f1 > 0.9, found.misses
    assert found.calibration_error < 0.06
    assert sum(sum(row.values()) for row in found.confusion.values()) == len(some.examples)


def test_figures_of_a_small_case_by_hand() -> None:
    judged = [Judged("a", "x", "x", 0.9), Judged("b", "x", "y", 0.8, hard=True), Judged("c", "y", "y", 0.7, hard=True)]
    found = measure(judged)
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.hard_accuracy == 0.5
    assert found.confusion == {"x": {"x": 1, "y": 0}, "y": {"x": 1, "y": 1}}
    assert [(one.label, one.precision, one.recall, one.count) for one in found.figures] == [
        ("x", 0.5, 1.0, 1),
        ("y", 1.0, 0.5, 2),
    ]
    assert [(miss.title, miss.said, miss.true) for miss in found.misses] == [("b", "x", "y")]


@pytest.mark.parametrize(
    ("line", "error"),
    [("not json", SettingsError), ('{"title": "a"}', SettingsError), ('{"role": "poem"}', SettingsError)],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, error: type[Exception]) -> None:
    (tmp_path / "bad.jsonl").write_text(f"{line}\n", "utf-8")
    with pytest.raises(error, match="第 1 行"):
        read_examples(tmp_path)


def test_no_examples_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        read_examples(tmp_path)


def test_a_model_needs_all_roles(some: Prepared) -> None:
    rows = [i for i, example in enumerate(some.examples) if example.role != ROLES[0]]
    with pytest.raises(SettingsError, match="全部角色"):
        fit(some.part(rows))


def test_a_broken_model_file_is_said_to_be_broken(tmp_path: Path, publication: Publication) -> None:
    (tmp_path / "default.json").write_text("{", "utf-8")
    with pytest.raises(SettingsError, match="JSON"):
        read_model(REFERENCE, publication, [tmp_path])
