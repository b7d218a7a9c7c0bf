"""`manage.py create_owner ADDRESS`: the first owner, with a second factor, before any mail can be sent."""

from io import StringIO
from typing import Any, override

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from qrcode import QRCode

from accounts.models.people import can_be_mailed
from accounts.owners import AddressTaken, Owner, make_owner


class Command(BaseCommand):
    help = (
        "Make an owner of the site with this e-mail address, and print once what is needed to log in: a password, the "
        "secret of an authenticator app, and recovery codes. No mail is needed. Owners give others their roles."
    )

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the owner's e-mail address, which is taken as confirmed")

    @override
    def handle(self, *args: Any, address: str, **options: Any) -> None:
        try:
            can_be_mailed(address)
            owner = make_owner(address=address, now=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except AddressTaken:
            page = f"{settings.SITE_URL}/admin/accounts/staff/"
            raise CommandError(f"{address} has an account already: an owner can give it the role at {page}.") from None
        self.stdout.write(told(address, owner, with_picture=self.stdout.isatty()))


def told(address: str, owner: Owner, *, with_picture: bool) -> str:
    codes = "\n".join(f"    {code}" for code in owner.codes)
    picture = f"\n{drawn(owner.uri)}" if with_picture else ""
    return (
        f"{address} is an owner of {settings.SITE_URL}. This is shown once: keep it, and clear the terminal.\n\n"
        f"Password (can be changed after the log-in)\n    {owner.password}\n\n"
        f"Authenticator app\n    {owner.uri}\n    or by hand: {owner.secret}\n{picture}\n"
        f"Recovery codes, each good for one log-in without the app\n{codes}\n"
    )


def drawn(uri: str) -> str:
    """The QR code that an authenticator app scans."""
    code, drawing = QRCode(border=2), StringIO()
    code.add_data(uri)
    code.print_ascii(out=drawing, invert=True)
    return drawing.getvalue()
