"""Errors that say which thing is wrong, what it is and what to do.

    BulletinError
    ├── UnreadableError        a submission that cannot be read
    │   ├── FormatError            broken, or not what its name says
    │   ├── UnsupportedError       a format that no reader takes
    │   ├── EncryptedError         protected by a password
    │   ├── ScannedError           pictures of text: it needs OCR
    │   ├── EmptyError             nothing to read in it
    │   ├── TooLargeError          beyond a limit of size, depth or number
    │   └── MissingToolError       a program it needs is not installed
    ├── FetchError             an address that does not answer as it should
    ├── SettingsError          a setting or publication file that is wrong
    ├── NumberingError         a number that the ledger will not give
    ├── StateError             an act that the state of a thing does not allow
    │   └── NothingToPrintError    no article that an issue could be made of
    ├── ConflictError          somebody else changed it meanwhile
    ├── NotFoundError          no such article, issue, publication, account
    ├── AccessError            who asks may not do this, or has not said who he is
    ├── IntegrityError         stored bytes that are not what was stored
    └── RenderError            LibreOffice gave no pages

Every error has a stable `code` for programs, a Chinese sentence for people and the Chinese
advice that goes with it. They pickle, because Prefect carries them between processes.
"""


class BulletinError(Exception):
    """Base of every error this project raises on purpose."""

    code = "error"
    advice = ""

    def __init__(self, message: str, *, subject: str = "", advice: str = "") -> None:
        """`message` says what is wrong, `subject` which file or thing, `advice` what to do."""
        super().__init__(message)
        self.message = message
        self.subject = subject
        self.advice = advice or type(self).advice

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.subject, self.advice)

    def __str__(self) -> str:
        head = f"{self.subject}：{self.message}" if self.subject else self.message
        return f"{head}（{self.advice}）" if self.advice else head


def _rebuild(kind: type[BulletinError], message: str, subject: str, advice: str) -> BulletinError:
    return kind(message, subject=subject, advice=advice)


class UnreadableError(BulletinError):
    code = "unreadable"


class FormatError(UnreadableError):
    code = "broken-format"
    advice = "请重新导出或另存后再报送"


class UnsupportedError(UnreadableError):
    code = "unsupported-format"
    advice = "请另存为 DOCX、PDF 或 TXT 后再报送"


class EncryptedError(UnreadableError):
    code = "encrypted"
    advice = "请去掉密码后再报送"


class ScannedError(UnreadableError):
    code = "needs-ocr"
    advice = "请先做文字识别（OCR），或向报送单位索取文字稿"


class EmptyError(UnreadableError):
    code = "empty"
    advice = "请检查文件内容后再报送"


class TooLargeError(UnreadableError):
    code = "too-large"
    advice = "请拆分或压缩图片后再报送"


class MissingToolError(UnreadableError):
    code = "missing-tool"


class FetchError(BulletinError):
    code = "fetch-failed"
    advice = "请检查网址和网络，或把网页另存后作为文件报送"


class SettingsError(BulletinError):
    code = "bad-settings"
    advice = "请按提示改正设置文件后再运行"


class NumberingError(BulletinError):
    code = "numbering"


class StateError(BulletinError):
    code = "wrong-state"


class NothingToPrintError(StateError):
    code = "nothing-to-print"
    advice = "请先收稿，或在稿库里检查不采用和待定的稿件"


class ConflictError(BulletinError):
    code = "conflict"
    advice = "请刷新后再改"


class NotFoundError(BulletinError):
    code = "not-found"


class AccessError(BulletinError):
    code = "denied"


class IntegrityError(BulletinError):
    code = "integrity"
    advice = "请从备份恢复，并检查磁盘"


class RenderError(BulletinError):
    code = "render-failed"
    advice = "请运行 bulletin doctor 检查 LibreOffice"
