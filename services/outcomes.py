"""What becomes of each piece that arrives, in the editor's words."""

from enum import StrEnum

from bulletin.errors import BulletinError
from bulletin.model import Frozen


class Fate(StrEnum):
    """What became of a piece, in the editor's words."""

    TAKEN = "收入稿库"
    PENDING = "待定"
    DUPLICATE = "重复"
    REJECTED = "不采用"
    PLAN = "学习计划"
    ARCHIVED = "往期简报"
    REFUSED = "未能读取"
    KNOWN = "已收过"
    OLD = "旧稿"


_SMOOTH = (Fate.TAKEN, Fate.KNOWN, Fate.OLD)


class Outcome(Frozen):
    """What came of one piece of one submission, or of a submission that could not be read."""

    name: str
    fate: Fate
    title: str = ""
    reason: str = ""
    source: str = ""
    """SHA-256 of the submission."""
    article: str = ""
    section: str = ""
    code: str = ""
    lost: bool = False
    """Whether a whole source did not let us in: the mailbox, a listed page or feed. It may another time."""

    @property
    def failed(self) -> bool:
        return self.fate is Fate.REFUSED

    @property
    def smooth(self) -> bool:
        """Whether nobody need look at it; what was known but could not be read then is looked at again."""
        return self.fate in _SMOOTH and not self.code

    @classmethod
    def refused(cls, name: str, error: BulletinError, *, lost: bool = False, **more: str) -> "Outcome":
        """Of a piece that could not be taken, with what is wrong and what to do."""
        reason = f"{error.message}；{error.advice}" if error.advice else error.message
        return cls(name=name, fate=Fate.REFUSED, reason=reason, code=error.code, lost=lost, **more)
