"""How Sphinx makes the site of the sources that `sources.py` has written."""

project = "signalspec"
html_title = "signalspec"
extensions = ["myst_parser"]
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
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
