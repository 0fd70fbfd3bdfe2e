"""Are we ready, what first, and what was never judged?"""

import streamlit as st

from gapgraph.explorer import charts, listing, state, text, views

found = state.assessment()
id = state.selected_engagement()
engagement = views.engagement(found, id)
criteria = [one for one in found.criteria if one.engagement == id]
colours = state.colours()

st.title("Readiness overview")
st.caption(text.markdown(views.headline(found, id)))

for column, kpi in zip(st.columns(5), views.kpis(found, id), strict=True):
    column.metric(
        kpi.label,
        kpi.value,
        kpi.note,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
        help=kpi.help,
    )

score_card, series_card = st.columns([1, 2.2])
with score_card.container(border=True, height="stretch"):
    st.markdown("#### Readiness score")
    score = engagement.readiness.score
    st.altair_chart(
        charts.score_ring(score, colours),
        width="stretch",
        key="score",
        alt="No readiness score" if score is None else f"Readiness score {score:.0f} of 100",
    )
    risk = views.risk(engagement)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Risk of a modified opinion")
        st.badge(text.markdown(risk.word), color=risk.tone, icon=risk.icon)
    reasons = views.reasons(engagement)
    row = st.container(horizontal=views.is_long(reasons))
    with row.popover("Reasons", icon=":material/list:") if views.is_long(reasons) else row.container():
        st.caption("  \n".join(text.markdown(reason) for reason in reasons))
    with row.popover("How the score is made", icon=":material/function:"):
        st.markdown(views.FORMULA)
        st.dataframe(
            views.score_table(criteria),
            hide_index=True,
            height=260,
            row_height=views.ROW_HEIGHT,
            key="weights",
        )
    st.caption(views.NO_OPINION)
with series_card.container(border=True, height="stretch"):
    st.markdown("#### Criteria by series")
    st.altair_chart(
        charts.series_bars(views.series_table(criteria), colours),
        width="stretch",
        key="series",
        alt="Stacked bars: criteria of each series by outcome",
    )

first = views.fix_first(found, id)
with st.container(border=True):
    head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    head.markdown("#### Fix first")
    head.page_link("app_pages/gaps.py", label="All gaps", icon=":material/arrow_forward:", icon_position="right")
    if not first:
        st.caption("No gap needs work.")
    else:
        st.caption("Quick wins before anything else, then by priority. Choose a row to open its gap.")
        chosen = st.dataframe(
            listing.gap_table(first, {}),
            hide_index=True,
            height="content",
            row_height=views.ROW_HEIGHT,
            placeholder="",
            column_order=listing.columns(without=("Due",)),
            column_config={
                "Severity": st.column_config.TextColumn(width=64),
                "Gap": st.column_config.TextColumn(width=300),
                "Subject": st.column_config.TextColumn(width=140),
                "Criteria": st.column_config.TextColumn(width=104),
                "Priority": st.column_config.NumberColumn(format="%.1f", width=56),
                "Quadrant": st.column_config.TextColumn(width=92),
                "Days": st.column_config.NumberColumn(format="%.4g", width=44),
                "Status": st.column_config.TextColumn(width=92),
                "Owner": st.column_config.TextColumn(width=76),
            },
            on_select="rerun",
            selection_mode="single-row",
            key="fix_first",
            alt="The gaps to begin with",
        )
        if chosen.selection.rows:
            st.switch_page("app_pages/gaps.py", query_params={"gap": first[chosen.selection.rows[0]].id})

with st.container(border=True):
    st.markdown("#### Ready for an examination?")
    for line in views.milestones(engagement):
        st.markdown(text.markdown(line))
    widths = {"What": 330, "Outcome": 130, "Gaps": 46, "Why": 520}
    config = {name: st.column_config.Column(width=width) for name, width in widths.items()}
    beside, checklist = st.tabs(["Beside controls", "Checklist"])
    for tab, parts, key in (
        (beside, engagement.readiness.parts, "parts"),
        (checklist, engagement.readiness.checklist, "checklist"),
    ):
        tab.dataframe(
            views.readiness_table(parts),
            hide_index=True,
            height=views.table_height(len(parts), most=16),
            row_height=views.ROW_HEIGHT,
            column_order=tuple(widths) if key == "parts" else ("Group", *widths),
            column_config={**config, "Group": st.column_config.Column(width=190)},
            key=key,
            alt="What an examination takes beside controls" if key == "parts" else "The readiness checklist",
        )
with st.container(border=True):
    st.markdown("#### Never evaluated")
    unjudged = views.not_concluded(found, id)
    if not any(unjudged.values()):
        st.caption("Every requirement was judged on its whole population.")
    else:
        st.caption("Requirements on which nothing, or not everything, could be concluded.")
        st.dataframe(
            unjudged,
            hide_index=True,
            height=views.table_height(len(unjudged["Why"])),
            row_height=views.ROW_HEIGHT,
            column_config={
                "Requirement": st.column_config.TextColumn(width=86),
                "Title": st.column_config.TextColumn(width=280),
                "Outcome": st.column_config.TextColumn(width=100),
                "Items": st.column_config.NumberColumn(width=46, help="Items on which nothing was concluded"),
                "Why": st.column_config.TextColumn(width=480),
            },
            key="not_concluded",
            alt="Requirements without a conclusion",
        )
with st.container(border=True):
    st.markdown("#### Input faults")
    faults = views.faults(found)
    if not any(faults.values()):
        st.caption("Every row and file could be read.")
    else:
        st.caption("What these rows could touch gets no conclusion until they are mended.")
        st.dataframe(
            faults,
            hide_index=True,
            height=views.table_height(len(faults["Where"])),
            row_height=views.ROW_HEIGHT,
            column_config={
                "Where": st.column_config.TextColumn(width=240),
                "What is wrong": st.column_config.TextColumn(width=600),
                "Touches": st.column_config.TextColumn(width=150),
            },
            key="faults",
            alt="Input faults with file and row",
        )
    notices, unused = views.faults(found, notices=True), found.meta.unused
    with st.container(horizontal=True):
        if any(notices.values()):
            with st.popover("Notices", icon=":material/info:", help="Messages that lost nothing"):
                st.dataframe(notices, hide_index=True, column_order=("Where", "What is wrong"), key="notices")
        if unused:
            with st.popover("Files not used", icon=":material/draft:", help="Files that no input takes"):
                st.text("\n".join(text.plain(name) for name in unused))
