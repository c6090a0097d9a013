"""Makes the story that `nippo demo` tells. The product knows only the file that `tools/make_demo.py` writes of it."""
