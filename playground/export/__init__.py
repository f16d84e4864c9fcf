"""An experiment as code, or as an equation: what can run, or be read, without this project."""

from playground.export.export import EXPORTS, Export, export, export_file

__all__ = ["EXPORTS", "Export", "export", "export_file"]
