from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from configurator.models import OwnModel

pytestmark = pytest.mark.django_db

CONFIG = """{"model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
"num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 100}"""


def test_a_file_on_this_machine_is_kept_and_its_page_printed(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(CONFIG)
    output = StringIO()
    call_command("add_model", str(tmp_path / "config.json"), stdout=output)
    row = OwnModel.objects.get()
    assert output.getvalue() == f"{row.slug}  {row.name}\n/models/{row.slug}/\n"


def test_what_cannot_be_added_ends_with_a_sentence() -> None:
    with pytest.raises(CommandError, match="Paste a model's name on the hub"):
        call_command("add_model", "no such file")
