"""The command ``zhengce compare``: the notices of a data folder, compared with one another."""

from __future__ import annotations

import sys

from api.cli.language import Lang, told
from api.cli.running import Data, note_changes, reported, settings_of


def compare(*, data: Data = None, lang: Lang = None) -> None:
    """比较已有各文件的任务：哪些延续、重述另一份文件的任务，发布到 graph/comparisons。
    Compare the tasks of all notices: which continue or restate one of another notice."""
    with reported():
        from api.answers.remote_engine import writing
        from api.publication.publish import publish_comparisons

        settings = settings_of(data)
        with writing(settings) as snapshots:
            pairs = publish_comparisons(snapshots)
        print(told(f"已发布 {pairs} 对任务", f"{pairs} pairs of tasks published"), file=sys.stderr)
        note_changes(settings)
