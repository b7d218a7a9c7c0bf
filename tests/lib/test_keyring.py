"""Bad keys are refused at start-up, with a message that does not reveal them."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lib.keyring import read_keys

ROOT = Path(__file__).resolve().parents[2]
KEY = b"\xfb" * 31 + b"\x01"
ONE = base64.urlsafe_b64encode(KEY).decode()
TWO = base64.urlsafe_b64encode(bytes(range(32))).decode()
SECRET_KEY = "signs-sessions-and-links-and-nothing-else"


def test_keys_keep_their_order_and_need_no_padding() -> None:
    keys = read_keys([f"2027:{ONE}", f" 2026:{TWO.rstrip('=')} "], SECRET_KEY)
    assert [*keys.items()] == [("2027", KEY), ("2026", bytes(range(32)))]


def test_both_alphabets_of_base64_are_read() -> None:
    plain = base64.b64encode(KEY).decode()
    assert plain != ONE
    assert read_keys([f"a:{plain}"], SECRET_KEY) == read_keys([f"a:{ONE}"], SECRET_KEY)


def test_a_key_can_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(ONE + "\n")
    assert read_keys([f"file:@{file}"], SECRET_KEY) == {"file": KEY}
    with pytest.raises(ImproperlyConfigured, match="file of the key gone cannot be read"):
        read_keys([f"gone:@{file}-gone"], SECRET_KEY)


@pytest.mark.parametrize(
    ("entries", "secret", "sentence"),
    [
        ([], SECRET_KEY, "is empty"),
        ([""], SECRET_KEY, "written as id:key"),
        ([ONE], SECRET_KEY, "written as id:key"),
        ([f"an id:{ONE}"], SECRET_KEY, "written as id:key"),
        ([f"{'x' * 33}:{ONE}"], SECRET_KEY, "written as id:key"),
        (["a:"], SECRET_KEY, "not 32 bytes"),
        (["a:not base64 at all"], SECRET_KEY, "not 32 bytes"),
        (["a:" + ONE[:20] + "é" + ONE[21:]], SECRET_KEY, "not 32 bytes"),
        (["a:" + base64.urlsafe_b64encode(bytes(16)).decode()], SECRET_KEY, "not 32 bytes"),
        (["a:" + base64.urlsafe_b64encode(bytes(33)).decode()], SECRET_KEY, "not 32 bytes"),
        ([f"a:{ONE}", f"a:{TWO}"], SECRET_KEY, "twice"),
        ([f"a:{ONE}", f"b:{ONE}"], SECRET_KEY, "same as another"),
        ([f"a:{ONE}"], ONE, "is the SECRET_KEY"),
        ([f"a:{ONE}"], ONE.rstrip("="), "is the SECRET_KEY"),
        ([f"a:{ONE.rstrip('=')}"], ONE, "is the SECRET_KEY"),
        (["a:" + base64.urlsafe_b64encode(b"k" * 32).decode()], "k" * 32, "is the SECRET_KEY"),
        ([f"b:{TWO}", f"a:{ONE}"], ONE, "is the SECRET_KEY"),
    ],
)
def test_keys_that_could_not_hold_are_refused(entries: list[str], secret: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence) as refused:
        read_keys(entries, secret)
    assert ONE.rstrip("=") not in str(refused.value)


@pytest.mark.parametrize("keys", [None, "", f"a:{ONE}"])
def test_the_site_does_not_start_without_a_key_of_its_own(keys: str | None) -> None:
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": ONE, "ALLOWED_HOSTS": "example.org"}
    if keys is not None:
        environment["SEALING_KEYS"] = keys
    command = [sys.executable, "manage.py", "check"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "SEALING_KEYS" in run.stderr
    assert ONE.rstrip("=") not in run.stderr
