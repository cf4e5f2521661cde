"""Lines of watches keep slug and name of a part that leaves the catalog; alerts keep no listing's id in clear any more."""

import django.db.models.deletion
from django.db import migrations, models
from django.utils.crypto import salted_hmac

CHUNK = 2_000


def name_lines(apps, schema_editor):
    Part, WatchLine = apps.get_model("catalog", "Part"), apps.get_model("sourcing", "WatchLine")
    part = Part.objects.filter(pk=models.OuterRef("part"))
    WatchLine.objects.update(
        slug=models.Subquery(part.values("slug")[:1]), name=models.Subquery(part.values("name")[:1])
    )


def hash_keys(apps, schema_editor):
    for model, field in (("Firing", "key"), ("Alert", "key"), ("Watch", "last_key")):
        rows = apps.get_model("sourcing", model).objects.exclude(**{field: ""}).only(field).order_by("pk")
        last = 0
        while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
            last = chunk[-1].pk
            for row in chunk:
                setattr(row, field, hashed(getattr(row, field)))
            rows.model.objects.bulk_update(chunk, [field], batch_size=500)


def hashed(key):
    """As Listing.key makes them; what is one already stays. A set of listings cannot be put together again: it becomes another one, which is told
    anew only where it is cheaper."""
    if "|" not in key and not key.startswith("all:"):
        return key
    digest = salted_hmac("sourcing.listing", key, algorithm="sha256").hexdigest()[:40]
    return f"all:{digest}" if key.startswith("all:") else digest


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
        ('sourcing', '0007_mailbox_uses'),
    ]

    operations = [
        migrations.AddField(
            model_name='watchline',
            name='slug',
            field=models.CharField(default='', max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='watchline',
            name='name',
            field=models.CharField(default='', max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(name_lines, migrations.RunPython.noop),
        migrations.RunPython(hash_keys, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='watchline',
            name='sourcing_watch_line_once',
        ),
        migrations.AlterField(
            model_name='watchline',
            name='part',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='watch_lines', to='catalog.part'),
        ),
        migrations.AddIndex(
            model_name='watchline',
            index=models.Index(condition=models.Q(('part', None)), fields=['slug'], name='sourcing_watch_line_gone'),
        ),
        migrations.AddConstraint(
            model_name='watchline',
            constraint=models.UniqueConstraint(fields=('watch', 'slug'), name='sourcing_watch_line_once'),
        ),
        migrations.AddConstraint(
            model_name='watchline',
            constraint=models.CheckConstraint(condition=models.Q(('slug', ''), _negated=True), name='sourcing_watch_line_slug'),
        ),
        migrations.AddField(
            model_name='firing',
            name='settled',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RemoveIndex(
            model_name='quote',
            name='sourcing_quote_of_session',
        ),
        migrations.RenameField(
            model_name='quote',
            old_name='session_key',
            new_name='owner_key',
        ),
        migrations.AlterField(
            model_name='quote',
            name='owner_key',
            field=models.CharField(help_text="The browser's own, see sourcing.quotes_key.", max_length=40),
        ),
        migrations.AddIndex(
            model_name='quote',
            index=models.Index(fields=['owner_key', 'part'], name='sourcing_quote_of_owner'),
        ),
        migrations.AlterField(
            model_name='listing',
            name='priced_at',
            field=models.DateTimeField(help_text='When what it sells, and for how much, was first read as it is now.', null=True),
        ),
    ]
