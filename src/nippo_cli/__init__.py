"""nippo: a sales diary that answers back."""

__version__ = "0.1.0"
