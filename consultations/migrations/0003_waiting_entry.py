import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Only names in the code change: the table, its columns, indexes and constraints keep theirs."""

    dependencies = [
        ('consultations', '0002_wait_without_before'),
    ]

    operations = [
        migrations.AlterModelTable(name='wait', table='consultations_wait'),
        migrations.RenameModel(old_name='Wait', new_name='WaitingEntry'),  # the content type with it
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField(model_name='message', old_name='wait', new_name='waiting_entry'),
                migrations.AlterField(
                    model_name='message',
                    name='waiting_entry',
                    field=models.ForeignKey(db_column='wait_id', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='consultations.waitingentry'),
                ),
                migrations.RemoveConstraint(model_name='offer', name='offer_once'),
                migrations.RenameField(model_name='offer', old_name='wait', new_name='waiting_entry'),
                migrations.AlterField(
                    model_name='offer',
                    name='waiting_entry',
                    field=models.ForeignKey(db_column='wait_id', db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='consultations.waitingentry'),
                ),
                migrations.AddConstraint(
                    model_name='offer',
                    constraint=models.UniqueConstraint(fields=('waiting_entry', 'slot'), name='offer_once'),
                ),
            ],
        ),
    ]
