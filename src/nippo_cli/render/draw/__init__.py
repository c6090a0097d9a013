"""How blocks become text: a terminal, a pipe, Markdown, JSON, CSV."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.render.draw.axis import (
        Scale as Scale,
        Tick as Tick,
        calendar_ticks as calendar_ticks,
        calendar_unit as calendar_unit,
        count_ticks as count_ticks,
        scale as scale,
        year_ticks as year_ticks,
    )
    from nippo_cli.render.draw.canvas import (
        Canvas as Canvas,
    )
    from nippo_cli.render.draw.emit import (
        Renderer as Renderer,
        TableWords as TableWords,
        draw as draw,
        draw_in_pieces as draw_in_pieces,
        draw_page as draw_page,
        draw_workbook as draw_workbook,
        title_of as title_of,
    )
    from nippo_cli.render.draw.glyphs import (
        Glyphs as Glyphs,
    )
    from nippo_cli.render.draw.layout import (
        lay_out as lay_out,
        spans as spans,
    )
    from nippo_cli.render.draw.page import (
        MOST_ENTRIES as MOST_ENTRIES,
        MOST_ROWS as MOST_ROWS,
        Block as Block,
        Cell as Cell,
        Column as Column,
        Details as Details,
        FactRows as FactRows,
        Heading as Heading,
        LetterBlock as LetterBlock,
        Page as Page,
        Picture as Picture,
        Prose as Prose,
        Run as Run,
        Screen as Screen,
        Span as Span,
        Table as Table,
        TextLines as TextLines,
        Tone as Tone,
    )
    from nippo_cli.render.draw.rows import (
        LazyGroups as LazyGroups,
        LazyRows as LazyRows,
    )
    from nippo_cli.render.draw.workbook import (
        AmountStyle as AmountStyle,
    )
    from nippo_cli.render.draw.wrap import (
        breaks as breaks,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "axis": "Scale Tick calendar_ticks calendar_unit count_ticks scale year_ticks",
            "canvas": "Canvas",
            "emit": "Renderer TableWords draw draw_in_pieces draw_page draw_workbook title_of",
            "glyphs": "Glyphs",
            "layout": "lay_out spans",
            "page": "MOST_ENTRIES MOST_ROWS Block Cell Column Details FactRows Heading LetterBlock Page Picture Prose Run Screen Span Table"
            " TextLines Tone",
            "rows": "LazyGroups LazyRows",
            "workbook": "AmountStyle",
            "wrap": "breaks",
        },
    )
