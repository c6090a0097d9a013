"""A picture on a sheet."""

from nippo_cli.render.draw.page import Picture
from nippo_cli.render.draw.svg.sheet import Drawing


def draw_svg(picture: Picture, wide: float) -> Drawing:
    """The picture on a sheet of a given width; its height follows from what there is to be drawn."""
    if picture.rows:
        from nippo_cli.render.draw.svg.rows import RowSheet

        return RowSheet(picture, wide).drawing()
    from nippo_cli.render.draw.svg.plane import PlaneSheet

    return PlaneSheet(picture, wide).drawing()
