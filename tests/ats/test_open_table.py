"""Files are opened by what they contain, and read to the end or refused with a sentence."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ats.adapters import UnreadableFile, open_table
from portal.ats.adapters.headers import column_letter
from portal.ats.adapters.workbooks import cell_text
from portal.ats.states import TableKind

DATA = Path(__file__).parents[1] / "data"
TABLES = DATA / "tables"


def rows_of(path: Path) -> list[tuple[int, list[str]]]:
    with open_table(path) as table:
        return list(table.rows())


def refusal_of(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refusal, open_table(path) as table:
        list(table.rows())
    assert refusal.value.message.endswith(".")
    return refusal.value


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes | str], Path]:
    def write(content: bytes | str) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.mark.parametrize(
    ("name", "kind", "dialect", "encoding"),
    [
        ("../applications-greenhouse.csv", TableKind.CSV, "comma", "utf-8-sig"),
        ("../applications-lever.tsv", TableKind.TSV, "tab", "utf-8"),
        ("semicolon-german-cp1252.csv", TableKind.CSV, "semicolon", "cp1252"),
        ("semicolon-latin1.csv", TableKind.CSV, "semicolon", "cp1252"),
        ("semicolon-polish-cp1250.csv", TableKind.CSV, "semicolon", "cp1250"),
        ("comma-russian-cp1251.csv", TableKind.CSV, "comma", "cp1251"),
        ("comma-japanese-cp932.csv", TableKind.CSV, "comma", "cp932"),
        ("comma-mac-roman.csv", TableKind.CSV, "comma", "mac_roman"),
        ("comma-utf16-no-mark.csv", TableKind.CSV, "comma", "utf-16-le"),
        ("tab-utf16.txt", TableKind.TSV, "tab", "utf-16"),
        ("pipe.csv", TableKind.CSV, "vertical bar", "utf-8"),
        ("caret.csv", TableKind.CSV, "^", "utf-8"),
        ("separator-line.csv", TableKind.CSV, "semicolon", "utf-8"),
        ("space-after-comma.csv", TableKind.CSV, "comma", "utf-8"),
        ("backslash-quotes.csv", TableKind.CSV, "comma", "utf-8"),
        ("workbook.xlsx", TableKind.XLSX, "Applications", "utf-8"),
        ("workbook-named.csv", TableKind.XLSX, "Sheet", "utf-8"),
    ],
)
def test_kind_delimiter_and_encoding_are_found(name: str, kind: TableKind, dialect: str, encoding: str) -> None:
    with open_table(TABLES / name) as table:
        assert (table.kind, table.dialect, table.encoding) == (kind, dialect, encoding)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("semicolon-latin1.csv", ["José Álvarez", "jose@example.org", "Señor Developer"]),
        ("semicolon-polish-cp1250.csv", ["Łukasz Wiśniewski", "lukasz@example.org", "Inżynier", ""]),
        ("comma-russian-cp1251.csv", ["Дмитрий Петров", "dmitri@example.org", "Аналитик"]),
        ("comma-japanese-cp932.csv", ["田中太郎", "taro@example.org", "エンジニア"]),
        ("comma-mac-roman.csv", ["Jürgen Größe", "juergen@example.org", "Köln"]),
        ("comma-utf16-no-mark.csv", ["Zoë Ström", "zoe@example.org", "Designer"]),
        ("tab-utf16.txt", ["Zoë Ström", "zoe@example.org", "Data Analyst, Finance", "spoke on; Monday"]),
        ("pipe.csv", ["Zoë Ström", "zoe@example.org", "Data Analyst, Finance; EU", "a;b,c"]),
        ("caret.csv", ["Zoe Strom", "zoe@example.org", "Data Analyst"]),
        ("separator-line.csv", ["Zoë Ström", "zoe@example.org", "Data Analyst; Finance"]),
        ("space-after-comma.csv", ["Zoë Ström", "zoe@example.org", "Data Analyst, Finance"]),
        ("backslash-quotes.csv", ['Zoë "Zo" Ström', "zoe@example.org", 'Data "Lead", Finance']),
        ("formulas.csv", ['=HYPERLINK("http://example.org","x")', "zoe@example.org", "=1+1", "@SUM(A1)"]),
    ],
)
def test_the_first_row_is_read_letter_by_letter(name: str, cells: list[str]) -> None:
    assert rows_of(TABLES / name)[0] == (2, cells)


def test_a_german_export_of_a_spreadsheet_program_is_read() -> None:
    with open_table(TABLES / "semicolon-german-cp1252.csv") as table:
        assert table.headers[-1] == "Schlagwörter"
        rows = [cells for _number, cells in table.rows()]
    assert [row[2] for row in rows] == ["Größe", "Ström", "O’Neill"]
    assert rows[2][4] == "Leiter „Daten“ – EU"
    assert rows[2][8] == "Gehalt: 80 000 €"


@pytest.mark.parametrize(("name", "count"), [("applications-greenhouse.csv", 510), ("applications-lever.tsv", 306)])
def test_samples_have_all_rows_with_the_numbers_a_spreadsheet_shows(name: str, count: int) -> None:
    rows = rows_of(DATA / name)
    assert [number for number, _cells in rows] == list(range(2, count + 2))
    assert len({len(cells) for _number, cells in rows}) == 1


def test_rows_can_be_read_again_from_the_top() -> None:
    for name in ("pipe.csv", "workbook.xlsx"):
        with open_table(TABLES / name) as table:
            half = table.rows()
            first = next(half)
            assert next(table.rows()) == first
            assert len(list(table.rows())) == len(list(half)) + 1


def test_a_cell_with_line_breaks_is_one_row() -> None:
    assert rows_of(TABLES / "quoted-newlines.csv") == [
        (2, ["Zoë\nStröm", "zoe@example.org", "Designer", "first\r\nsecond, third\n\nfifth"]),
        (3, ["Lars Berg", "lars@example.org", 'Head of "People"', ""]),
    ]


def test_blank_rows_are_left_out_but_counted_and_ragged_ones_fitted() -> None:
    assert rows_of(TABLES / "ragged.csv") == [
        (2, ["Short", "short@example.org", "Designer", ""]),
        (3, ["Long", "long@example.org", "Data Analyst", " Finance", "Offer"]),
        (4, ["Blank beyond", "blank@example.org", "Designer", "Offer"]),
        (7, ["Last", "last@example.org", "Designer", "Offer"]),
    ]


def test_titles_above_the_header_are_passed_over() -> None:
    with open_table(TABLES / "title-above-header.csv") as table:
        assert table.headers == ["Candidate Name", "Email", "Job"]
        assert [number for number, _cells in table.rows()] == [4]


def test_a_header_alone_has_no_rows() -> None:
    assert rows_of(TABLES / "header-only.csv") == []


def test_zero_bytes_in_cells_do_no_harm() -> None:
    rows = rows_of(TABLES / "nul-bytes.csv")
    assert [cells[1].replace("\x00", "") for _number, cells in rows] == ["zoe@example.org", "lars@example.org"]


def test_a_workbook_gives_plain_text_from_its_first_visible_sheet_with_content() -> None:
    with open_table(TABLES / "workbook.xlsx") as table:
        assert table.headers[0] == "Application ID"
        rows = list(table.rows())
    day, moment = "2026-03-14", "2026-03-15 10:30:00"
    assert rows[0] == (
        2,
        [
            *("7000011", "Zoë Ström", "zoe@example.org", "Data Analyst, Finance", "4000125", day, moment),
            *("Active", "48600100200", "true", "1.5"),
        ],
    )
    assert rows[1][1][:6] == ["7000012", "", "lars@example.org", "Designer", "0042", "2026-04-03"]
    assert [number for number, _cells in rows] == [2, 3, 6]
    assert rows[2][1][1] == "Two\nlines"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.csv", "empty"),
        ("only-blank-lines.csv", "empty"),
        ("workbook-empty.xlsx", "empty"),
        ("picture.csv", "Portable Network Graphics"),
        ("web-page.xls", "document"),
        ("old-workbook.xlsx", "old Excel format"),
        ("archive.xlsx", "ZIP"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(name: str, words: str) -> None:
    assert words in refusal_of(TABLES / name).message


def test_a_quotation_mark_that_is_never_closed_is_named_with_its_row() -> None:
    refusal = refusal_of(TABLES / "unclosed-quote.csv")
    assert refusal.row == 3
    assert "quotation mark" in refusal.message


def test_letters_in_another_encoding_are_named_with_their_row() -> None:
    refusal = refusal_of(TABLES / "broken-utf8.csv")
    assert refusal.row == 32
    assert "32" in refusal.message


@pytest.mark.parametrize(("line_break", "mark"), [("\n", b""), ("\r\n", b"\xef\xbb\xbf"), ("\r", b"")])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_found_among_cells_full_of_the_others(
    delimiter: str, line_break: str, mark: bytes, written: Callable[[bytes | str], Path]
) -> None:
    others = "".join(other for other in ",;\t|" if other != delimiter)
    lines = [delimiter.join(["Name", "Email", "Job", "Tags"])]
    for number in range(30):
        tags = f" {others[number % 3]} ".join(["a", "b", "c"][: number % 3 + 1])
        job = "Data Analyst" + others[0] + " Finance"
        lines.append(delimiter.join([f"Zoë {number}", f"z{number}@example.org", job, tags]))
    path = written(mark + line_break.join(lines).encode())
    rows = rows_of(path)
    assert len(rows) == 30
    assert {len(cells) for _number, cells in rows} == {4}


def test_tab_separated_files_without_quoting_keep_their_quotation_marks(
    written: Callable[[bytes | str], Path],
) -> None:
    lines = ["Name\tEmail\tJob", '"Zo\tz@example.org\t5" screens', "Lars\tl@example.org\tx"] + ["A\tb@c.de\tx"] * 20
    rows = rows_of(written("\n".join(lines)))
    assert len(rows) == 22
    assert rows[0][1] == ['"Zo', "z@example.org", '5" screens']


def test_letters_late_in_a_long_file_decide_its_encoding(written: Callable[[bytes | str], Path]) -> None:
    plain = "Name,Email,Job\n" + "Ada Byron,ada@example.org,Analyst\n" * 40_000
    assert rows_of(written((plain + "Håkon,h@example.org,Größe\n").encode()))[-1][1][0] == "Håkon"
    assert rows_of(written((plain + "Håkon,h@example.org,Größe\n").encode("cp1252")))[-1][1][0] == "Håkon"


def test_a_cell_or_line_beyond_measure_is_refused_with_its_row(written: Callable[[bytes | str], Path]) -> None:
    start = "Name,Email,Job\nAda,ada@example.org,x\n"
    assert refusal_of(written(start + '"' + "x,y\n" * 50_000)).row == 3
    assert refusal_of(written(start + "x" * 3_000_000)).row == 3
    assert refusal_of(written(start + "x," * 1_500_000)).row == 3
    assert refusal_of(written(",".join(f"c{number}" for number in range(600)))).row == 1


def test_a_utf16_file_that_breaks_off_is_refused(written: Callable[[bytes | str], Path]) -> None:
    content = ("Name,Email,Job\n" + "Zoë,z@example.org,x\n" * 3).encode("utf-16")
    assert refusal_of(written(content[:-1])).row is not None


def _workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _with_part(content: bytes, name: str, part: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, part)
    return file.getvalue()


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_workbook_that_unpacks_beyond_measure_is_refused(part: str, written: Callable[[bytes | str], Path]) -> None:
    bomb = _with_part(_workbook(["Email", "Job"]), part, b"\x00" * 30_000_000)
    assert len(bomb) < 100_000
    assert "unpacks" in refusal_of(written(bomb)).message


def test_rows_and_columns_that_a_workbook_only_claims_are_not_believed(
    written: Callable[[bytes | str], Path],
) -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Email</t></is></c><c r="B1" t="inlineStr"><is><t>Job</t></is></c>'
        '</row><row r="2"><c r="A2" t="inlineStr"><is><t>a@x.org</t></is></c>'
        '<c r="XFD2" t="inlineStr"><is><t>far</t></is></c></row>{last}</sheetData></worksheet>'
    )
    content = _workbook(["Email", "Job"])
    path = written(_with_part(content, "xl/worksheets/sheet1.xml", sheet.format(last="").encode()))
    assert rows_of(path) == [(2, ["a@x.org", ""])]
    far = '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'
    path = written(_with_part(content, "xl/worksheets/sheet1.xml", sheet.format(last=far).encode()))
    assert refusal_of(path)


def test_an_entity_in_a_workbook_reads_no_file(written: Callable[[bytes | str], Path]) -> None:
    sheet = (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>Email&e;</t></is></c><c r="B1" t="inlineStr"><is><t>Job</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    path = written(_with_part(_workbook(["x"]), "xl/worksheets/sheet1.xml", sheet.encode()))
    try:
        with open_table(path) as table:
            assert table.headers == ["Email", "Job"]
    except UnreadableFile:
        pass


def test_a_workbook_cut_off_anywhere_is_refused(written: Callable[[bytes | str], Path]) -> None:
    content = _workbook(["Email", "Job"], ["a@x.org", "x"])
    for size in range(10, len(content), 97):
        assert refusal_of(written(content[:size]))


@given(position=st.integers(0, 5000), byte=st.integers(0, 255))
def test_a_workbook_with_any_byte_changed_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, position: int, byte: int
) -> None:
    content = bytearray(_workbook(["Email", "Job"], ["a@x.org", "x"], [1, 2.5]))
    content[position % len(content)] = byte
    _read_or_refused(tmp_path_factory, bytes(content))


@given(
    st.binary(max_size=400)
    | st.text(alphabet=",;\t|\"\n\rab@\\ '=é\x00", max_size=200).map(str.encode)
    | st.text(max_size=200).map(lambda text: text.encode("utf-16", "surrogatepass"))
    | st.binary(max_size=60).map(lambda rest: b"PK\x03\x04" + rest)
    | st.binary(max_size=60).map(lambda rest: b"Name,Email,Job\n" + rest)
)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    _read_or_refused(tmp_path_factory, content)


def _read_or_refused(factory: pytest.TempPathFactory, content: bytes) -> None:
    path = factory.getbasetemp() / "any-bytes"
    path.write_bytes(content)
    try:
        with open_table(path) as table:
            rows = list(table.rows())
            assert table.headers
            assert len({header.casefold() for header in table.headers}) == len(table.headers)
    except UnreadableFile:
        return
    assert all(len(cells) >= len(table.headers) for _number, cells in rows)
    assert [number for number, _cells in rows] == sorted({number for number, _cells in rows})


@given(
    st.lists(st.lists(st.text(alphabet="abé ,;|\t\"'\n", min_size=1, max_size=8), min_size=3, max_size=3), max_size=12),
    st.sampled_from([",", ";", "|", "\t"]),
)
def test_what_the_standard_writer_wrote_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "written-back"
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path.write_text("\r\n".join([delimiter.join(["Name", "Email", "Job"]), *lines]), encoding="utf-8", newline="")
    found = [cells for _number, cells in rows_of(path)]
    assert found == [row for row in rows if any(cell.strip() for cell in row)]


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_in_a_spreadsheet(index: int, letter: str) -> None:
    assert column_letter(index) == letter


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (1.0, "1"), (1.5, "1.5"), (7000011, "7000011"), (True, "true"), (False, "false"), ("", ""), (0, "0")],
)
def test_cells_of_a_workbook_become_text(value: object, text: str) -> None:
    assert cell_text(value) == text
