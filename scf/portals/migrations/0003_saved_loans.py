"""The list of loans may be kept with its filters."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("portals", "0002_saved_views_and_returned_versions")]

    operations = [
        migrations.AlterField(
            model_name="savedview",
            name="page",
            field=models.CharField(
                choices=[("applications", "融资"), ("loans", "贷款"), ("orders", "订单")],
                max_length=20,
            ),
        ),
    ]
