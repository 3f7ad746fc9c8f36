"""A campaign of interruptions: an installation at work, its processes killed at random points.

Everything that goes in is written down outside of it: files in the inbox, mails on a real IMAP server,
uploads that the desk acknowledged. Recipients are a real SMTP server's. After the last kill the work is
finished undisturbed and the books are compared.
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import requests
from imapclient import IMAPClient  # type: ignore[import-untyped]

from bulletin.assembly import period_of
from services.accounts import add_account, make_token
from services.context import office
from services.keeping import check
from services.settings import read_settings
from services.setup import SetupRequest, set_up
from store.account_records import Role
from store.records import IssueState, MessageRecord, MessageState, SubmissionState
from tests.collectors.imapservers import PASSWORD, USER
from tests.commands import command, run
from tests.conftest import ROOT
from tests.processes import free_port, wait_for_port
from tests.services.servers import Post
from tests.services.serving import smtp

RECIPIENTS = tuple(f"r{number}@example.org" for number in range(12))
START = 455
FOLDER = "soak"
PLACES = ("望河", "清澜", "松岭", "白塔", "石桥", "港口", "云溪", "临川", "青屏", "双塔")
BODIES = ("市委宣传部", "市委组织部", "市教育局", "市水务局", "市档案馆", "市税务局", "市图书馆", "市农业农村局")
ACTS = (
    ("举办读书分享会", "机关干部登台分享读书体会，讲述了带着书本走访、向群众请教的经过"),
    ("开展专题学习", "围绕提高服务群众本领开展研讨，列出了需要解决的问题和完成的时间"),
    ("组织干部进社区宣讲", "宣讲员用身边的例子解释政策，现场回答了居民提出的问题"),
    ("召开学习座谈会", "基层代表结合岗位谈了体会，就改进学习方式提出了建议"),
)


@dataclass
class Campaign:
    """One installation under fire. `dice` decides what is killed and when, the same for the same seed."""

    home: Path
    post: Post
    imap: int
    dice: random.Random
    sent_in: set[str] = field(default_factory=set)
    """SHA-256 of everything that the installation was given and must not lose."""
    kills: Counter[str] = field(default_factory=Counter)
    count: int = 0
    week: int = 10
    token: str = ""

    # ------------------------------------------------------------ set-up

    def open(self) -> None:
        """A publication with a mailbox, recipients and a contributor's account."""
        answers = {"name": "云江 简报", "issuer": "云江省某办公室", "start": START, "recipients": RECIPIENTS}
        set_up(self.home, SetupRequest.model_validate({**answers, "smtp": smtp(self.post.port)}))
        path = self.home / "publications" / "default.toml"
        mailbox = (
            f'host = "127.0.0.1"\nport = {self.imap}\nsecurity = "none"\nuser = "{USER}"\npassword = "{PASSWORD}"\n'
        )
        path.write_text(f'{path.read_text("utf-8")}\n[service.mailbox]\n{mailbox}folder = "{FOLDER}"\n', "utf-8")
        with self._mail() as client:
            client.create_folder(FOLDER)
        with office(read_settings(self.home)) as opened:
            add_account(opened, "tougao", "云江简报2026", Role.CONTRIBUTOR, unit="云溪县委办", person="甲")
            self.token = make_token(opened, "tougao", "soak", "tougao")

    def _mail(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", port=self.imap, ssl=False)
        client.login(USER, PASSWORD)
        return client

    # ------------------------------------------------------------ what goes in

    def text(self) -> str:
        """A piece of the genre that nobody has sent before."""
        self.count += 1
        place, body = self.dice.choice(PLACES), self.dice.choice(BODIES)
        act, detail = self.dice.choice(ACTS)
        people, day = self.dice.randint(20, 400), self.dice.randint(1, 28)
        return (
            f"{place}市{act}第{self.count}场\n{place}{body}\n2026年3月{day}日\n\n"
            f"3月{day}日，{place}{body}{act}，共有{people}名干部参加，这是今年以来的第{self.count}场。{detail}。\n"
            f"据介绍，{place}市已有{people + self.count}个单位参与，"
            f"下一步将把编号{self.count * 7919}的经验向{self.dice.choice(PLACES)}市推广。\n"
        )

    def drop_file(self) -> None:
        content = self.text().encode()
        (self.home / "inbox" / f"{self.count}.txt").write_bytes(content)
        self.sent_in.add(hashlib.sha256(content).hexdigest())

    def send_mail(self) -> None:
        content = self.text().encode()
        mail = EmailMessage()
        mail["From"] = f"云溪县委办 <u{self.count}@example.org>"
        mail["Subject"] = "来稿"
        mail.set_content("请查收附件。")
        mail.add_attachment(content, maintype="text", subtype="plain", filename=f"{self.count}.txt")
        with self._mail() as client:
            client.append(FOLDER, mail.as_bytes())
        self.sent_in.add(hashlib.sha256(content).hexdigest())

    def upload(self, port: int) -> None:
        """Upload to the desk until it no longer answers; only what it acknowledged counts."""
        while True:
            content = self.text().encode()
            try:
                answer = requests.post(
                    f"http://127.0.0.1:{port}/api/submissions",
                    files=[("files", (f"{self.count}.txt", content, "text/plain"))],
                    headers={"Authorization": f"Bearer {self.token}"},
                    timeout=60,
                )
            except requests.RequestException:
                return
            if answer.ok:
                self.sent_in.add(hashlib.sha256(content).hexdigest())

    # ------------------------------------------------------------ processes

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {"PREFECT_HOME": str(self.home.parent / "prefect"), "DO_NOT_TRACK": "1"}
        return subprocess.Popen(
            command(self.home, *words),
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        done = run(self.home, *words)
        return done.returncode, done.stdout

    def kill(self, name: str, process: subprocess.Popen[bytes], longest: float) -> None:
        """Kill -9 the process with its children after a random while; one that has ended was not killed."""
        time.sleep(self.dice.uniform(0, longest))
        killed = process.poll() is None
        with_children = getattr(os, "killpg", None)
        if killed and with_children:
            with_children(process.pid, signal.SIGKILL)
        process.wait()
        self.kills[name] += killed

    # ------------------------------------------------------------ what is killed

    @property
    def period(self) -> str:
        """The week that is being made; a long campaign takes years."""
        return period_of(date(2026, 1, 1) + timedelta(weeks=self.week))

    def intake(self) -> None:
        """The fetch of mail and files."""
        for _ in range(3):
            self.send_mail()
            self.drop_file()
        self.kill("intake", self.start("intake"), 2.5)

    def compile(self) -> None:
        """The worker's job of a week."""
        self.drop_file()
        self.kill("compile", self.start("compile", "--local", "--period", self.period), 4.0)

    def sign(self) -> None:
        """The signature, which queues the mails."""
        drafts = self.drafts()
        if not drafts:
            self.run("compile", "--local", "--period", self.period)
            drafts = self.drafts()
        if drafts:
            self.week += 1
            self.kill("sign", self.start("issue", "sign", str(drafts[0])), 1.5)

    def distribute(self) -> None:
        """The sender of mails."""
        drafts = self.drafts()
        if drafts and not self.pending():
            self.run("issue", "sign", str(drafts[0]))
            self.week += 1
        self.kill("outbox", self.start("outbox", "send"), 1.8)

    def desk(self) -> None:
        """The desk, while somebody uploads."""
        import threading

        port = free_port()
        process = self.start("desk", "--port", str(port))
        wait_for_port(port, process)
        person = threading.Thread(target=self.upload, args=(port,))
        person.start()
        self.kill("desk", process, 3.0)
        person.join()

    def drafts(self) -> list[int]:
        code, out = self.run("issue", "list", "--json")
        assert code == 0, "the list of drafts works after any kill"
        return sorted(json.loads(line)["number"] for line in out.splitlines())

    def pending(self) -> int:
        with office(read_settings(self.home)) as opened, opened.store.reading() as unit:
            return len(unit.outbox.find("default", state=MessageState.PENDING))

    def go(self, kills: int) -> None:
        """So many kills, of every kind in turn and then at random; a process that ended by itself does not count."""
        acts: list[Callable[[], None]] = [self.intake, self.compile, self.sign, self.distribute, self.desk]
        tries = 0
        while sum(self.kills.values()) < kills:
            (acts[tries] if tries < len(acts) else self.dice.choice(acts))()
            tries += 1
            assert tries < 10 * kills, "nothing lives long enough to be killed"

    # ------------------------------------------------------------ the books

    def finish(self) -> None:
        """Everything that is left to do, undisturbed."""
        assert self.run("intake")[0] in (0, 1)
        for number in self.drafts():
            assert self.run("issue", "sign", str(number))[0] == 0
        self.week += 1
        self.run("compile", "--local", "--period", self.period)
        for number in self.drafts():
            assert self.run("issue", "sign", str(number))[0] == 0
        self.run("outbox", "send")

    def compare(self) -> None:
        """No submission lost, no number missing or doubled, nobody mailed twice, the store whole."""
        settings = read_settings(self.home)
        assert check(settings) == ()
        with office(settings) as opened, opened.store.reading() as unit:
            submissions = {one.sha256: one for one in unit.submissions.find("default", limit=100_000)}
            issues = [unit.issues.get("default", row.id) for row in unit.issues.find("default")]
            messages = unit.outbox.find("default", limit=100_000)
            articles = Counter(row.source for row in unit.articles.records("default", unit.articles.ids("default")))
        lost = self.sent_in - set(submissions)
        assert not lost, f"{len(lost)} of {len(self.sent_in)} submissions lost"
        assert {one.state for one in submissions.values()} == {SubmissionState.READ}
        assert max(articles.values()) == 1, "a piece is in the pool once"
        numbers = sorted(issue.number.key for issue in issues)
        assert numbers == list(range(START, START + len(numbers)))
        assert {issue.state for issue in issues} == {IssueState.ISSUED}
        printed = Counter(entry.article for issue in issues for entry in issue.issue.entries)
        assert max(printed.values()) == 1, "a piece is printed once"
        self._compare_mail(messages, len(issues))

    def _compare_mail(self, messages: Sequence[MessageRecord], issues: int) -> None:
        arrived = Counter((to, str(mail["Subject"])) for to, mail in self.post.taken if to in RECIPIENTS)
        assert all(times == 1 for times in arrived.values()), "somebody was mailed twice"
        wanted = [one for one in messages if one.message.recipient in RECIPIENTS]
        assert len(wanted) == issues * len(RECIPIENTS), "every issue is queued for every recipient"
        assert {one.state for one in wanted} <= {MessageState.SENT, MessageState.SENDING}
        sent = [one for one in wanted if one.state is MessageState.SENT]
        assert all((one.message.recipient, one.message.subject) in arrived for one in sent)
        doubtful = len(wanted) - len(sent)
        assert doubtful <= self.kills["outbox"], "each kill leaves one mail in doubt at the most"
