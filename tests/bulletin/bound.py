"""Articles bound into one file, for the tests of collections."""

from bulletin.cleaning import clean
from bulletin.collection import split
from bulletin.model import Block, BlockType, Document

PROSE = "近年来，清河县坚持以群众需求为导向，统筹推进城乡供水一体化，新建改造管网三百公里，让群众喝上放心水。"
MORE = "下一步，全县将完善长效管护机制，持续提升服务水平，不断增强群众的获得感、幸福感、安全感，奋力谱写发展新篇章。"
THREE = [
    ("以改革破题 让清水长流", "清河县水务局党组"),
    ("建好“河畔课堂” 筑牢宣讲阵地", "云岭县委宣传部"),
    ("数字赋能乡村治理的实践与思考", "南屏区农业农村局"),
]


def document(*lines: str | Block, format: str = "txt") -> Document:
    blocks = tuple(
        (line if isinstance(line, Block) else Block(text=line)).model_copy(update={"at": (index,)})
        for index, line in enumerate(lines)
    )
    return Document(source="0" * 64, name="汇编.txt", format=format, blocks=blocks)


def heads(*lines: str | Block, format: str = "txt") -> list[tuple[str, str]] | None:
    parts = split(clean(document(*lines, format=format)))
    return None if parts is None else [(part.title, part.unit) for part in parts]


def heading(text: str, level: int) -> Block:
    return Block(type=BlockType.HEADING, level=level, text=text)
