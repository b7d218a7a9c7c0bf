"""How passwords are kept: Argon2id at a cost that many log-ins at once cannot turn against the pages beside them."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """19 MiB, two passes, one lane: OWASP's first choice for Argon2id.

    Django's default takes 100 MiB and eight threads for each log-in: on two cores, 20 at once took 16 s and 2 GB.
    With one lane a log-in is one thread's work (about 40 ms), so the web server's threads are its limit.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
