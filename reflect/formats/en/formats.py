"""How the administration writes dates, as the site does: in British English, and with the time zone."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i T"
