"""A class of visitors before a real server: Streamlit's own messages over real sockets, and two browsers among them."""
