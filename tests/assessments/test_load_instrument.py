"""The command that publishes a version from its file."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts import consents
from accounts.models import User
from assessments import services
from assessments.models import InstrumentVersion, Response, published_instrument
from guide.models import Prompt
from tests.answered import begun, finished
from tests.assessments.conftest import FILE, FILE_2, NOW


def load(file: Path, *options: str) -> str:
    out = StringIO()
    call_command("load_instrument", str(file), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def warned(file: Path) -> str:
    err = StringIO()
    call_command("load_instrument", str(file), stdout=StringIO(), stderr=err)
    return err.getvalue()


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The same version with other words."""
    file = tmp_path / "changed.toml"
    file.write_text(FILE.read_text().replace("Everyday help", "Daily help"))
    return file


@pytest.mark.django_db
class TestLoading:
    def test_a_valid_file_is_published(self) -> None:
        assert load(FILE) == "balance 1: published.\n"
        version = InstrumentVersion.objects.get()
        assert (version.slug, version.version, version.language, version.algorithm) == ("balance", 1, "en", 1)
        assert version.published_at
        assert version.source == FILE.read_text()
        assert len(published_instrument(version.pk).items) == 61

    def test_the_same_file_again_says_that_it_is_there(self) -> None:
        load(FILE)
        assert load(FILE) == "balance 1: is here already, published.\n"
        assert InstrumentVersion.objects.count() == 1

    @pytest.mark.usefixtures("prompts")
    def test_prompts_that_the_guide_does_not_have_are_named(self, tmp_path: Path) -> None:
        assert warned(FILE) == ""
        Prompt.objects.filter(key="balance-1").update(published=False)
        assert warned(FILE) == ""
        file = tmp_path / "misspelt.toml"
        file.write_text(
            FILE.read_text().replace('"balance-1"', '"balance-99"').replace("version = 1", "version = 2", 1)
        )
        assert "does not have, and leave them out until it does: balance-99. Run manage.py load_prompts" in warned(file)
        assert InstrumentVersion.objects.filter(version=2).exists()

    def test_the_same_version_with_other_content_is_refused(self, changed: Path) -> None:
        load(FILE)
        with pytest.raises(CommandError, match="balance 1 is stored already, with other content"):
            load(changed)
        assert "Everyday help" in InstrumentVersion.objects.get().source

    def test_a_draft_is_stored_unpublished_and_published_by_loading_it_again(self) -> None:
        assert load(FILE, "--draft") == "balance 1: stored, not published.\n"
        assert InstrumentVersion.objects.current() is None
        assert load(FILE) == "balance 1: published.\n"
        assert InstrumentVersion.objects.current() is not None

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('key = "rdy1"', 'key = "rdy1"]', "This is not TOML"),
            ("min_pairs = 7", "", "constants.min_pairs"),
            ('key = "ill2", subscale = "ill"', 'key = "ill2", subscale = "ills"', "ill2"),
        ],
    )
    def test_a_broken_file_names_file_and_key_and_stores_nothing(
        self, tmp_path: Path, old: str, new: str, said: str
    ) -> None:
        file = tmp_path / "broken.toml"
        text = FILE.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))
        with pytest.raises(CommandError) as refused:
            load(file)
        assert str(file) in str(refused.value)
        assert said in str(refused.value)
        assert "Nothing was stored." in str(refused.value)
        assert not InstrumentVersion.objects.exists()


@pytest.mark.django_db
class TestSecondVersion:
    def test_it_is_offered_and_the_first_retired_if_nobody_has_begun_with_it(self) -> None:
        load(FILE)
        assert load(FILE_2) == "balance 2: published.\nbalance 1: retired.\n"
        assert load(FILE_2) == "balance 2: is here already, published.\n"
        assert load(FILE) == "balance 1: is here already, retired.\n"
        current = InstrumentVersion.objects.current()
        assert current
        assert current.version == 2

    def test_the_first_stays_until_what_was_begun_with_it_is_finished(self, ana: User) -> None:
        load(FILE)
        consents.give(owner=ana, purpose=consents.QUESTIONNAIRE.purpose, now=NOW)
        response = begun(ana, InstrumentVersion.objects.get())
        said = load(FILE_2, "--publish")
        assert said.startswith("balance 2: published.\nbalance 1: stays, because people have begun with it.")
        assert not Response.objects.visible_to(ana).with_standing().get(pk=response.pk).closed
        services.submit_response(owner=ana, response_id=response.pk, now=NOW)
        assert load(FILE_2).endswith("balance 1: retired.\n")

    def test_a_finished_one_does_not_keep_it(self, ana: User) -> None:
        load(FILE)
        finished(ana, InstrumentVersion.objects.get())
        assert load(FILE_2).endswith("balance 1: retired.\n")

    def test_a_draft_retires_nothing(self) -> None:
        load(FILE)
        assert load(FILE_2, "--draft") == "balance 2: stored, not published.\n"
        assert InstrumentVersion.objects.get(version=1).retired_at is None

    def test_the_first_loaded_after_it_is_published_beside_it_and_said_not_to_be_offered(self) -> None:
        load(FILE_2)
        said = "balance 2: is newer, so whoever starts is still offered that.\n"
        assert load(FILE) == f"balance 1: published.\n{said}"
        assert InstrumentVersion.objects.filter(retired_at=None).count() == 2
        current = InstrumentVersion.objects.current()
        assert current
        assert current.version == 2

    def test_one_that_is_retired_is_not_published_as_if_that_had_worked(self) -> None:
        load(FILE)
        load(FILE_2)
        before = list(InstrumentVersion.objects.values())
        with pytest.raises(CommandError, match="balance 1 was retired, and stays so"):
            load(FILE, "--publish")
        assert list(InstrumentVersion.objects.values()) == before

    def test_publishing_and_not_publishing_at_once_is_refused(self) -> None:
        with pytest.raises(CommandError, match="not allowed with argument"):
            load(FILE_2, "--publish", "--draft")
        assert not InstrumentVersion.objects.exists()

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (
                '"How much of our everyday work I did."',
                '"How much I did."',
                "areas[practical].give: not as in balance 2",
            ),
            ('"A great deal"', '"Very much"', "scales.amount: not as in balance 2"),
        ],
    )
    def test_changed_areas_and_scales_are_kept_out_of_an_old_group(
        self, tmp_path: Path, old: str, new: str, said: str
    ) -> None:
        load(FILE)
        load(FILE_2)
        before = list(InstrumentVersion.objects.values())
        file = tmp_path / "balance-3.toml"
        text = FILE_2.read_text().replace("instrument.version = 2", "instrument.version = 3")
        assert old in text
        file.write_text(text.replace(old, new))
        with pytest.raises(CommandError) as refused:
            load(file)
        assert f"{file}: {said}" in str(refused.value)
        for group in ("balance-2-full", "balance-2-short"):
            assert f"comparability group {group}" in str(refused.value)
        assert "balance-1" not in str(refused.value)
        assert str(refused.value).endswith("Nothing was stored.")
        assert list(InstrumentVersion.objects.values()) == before

    def test_changed_areas_are_taken_in_groups_of_their_own(self, tmp_path: Path) -> None:
        load(FILE_2)
        file = tmp_path / "balance-3.toml"
        text = FILE_2.read_text().replace("instrument.version = 2", "instrument.version = 3")
        file.write_text(text.replace("balance-2-", "balance-3-").replace("everyday work I did", "work I did"))
        assert load(file) == "balance 3: published.\nbalance 2: retired.\n"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.toml: cannot be read: No such file"):
        load(tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "picture.toml"
    file.write_bytes(b"\xff\xd8\xff")
    with pytest.raises(CommandError, match=r"picture\.toml: is not text in UTF-8"):
        load(file)
