"""A field of the experiment within a sentence: by its label on a page, by its own name in links and on the command
line."""

from __future__ import annotations

from typing import Any, SupportsIndex

from playground.experiment.fields import CountedSentence
from playground.language import Translatable


class FieldName(Translatable):
    """What a sentence calls a field: ``english`` there, its ``label`` in every other language."""

    def __new__(cls, english: str, label: str) -> FieldName:
        self = str.__new__(cls, english)
        self.template, self.plural, self.quantity, self.values = str(label), "", 1, {}
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return FieldName, (str(self), self.template)


def label_inside(label: str) -> FieldName:
    """The ``label`` within an English sentence: without its capital, unless it is a sign such as L2."""
    return FieldName(label if label[1:2].isdigit() else label[:1].lower() + label[1:], label)


def name_field(sentence: str, name: str, label: str) -> str:
    """``sentence`` with the page's ``label`` for the field ``name`` that it begins with, and that a sentence within it
    may begin with again."""
    if isinstance(sentence, CountedSentence):
        return CountedSentence(name_field(sentence.first, name, label), sentence.others)
    if not isinstance(sentence, Translatable) or not sentence.values:
        return label + sentence[len(name) :].replace(f": {name} ", f": {label_inside(label)} ", 1)
    values = {
        place: label
        if value == name
        else name_field(value, name, label_inside(label))
        if isinstance(value, Translatable) and value.startswith(f"{name} ")
        else value
        for place, value in sentence.values.items()
    }
    return Translatable(sentence.template, values, plural=sentence.plural, count=sentence.quantity)
