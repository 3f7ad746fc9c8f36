"""The door of the desk: accounts, signing in and out, tokens for scripts. Who did what is noted.

Passwords are hashed with argon2id (RFC 9106) by argon2-cffi. A name that does not exist costs the
same work and is locked in the same way as one that does, so that nobody learns which names there are.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError, VerifyMismatchError

from bulletin.errors import AccessError, ConflictError, SettingsError, StateError
from services.context import Office
from services.senders import is_mail_address
from store.account_records import Account, Role, SessionRecord, TokenRecord
from store.database import Transaction

MOST_FAILURES = 5
"""Wrong passwords for one name until it is locked."""
MOST_FROM_ADDRESS = 30
"""Wrong passwords from one address, whatever the names: an office behind one address has many people."""
PAUSE = timedelta(minutes=15)
SESSION = timedelta(hours=12)
"""How long a session lives without use: a working day."""
REFRESH = timedelta(minutes=10)
"""A session in use is prolonged at most this often, so that reading a page seldom writes."""
SHORTEST = 8
"""Characters of a password (NIST SP 800-63B, 3.1.1.2)."""
TOKEN_PREFIX = "bulletin_"

UNIT_ADVICE = "来稿的单位以它为准；编辑、签发和管理账号可以不写"

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}|[\u4e00-\u9fff]{2,16}")


@lru_cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache
def _nobody() -> str:
    """The hash of a password nobody has, to be checked where there is no account."""
    return _hasher().hash(secrets.token_urlsafe())


def folded(name: str) -> str:
    """The name as it is stored."""
    return name.strip().lower()


def digest(secret: str) -> str:
    """What is stored of a session's or script's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


# ---------------------------------------------------------------- accounts


def add_account(
    office: Office,
    name: str,
    password: str,
    role: Role,
    *,
    person: str = "",
    unit: str = "",
    mail: str = "",
    publications: Sequence[str] = (),
    who: str = "",
) -> Account:
    """The new account; SettingsError for a name, password or address that will not do, ConflictError for a taken name."""
    name = folded(name)
    if not _NAME.fullmatch(name):
        raise SettingsError(
            "用户名不合要求", subject=name, advice="请用 2 到 32 个小写字母、数字、点、横线，或 2 到 16 个汉字"
        )
    if role is Role.CONTRIBUTOR and not unit.strip():
        raise SettingsError("投稿账号要写明单位", subject=name, advice=UNIT_ADVICE)
    address = _address(mail)
    hashed = _hash_new(name, password)
    with office.store.transaction() as unit_of_work:
        account = unit_of_work.accounts.add(
            name, hashed, role, person=person.strip(), unit=unit.strip(), mail=address, publications=publications
        )
        _note(unit_of_work, who, "新建账号", name, role.label)
    return account


def change_account(
    office: Office,
    name: str,
    *,
    role: Role | None = None,
    person: str | None = None,
    unit: str | None = None,
    mail: str | None = None,
    publications: Sequence[str] | None = None,
    disabled: bool | None = None,
    who: str = "",
) -> Account:
    """The account with new values; StateError when no administrator would be left."""
    name = folded(name)
    address = None if mail is None else _address(mail)
    with office.store.transaction() as work:
        before = work.accounts.get(name)
        account = work.accounts.change(
            name, role=role, person=person, unit=unit, mail=address, publications=publications, disabled=disabled
        )
        if account.role is Role.CONTRIBUTOR and not account.unit:
            raise SettingsError("投稿账号要写明单位", subject=name, advice=UNIT_ADVICE)
        if not any(a.role is Role.ADMINISTRATOR and not a.disabled for a in work.accounts.find()):
            raise StateError("至少要留一个可用的管理账号", subject=name)
        if account.disabled:
            work.sessions.close_all(name)
        _note(work, who, _act(before, account), name, account.role.label)
    return account


def _address(mail: str) -> str:
    """The address, or nothing; SettingsError for what is none."""
    if mail.strip() and not is_mail_address(mail.strip()):
        raise SettingsError("邮箱地址写得不对", subject=mail.strip(), advice="写作 名称@主机，如 xc@example.gov.cn")
    return mail.strip()


def _act(before: Account, after: Account) -> str:
    if before.disabled != after.disabled:
        return "停用账号" if after.disabled else "启用账号"
    return "修改账号"


def set_password(office: Office, name: str, password: str, *, who: str = "", keep: str = "") -> None:
    """Gives the account a new password, unlocks it and signs it out everywhere but in the session `keep`."""
    name = folded(name)
    hashed = _hash_new(name, password)
    with office.store.transaction() as work:
        work.accounts.get(name)
        work.accounts.change(name, password=hashed)
        work.attempts.clear(_by_name(name))
        work.sessions.close_all(name, but=digest(keep) if keep else "")
        _note(work, who, "修改密码", name)


def change_own_password(office: Office, name: str, old: str, new: str, session: str) -> None:
    """Changes the password of a person who knows the old one; AccessError where he does not."""
    _check(office, name, old, address="")
    set_password(office, name, new, who=name, keep=session)


def unlock(office: Office, name: str, who: str) -> None:
    """Lets a locked name try again at once."""
    with office.store.transaction() as work:
        work.attempts.clear(_by_name(folded(name)))
        _note(work, who, "解锁账号", folded(name))


def list_accounts(office: Office) -> tuple[Account, ...]:
    with office.store.reading() as work:
        return work.accounts.find()


def locked_names(office: Office) -> frozenset[str]:
    """The names that are locked at the moment."""
    with office.store.reading() as work:
        return frozenset(key.removeprefix("name:") for key in work.attempts.locked() if key.startswith("name:"))


def _hash_new(name: str, password: str) -> str:
    if len(password) < SHORTEST:
        raise SettingsError(f"密码太短，至少 {SHORTEST} 个字符", advice="请换一个长一些的")
    if len(password) > 200 or password.lower() == name or len(set(password)) < 4:
        raise SettingsError("密码太容易猜到", advice="请换一个；不要用用户名，也不要反复用同一个字符")
    return _hasher().hash(password)


def _note(work: Transaction, who: str, act: str, subject: str, detail: str = "") -> None:
    work.audit.write("", who, act, subject, detail)


# ---------------------------------------------------------------- the door


def sign_in(office: Office, name: str, password: str, address: str = "") -> str:
    """The secret of a new session; AccessError for a wrong name or password, or while it is locked."""
    account = _check(office, folded(name), password, address)
    secret = secrets.token_urlsafe(32)
    with office.store.transaction() as work:
        work.accounts.signed_in(account)
        work.sessions.open(digest(secret), account, secrets.token_urlsafe(32), SESSION)
        _note(work, account, "登录", account, address)
    return secret


def _check(office: Office, name: str, password: str, address: str) -> str:
    """The name, when the password is right; every wrong one is counted."""
    subjects = [(_by_name(name), MOST_FAILURES)]
    if address:
        subjects.append((f"address:{address}", MOST_FROM_ADDRESS))
    with office.store.reading() as work:
        _refuse_locked(work, [subject for subject, _ in subjects])
        stored = work.accounts.password(name)
    right = _verify(stored, password)
    with office.store.transaction() as work:
        # Asked again: ten guesses sent at once must not all be looked at before the first is counted.
        _refuse_locked(work, [subject for subject, _ in subjects])
        if right:
            work.attempts.clear(_by_name(name))
            return name
        for subject, most in subjects:
            attempt = work.attempts.fail(subject, most, PAUSE)
            if attempt.locked_until:
                _note(work, name, "登录锁定", name, address)
    raise AccessError("用户名或密码不对")


def _refuse_locked(work: Transaction, subjects: Sequence[str]) -> None:
    for subject in subjects:
        attempt = work.attempts.get(subject)
        if attempt and attempt.locked_until and attempt.locked_until > work.now:
            minutes = int((attempt.locked_until - work.now).total_seconds() // 60) + 1
            raise AccessError(f"密码连续输错，已暂停登录，请 {minutes} 分钟后再试", advice="也可请管理员解锁")


def _by_name(name: str) -> str:
    return f"name:{name[:64]}"


def _verify(stored: str | None, password: str) -> bool:
    try:
        _hasher().verify(stored or _nobody(), password)
    except (VerifyMismatchError, VerificationError):
        return False
    return stored is not None


def session(office: Office, secret: str) -> SessionRecord | None:
    """Who the secret belongs to; a session in use lives on."""
    token = digest(secret)
    with office.store.reading() as work:
        record = work.sessions.get(token)
    if record and office.store.clock() - record.seen > REFRESH:
        with office.store.transaction() as work:
            work.sessions.prolong(token, SESSION)
    return record


def sign_out(office: Office, secret: str) -> None:
    with office.store.transaction() as work:
        work.sessions.close(digest(secret))


def choose_publication(office: Office, secret: str, account: Account, publication: str) -> None:
    """Makes the session work on another publication; AccessError where the account may not see it."""
    may_see(account, publication)
    with office.store.transaction() as work:
        work.sessions.choose(digest(secret), publication)


def may_see(account: Account, publication: str) -> None:
    """Raises AccessError unless the account may see the publication."""
    if account.publications and publication not in account.publications:
        raise AccessError("这个账号不能查看这种刊物")


# ---------------------------------------------------------------- scripts


def make_token(office: Office, account: str, label: str, who: str) -> str:
    """The secret of a new token, which is shown once and never again."""
    if not label.strip():
        raise SettingsError("没有写令牌的用途", advice="写明哪个程序用它，以后好收回，如 报送脚本")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with office.store.transaction() as work:
        if len(work.tokens.find(account)) >= 50:
            raise ConflictError("令牌太多", advice="请先收回不用的令牌")
        work.tokens.add(digest(secret), account, label.strip())
        _note(work, who, "新建令牌", account, label.strip())
    return secret


def token_account(office: Office, secret: str) -> Account | None:
    """Whom a token speaks for."""
    with office.store.reading() as work:
        return work.tokens.account(digest(secret))


def list_tokens(office: Office, account: str) -> tuple[TokenRecord, ...]:
    with office.store.reading() as work:
        return work.tokens.find(account)


def revoke_token(office: Office, id: int, account: str) -> None:
    """Takes back one of the account's tokens."""
    with office.store.transaction() as work:
        work.tokens.revoke(id, account)
        _note(work, account, "收回令牌", account, str(id))
