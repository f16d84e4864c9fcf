"""Neural Playground: the server, and the frame around each page; the pages themselves are files under pages/.

``streamlit run`` imports this file once as a server, which makes itself ready at once, and then runs it again for each
page that is drawn."""

import streamlit as st

if __name__ == "__main__":
    from playground.server.process import process
    from playground.web.layout import navigation, page_frame, tab_title
    from playground.web.theme_choice import menu_items

    page = navigation()
    st.set_page_config(page_title=tab_title(page), page_icon="static/icon.svg", layout="wide", menu_items=menu_items())
    page_frame(page)
    process()
    page.run()
else:
    from starlette.middleware import Middleware

    from playground.server.startup import ready_ahead
    from playground.web.compression import CompressedFiles
    from playground.web.preloads import PreloadingPage
    from playground.web.stage_files import VersionedFiles

    files = [Middleware(CompressedFiles), Middleware(VersionedFiles), Middleware(PreloadingPage)]
    app = st.App(__file__, lifespan=ready_ahead, middleware=files)
