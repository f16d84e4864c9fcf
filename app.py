"""Neural Playground: the server, and the frame around each page; the pages themselves are files under pages/.

``streamlit run`` imports this file once as a server, which makes itself ready at once, and then runs it again for each
page that is drawn."""

import streamlit as st

if __name__ == "__main__":
    from playground.classroom.bar_view import class_bar
    from playground.server.process import process
    from playground.web.layout import navigation, page_frame, tab_title
    from playground.web.theme_choice import menu_items

    page = navigation()
    st.set_page_config(page_title=tab_title(page), page_icon="static/icon.svg", layout="wide", menu_items=menu_items())
    page_frame(page)
    process()
    above = st.container()  # one place on the page, whatever it holds: what is below is not made anew
    if not st.context.is_embedded:
        with above:
            class_bar(page.url_path)
    page.run()
else:
    from starlette.middleware import Middleware

    from playground.classroom.answers import ClassroomAnswers
    from playground.server.startup import ready_ahead
    from playground.web.compression import CompressedFiles
    from playground.web.preloads import PreloadingPage
    from playground.web.stage_files import VersionedFiles

    files = [Middleware(CompressedFiles), Middleware(VersionedFiles), Middleware(PreloadingPage)]
    app = st.App(__file__, lifespan=ready_ahead, middleware=[Middleware(ClassroomAnswers), *files])
