"""Which gaps, why, and what to do about each."""

import streamlit as st

from gapgraph.explorer import charts, detail, listing, state, text, views

found = state.assessment()
colours = state.colours()
labels = state.labels_by_id(found)


def multiselect(label: str, options: list[str], key: str) -> tuple[str, ...]:
    """A filter that stands in the link."""
    return tuple(
        st.multiselect(
            label,
            options,
            key=key,
            bind="query-params",
            placeholder=label,
            label_visibility="collapsed",
            wrap=False,
        )
    )


st.title("Gaps")
choices = listing.choices(found)
bar = st.columns([2.2, 1.1, 1, 1.1, 1.1, 0.7], vertical_alignment="center")
with bar[0]:
    search = st.text_input(
        "Search gaps",
        placeholder="Search title, subject, control, owner …",
        type="search",
        live=True,
        key="q",
        bind="query-params",
        label_visibility="collapsed",
        icon=":material/search:",
    )
with bar[1]:
    severities = multiselect("Severity", choices["severities"], "severity")
with bar[2]:
    kinds = multiselect("Kind", choices["kinds"], "kind")
with bar[3]:
    statuses = multiselect("Status", choices["statuses"], "status")
with bar[4]:
    criteria = multiselect("Criterion", choices["criteria"], "criterion")
note, right = st.columns([3, 1], vertical_alignment="center")
switch = right.container(horizontal=True, horizontal_alignment="right")
everywhere = len(found.engagements) > 1 and switch.toggle("All engagements", key="all", bind="query-params")
shown = listing.gaps(
    found,
    None if everywhere else state.selected_engagement(),
    listing.Filters(search or "", kinds, severities, statuses, criteria),
)
note.caption(listing.list_note(found, shown))
bar[5].download_button(
    "CSV",
    listing.gaps_csv(found, shown),
    "gaps.csv",
    "text/csv",
    icon=":material/download:",
    on_click="ignore",
    width="stretch",
    help="The gaps of the list",
)

wanted = st.query_params.get("gap")
index = listing.position(shown, wanted)
if wanted and index < 0:
    st.warning(listing.missing_note(found, wanted), icon=":material/search_off:")
if not shown:
    st.info("No gap passes these filters.", icon=":material/filter_alt_off:")
    st.stop()
index = max(index, 0)
ids = [gap.id for gap in shown]
table_key = state.table_key(ids)
event = st.dataframe(
    listing.gap_table(shown, labels),
    hide_index=True,
    height=views.table_height(len(shown)),
    row_height=views.ROW_HEIGHT,
    placeholder="",
    column_order=listing.columns(everywhere=everywhere),
    column_config={
        "Severity": st.column_config.TextColumn(width=66),
        "Gap": st.column_config.TextColumn(width=272),
        "Subject": st.column_config.TextColumn(width=138),
        "Criteria": st.column_config.TextColumn(width=100),
        "Priority": st.column_config.NumberColumn(format="%.1f", width=54),
        "Quadrant": st.column_config.TextColumn(width=92),
        "Days": st.column_config.NumberColumn(format="%.4g", width=42),
        "Status": st.column_config.TextColumn(width=92),
        "Owner": st.column_config.TextColumn(width=76),
        "Due": st.column_config.DateColumn(format="YYYY-MM-DD", width=78),
        "Engagement": st.column_config.TextColumn(width=110),
    },
    on_select=lambda: state.open_row(table_key, ids),
    selection_mode="single-row-required",
    selection_default={"selection": {"rows": [index]}},
    key=table_key,
    alt="Gaps; the chosen one is shown below",
)
state.follow(event.selection.rows, index)

gap = shown[index]
explained = state.explained(found, gap.id)
with st.container(border=True):
    head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    head.markdown(f"#### {text.markdown(gap.title)} · {text.markdown(gap.subject_label)}")
    steps = head.container(horizontal=True, width="content", vertical_alignment="center", gap="small")
    steps.caption(f"{index + 1} of {len(shown)}", width="content")
    for label, icon, target in (
        ("Previous", "chevron_left", index - 1),
        ("Next", "chevron_right", index + 1),
    ):
        steps.button(
            label,
            icon=f":material/{icon}:",
            icon_position="left" if target < index else "right",
            key=label.lower(),
            type="tertiary",
            disabled=not 0 <= target < len(shown),
            on_click=state.open_gap,
            args=(ids[target % len(ids)],),
        )
    with st.container(horizontal=True, gap="small"):
        for badge in detail.badges(gap):
            st.badge(text.markdown(badge.text), color=badge.tone, help=badge.help)
    why, fix, evidence, rdf = st.tabs(["Why", "Fix", "Evidence", "RDF"], key="tab", bind="query-params")

    with why:
        st.markdown(text.markdown(detail.summary(explained)))
        chosen = 0
        if len(gap.deviations) > 1:
            items = detail.deviation_labels(gap)
            chosen = items.index(
                st.selectbox("Deviation", items, key=f"deviation-{gap.id}", label_visibility="collapsed", width=420)
            )
        trace = detail.trace(explained, chosen)
        st.graphviz_chart(
            charts.trace_dot(trace, colours),
            width="stretch",
            alt="Trace: " + ", ".join(step.name for step in trace),
        )
        st.markdown(
            "  \n".join(
                f"**{step.kind_word} · {text.markdown(step.name)}** — {text.markdown(step.sentence)}" for step in trace
            )
        )

    with fix:
        left, right = st.columns([1.2, 1])
        with left:
            st.markdown("**What to do**")
            st.text(text.plain(gap.remediation))
            st.markdown("**What closes it**")
            st.text(text.plain(gap.closing_evidence))
            for other in detail.siblings(found, gap):
                st.page_link(
                    "app_pages/gaps.py",
                    label=f"The same fix counts in {text.markdown(labels[other.engagement])}",
                    icon=":material/link:",
                    query_params={"gap": other.id, "all": "true", "tab": "Fix"},
                )
            if gap.history:
                st.markdown("**History**")
                st.text("\n".join(text.plain(entry) for entry in gap.history))
        with right:
            st.dataframe(
                detail.fix_table(gap),
                hide_index=True,
                height="content",
                row_height=views.ROW_HEIGHT,
                column_config={
                    "Estimate": st.column_config.TextColumn(width=80),
                    "Value": st.column_config.TextColumn(width=100),
                    "Basis": st.column_config.TextColumn(width=240),
                },
                key="estimates",
                alt="Estimates behind the fix",
            )

    with evidence:
        st.caption("What was found on each item, and the file and row it was read from.")
        st.dataframe(
            detail.evidence_table(gap),
            hide_index=True,
            height=views.table_height(len(gap.deviations)),
            row_height=views.ROW_HEIGHT,
            placeholder="",
            column_config={
                "Item": st.column_config.TextColumn(width=160),
                "Day": st.column_config.DateColumn(format="YYYY-MM-DD", width=80),
                "Counts as": st.column_config.TextColumn(width=120),
                "Check": st.column_config.TextColumn(width=180),
                "Found": st.column_config.TextColumn(width=90),
                "Takes": st.column_config.TextColumn(width=120),
                "File": st.column_config.TextColumn(width=170),
                "Row": st.column_config.NumberColumn(width=44),
            },
            key="deviations",
            alt="Deviations with their sources",
        )
        st.dataframe(
            detail.files(found, gap),
            hide_index=True,
            height="content",
            row_height=views.ROW_HEIGHT,
            column_config={
                "File": st.column_config.TextColumn(width=200),
                "Rows": st.column_config.TextColumn(width=220),
                "Statements": st.column_config.NumberColumn(width=84),
                "SHA-256": st.column_config.TextColumn(width=460),
            },
            key="files",
            alt="Files that the facts came from",
        )

        st.caption("The rows as the files hold them now.")
        rows = detail.rows_table(explained)
        st.dataframe(
            rows,
            hide_index=True,
            height=views.table_height(len(rows["Value"])),
            row_height=views.ROW_HEIGHT,
            column_config={
                "Where": st.column_config.TextColumn(width=240),
                "Column": st.column_config.TextColumn(width=180),
                "Value": st.column_config.TextColumn(width=560),
            },
            key="rows",
            alt="Rows of the files",
        )

    with rdf:
        st.markdown("**Names in the graph**")
        st.code(detail.identifiers(explained, chosen), language=None, wrap_lines=True)
        shape, example = st.columns(2)
        with shape:
            st.markdown("**The requirement's shape**")
            turtle = detail.requirement_turtle(gap.requirement)
            if turtle:
                st.code(turtle, language=None, wrap_lines=True)
            else:
                st.caption("The package has no shape of this requirement.")
        with example:
            st.markdown("**What would satisfy it**")
            if explained.example:
                st.code(explained.example.turtle, language=None, wrap_lines=True)
                st.caption(text.markdown(explained.example.name))
            else:
                st.caption("The package has no example of this requirement.")
