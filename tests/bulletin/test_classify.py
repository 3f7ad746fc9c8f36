"""Verdicts: hard rows held back from training, confidence, reasons, other publications."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bulletin.classify import Classifier, softmax
from bulletin.errors import SettingsError
from bulletin.model import PENDING, REJECTED, Article, Publication, SectionRule
from bulletin.pieces import pieces
from bulletin.places import Gazetteer
from services.evaluation import Evaluation, evaluate
from services.settings import parse_publication
from services.training import article_of, load_classifier, read_model, read_places, read_rules
from tests.bulletin.seeds import read_seed

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "data/reference"
GOLDEN = [json.loads(line) for line in (ROOT / "tests/golden/classify_hard.jsonl").read_text("utf-8").splitlines()]
GOLDEN_FLOOR = 0.98
"""Share of the hard rows that are called right; 241 of 242 when this was written."""
ROUGH_FLOOR = 0.95


@pytest.fixture(scope="module")
def publication() -> Publication:
    return parse_publication(REFERENCE / "publications/default.toml")


@pytest.fixture(scope="module")
def classifier(publication: Publication) -> Classifier:
    return load_classifier(REFERENCE, publication)


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    data: dict[str, dict[str, str]] = tomllib.loads((REFERENCE / "publications/default.rules.toml").read_text("utf-8"))
    return data["roles"]


def rough(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "body": f"当前位置：首页 > 正文\n来源：本站 浏览次数：28\n{row['body']}\n【打印】【关闭】 分享到："}


def called(classifier: Classifier, sections: dict[str, str], rows: list[dict[str, Any]]) -> Evaluation:
    return evaluate(classifier, [(article_of(row), sections[row["role"]]) for row in rows])


def test_hard_rows_are_called_right(classifier: Classifier, sections: dict[str, str]) -> None:
    found = called(classifier, sections, GOLDEN)
    assert found.accuracy >= GOLDEN_FLOOR, found.misses
    assert found.macro_f1 >= GOLDEN_FLOOR, found.figures


@pytest.mark.parametrize("change", [rough, lambda row: {**row, "unit": ""}], ids=["web page", "no unit"])
def test_rough_hard_rows_are_nearly_all_called_right(
    classifier: Classifier, sections: dict[str, str], change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    found = called(classifier, sections, [change(row) for row in GOLDEN])
    assert found.accuracy >= ROUGH_FLOOR, found.misses


def test_hard_rows_are_not_in_training() -> None:
    seen = {
        row["body"]
        for path in (REFERENCE / "training").glob("*.jsonl")
        for row in map(json.loads, path.read_text("utf-8").splitlines())
    }
    assert not seen & {row["body"] for row in GOLDEN}


def test_labelled_articles_from_life_are_called_right(classifier: Classifier, corpus: Path) -> None:
    rows = [json.loads(line) for line in (corpus / "dev/classify.jsonl").read_text("utf-8").splitlines()]
    found = evaluate(classifier, [(article_of(row), row["label"]) for row in rows])
    assert found.accuracy == 1.0, found.misses


def test_nothing_of_the_labelled_articles_is_in_the_reference_data(corpus: Path) -> None:
    rows = [json.loads(line) for line in (corpus / "dev/classify.jsonl").read_text("utf-8").splitlines()]
    ours = "".join(path.read_text("utf-8") for path in (REFERENCE / "training").iterdir())
    ours += "".join(path.read_text("utf-8") for path in (REFERENCE / "publications").iterdir())
    long = [s for row in rows for s in row["body"].replace("\n", "。").split("。") if len(s) > 18]
    assert len(long) > 100
    assert [sentence for sentence in long if sentence in ours] == []


def test_signed_articles_of_a_real_collection_are_experience(
    classifier: Classifier, sections: dict[str, str], corpus: Path
) -> None:
    """Twenty-one articles of study groups, one with the newspaper's words before it, one of an office for sport."""
    found = [piece for piece in pieces(read_seed(corpus, "002")) if isinstance(piece, Article)]
    called = [verdict.section for verdict in classifier.classify(found)]
    assert called == [sections["experience"]] * 21


def test_a_verdict_carries_confidence_candidates_and_reasons(classifier: Classifier, publication: Publication) -> None:
    body = "3月5日，省委常委会召开会议，传达学习全国两会精神，部署全省贯彻落实工作。全省各级党组织要抓好学习。"
    article = article_of({"title": "省委常委会召开会议", "unit": "云江省委办公厅", "body": body})
    (verdict,) = classifier.classify([article])
    names = [name for name, _ in verdict.candidates]
    assert verdict.section == names[0]
    assert verdict.confidence == verdict.candidates[0][1]
    assert sorted(names) == sorted([*publication.section_names, REJECTED])
    assert sum(chance for _, chance in verdict.candidates) == pytest.approx(1, abs=0.001)
    assert any("行为主体是省委常委会（省级领导机关）" in reason.text for reason in verdict.reasons)
    assert all(reason.weight > 0 for reason in verdict.reasons)
    assert all(reason.evidence in f"{article.title}\n{article.unit}\n{body}" for reason in verdict.reasons)


def test_reasons_come_in_the_order_of_their_weight(classifier: Classifier) -> None:
    for verdict in classifier.classify([article_of(row) for row in GOLDEN]):
        weights = [reason.weight for reason in verdict.reasons]
        assert weights == sorted(weights, reverse=True)
        assert verdict.reasons


@pytest.mark.parametrize(
    "note",
    [
        "编者按：近年来，各地坚持夜校制度，探索出许多做法，累计培训民警三千余人次，成效明显。现予刊登，供学习借鉴。\n",
        "【开栏的话】\n三年来，全省政法系统健全学习机制，推动队伍素质不断提升。\n",
    ],
)
def test_what_an_editor_says_before_it_is_none_of_the_article(classifier: Classifier, note: str) -> None:
    body = (
        "4月17日晚，云岭州公安局举行青年民警夜校第二课，刑侦支队民警围绕反诈新手法作专题讲解，一百二十名民警参加学习。\n"
        "课上，民警分组讨论了近期案例，交流了学习体会。"
    )
    row = {"title": "云岭州公安局青年民警夜校开课", "unit": "云岭州公安局"}
    plain, noted = classifier.classify([article_of({**row, "body": text}) for text in (body, note + body)])
    assert plain.section == "学习动态"
    assert (noted.section, noted.candidates) == (plain.section, plain.candidates)


def test_what_speaks_for_a_third_section_is_no_reason(classifier: Classifier, publication: Publication) -> None:
    body = (
        "近日，云江省委办公厅印发《关于进一步推进学习型党组织建设的若干措施》，要求各市、县委结合实际认真贯彻落实。"
        "《若干措施》从完善学习制度、创新学习方式、强化成果转化、加强督促考核四个方面提出十六条措施，建立学习成果转化台账。"
    )
    title = "省委办公厅印发《关于进一步推进学习型党组织建设的若干措施》"
    (verdict,) = classifier.classify([article_of({"title": title, "unit": "云江省委办公厅", "body": body})])
    assert verdict.section == publication.section_names[0]
    # A measure that is ordered is told in the words in which others tell of what has proved itself.
    assert not any(reason.rule.startswith("exp-") for reason in verdict.reasons), verdict.reasons


def test_below_the_threshold_an_article_waits_with_its_candidates(publication: Publication) -> None:
    strict = publication.model_copy(update={"threshold": 1.0})
    judged = load_classifier(REFERENCE, strict).classify([article_of({"title": "读书", "body": "春天，大家读书。"})])
    assert judged[0].section == PENDING
    assert len(judged[0].candidates) == 4


@pytest.mark.parametrize(
    "article", [Article(source=""), Article(source="a", title="　"), Article(source="b", unit="。")]
)
def test_an_empty_article_gets_a_verdict(classifier: Classifier, article: Article) -> None:
    (verdict,) = classifier.classify([article])
    assert 0 <= verdict.confidence <= 1


def test_the_same_article_gets_the_same_verdict_alone_and_among_others(classifier: Classifier) -> None:
    articles = [article_of(row) for row in GOLDEN[:12]]
    assert classifier.classify(articles) == [classifier.classify([article])[0] for article in articles]


def test_another_publication_names_its_own_sections() -> None:
    names = ("要闻", "交流", "动态")
    other = Publication(key="other", name="学习", issuer="办公室", sections=tuple(SectionRule(name=n) for n in names))
    rules = read_rules(REFERENCE, other)
    rules["roles"] = {"directive": "要闻", "experience": "交流", "news": "动态", "reject": REJECTED}
    classifier = Classifier(other, rules, read_model(REFERENCE, other), read_places(REFERENCE))
    said = {verdict.section for verdict in classifier.classify([article_of(row) for row in GOLDEN])}
    assert {"要闻", "交流", "动态", REJECTED} <= said <= {*names, REJECTED, PENDING}


def test_a_role_without_a_section_is_an_error() -> None:
    other = Publication(key="other", name="学习", issuer="办公室", sections=(SectionRule(name="要闻"),))
    with pytest.raises(SettingsError, match="不在刊物的栏目里"):
        load_classifier(REFERENCE, other)


def test_a_city_bulletin_looks_up_to_its_city(publication: Publication, sections: dict[str, str]) -> None:
    city = publication.model_copy(update={"level": "city"})
    body = (
        "3月5日，市委常委会召开会议，传达学习全国两会精神，研究部署全市贯彻落实工作。市委书记主持。\n"
        "会议强调，全市各级党组织要抓好学习，各县区要制定方案，全市领导干部要带头。"
    )
    article = article_of({"title": "市委常委会召开会议", "unit": "临川市委办公室", "body": body})
    assert load_classifier(REFERENCE, city).classify([article])[0].candidates[0][0] == sections["directive"]
    assert load_classifier(REFERENCE, publication).classify([article])[0].candidates[0][0] == sections["news"]


def test_an_altered_model_is_refused(publication: Publication) -> None:
    model = read_model(REFERENCE, publication)
    with pytest.raises(SettingsError, match="校验不符"):
        Classifier(publication, read_rules(REFERENCE, publication), {**model, "temperature": 9.0}, Gazetteer(()))
    with pytest.raises(SettingsError, match="格式"):
        Classifier(publication, read_rules(REFERENCE, publication), {"format": 0}, Gazetteer(()))


def test_probabilities_add_up_even_for_great_scores() -> None:
    assert sum(softmax([1000.0, 999.0, -1000.0])) == pytest.approx(1)
