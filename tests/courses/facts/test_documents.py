"""Strict YAML with lines."""

import pytest

from courses.facts.documents import DocumentFault, SourceList, SourceMap, read_document


def test_every_mapping_and_item_knows_its_line() -> None:
    document = read_document("a: 1\nlist:\n  - x: 1\n  - y\n", file="f.yaml")

    assert isinstance(document, SourceMap)
    assert isinstance(document["list"], SourceList)
    assert (document.line_of("list"), document["list"].lines, document["list"][0].line) == (2, [3, 4], 3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2016-10-19", "2016-10-19"),
        ("no", "no"),
        ("Ya", "Ya"),
        ("010", "010"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("7", 7),
        ("-3", -3),
        ("0.5", 0.5),
        ("true", True),
        ("null", None),
        ("", None),
    ],
)
def test_a_value_is_what_it_looks_like(text: str, value: object) -> None:
    document = read_document(f"a: {text}\n", file="f.yaml")

    assert document["a"] == value
    assert type(document["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a: &x 1\nb: *x\n", 2, "Aliases"),
        ("a: 1\n<<: {b: 2}\n", 2, "plain text"),
        ("a: !!python/object:os.system x\n", 1, "not allowed"),
        ("a: !!map [1]\n", 1, "Tags"),
        ("a: [1\nb: 2\n", 2, "bracket"),
        ("a: 1\n\tb: 2\n", 2, "tab"),
        ('a: "x\nb: 2\n', 3, "quotation mark is opened"),
        ("a: b: c\n", 1, "colon too many"),
        ("a:\n  b: 1\n c: 2\n", 3, "indented"),
        ("a: %x\n", 1, "special sign"),
        ("a: *\n", 1, "begins with *"),
        ("a: " + "[" * 20 + "]" * 20, 1, "deeply"),
        ("? [1, 2]\n: 3\n", 1, "plain text"),
        ("a: " + "9" * 50, 1, "quotes"),
    ],
)
def test_what_yaml_hides_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(DocumentFault) as refused:
        read_document(text, file="f.yaml")

    assert (refused.value.fault.file, refused.value.fault.line) == ("f.yaml", line)
    assert words in refused.value.fault.message


def test_a_file_of_aliases_does_not_grow() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )

    with pytest.raises(DocumentFault, match="Aliases"):
        read_document(bomb, file="bomb.yaml")


def test_control_characters_are_refused() -> None:
    with pytest.raises(DocumentFault):
        read_document("a: \x07\n", file="f.yaml")
