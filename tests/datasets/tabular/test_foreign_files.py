"""Files from all over the world become the tables that are in them."""

from __future__ import annotations

import numpy as np
import pytest

from playground.datasets import read_table
from tests.datasets.tabular.foreign_files import FILES, File


def test_there_are_at_least_forty_kinds() -> None:
    assert len(FILES) >= 40
    assert len({file.name for file in FILES}) == len(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_read_as_it_was_meant(file: File) -> None:
    reading = read_table(file.content)
    table = reading.table()
    assert reading.delimiter == file.delimiter
    assert file.content.decode(reading.encoding) == file.content.decode(file.encoding)
    assert table.columns == file.columns
    np.testing.assert_array_equal(table.x, file.x)
    if isinstance(file.y[0], str):
        assert [table.class_names[k] for k in table.y] == file.y
    else:
        assert (table.y.tolist(), table.class_names) == (file.y, ())
