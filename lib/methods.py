"""The HTTP methods of a page with a form, beside Django's `require_safe` and `require_POST`."""

from django.views.decorators.http import require_http_methods

require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])
