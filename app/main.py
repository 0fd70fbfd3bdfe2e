"""The frame of the explorer: pages, the engagement selector, and what to show when there is no assessment."""

import streamlit as st

from gapgraph import assets
from gapgraph.explorer import state, text, views

st.set_page_config(page_title="gapgraph", page_icon=str(assets.path("app", "static", "icon.png")), layout="wide")
st.html(assets.path("app", "static", "explorer.css"))
page = st.navigation(
    [
        st.Page("app_pages/overview.py", title="Overview", icon=":material/speed:", default=True),
        st.Page("app_pages/gaps.py", title="Gaps", icon=":material/rule:", url_path="gaps"),
    ]
)
found = state.current()
with st.sidebar:
    if not isinstance(found, state.Problem):
        labels = views.engagement_labels(found)
        if labels:
            chosen = st.selectbox(
                "Engagement",
                list(labels),
                index=views.first_engagement(found),
                key="engagement",
                bind="query-params",
            )
            state.select_engagement(labels[chosen])
        st.caption(f"**{text.markdown(found.meta.organisation)}**  \n{text.markdown(views.data_note(found))}")
    st.button(
        "Reload",
        icon=":material/refresh:",
        on_click=state.reload,
        key="reload",
        width="stretch",
        help="Reads the workspace again; its files are never watched.",
    )

if isinstance(found, state.Problem):
    st.title("This workspace cannot be shown")
    st.error(text.markdown(found.line), icon=":material/error:")
    st.caption("Nothing was judged. Mend what the line names, then press Reload.")
    st.stop()
if not found.engagements:
    st.title("No engagement yet")
    st.info(r"Add an engagement to gapgraph\.toml: framework, type, day and, for Type II, the period.")
    st.stop()
page.run()
