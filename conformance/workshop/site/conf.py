"""How Sphinx makes the site of the sources that `sources.py` has written."""

from typing import Any

project = "signalspec"
html_title = "signalspec"
extensions = ["myst_parser"]
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_favicon = "static/favicon.svg"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("examples.js", {"defer": "defer"}), ("filter.js", {"defer": "defer"})]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    # Dark enough on white, and light enough on black, to be read by everybody.
    "light_css_variables": {"color-brand-primary": "#0b5a85", "color-brand-content": "#0b5a85"},
    "dark_css_variables": {"color-brand-primary": "#7cc4f0", "color-brand-content": "#7cc4f0"},
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def setup(app: Any) -> None:
    """Mend what the theme leaves out, after the theme has made it."""
    app.connect("html-page-context", _with_levels, priority=900)


def _with_levels(app: Any, name: str, template: str, context: dict[str, Any], tree: object) -> None:
    # A heading by its role needs a level.
    for key in ("furo_navigation_tree", "body"):
        if key in context:
            context[key] = context[key].replace('role="heading"', 'role="heading" aria-level="2"')
