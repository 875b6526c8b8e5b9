from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chain", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="chaincommand",
            name="untold_attempts",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="chaincommand",
            name="untold_error",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="chaincommand",
            name="untold_retry_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
