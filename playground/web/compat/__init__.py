"""The only files that touch private parts of Streamlit: modules, attributes and files that it does not document.

Each says what is wrong without it, names the upstream issue or source, and the version in which it was seen. Where
Streamlit's insides are others, each leaves them as they are. Each has a test in ``tests/web/compat`` that fails once
the file is not needed any more, or once the private part is another one.
"""
