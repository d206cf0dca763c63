"""Inline Markdown and the HTML of other systems."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.markdown import plain_inline
from courses.facts.book import load_book
from quizzes.bank.pictures.texts import take_out
from quizzes.exchange.limits import MAX_TEXT
from quizzes.exchange.markup import from_html, from_plain, to_html, to_plain
from quizzes.exchange.simple_html import SimpleHtml

BOOK = load_book()
PNG = b"\x89PNG\r\n\x1a\n and so on"
HTML_AS_SHOWN = [
    ("<p>Satu <b>dua</b></p><p>tiga</p>", "Satu **dua**\\\n\\\ntiga"),
    ("satu<br>dua<br><br><br>tiga", "satu\\\ndua\\\n\\\ntiga"),
    ("<ul><li>a</li><li>b</li></ul>", "– a\\\n– b"),
    ("<ol><li>a<li>b</ol>", "1. a\\\n2. b"),
    ("<table><tr><td>1</td><td>2</td></tr><tr><td>3<td>4</table>", "1 | 2\\\n3 | 4"),
    ("x<sup>2</sup> H<sub>2</sub>O <u>u</u> a<sup>b</sup>", "x² H₂O *u* a^(b)"),
    ("<b><p>x</p><p>y</p></b>", "**x**\\\n\\\n**y**"),
    ("a<b> b </b>c <b><b>x</b></b>", "a **b** c **x**"),
    ("<a href='https://a.b/c_d'>[l*i]</a>", "[\\[l\\*i\\]](<https://a.b/c_d>)"),
    ("1 &lt; 2 &amp;amp; c\\d snake_case", "1 < 2 \\&amp; c\\d snake_case"),
    ("<h2>Judul</h2>teks<hr>lagi", "**Judul**\\\nteks\\\n\\\nlagi"),
    ("<pre>a\n  b</pre>", "a\\\nb"),
    ("", ""),
]


@pytest.mark.parametrize(("html", "markdown"), HTML_AS_SHOWN)
def test_html_becomes_lines_of_markdown(html: str, markdown: str) -> None:
    assert from_html(html).markdown == markdown


@pytest.mark.parametrize("text", ["{fakta:jht.rate}", "{ keliru:1|2}", "{gambar:x|y}", "{nilai:upah}"])
def test_nothing_in_a_file_is_a_mark_of_ours(text: str) -> None:
    for markdown in (
        from_plain(text),
        from_html(text).markdown,
        from_html(f"{text[0]}<b></b>{text[1:]}").markdown,
    ):
        assert take_out(markdown) == (markdown, [])
        assert plain_inline(markdown, book=BOOK, as_of=BOOK.as_of) == text


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1 _*`~![](){}<>&;:#\\|.-\n\"'¿é")))
def test_plain_text_reads_the_same_as_markdown_and_by_html(text: str) -> None:
    wanted = " ".join(text.split())
    markdown = from_plain(text)
    assert plain_inline(markdown, book=BOOK, as_of=BOOK.as_of) == wanted
    assert " ".join(to_plain(markdown).split()) == wanted
    again = from_html(to_html(markdown)).markdown
    assert " ".join(to_plain(again).split()) == wanted


def test_a_picture_is_named_by_what_is_in_it() -> None:
    found = from_html('<img src="@@PLUGINFILE@@/a%20b.png" alt="x|y{z}">', pictures={"a b.png": PNG})
    assert list(found.files.values()) == [PNG]
    (name,) = found.files
    assert found.markdown == f"{{gambar:{name}|x y z}}"
    assert to_html(found.markdown) == f'<img src="@@PLUGINFILE@@/{name}" alt="x y z">'
    assert to_plain(found.markdown) == "x y z"


def test_what_is_lost_is_said(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        found = from_html(
            '<script>x</script><img src="no.png" alt="pintu"><a href="http://a">b</a><video></video>'
        )
        said = " ".join(map(str, found.losses))
    assert found.markdown == "pintub"
    assert all(words in said for words in ("<script>", "<video>", "picture", "link"))


@pytest.mark.parametrize(
    "part", ["<b>", "<b><p>", "<table>", "<b>x</b> ", "<li>x", "<td>", "<!--", "{", "\\", "&"]
)
def test_a_hostile_text_is_read_quickly(part: str) -> None:
    begun = time.process_time()
    from_html(part * (MAX_TEXT // len(part)))
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("part", [" ", "\xa0", "<a", "<svg ", '<img src="', "<p ", '<a "<a'])
def test_a_hostile_text_between_words_is_read_quickly(part: str) -> None:
    begun = time.process_time()
    from_html(f"x{part * ((MAX_TEXT - 2) // len(part))}x")
    assert time.process_time() - begun < 2


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        from_html("x" * (MAX_TEXT + 1))


def test_no_script_goes_out() -> None:
    assert to_html("<script>x</script> [a](javascript:x) **b**\\\nc") == (
        "&lt;script&gt;x&lt;/script&gt; [a](javascript:x) <strong>b</strong><br>c"
    )


_WORDS = st.text(st.sampled_from("ab *_`[](){}!~\\&1.\n\t\xa0é"), max_size=8)


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(["p", "div", "b", "strong", "i", "em"])
    return st.builds(lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", tags, st.lists(inner, max_size=3))


@given(st.lists(st.recursive(_WORDS | st.just("<br>"), _element, max_leaves=8), max_size=4).map("".join))
def test_simple_html_is_read_as_a_tree_would_be(html: str) -> None:
    quick = from_html(html)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimpleHtml, "read", lambda _self, _html: None)
        slow = from_html(html)
    assert quick == slow


def test_a_usual_text_needs_no_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizzes.exchange.markup._Converter", None)
    assert from_html("<p dir='ltr'>Siapa <b>wajib</b><br></p><p>&nbsp;</p>").markdown == "Siapa **wajib**"
    with pytest.raises(TypeError):
        from_html("<ul><li>Siapa</li></ul>")
