from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("financing", "0004_acceptance_signed_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="attachments",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
