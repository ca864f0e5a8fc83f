"""The life of an account in random steps, compared with a plain model of the promises to a family."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.domain.account.accounts import Account, AccountRef, Origin, Password
from chalicelib.domain.account.sessions import Session, Token

MORNING = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
FIRST = "Choisi0"
STEPS = st.sampled_from([1, 60, 119, 120, 121, 600, 3599, 3600, 6 * 3600, 24 * 3600 - 1, 24 * 3600])
WHICH = st.integers(0, 30)


@dataclass
class Promise:
    """The promises to the family: valid passwords, their expiry, and valid sessions."""

    current: str = FIRST
    origin: Origin = "chosen"
    is_disabled: bool = False

    def __post_init__(self) -> None:
        self.mails: list[tuple[str, datetime, str]] = []  # password, time and request, oldest first
        self.letters: dict[str, datetime] = {}
        self.sessions: dict[str, datetime] = {}  # fingerprint to when it was opened

    def opens(self, password: str, now: datetime) -> bool:
        return not self.is_disabled and (password == self.current or password in self.waiting(now))

    def waiting(self, now: datetime) -> list[str]:
        return [password for password, sent, _ in self.mails if now - sent < DAY]

    def may_ask(self, now: datetime) -> bool:
        today = [sent for sent in self.letters.values() if now - sent < DAY]
        return len(today) < 6 and all(now - sent >= timedelta(minutes=2) for sent in today)

    def mail(self, password: str, request: str, now: datetime) -> None:
        """At most three, of them two of one request. A new one replaces the oldest."""
        open_still = [mailed for mailed in self.mails if now - mailed[1] < DAY]
        last_own = [mailed for mailed in open_still if mailed[2] == request][-1:]
        rest = [mailed for mailed in open_still if mailed[2] != request]
        room = 2 - len(last_own)
        self.mails = [*rest[-room:], *last_own, (password, now, request)]
        self.mails.sort(key=lambda mailed: mailed[1])
        self.letters[request] = now

    def count_letters_anew(self, now: datetime) -> None:
        """After a login the family may ask for six more, except for the pause of two minutes."""
        self.letters = {key: sent for key, sent in self.letters.items() if now - sent < timedelta(minutes=2)}


class LifeOfAnAccount(RuleBasedStateMachine):
    """The password itself is used as its hash: hashing is slow, and has its own tests."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MORNING
        ref = AccountRef("evry-xenakis", "xen1")
        self.account = Account(
            ref, "Famille Rossignol", ("rossignol@example.org",), "first", password=Password(FIRST, MORNING, "chosen")
        )
        self.promise = Promise()
        self.passwords = [FIRST]  # every password so far
        self.sessions: list[Session] = []
        self.stamps = [self.account.stamp]

    def become(self, after: Account, *, ends_sessions: bool) -> None:
        is_renewed = after.stamp != self.account.stamp
        assert is_renewed is ends_sessions
        assert not is_renewed or after.stamp not in self.stamps
        self.account = after
        self.stamps.append(after.stamp)
        if ends_sessions:
            self.promise.sessions.clear()

    def open_session(self) -> None:
        token = Token.new("evry-xenakis")
        session = Session.open(token, self.account, self.now, by="login", previous_login=None)
        self.sessions.append(session)
        self.promise.sessions[session.fingerprint] = self.now
        self.promise.count_letters_anew(self.now)

    def mail(self, request: str) -> None:
        password = f"Mail{len(self.passwords)}"
        self.passwords.append(password)
        self.become(self.account.with_mailed_password(password, request, self.now), ends_sessions=False)
        self.promise.mail(password, request, self.now)

    @rule()
    def ask(self) -> None:
        request = f"request-{len(self.passwords)}"

        may = self.account.may_be_mailed(request, self.now)

        assert may is self.promise.may_ask(self.now)
        if may and not self.promise.is_disabled:
            self.mail(request)

    @rule(times=st.integers(2, 7))
    def ask_patiently(self, times: int) -> None:
        for _ in range(times):
            self.now += timedelta(minutes=2)
            self.ask()

    @precondition(lambda self: self.account.letters)
    @rule()
    def have_the_last_request_delivered_again(self) -> None:
        request = max(self.account.letters, key=lambda letter: letter.at).request

        assert self.account.may_be_mailed(request, self.now)

        self.mail(request)

    @rule(index=WHICH)
    def log_in(self, index: int) -> None:
        """Type one of the passwords so far, checked like in `flows.login`: mailed ones first."""
        password = self.passwords[index % len(self.passwords)]
        is_promised = self.promise.opens(password, self.now)
        was_mailed = password in self.promise.waiting(self.now)

        if self.account.mailed_digest_of(password, self.now):
            assert is_promised
            assert was_mailed
            after = self.account.with_login(self.now).with_password(password, "mailed", self.now)
            self.become(after, ends_sessions=True)
            self.promise.current, self.promise.origin, self.promise.mails = password, "mailed", []
            self.open_session()
        elif self.account.password and self.account.password.hash == password and not self.account.disabled:
            assert is_promised
            assert not was_mailed
            self.become(self.account.with_login(self.now), ends_sessions=False)
            self.open_session()
        else:
            assert not is_promised

    @precondition(lambda self: not self.promise.is_disabled)
    @rule()
    def change(self) -> None:
        password = f"Choisi{len(self.passwords)}"
        self.passwords.append(password)

        self.become(self.account.with_password(password, "chosen", self.now), ends_sessions=True)

        self.promise.current, self.promise.origin, self.promise.mails = password, "chosen", []
        self.promise.count_letters_anew(self.now)

    @rule(is_disabled=st.booleans())
    def switch(self, *, is_disabled: bool) -> None:
        self.become(self.account.with_disabled(is_disabled=is_disabled), ends_sessions=True)

        self.promise.is_disabled = is_disabled

    @rule()
    def hash_again(self) -> None:
        self.become(self.account.with_hash(self.promise.current), ends_sessions=False)

    @rule(seconds=STEPS)
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def three_mailed_passwords_at_most(self) -> None:
        assert len(self.account.mailed_passwords) <= 3

    @invariant()
    def every_password_there_ever_was_opens_as_promised(self) -> None:
        waiting = [password for password in self.passwords if self.account.mailed_digest_of(password, self.now)]

        assert waiting == (
            [] if self.promise.is_disabled else sorted(self.promise.waiting(self.now), key=self.passwords.index)
        )

    @invariant()
    def one_current_password_and_whence_it_came(self) -> None:
        assert self.account.password
        assert (self.account.password.hash, self.account.password.origin) == (self.promise.current, self.promise.origin)

    @invariant()
    def every_session_there_ever_was_goes_on_as_promised(self) -> None:
        going_on = {session.fingerprint for session in self.sessions if session.is_of(self.account, self.now)}

        keys = {key for key, at in self.promise.sessions.items() if self.now - at < timedelta(hours=1)}
        assert going_on == (set() if self.promise.is_disabled else keys)


TestLifeOfAnAccount = LifeOfAnAccount.TestCase
TestLifeOfAnAccount.settings = settings(max_examples=100, stateful_step_count=40)
