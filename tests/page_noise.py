"""Random noise around and in a generated page: chrome, fillers, attributes, entities, white space."""

import re

from hypothesis import strategies as st

FILLERS = ("", "<p>&nbsp;</p>", "<!-- inizio -->", "<br>", "\n\n", '<p class="vuoto">\u00a0</p>')
ATTRIBUTES = ("", ' class="testo"', ' style="text-align: justify;"', ' align="left"', ' data-id="7"')
MENU = '<ul class="menu"><li><a href="/">Home</a></li><li><a href="/bandi">Bandi</a></li></ul>'
HEAD = (
    '<head><meta charset="utf-8"><title>{0}</title>'
    '<script>var t = "<table><tr><td>AFRICA</td></tr></table>";</script></head>'
)
TITLE = "Cooperazione internazionale"
LEGACY = (
    "<html>"
    + HEAD
    + '<body><table width="980"><tr><td colspan="2"><img src="/logo.png" alt="Provincia"></td></tr>'
    '<tr><td width="180">' + MENU + '</td><td id="content"><h1>{0}</h1>{1}</td></tr>'
    '<tr><td colspan="2"><small>Visite: 4512 - Agg. 12/03/2018</small></td></tr></table></body></html>'
)
MODERN = (
    '<!doctype html><html lang="it">'
    + HEAD
    + '<body><div class="cookiebar"><p>Questo sito utilizza i cookie.</p>'
    "<button>Accetto</button></div><header><nav>"
    + MENU
    + "</nav></header><main><h1>{0}</h1>{1}</main><aside><h2>In evidenza</h2>"
    "<ul><li>Festa dei popoli</li></ul></aside>"
    "<footer><p>Piazza del Municipio 1 - P. IVA 00000000000</p></footer></body></html>"
)
BARE = "<html>" + HEAD + "<body><h1>{0}</h1>{1}</body></html>"


@st.composite
def clothe(draw: st.DrawFn, content: str) -> str:
    """Return a whole page around `content`, whose paragraphs and cells get random attributes and entities."""
    attribute = draw(st.sampled_from(ATTRIBUTES))
    content = re.sub(r"<(p|td|li|h2|h3)>", lambda found: f"<{found[1]}{attribute}>", content)
    if draw(st.booleans()):
        content = content.replace("à", "&agrave;").replace("é", "&#233;").replace("'", "&#39;")
    if draw(st.booleans()):
        content = content.replace("><", ">\n  <")
    page = draw(st.sampled_from((LEGACY, MODERN, BARE)))
    return page.format(TITLE, draw(st.sampled_from(FILLERS)) + content + draw(st.sampled_from(FILLERS)))
