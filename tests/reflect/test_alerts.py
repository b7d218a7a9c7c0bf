"""The alerts are about numbers that are there: a rule with a name that nobody gives never fires."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from accounts.security_log import Event
from reflect.gauges import STATES

RULES = Path(settings.BASE_DIR, "deploy/observability/alerts.yml")
OF_PROMETHEUS = {"up"}
WATCHED = {
    "reflect_ready",
    "reflect_sealing_keys",
    "reflect_web_servers",
    "reflect_requests_total",
    "reflect_request_seconds_bucket",
    "reflect_job_oldest_seconds",
    "reflect_mail_oldest_seconds",
    "reflect_jobs_retried",
    "reflect_pool_timeouts_total",
    "reflect_disk_free_ratio",
    "reflect_backup_timestamp_seconds",
    "reflect_promise_holds",
}
LABELS: dict[str, set[str]] = {
    "state": {*STATES, "ready", "not_ready", "open", "closed"},
    "status": {"2xx", "3xx", "4xx", "5xx"},
    "event": set(Event),
    "job": {"reflect"},
    "queue": {*settings.WORKERS},
}


def rules() -> list[dict[str, Any]]:
    read: dict[str, Any] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def used(expression: str) -> set[str]:
    """The metrics of an expression: what is neither a label, a function, a keyword nor a duration."""
    bare = re.sub(r"\{[^}]*\}|\[[^]]*\]|\b(?:by|without) \([^)]*\)", "", expression)
    return {name for name in re.findall(r"[a-z_]\w*(?!\w|\s*\()", bare) if name not in {"or", "and", "unless"}}


def all_used() -> set[str]:
    return {name for rule in rules() for name in used(rule["expr"])}


def test_each_rule_says_what_is_wrong_and_what_to_look_at() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names)) > 10
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"].keys() == {"summary", "look"}
        assert used(rule["expr"]), rule


def test_everything_that_may_fail_is_watched() -> None:
    assert all_used() >= WATCHED
    assert all(name.startswith("reflect_") for name in all_used() - OF_PROMETHEUS)


def test_labels_are_of_those_that_there_are() -> None:
    found = re.findall(r'(\w+)="([^"]*)"', " ".join(rule["expr"] for rule in rules()))
    assert found
    for label, value in found:
        assert value in LABELS[label]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('sum by (le) (rate(a_bucket{status="5xx"}[5m])) / scalar(b) > 0.1', {"a_bucket", "b"}),
        ("time() - c > 26 * 3600 or absent(d)", {"c", "d"}),
    ],
)
def test_names_are_found(expression: str, names: set[str]) -> None:
    assert used(expression) == names
