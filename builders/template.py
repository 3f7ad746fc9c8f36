"""The form as the user's own: a DOCX whose masthead is printed instead of ours, and whose styles count.

Everything above a line {{正文}} is the masthead; {{期号}} {{日期}} {{编发单位}} {{刊名}} {{密级}} {{份号}} in it
are filled in. Below the line stand samples or nothing: paper, faces and sizes are learnt from them as
from an issue (builders.learning), and what a paragraph style of the name of one of ours says (标题 1,
按语, 版记 ...) goes before what ours says where a sample shows it.
"""

from builders.front import chinese_date
from builders.learning import learn_looks
from builders.ooxml import markup as ml
from builders.ooxml.form import MARKER, filled, read_form
from builders.ooxml.reading import Looks, read_looks
from builders.style import HouseStyle, load_style
from bulletin.errors import FormatError
from bulletin.model import Issue


def check_template(content: bytes) -> None:
    """Nothing, where the DOCX can be a template; raises FormatError that says what is wrong with it."""
    unknown = read_form(content).fields - frozenset(_fields(None))
    if unknown:
        raise FormatError(
            f"模板里有不认识的字段：{'、'.join(sorted(unknown))}", advice=f"可用的字段：{'、'.join(_fields(None))}"
        )


def masthead(issue: Issue, content: bytes) -> str:
    """The masthead of the template for the issue, as XML."""
    return filled(read_form(content), {name: ml.escape(value) for name, value in _fields(issue).items()})


class Cover:
    """The cover of a collection with the masthead of a template, if there is one."""

    def __init__(self, title: str, issuer: str, day: str, content: bytes) -> None:
        said = read_form(content).fields if content else frozenset()
        values = {"刊名": title, "编发单位": issuer, "日期": day}
        known = dict.fromkeys(_fields(None), "") | {name: ml.escape(value) for name, value in values.items()}
        self.masthead = filled(read_form(content), known) if content else ""
        self.title = "" if "刊名" in said else title
        self.below = [values[name] for name in ("编发单位", "日期") if values[name] and name not in said]
        """Lines at the foot of the cover: issuer and date, where the masthead does not say them."""


def styled_by(content: bytes, style: HouseStyle) -> HouseStyle:
    """The style with the paper, faces and sizes that the template shows."""
    paper, looks = read_looks(content)
    return load_style(style.model_dump(), learn_looks(paper, _parted(looks)[1], style))


def masthead_height(content: bytes, style: HouseStyle) -> float:
    """About how high the masthead is, in pt: lines of the height that their paragraphs say, else of their type."""
    above = _parted(read_looks(content)[1])[0]
    return sum(item.line or max(1.3 * item.size, style.page.line / 2) for item in above)


def _parted(looks: list[Looks]) -> tuple[list[Looks], list[Looks]]:
    at = next((at for at, item in enumerate(looks) if item.text.strip() == MARKER), len(looks))
    return looks[:at], looks[at + 1 :]


def _fields(issue: Issue | None) -> dict[str, str]:
    return {
        "期号": issue.number.label if issue else "",
        "日期": chinese_date(issue.date) if issue else "",
        "编发单位": issue.issuer if issue else "",
        "刊名": issue.publication if issue else "",
        "密级": issue.secrecy if issue else "",
        "份号": issue.copy_number if issue else "",
    }
