"""Editors' corrections reach the next training, and the figures come in the publication's own words."""

from bulletin.model import Article, Block, Verdict
from services.context import Office
from services.readingroom import load_classifier
from services.retraining import SECTION, evaluate_publication, train_publication


def test_training_uses_the_corrections_and_the_next_classifier_the_new_model(office: Office) -> None:
    article = Article(source="a" * 64, title="测试稿件", blocks=(Block(text="本周开展读书活动。"),))
    with office.store.transaction() as unit:
        unit.articles.add(office.publication.key, article, verdict=Verdict(section="学习动态", confidence=0.7))
        unit.feedback.add(office.publication.key, SECTION, article.id, was="学习动态", now="经验交流", who="编辑")
    report = train_publication(office)
    assert report.corrections == 1
    assert report.examples > 100
    shipped = load_classifier(
        office.settings.model_copy(update={"home": office.settings.home / "none"}), office.publication
    )
    retrained = load_classifier(office.settings, office.publication)
    before, after = (dict(c.classify([article])[0].candidates)["经验交流"] for c in (shipped, retrained))
    assert after > before


def test_the_figures_name_the_sections_of_the_publication(office: Office) -> None:
    report = evaluate_publication(office)
    assert set(report.labels) == {*office.publication.section_names, "不采用"}
    assert report.macro_f1 > 0.85
    assert sum(sum(row.values()) for row in report.confusion.values()) == sum(s.count for s in report.sections)
