"""Roles. The two groups that there were become two of the roles, with the people in them."""

from django.db import migrations

RENAMED = {"Contact": "support", "Questions": "moderator"}


def rename(apps, schema_editor, names):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for old, new in names.items():
        groups.filter(name=old).update(name=new)


def to_roles(apps, schema_editor):
    rename(apps, schema_editor, RENAMED)


def from_roles(apps, schema_editor):
    rename(apps, schema_editor, {new: old for old, new in RENAMED.items()})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_notices"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "permissions": [("remove_second_step", "Can remove a second step that somebody has lost")],
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
            },
        ),
        migrations.RunPython(to_roles, from_roles),
    ]
