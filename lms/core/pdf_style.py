"""What every PDF has before its own style: the bundled faces, and how elements look by themselves."""

from __future__ import annotations

DEFAULT_STYLE = """
head,link,meta,script,style,title{display:none}
html,body,article,div,dl,dt,dd,figure,h1,h2,h3,main,ol,p,section,ul{display:block}
li{display:list-item}ol{list-style-type:decimal}ul{list-style-type:disc}
table{display:table;border-spacing:0;box-sizing:border-box;text-indent:0}caption{display:table-caption}thead{display:table-header-group}
tbody{display:table-row-group}tr{display:table-row}td,th{display:table-cell;padding:0;vertical-align:inherit}
b,strong,th,h1,h2,h3{font-weight:bold}em,i{font-style:italic}small{font-size:smaller}
br::before{content:"\\A";white-space:pre-line}::marker{white-space:pre}
h1,h2,h3{break-after:avoid;break-inside:avoid}img,svg{overflow:hidden}ol,ul{counter-reset:list-item}
h1{bookmark-level:1}h2{bookmark-level:2}h3{bookmark-level:3}h1,h2,h3{bookmark-label:content(text)}
"""
"""What elements look like by themselves; WeasyPrint's own style has many more rules to try on each."""

FACES = (
    ("Spectral-Regular.ttf", 400, "normal"),
    ("Spectral-Italic.ttf", 400, "italic"),
    ("Spectral-Medium.ttf", 500, "normal"),
    ("Spectral-SemiBold.ttf", 600, "normal"),
    ("Spectral-Bold.ttf", 700, "normal"),
)
"""The bundled faces: file, weight, style. Every document has them as the family "Spectral"."""
FONT_SCHEME = "penggerak-font:"


def font_faces() -> str:
    """Return the style that makes the bundled faces the family of every document."""
    faces = [
        f"@font-face{{font-family:Spectral;font-weight:{weight};font-style:{style};src:url({FONT_SCHEME}{name})}}"
        for name, weight, style in FACES
    ]
    return "".join(faces) + "html{font-family:Spectral}"
