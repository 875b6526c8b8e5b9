from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wallets", "0002_attempts_share_an_instruction"),
    ]

    operations = [
        migrations.AddField(
            model_name="act",
            name="after",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
