"""The password hasher: Argon2id at a cost that keeps the site responsive during many simultaneous log-ins."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """19 MiB, two passes, one lane: OWASP's first choice for Argon2id.

    Django's default takes 100 MiB and eight threads per log-in: on two cores, 20 simultaneous ones took 16 s and 2 GB.
    With one lane a log-in occupies one thread for about 40 ms, so the web server's thread count limits the load.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
