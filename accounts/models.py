"""Accounts, their consents, the data keys that seal their text, and the mails that are to be sent."""

import uuid
from typing import Any, ClassVar, Self, override

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import CannotBeMailed, shown, stored, written_forms
from lib.normal import normalized

EMAIL_MISSING = _("Write an e-mail address like name@example.org.")


def normal_form(password: str) -> str:
    """NFKC, as it is hashed (NIST SP 800-63B): keyboards compose the same letters differently."""
    return normalized("NFKC", password)


def can_be_mailed(address: str) -> None:
    """Refuse an address that no mail server would take (validator)."""
    try:
        stored(address)
    except CannotBeMailed:
        raise ValidationError(EMAIL_MISSING, code="invalid") from None


class UserManager(BaseUserManager["User"]):
    """Looks accounts up by e-mail address, in whichever form it is written (`accounts/addresses.py`)."""

    def at(self, address: str) -> QuerySet["User"]:
        """The account of an address. Two only where an earlier release stored two forms: the one as written first."""
        forms = written_forms(address)
        return self.filter(email__in=forms).order_by(Case(When(email=forms[0], then=0), default=1))

    def confirmed_at(self, address: str) -> QuerySet["User"]:
        """The account of an address, if it can be logged in to: it is not `never_confirmed`."""
        known = Q(last_login__isnull=False) | Q(is_staff=True) | Q(is_specialist=True)
        return self.at(address).filter(known | Q(emailaddress=None) | Q(emailaddress__verified=True)).distinct()

    def never_confirmed(self) -> QuerySet["User"]:
        """Accounts of the sign-up form that nobody has ever logged in to; those that staff made have no address row.

        Nobody knows whose address it is: it may have been written by a stranger, who then knows the password as well.
        """
        waiting = self.filter(last_login=None, is_staff=False, is_specialist=False)
        return waiting.exclude(emailaddress=None).exclude(emailaddress__verified=True)

    def is_taken(self, address: str) -> bool:
        """Whether the address has an account. Until the transaction ends, nobody else can make one."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts.address:{address}"])
        return self.at(address).exists()

    @transaction.atomic
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=stored(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    @override
    def get_by_natural_key(self, username: str | None) -> "User":
        if user := self.at(username or "").first():
            return user
        raise User.DoesNotExist


class User(AbstractBaseUser, PermissionsMixin):
    """An account of a member, a specialist (`is_specialist`) or staff (`is_staff`)."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As on my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class ExitDestination(models.TextChoices):
        """Neutral sites for "Leave this page"; `reflect/views.py` has their addresses."""

        WEATHER = "weather", _("A weather forecast")
        ENCYCLOPEDIA = "encyclopedia", _("An encyclopedia")
        SEARCH = "search", _("A search page")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, validators=[can_be_mailed])
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_specialist = models.BooleanField(_("specialist"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    sealed_self = models.BinaryField(_("name and gentle prompts"), editable=False)  # accounts/self_document.py
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=16, default="en")
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    exit_destination = models.CharField(
        _("where “Leave this page” goes"),
        max_length=12,
        choices=ExitDestination,
        default=ExitDestination.WEATHER,
    )
    exit_keys = models.BooleanField(_("leave by pressing Shift three times"), default=True)

    # When the account will be erased: at its owner's request (no notices), or as unused (with the notices sent).
    closes_at = models.DateTimeField(_("closes"), null=True, editable=False)
    closing_notices = models.PositiveSmallIntegerField(_("notices of closing"), default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    # Nobody's: made like an account, but taken back, as its address has one already (`SignUpForm`).
    is_decoy = False
    # Whether this request is the first log-in.
    is_new = False

    # The unwrapped data key, cached for as long as this instance lives, which is one request (accounts/sealing.py).
    opened_key: bytes | None = None
    key_may_roll_back = False
    # The sealed document of the account and what it says (accounts/self_document.py); a new account's data key.
    opened_self: tuple[bytes, Any] | None = None
    key_to_store: "DataKey | None" = None

    # Whether there is a second factor, as fetched for the person who is logged in (accounts/backends.py).
    has_second_factor: bool

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(
                condition=models.Q(closing_notices=0) | models.Q(closing_notices__lte=2, closes_at__isnull=False),
                name="user_notices_are_of_a_closing",
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=models.Q(closes_at__isnull=False), name="user_closes_at")
        ]

    @override
    def __str__(self) -> str:
        return self.email

    @override
    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password and normal_form(raw_password))

    @override
    def check_password(self, raw_password: str | None) -> bool:
        """Accept a hash made before passwords were normalised, too.

        Both are always computed, so that the time taken does not tell which one is stored.
        """
        normal = raw_password and normal_form(raw_password)
        fits = super().check_password(normal)
        return fits if normal == raw_password else check_password(raw_password, self.password) or fits

    def renew_hash(self, raw_password: str) -> None:
        """Replace a hash made before passwords were normalised. It ends the sessions that were opened with it."""
        normal = normal_form(raw_password)
        if normal != raw_password and not check_password(normal, self.password):
            self.set_password(raw_password)
            self._password = None  # the password is still the same: no `password_changed`
            self.save(update_fields=["password"])

    @property
    def address(self) -> str:
        """The e-mail address as people write it."""
        return shown(self.email)

    @property
    def needs_second_factor(self) -> bool:
        """Whether this role requires a second factor."""
        return self.is_specialist or self.is_staff

    @property
    def asked_to_close(self) -> bool:
        """Whether the owner has asked for deletion, which they can still undo."""
        return self.closes_at is not None and not self.closing_notices


class DataKey(models.Model):
    """A person's data key, wrapped by a key-encryption key. Without this row, their text cannot be unsealed."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="data_key"
    )
    wrapped_by = models.CharField(_("id of the key-encryption key"), max_length=32, db_index=True)
    wrapped = models.BinaryField(_("wrapped key"))

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")

    @override
    def __str__(self) -> str:
        return str(self.owner_id)


class Usage(models.Model):
    """How many bytes of sealed text a person stores.

    Triggers count it in the very statement that stores, changes or deletes a row (`accounts/migrations/0010_usage.py`).
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="usage"
    )
    bytes = models.BigIntegerField(_("bytes stored"))

    class Meta:
        verbose_name = _("size of an account")
        verbose_name_plural = _("sizes of accounts")

    @override
    def __str__(self) -> str:
        return str(self.owner_id)


class Unread(models.Model):
    """How much is new for a person, for the navigation; it is read with the account.

    Triggers count the notices in the very statement that changes them (`accounts/migrations/0012_notices.py`).
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="unread"
    )
    notices = models.PositiveIntegerField(_("new notices"), default=0, db_default=0)
    messages = models.PositiveIntegerField(_("new messages"), default=0, db_default=0)

    class Meta:
        verbose_name = _("what is new")
        verbose_name_plural = _("what is new")

    @override
    def __str__(self) -> str:
        return str(self.owner_id)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def new(self) -> Self:
        """Those that their owner has not opened yet."""
        return self.filter(opened_at=None)

    def latest_first(self) -> Self:
        return self.order_by("-at", "id")

    def behind(self, notice_id: uuid.UUID) -> Self:
        """Those after this one in the order of `latest_first`, for paging by key; adds no query."""
        when = models.Subquery(self.order_by().filter(pk=notice_id).values("at"))
        return self.filter(Q(at__lt=when) | Q(id__gt=notice_id), at__lte=when)


class Notice(models.Model):
    """Something new for a person. What it is about is sealed: a copy of the database says only that, and when.

    There is one row for each thing: `accounts/notices.py` makes its id from kind and target with the owner's key. When
    something happens again, the row moves up and is new again.
    """

    LABEL = "accounts.notice"

    class Kind(models.TextChoices):
        ANSWER = "answer", _("You get an answer")
        MESSAGE = "message", _("A message arrives")
        TIME_FREED = "time_freed", _("An earlier time opens")
        MEETING_CHANGED = "meeting_changed", _("A meeting changes")
        PROFILE_CHECKED = "profile_checked", _("Your profile is checked")

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(_("time"))
    opened_at = models.DateTimeField(_("opened"), null=True)
    sealed = models.BinaryField(_("kind and target"))

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["owner", "-at", "id"], name="notice_of_owner"),
            models.Index(fields=["at"], name="notice_at"),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)


class Pace(models.Model):
    """How often a person has done something lately (`accounts/rates.py`). The table is unlogged: a crash empties it."""

    pk = models.CompositePrimaryKey("owner", "what")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(_("what is limited"), max_length=16)
    free_at = models.DateTimeField(_("forgotten from"))

    class Meta:
        verbose_name = _("pace of an account")
        verbose_name_plural = _("paces of accounts")

    @override
    def __str__(self) -> str:
        return f"{self.what} {self.owner_id}"


class Held(models.Model):
    """What somebody sent in a form, held for a few minutes so that an address can show it (`accounts/held.py`)."""

    LABEL = "accounts.held"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    made_at = models.DateTimeField(_("made"))
    sealed = models.BinaryField(_("sealed"))

    class Meta:
        verbose_name = _("held form")
        verbose_name_plural = _("held forms")
        indexes = [
            models.Index(fields=["owner", "-made_at"], name="held_of_owner"),
            models.Index(fields=["made_at"], name="held_made_at"),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Only the viewer's own consents."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def standing(self) -> Self:
        """The latest line for each owner and purpose."""
        return self.order_by("owner", "purpose", "-id").distinct("owner", "purpose")


class Consent(models.Model):
    """One line of the consent ledger: consent given to an exact wording, or withdrawn.

    A trigger keeps the ledger append-only; lines are deleted only with the account (`accounts/services.py`).
    """

    id = models.BigAutoField(primary_key=True)  # insertion order, independent of clocks
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    purpose = models.CharField(_("purpose"), max_length=32)
    version = models.PositiveSmallIntegerField(_("version of the words"))
    words_sha256 = models.CharField(_("hash of the words"), max_length=64)
    given = models.BooleanField(_("given"))
    at = models.DateTimeField(_("time"))

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["owner", "purpose", "-id"], name="consent_latest")]

    @override
    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class Mail(models.Model):
    """One e-mail, stored before it is sent, so that it is sent once and none is lost (`accounts/outbox.py`).

    `once` is what is said: a person hears it once `about` the same thing, which is the id of a row that the mail's kind
    knows. `sealed` holds the address, where it is not the owner's own, and what the text needs; it is emptied once the
    mail is sent or dropped. The row is marked before (`begun_at`) and after (`sent_at`) SMTP; its id is in the
    Message-ID, so that a mail repeated after a crash is recognised as the same one. `dropped_at`: it no longer applied,
    or was not taken until `not_after`. A mail without an owner outlives the account ("your account is closed").
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=16)
    about = models.UUIDField(_("about"), null=True)
    once = models.CharField(_("what is said once"), max_length=80)
    sealed = models.TextField(_("address and parameters"), null=True, editable=False)  # noqa: DJ001  # null: emptied
    not_after = models.DateTimeField(_("not sent after"))
    made_at = models.DateTimeField(_("made"), db_index=True)
    begun_at = models.DateTimeField(_("begun"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    dropped_at = models.DateTimeField(_("not sent"), null=True)

    # What `sealed` holds, while the mail is being composed.
    to: str
    params: dict[str, Any]

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(fields=["owner", "about", "once"], nulls_distinct=False, name="mail_once"),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(dropped_at=None), name="mail_sent_or_dropped"
            ),
            models.CheckConstraint(
                condition=models.Q(sealed=None) | models.Q(sent_at=None, dropped_at=None), name="mail_done_is_empty"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
