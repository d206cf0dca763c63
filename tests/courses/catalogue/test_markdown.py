"""Course Markdown at a law date."""

from __future__ import annotations

from datetime import date

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.catalogue import markdown
from courses.catalogue.markdown import MarkdownFault, Rendered, plain_inline, render_inline, render_lesson
from courses.facts.book import load_book

BOOK = load_book()
TRAINING = date(2016, 10, 19)
TOTAL = "jkm.benefit.total_without_scholarship"


def lesson(text: str, as_of: date = BOOK.as_of) -> Rendered:
    return render_lesson(text, book=BOOK, as_of=as_of, check=lambda key: f"<fieldset>{key}</fieldset>")


def inline(text: str, as_of: date = BOOK.as_of, *, links: bool = False) -> str:
    return render_inline(text, book=BOOK, as_of=as_of, links=links)


def fault(text: str, as_of: date = BOOK.as_of) -> MarkdownFault:
    with pytest.raises(MarkdownFault) as refused:
        lesson(text, as_of)
    return refused.value


# Facts


def test_a_number_of_the_law_follows_the_law_date() -> None:
    text = f"Jumlahnya {{fakta:{TOTAL}}}."

    assert ">Rp24.000.000</a>" in lesson(text, TRAINING).html
    assert ">Rp42.000.000</a>" in lesson(text).html


def test_a_number_can_be_asked_for_at_another_date() -> None:
    html = lesson(f"Dulu {{fakta:{TOTAL}@2016-08-31}}, kini {{fakta:{TOTAL}}}.").html

    assert ">Rp24.000.000</a>, kini" in html
    assert ">Rp42.000.000</a>." in html


def test_a_number_links_to_its_citation_and_back() -> None:
    html = lesson(f"Jumlahnya {{fakta:{TOTAL}}}.").html

    assert 'id="fakta_1_1" href="#dasar_1"' in html
    assert (
        '<li id="dasar_1"><strong>Rp42.000.000</strong> – <a href="/hukum#pp-82-2019">PP 82/2019</a>' in html
    )
    assert 'href="#fakta_1_1"' in html
    assert f'href="/fakta/{TOTAL}"' in html


def test_a_number_used_twice_has_one_note_and_two_ways_back() -> None:
    html = lesson(f"{{fakta:{TOTAL}}} dan {{fakta:{TOTAL}}}").html

    assert html.count("<li id=") == 1
    assert 'href="#fakta_1_1"' in html
    assert 'href="#fakta_1_2"' in html


def test_the_note_says_which_law_date_the_page_has() -> None:
    assert "19 Oktober 2016" in lesson(f"{{fakta:{TOTAL}}}", TRAINING).html


def test_a_number_nobody_checked_carries_a_warning() -> None:
    doubtful = next(f for h in BOOK.facts.values() for f in h if f.is_doubtful)
    text = f"{{fakta:{doubtful.key}@{doubtful.valid_from}}}"

    assert "belum diperiksa</span>" in lesson(text).html
    assert "(belum diperiksa)" in plain_inline(text, book=BOOK, as_of=BOOK.as_of)


# Other marks


def test_a_misquote_is_struck_out_with_its_reason() -> None:
    html = lesson("Bukan {keliru:Rp20.000.000|angka lama}.").html

    assert '<s class="misquote">Rp20.000.000</s> (keliru: angka lama)' in html


def test_a_citation_links_to_the_law() -> None:
    assert (
        '<a class="law" href="/hukum#uu-24-2011">Pasal 55 UU 24/2011</a>'
        in lesson("{pasal:uu-24-2011/55}").html
    )


def test_a_term_is_explained_once_at_the_end() -> None:
    html = lesson("Seorang {istilah:bpu|peserta mandiri} dan {istilah:bpu}.").html

    assert '<a class="term" id="di_bpu" href="#istilah_bpu">peserta mandiri</a>' in html
    assert html.count('<div id="istilah_bpu"><dt>bukan penerima upah (BPU)</dt>') == 1


def test_marks_work_in_tables_emphasis_lists_and_over_a_line_break() -> None:
    html = lesson(
        f"| A | B |\n|---|---|\n| {{istilah:bpu|BPU}} | {{keliru:1|2}} |\n\n"
        f"- **{{fakta:{TOTAL}}}**\n- {{istilah:bpu|pekerja\nmandiri}}\n"
    ).html

    assert html.count("<td>") == 2
    assert '<strong><a class="fact-value"' in html
    assert ">pekerja mandiri</a>" in html


# Boxes


def test_a_block_is_shown_only_while_it_is_in_force() -> None:
    text = "::: berlaku jkp\nAda JKP.\n:::\n\n::: berlaku !jkp\nBelum ada.\n:::\n"

    assert "Ada JKP." in lesson(text).html
    assert "Belum ada." not in lesson(text).html
    assert "Ada JKP." not in lesson(text, TRAINING).html
    assert "Belum ada." in lesson(text, TRAINING).html


def test_a_hidden_block_leaves_no_number_note_term_or_word() -> None:
    text = "Satu.\n\n::: berlaku jkp\n## Judul\n{fakta:jkp.benefit.cash.months_1_6} {istilah:jkp}\n:::\n"

    hidden = lesson(text, TRAINING)

    assert (hidden.html, hidden.outline, hidden.word_count) == ("<p>Satu.</p>\n", [], 1)


def test_boxes_nest_and_carry_their_title() -> None:
    html = lesson("::: berlaku jkp\n::: contoh Bu *Sri*\nIsi.\n:::\n:::\n").html

    assert '<div class="box box-contoh">' in html
    assert '<span class="box-kind">Contoh</span> Bu <em>Sri</em>' in html


def test_a_self_check_goes_where_it_stands_after_cleaning() -> None:
    html = lesson("Satu.\n\n::: cek jkm-01\n:::\n\nDua.").html

    assert html.index("Satu.") < html.index("<fieldset>jkm-01</fieldset>") < html.index("Dua.")


def test_two_self_checks_keep_their_places() -> None:
    html = lesson("::: cek a-01\n:::\n\n::: cek a-02\n:::\n").html

    assert html.index("a-01") < html.index("a-02")
    assert "check-slot" not in html


# Headings, tables, links


def test_headings_get_anchors_from_their_words() -> None:
    rendered = lesson("## Tugas utama (1)\n\n### Lebih *jauh*\n\n## Tugas utama (1)\n\n## Main\n")

    assert rendered.outline == [
        ["tugas-utama-1", "Tugas utama (1)"],
        ["tugas-utama-1-2", "Tugas utama (1)"],
        ["main-2", "Main"],
    ]
    assert rendered.anchors == {"tugas-utama-1", "lebih-jauh", "tugas-utama-1-2", "main-2"}


def test_a_table_scrolls_by_itself_and_names_its_columns() -> None:
    html = lesson("| Skala | JKK |\n|---|--:|\n| Besar | W |\n").html

    assert (
        '<div class="table-box" role="region" aria-label="Tabel 1: Skala, JKK" tabindex="0"><table>' in html
    )
    assert '<th scope="col">Skala</th>' in html
    assert '<td class="end">W</td>' in html
    assert "style=" not in html


def test_under_an_empty_corner_the_first_cell_names_its_row() -> None:
    html = lesson("| | Dana | BPJS |\n|---|---|---|\n| Nama | a | b |\n").html

    assert '<th scope="row">Nama</th>' in html


def test_words_are_counted_as_read() -> None:
    assert lesson("Satu *dua* {istilah:bpu|tiga empat}.\n\n## Lima\n").word_count == 5


# Safety


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](https://a.test \"onclick='alert(1)'\")",
        "{istilah:bpu|<script>alert(1)</script>}",
        "{keliru:<b onclick=x>|<i>}",
        '{istilah:bpu|" onmouseover="x}',
        "::: contoh <script>alert(1)</script>\nx\n:::",
        "## <img src=x onerror=alert(1)>",
        "| <script> | b |\n|---|---|\n| x | y |",
        "`<script>`",
        "&lt;script&gt;",
    ],
)
def test_html_in_a_text_stays_text(text: str) -> None:
    tree = html5lib.parseFragment(lesson(text).html, namespaceHTMLElements=False)

    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} & {
        "script",
        "img",
        "b",
        "i",
    } == set()
    assert not [
        name for element in tree.iter() for name in element.attrib if name.startswith("on") or name == "style"
    ]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.test", "http://a.test", "../x", "ftp://x"]
)
def test_a_link_elsewhere_than_https_is_refused(url: str) -> None:
    assert "https" in fault(f"Satu.\n\n[x]({url})").message


def test_html_is_valid() -> None:
    marks = f"{{fakta:{TOTAL}}} {{istilah:bpu}} {{pasal:uu-24-2011/55}} {{keliru:1|2}}"
    blocks = "::: penting B\n- x\n\n1. y\n:::\n\n> kutip\n\n---\n\n`kode`\n"
    html = lesson(f"{marks}\n\n## A\n\n| a | b |\n|---|---|\n| c | d |\n\n{blocks}").html
    parser = html5lib.HTMLParser()

    parser.parse(f"<!doctype html><html><head><title>x</title></head><body>{html}</body></html>")

    assert parser.errors == []


# Faults


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Satu.\n\n{fakta:jkm.nothing}", 3, "no fact"),
        ("Satu\ndua\n{fakta:jkm.nothing}", 3, "no fact"),
        ("{fakta:jkm.benefit.funeral@2016-02-30}", 1, "date"),
        ("{fakta:jkm.benefit.funeral@1999-01-01}", 1, "no value"),
        ("{pasal:uu-1-1999/1}", 1, "law"),
        ("{pasal:pasal 5}", 1, "citation"),
        ("{istilah:apa-ini}", 1, "term"),
        ("{keliru:Rp20}", 1, "reason"),
        ("{fact:jkm.benefit.funeral}", 1, "no mark"),
        ("Satu {fakta:jkm.benefit.funeral", 1, "missing"),
        ("- a\n- {istilah:apa-ini}", 2, "term"),
        ("| a | b |\n|---|---|\n| c | {istilah:apa-ini} |", 3, "term"),
        ("## {istilah:apa-ini}", 1, "term"),
        ("a\n\n# Judul", 3, "Headings"),
        ("## A\n\n#### B", 3, "Headings"),
        ("## ~~", 1, "no words"),
        ("| a | |\n|---|---|\n| c | d |", 1, "column"),
        ("![x](y.png)", 1, "Pictures"),
        ("a\n\n::: berlaku jkp\nb", 3, "not closed"),
        ("a\n\n:::\n", 3, "none is open"),
        ("::: apa\nb\n:::", 1, "no block"),
        ("::: berlaku xyz\nb\n:::", 1, "neither"),
        ("::: berlaku jkp.nothing\nb\n:::", 1, "no fact"),
        ("::: cek\n:::", 1, "id"),
        ("::: cek a-01\nIsi\n:::", 2, "empty"),
        ("a\n\n::: contoh B\n{istilah:apa-ini}\n:::", 4, "term"),
        ("a\n\n::: contoh {istilah:apa-ini}\nb\n:::", 3, "term"),
    ],
)
def test_a_fault_has_its_line(text: str, line: int, words: str) -> None:
    found = fault(text)

    assert found.line == line
    assert words in found.message


@pytest.mark.parametrize(
    ("mark", "words"),
    [("{fakta:jkp.nothing}", "fact"), ("{istilah:apa-ini|x}", "term"), ("{pasal:uu-1-1999/1}", "law")],
)
def test_a_name_in_a_hidden_block_must_exist_too(mark: str, words: str) -> None:
    found = fault(f"a\n\n::: berlaku jkp\nb\n{mark}\n:::\n", TRAINING)

    assert (found.line, words in found.message) == (5, True)


def test_a_self_check_that_is_refused_has_its_line() -> None:
    def refuse(_key: str) -> str:
        raise ValueError("tidak ada")

    with pytest.raises(MarkdownFault, match="tidak ada") as refused:
        render_lesson("a\n\n::: cek x-01\n:::\n", book=BOOK, as_of=TRAINING, check=refuse)

    assert refused.value.line == 3


def test_all_faults_of_a_text_are_named_at_once() -> None:
    found = fault("{istilah:apa-ini}\n\n{fakta:jkm.nothing}\n")

    assert [one.line for one in found.faults] == [1, 3]


# Phrases of questions


def test_in_a_question_right_and_wrong_look_alike() -> None:
    right = inline("{fakta:jkm.benefit.funeral}")
    wrong = inline("{keliru:Rp20.000.000|ini angka JKK}")

    assert right == "Rp10.000.000"
    assert wrong == "Rp20.000.000"


def test_in_a_question_nothing_leads_away() -> None:
    assert inline("Menurut {pasal:uu-24-2011/55}, {istilah:bpu|BPU} *wajib*") == (
        "Menurut Pasal 55 UU 24/2011, BPU <em>wajib</em>"
    )


def test_an_explanation_may_link() -> None:
    assert 'href="/hukum#uu-24-2011"' in inline("{pasal:uu-24-2011/55}", links=True)


def test_a_phrase_with_links_has_no_notes_so_it_points_at_pages() -> None:
    day = BOOK.as_of.isoformat()

    assert f'href="/fakta/bpu.max_occupations?pada={day}"' in inline(
        "{fakta:bpu.max_occupations}", links=True
    )
    assert "?pada=2016-10-19" in inline("{fakta:bpu.max_occupations@2016-10-19}", links=True)
    assert 'href="/istilah#bpu"' in inline("{istilah:bpu}", links=True)
    assert "<a" not in inline("{fakta:bpu.max_occupations} {istilah:bpu}")


def test_a_phrase_as_plain_text_has_no_markup() -> None:
    text = "Menurut *{pasal:uu-24-2011/55}* &amp; `a`,\n{keliru:1|2}"

    assert plain_inline(text, book=BOOK, as_of=BOOK.as_of) == "Menurut Pasal 55 UU 24/2011 & a, 1"


@pytest.mark.parametrize("text", ["<script>x</script>", "<b>x</b>", "{istilah:bpu|<i>x</i>}"])
def test_html_in_a_phrase_stays_text(text: str) -> None:
    assert "<" not in inline(text).replace("&lt;", "")


def test_a_phrase_follows_the_law_date() -> None:
    assert inline(f"{{fakta:{TOTAL}}}", TRAINING) == "Rp24.000.000"
    assert inline(f"{{fakta:{TOTAL}}}") == "Rp42.000.000"


def test_a_list_to_tick_has_boxes_and_no_dots() -> None:
    text = lesson("- ☐ kartu\n- ☐ KTP\n\nLalu:\n\n- tunggu\n").html

    assert '<ul class="ticks">\n<li>☐ kartu</li>' in text
    assert "<ul>\n<li>tunggu</li>" in text


@given(st.text(st.sampled_from("aéZ9 .,;:?()/'%+=–—…-ß٣漢"), max_size=60))
def test_words_that_skip_the_parser_are_as_it_would_have_them(text: str) -> None:
    assert inline(text) == markdown._INLINE_CLEANER.clean(markdown._inline_parser().renderInline(text))
    bare = plain_inline(text, book=BOOK, as_of=BOOK.as_of)
    parsed = plain_inline(f"{text} *x*", book=BOOK, as_of=BOOK.as_of)
    assert parsed.removesuffix("x").rstrip() == bare


def test_plain_words_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "_inline_parser", None)
    assert inline("Siapa yang membayar iuran JKM: pemberi kerja?").startswith("Siapa")
    with pytest.raises(TypeError):
        inline("Siapa yang *tidak*?")
