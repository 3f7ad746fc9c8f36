"""Invented issues of every size, written for the tests: no place or person in them exists."""

import datetime as dt
import hashlib
import io

from PIL import Image, ImageDraw

from bulletin.model import Block, BlockType, Distribution, Entry, Issue, IssueNumber, Role, Section

TITLES = (
    "临川市召开学习交流会",
    "云江省委理论学习中心组举行专题学习会",
    "云江省委常委会召开扩大会议 传达学习重要会议精神和深入推进区域协调发展座谈会精神",
    "白石县：打造“溪云讲堂”宣讲品牌 筑牢基层理论武装根基",
    "临川、白石、青浦湾市委理论学习中心组开展交流学习研讨",
    "深入学习贯彻《云江省基层治理促进条例》 推动机关党的建设高质量发展",
    "关于在数字化改革背景下做好群众工作的思考与2024年全年12项重点任务落实情况的通报",
    "以高质量发展为引领奋力谱写新篇章努力在“三项行动”实践中彰显机关担当推动全省各级机关党的建设走在前列作出新的更大表率",
)

BODY = (
    "近日，云江省委理论学习中心组举行专题学习会，深入学习领会有关会议精神，研究部署全省贯彻落实工作。"
    "会议指出，要把学习成果转化为推动工作的思路办法——“学”是基础，“用”是关键……各级领导干部要带头学、带头讲、带头干，"
    "做到学思用贯通、知信行统一。",
    "会议强调，要围绕中心、服务大局，坚持问题导向和目标导向相结合，扎实开展调查研究，推动解决群众反映强烈的突出问题。"
    "今年以来，全省共举办各类宣讲活动1200余场次，培训基层骨干3500人次，覆盖干部群众26.8万人，比上年增长12.5%。",
    "临川市坚持把理论学习同业务工作结合起来，以“第一议题”制度为抓手，健全“领导领学、专家导学、支部联学、个人自学”的工作机制，"
    "推动学习由“有形覆盖”向“有效覆盖”转变，引导党员干部在学习中提高站位、在实践中锤炼本领、在服务中增进感情。",
)

SECTIONS = ("上情下达", "经验交流", "学习动态")


def picture(width: int = 900, height: int = 500) -> bytes:
    image = Image.new("RGB", (width, height), (222, 232, 240))
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, width - 40, height - 40), outline=(40, 80, 120), width=6)
    draw.ellipse((width // 3, height // 4, width * 2 // 3, height * 3 // 4), fill=(190, 60, 50))
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


PICTURE = picture()
PICTURE_KEY = hashlib.sha256(PICTURE).hexdigest()
PICTURES = {PICTURE_KEY: PICTURE}


def plain_entry(at: int, paragraphs: int = 4) -> Entry:
    blocks = tuple(Block(text=BODY[(at + k) % len(BODY)] * (1 + (at + k) % 2)) for k in range(paragraphs))
    return Entry(title=TITLES[at % len(TITLES)], blocks=blocks)


def rich_entry(at: int) -> Entry:
    """Headings of four levels, run-in headings, a table, a picture, a note, a footnote, a signature."""
    table = Block(
        type=BlockType.TABLE, text="表1　各市学习情况统计", header_rows=1,
        rows=(("地区", "场次", "人次", "主要做法"),
              ("临川市", "12", "1860", "建立“周安排、月通报、季交流”制度，组织领导干部上讲台、进基层"),
              ("白石县", "8", "920", "依托新时代文明实践站开展流动宣讲"),
              ("青浦湾市", "15", "2105", "线上线下结合，开设“云端课堂”专栏")),
    )  # fmt: skip
    blocks = (
        Block(text=BODY[0]),
        Block(type=BlockType.HEADING, level=1, text="一、健全机制，把学习制度立起来"),
        Block(text="坚持领导带头。" + BODY[1] + "各县（市、区）都建立了学习通报制度①。", level=2, lead=7),
        Block(type=BlockType.HEADING, level=2, text="（一）完善学习制度"),
        Block(text=BODY[2]),
        Block(type=BlockType.HEADING, level=3, text="1.压实工作责任"),
        Block(type=BlockType.HEADING, level=4, text="（1）明确任务分工"),
        Block(text=BODY[1]),
        table,
        Block(type=BlockType.HEADING, level=1, text="二、创新形式，让理论宣讲热起来"),
        Block(text=BODY[2]),
        Block(type=BlockType.IMAGE, picture=PICTURE_KEY, text="图1　宣讲活动现场", alt="宣讲活动现场照片"),
        Block(text=BODY[0]),
        Block(text="学习之要，贵在知行合一；实干之要，贵在久久为功。", role=Role.QUOTE),
        Block(text="注：数据截至2024年11月底。", role=Role.NOTE),
        Block(text="白石县委宣传部", role=Role.SIGNATURE),
        Block(text="2024年12月3日", role=Role.DATE),
        Block(
            text="①指每周安排学习内容、每月通报学习情况、每季交流学习体会的制度，详见《云江省学习制度汇编》第12页。",
            role=Role.NOTE,
        ),
    )
    return Entry(
        title=TITLES[at % len(TITLES)], unit="白石县委理论学习中心组", author="",
        note="白石县立足实际、守正创新，走出了一条有特色的基层宣讲路子。现将其做法刊发，供各地学习借鉴。", blocks=blocks,
    )  # fmt: skip


def issue(articles: int = 3, *, rich: bool = False, paragraphs: int = 4, **more: object) -> Issue:
    entries = [rich_entry(at) if rich and at % 3 == 1 else plain_entry(at, paragraphs) for at in range(articles)]
    cuts = [entries[k::3] for k in range(3)] if articles < 3 else [
        entries[: articles // 3], entries[articles // 3 : 2 * articles // 3], entries[2 * articles // 3 :]
    ]  # fmt: skip
    sections = tuple(Section(name=name, entries=tuple(part)) for name, part in zip(SECTIONS, cuts, strict=True) if part)
    values: dict[str, object] = {
        "publication": "建设学习型党组织 工作简报",
        "number": IssueNumber(total=128),
        "date": dt.date(2024, 12, 10),
        "issuer": "云江省学习工作协调小组办公室",
        "sections": sections,
        "distribution": Distribution(
            report=("省委办公厅",),
            send=("省协调小组成员单位", "省级机关各部委办厅局"),
            issue=("各设区市委宣传部、组织部",),
        ),
        "copies": 300,
    }
    return Issue.model_validate(values | more)
