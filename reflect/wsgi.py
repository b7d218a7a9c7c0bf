"""The web application, for any WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reflect.settings")
os.environ["SERVES_WEB"] = "1"  # for the settings, which are read next: this is no command and no worker
application = get_wsgi_application()
