"""Pictures as shapes of SVG: where each stands for a given width. What they look like is the page's style."""
