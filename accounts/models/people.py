"""Accounts, and the data keys that seal their text."""

import uuid
from typing import Any, ClassVar, override

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
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
    # In the order of its bytes: one index finds a beginning, and sorts what it finds.
    email = models.EmailField(_("e-mail address"), unique=True, validators=[can_be_mailed], db_collation="C")
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
        permissions = [("remove_second_step", "Can remove a second step that somebody has lost")]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(
                condition=models.Q(closing_notices=0) | models.Q(closing_notices__lte=2, closes_at__isnull=False),
                name="user_notices_are_of_a_closing",
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=models.Q(closes_at__isnull=False), name="user_closes_at"),
            # The few among the many, as staff list them.
            models.Index(fields=["email"], condition=Q(is_staff=True) | Q(is_superuser=True), name="user_is_staff"),
            models.Index(fields=["email"], condition=Q(is_specialist=True), name="user_is_specialist"),
            models.Index(fields=["email"], condition=Q(is_active=False), name="user_is_shut_out"),
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
