"""Store the domain of every address in ASCII, and list the accounts whose addresses are one address in two forms."""

from collections import defaultdict

import idna
from django.db import migrations, models

import accounts.models


def in_ascii(email):
    """The address with its domain by IDNA 2008 after the mapping of UTS 46; as it is if it has no such form."""
    local, at, domain = email.rpartition('@')
    try:
        return local + at + idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return email


def normalise(apps, schema_editor):
    """Change what has one owner. Nobody else may be given an account, so two accounts of one address stay as they are."""
    User = apps.get_model('accounts', 'User')
    EmailAddress = apps.get_model('account', 'EmailAddress')
    owners = defaultdict(set)
    for rows in (User.objects.values_list('email', 'pk'), EmailAddress.objects.values_list('email', 'user_id')):
        for email, owner in rows.iterator():
            owners[in_ascii(email)].add((owner, email))
    for address, found in owners.items():
        people = {owner for owner, _ in found}
        written = {email for _, email in found}
        if written == {address}:
            continue
        if len(people) > 1:
            print(f'\n  One address in two forms, not changed: accounts {", ".join(sorted(map(str, people)))}', end='')
            continue
        [owner] = people
        User.objects.filter(pk=owner, email__in=written).update(email=address)
        of_owner = EmailAddress.objects.filter(user_id=owner, email__in=written)
        kept = of_owner.order_by('-verified', '-primary', 'pk').first()
        if kept:
            of_owner.exclude(pk=kept.pk).delete()
            of_owner.filter(pk=kept.pk).update(email=address)


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('accounts', '0008_second_factors_of_their_owner'),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='email',
            field=models.EmailField(max_length=254, unique=True, validators=[accounts.models.can_be_mailed], verbose_name='e-mail address'),
        ),
        migrations.RunPython(normalise, migrations.RunPython.noop),
    ]
