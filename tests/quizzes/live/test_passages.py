"""Words below a heading, as plain text that fits on a page with two others."""

from __future__ import annotations

from quizzes.live.passages import LONGEST, find_passage, find_questions, nearest, plain

LESSON = """<p>Awal.</p><h2 id="iuran">Iuran</h2>
<p>Pemberi kerja membayar <a class="fact-value" id="f" href="#d">0,24%</a>
sebulan.</p><div class="box"><p>Contoh di kotak.</p></div>
<ul><li>Tepat <strong>waktu</strong></li></ul><table><tr><td><p>sel</p></td></tr></table>
<h3 id="denda">Denda</h3><p>Dua persen &amp; lebih.</p>"""


def test_the_words_below_a_heading_are_found_without_boxes_and_tables() -> None:
    assert find_passage(LESSON, "iuran") == ["Pemberi kerja membayar 0,24% sebulan.", "Tepat waktu"]
    assert find_passage(LESSON, "denda") == ["Dua persen & lebih."]
    assert find_passage(LESSON, "tidak-ada") == []
    assert find_passage("", "iuran") == []


def test_a_long_text_stops_at_a_paragraph_and_a_long_paragraph_at_a_word() -> None:
    short, long = "kata " * 30, "panjang " * 200
    found = find_passage(f'<h2 id="a">A</h2><p>{short}</p><p>{long}</p>', "a")
    cut = find_passage(f'<h2 id="a">A</h2><p>{long}</p>', "a")

    assert found == [short.strip()]
    assert len(cut[0]) <= LONGEST + 2
    assert cut[0].endswith("panjang …")


def test_the_question_nearest_to_the_subject_is_asked() -> None:
    guide = (
        '<h2 id="rencana-waktu">Rencana waktu</h2><ol><li>Baca kasus.</li></ol>'
        '<h2 id="pertanyaan-diskusi">Pertanyaan diskusi</h2>'
        "<ol><li>Apa beda iuran dan arisan?</li><li>Kejadian mana yang termasuk kecelakaan kerja?</li></ol>"
    )
    questions = find_questions(guide)

    assert len(questions) == 2
    assert nearest(questions, "Menunjukkan kejadian kecelakaan kerja") == questions[1]
    assert nearest(questions, "xyz") == questions[0]
    assert nearest([], "iuran") == ""
    assert plain("<em>Satu</em> &lt; dua") == "Satu < dua"
