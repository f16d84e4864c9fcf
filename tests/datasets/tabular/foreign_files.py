"""Files as programs all over the world write them, each with the table that is in it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

Rows = list[list[float]]
NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"


@dataclass(frozen=True)
class File:
    """A file's ``content``; ``columns`` and ``x`` of the table in it; ``y``: numbers, or names of classes; its
    ``delimiter`` and ``encoding``, where these matter."""

    name: str
    content: bytes
    columns: tuple[str, ...]
    x: Rows
    y: list[float] | list[str]
    delimiter: str = ","
    encoding: str = "utf-8"


def lines(*rows: str, end: str = "\n") -> str:
    """Lines with their ends."""
    return "".join(row + end for row in rows)


def quoted_rows(rows: list[list[object]]) -> str:
    """As ``csv`` writes rows whose texts are in quotes."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerows(rows)
    return text.getvalue()


AB = ("a", "b")
PAIR: Rows = [[1.5, 2.0], [0.25, 3.0], [4.0, 5.0]]
KINDS = ["ja", "nein", "ja"]
GERMAN = lines("a;b;k", "1,5;2;ja", "0,25;3;nein", "4;5;ja", end="\r\n")
UNITS = lines("a;b;k", "cm;kg;", "1,5;2;ja", "0,25;3;nein", "4;5;ja")

FILES = [
    # Excel and LibreOffice
    File("Excel, German", GERMAN.encode("cp1252"), AB, PAIR, KINDS, ";"),
    File("Excel, German, UTF-8 with mark", GERMAN.encode("utf-8-sig"), AB, PAIR, KINDS, ";", "utf-8-sig"),
    File("Excel, Unicode text", GERMAN.replace(";", "\t").encode("utf-16"), AB, PAIR, KINDS, "\t", "utf-16"),
    File(
        "Excel, Unicode text without mark",
        GERMAN.replace(";", "\t").encode("utf-16-le"),
        AB,
        PAIR,
        KINDS,
        "\t",
        "utf-16-le",
    ),
    File("big-endian without mark", GERMAN.encode("utf-16-be"), AB, PAIR, KINDS, ";", "utf-16-be"),
    File("sep= in the first line", ("sep=;\r\n" + GERMAN).encode(), AB, PAIR, KINDS, ";"),
    File(
        "sep= in quotes and capitals", ('"SEP=;"\r\n' + GERMAN).encode("utf-8-sig"), AB, PAIR, KINDS, ";", "utf-8-sig"
    ),
    File("sep=\\t", ("sep=\t\n" + GERMAN.replace(";", "\t")).encode(), AB, PAIR, KINDS, "\t"),
    File("Excel for Mac, old line ends", GERMAN.replace("\r\n", "\r").encode(), AB, PAIR, KINDS, ";"),
    File(
        "French, no header",
        lines("1,0;2,0;0", "1,5;2,5;1", "3,0;1,0;0").encode(),
        ("column 1", "column 2"),
        [[1, 2], [1.5, 2.5], [3, 1]],
        ["0", "1", "0"],
        ";",
    ),
    File(
        "French, narrow spaces",
        lines(
            "année;prix;type", f"2019;1{NARROW}234,50{NBSP}€;élevé", f"2020;12{NARROW}345{NBSP}€;bas", "2022;3 €;bas"
        ).encode(),
        ("année", "prix"),
        [[2019, 1234.5], [2020, 12345], [2022, 3]],
        ["élevé", "bas", "bas"],
        ";",
    ),
    File(
        "French, Windows",
        lines("prix;qualité", "1,25;élevée", "2,5;médiocre", "1,5;élevée").encode("cp1252"),
        ("prix",),
        [[1.25], [2.5], [1.5]],
        ["élevée", "médiocre", "élevée"],
        ";",
        "cp1252",
    ),
    File(
        "Swiss, apostrophes",
        lines("Betrag;Anteil;Art", "1'234.50;10%;süß", "12’000.–;2.5 %;sauer", "3.-;0%;süß").encode(),
        ("Betrag", "Anteil"),
        [[1234.5, 0.1], [12000, 0.025], [3, 0]],
        ["süß", "sauer", "süß"],
        ";",
    ),
    File(
        "German thousands, settled by another column",
        lines("preis;quote;k", "1.234;0,5;a", "12.500;0,2;b").encode(),
        ("preis", "quote"),
        [[1234, 0.5], [12500, 0.2]],
        ["a", "b"],
        ";",
    ),
    File(
        "three decimals behind commas",
        lines("x;y;k", "0,125;1,250;A", "0,500;2,125;B").encode(),
        ("x", "y"),
        [[0.125, 1.25], [0.5, 2.125]],
        ["A", "B"],
        ";",
    ),
    File(
        "Indian groups",
        'price,qty,k\n"₹ 1,23,456.50",2,a\n"₹ 12,345",3,b\n₹ 99,5,a\n'.encode(),
        ("price", "qty"),
        [[123456.5, 2], [12345, 3], [99, 5]],
        ["a", "b", "a"],
    ),
    File(
        "American accounts",
        b'gain,share,k\n"$1,234.50",5%,a\n"($2,000.25)",10%,b\n-$3.00,0.5%,a\n',
        ("gain", "share"),
        [[1234.5, 0.05], [-2000.25, 0.1], [-3, 0.005]],
        ["a", "b", "a"],
    ),
    File(
        "Swedish, thin spaces and true minus signs",
        lines("stad;pris;temp;svar", f"Malmö;1{THIN}000,5;−3,5;ja", f"Åre;2{NBSP}500;−12;nej", "Umeå;3;4;ja").encode(),
        ("stad = Malmö", "stad = Umeå", "stad = Åre", "pris", "temp"),
        [[1, 0, 0, 1000.5, -3.5], [0, 0, 1, 2500, -12], [0, 1, 0, 3, 4]],
        ["ja", "nej", "ja"],
        ";",
    ),
    File(
        "Swedish, Windows",
        lines("längd;svar", "1,5;på", "2,5;av", "3,5;på").encode("cp1252"),
        ("längd",),
        [[1.5], [2.5], [3.5]],
        ["på", "av", "på"],
        ";",
        "cp1252",
    ),
    File(
        "Polish, ISO-8859-2",
        lines("cena;ocena", "1,5;średnia", "2,5;zła", "3,5;dość dobra").encode("iso8859-2"),
        ("cena",),
        [[1.5], [2.5], [3.5]],
        ["średnia", "zła", "dość dobra"],
        ";",
        "iso8859-2",
    ),
    File(
        "Polish, Windows",
        lines("cena;ocena", "1,5;średnia", "2,5;zła", "3,5;średnia").encode("cp1250"),
        ("cena",),
        [[1.5], [2.5], [3.5]],
        ["średnia", "zła", "średnia"],
        ";",
        "cp1250",
    ),
    File(
        "Czech, ISO-8859-2",
        lines("cena;barva", "1,5;žlutá", "2,5;červená", "3,5;žlutá").encode("iso8859-2"),
        ("cena",),
        [[1.5], [2.5], [3.5]],
        ["žlutá", "červená", "žlutá"],
        ";",
        "iso8859-2",
    ),
    File(
        "Japanese, Shift-JIS",
        lines("温度,湿度,天気", "12.5,40,晴れ", "15.1,80,雨", "20,30,晴れ").encode("cp932"),
        ("温度", "湿度"),
        [[12.5, 40], [15.1, 80], [20, 30]],
        ["晴れ", "雨", "晴れ"],
        encoding="cp932",
    ),
    File(
        "Japanese, full-width digits",
        lines("値,結果", "１２．５,はい", "－３,いいえ", "４％,はい").encode(),
        ("値",),
        [[12.5], [-3], [0.04]],
        ["はい", "いいえ", "はい"],
    ),
    File(
        "Japanese, EUC",
        lines("温度,天気", "12.5,晴れ", "15.1,くもり", "20,晴れ").encode("euc_jp"),
        ("温度",),
        [[12.5], [15.1], [20]],
        ["晴れ", "くもり", "晴れ"],
        encoding="euc_jp",
    ),
    File(
        "Chinese, GB18030",
        lines("温度,湿度,结果", "12.5,40,是", "15.1,80,否", "20,30,是").encode("gb18030"),
        ("温度", "湿度"),
        [[12.5, 40], [15.1, 80], [20, 30]],
        ["是", "否", "是"],
        encoding="gb18030",
    ),
    File(
        "Chinese, Big5",
        lines("溫度,結果", "12.5,是", "15.1,否", "20,是").encode("big5"),
        ("溫度",),
        [[12.5], [15.1], [20]],
        ["是", "否", "是"],
        encoding="big5",
    ),
    File(
        "Chinese, UTF-16 without mark",
        lines("温度,结果", "12.5,是", "15.1,否", "20,是").encode("utf-16-le"),
        ("温度",),
        [[12.5], [15.1], [20]],
        ["是", "否", "是"],
        encoding="utf-16-le",
    ),
    File(
        "Korean",
        lines("온도,결과", "12.5,예", "15.1,아니오", "20,예").encode("cp949"),
        ("온도",),
        [[12.5], [15.1], [20]],
        ["예", "아니오", "예"],
        encoding="cp949",
    ),
    File(
        "Russian, Windows",
        lines("цена;класс", "1,5;да", "2,5;нет", "3,5;да").encode("cp1251"),
        ("цена",),
        [[1.5], [2.5], [3.5]],
        ["да", "нет", "да"],
        ";",
        "cp1251",
    ),
    File(
        "Russian, KOI8",
        lines("цена;класс", "1,5;дорого", "2,5;дёшево", "3,5;дорого").encode("koi8-r"),
        ("цена",),
        [[1.5], [2.5], [3.5]],
        ["дорого", "дёшево", "дорого"],
        ";",
        "koi8-r",
    ),
    File(
        "Greek, Windows",
        lines("τιμή;απάντηση", "1,5;ναι", "2,5;όχι", "3,5;ναι").encode("cp1253"),
        ("τιμή",),
        [[1.5], [2.5], [3.5]],
        ["ναι", "όχι", "ναι"],
        ";",
        "cp1253",
    ),
    File(
        "German, DOS",
        lines("größe;art", "1,5;süß", "2,5;sauer", "3,5;süß").encode("cp850"),
        ("größe",),
        [[1.5], [2.5], [3.5]],
        ["süß", "sauer", "süß"],
        ";",
        "cp850",
    ),
    # R, pandas, NumPy, SPSS, SAS, MySQL
    File(
        "R write.csv",
        quoted_rows([["", "a", "b", "k"], ["1", 1.5, 2, "yes"], ["2", 0.25, 3, "no"], ["3", 4, 5, "yes"]]).encode(),
        AB,
        PAIR,
        ["yes", "no", "yes"],
    ),
    File(
        "R write.table",
        b'"a" "b" "k"\n"1" 1.5 2 "yes"\n"2" 0.25 3 "no"\n"3" 4 5 "yes"\n',
        AB,
        PAIR,
        ["yes", "no", "yes"],
        " ",
    ),
    File(
        "R write.csv2 with NA",
        lines('"";"a";"b";"k"', '"1";1,5;2;"x"', '"2";NA;3;"y"', '"3";0,25;3;"y"', '"4";4;5;"x"').encode(),
        AB,
        PAIR,
        ["x", "y", "x"],
        ";",
    ),
    File(
        "pandas with its index",
        lines(",a,b,k", "0,1.5,2,yes", "1,0.25,3,no", "2,4.0,5,yes").encode(),
        AB,
        PAIR,
        ["yes", "no", "yes"],
    ),
    File(
        "pandas, columns without names",
        lines("0,1,y", "1.5,2,0.5", "0.25,3,1.5", "4.0,5,2.5").encode(),
        ("0", "1"),
        PAIR,
        [0.5, 1.5, 2.5],
    ),
    File(
        "NumPy savetxt",
        b"# a b y\n1.5e+00 2.0e+00 1.0e-01\n2.5e-01 3.0e+00 2.5e-01\n4.0e+00 5.0e+00 3.5e-01\n",
        AB,
        PAIR,
        [0.1, 0.25, 0.35],
        " ",
    ),
    File(
        "SPSS, comma locale",
        lines("a;b;k", "1,50;2,00;weiblich", ";3,00;männlich", "0,25;3,00;männlich", "4,00;5,00;weiblich").encode(
            "cp1252"
        ),
        AB,
        PAIR,
        ["weiblich", "männlich", "weiblich"],
        ";",
        "cp1252",
    ),
    File(
        "SAS, points for missing",
        lines("a,b,k", "1.5,2,x", ".,9,x", "0.25,3,y", "4,5,x").encode(),
        AB,
        PAIR,
        ["x", "y", "x"],
    ),
    File(
        "SAP, minus behind",
        lines("a;b;k", "1.234,50-;2;x", "0,25;3-;y", "4;5;x").encode(),
        AB,
        [[-1234.5, 2], [0.25, -3], [4, 5]],
        ["x", "y", "x"],
        ";",
    ),
    File(
        "MySQL, escaped quotes",
        b'a,b,k\n1.5,2,"12\\" disk"\n0.25,3,"tape"\n4,5,"12\\" disk"\n',
        AB,
        PAIR,
        ['12" disk', "tape", '12" disk'],
    ),
    File("single quotes", b"a;b;k\n1.5;2;'x;1'\n0.25;3;'y;2'\n4;5;'x;1'\n", AB, PAIR, ["x;1", "y;2", "x;1"], ";"),
    # What stands around a table
    File("units below the header", UNITS.encode(), AB, PAIR, KINDS, ";"),
    File("a title above", ("Messreihe 7\n\n" + GERMAN).encode(), AB, PAIR, KINDS, ";"),
    File(
        "a title of a spreadsheet, as wide as the table",
        ("Report;;\r\nOn;2020-01-01;\r\n;;\r\n" + GERMAN).encode(),
        AB,
        PAIR,
        KINDS,
        ";",
    ),
    File(
        "remarks above and between", ("# made by x\n" + GERMAN + "# the end, or not\r\n").encode(), AB, PAIR, KINDS, ";"
    ),
    File(
        "a source below",
        (GERMAN + "\r\nQuelle: Amt; eigene Rechnung\r\n").replace("Amt; ", "").encode(),
        AB,
        PAIR,
        KINDS,
        ";",
    ),
    File("delimiters at the ends", GERMAN.replace("\r\n", ";\r\n").encode(), AB, PAIR, KINDS, ";"),
    File(
        "delimiters at the ends of rows only",
        GERMAN.replace("\r\n", ";\r\n").replace("k;", "k").encode(),
        AB,
        PAIR,
        KINDS,
        ";",
    ),
    File(
        "rows that end early",
        lines("a,b,k,z", "1.5,2,x,1", "0.25,3,y", "4,5,x,2").encode(),
        ("a", "b", "k = x"),
        [[1.5, 2, 1], [4, 5, 1]],
        ["1", "2"],
    ),
    File(
        "a name over two lines, blank rows between",
        b'\na,"b\n(cm)",k\n\n1.5,2,x\n\n0.25,3,y\n4,5,x\n',
        ("a", "b (cm)"),
        PAIR,
        ["x", "y", "x"],
    ),
    File("bars", GERMAN.replace(";", "|").encode(), AB, PAIR, KINDS, "|"),
    File("blanks in columns", b"  a    b  k\n 1.5   2  x\n0.25   3  y\n   4   5  x\n", AB, PAIR, ["x", "y", "x"], " "),
    File(
        "texts full of commas",
        b'a;b;k\n1.5;2;"one, two, three"\n0.25;3;four, five\n4;5;"one, two, three"\n',
        AB,
        PAIR,
        ["one, two, three", "four, five", "one, two, three"],
        ";",
    ),
    File(
        "identifiers and a phone",
        lines(
            "id,tel,a,b,k",
            "0047583311587E590003,+49 151 1234567,1.5,2,x",
            "0047583311587E590004,+49 151 7654321,0.25,3,y",
            "0047583311587E590005,+49 30 1111111,4,5,x",
        ).encode(),
        (
            "id = 0047583311587E590003",
            "id = 0047583311587E590004",
            "id = 0047583311587E590005",
            "tel = +49 151 1234567",
            "tel = +49 151 7654321",
            "tel = +49 30 1111111",
            "a",
            "b",
        ),
        [[1, 0, 0, 1, 0, 0, 1.5, 2], [0, 1, 0, 0, 1, 0, 0.25, 3], [0, 0, 1, 0, 0, 1, 4, 5]],
        ["x", "y", "x"],
    ),
    File(
        "dates and times beside",
        lines(
            "Datum;Zeit;a;b;k", "01.02.2020;12:30;1,5;2;ja", "02.02.2020;13:00;0,25;3;nein", "03.02.2020;13:30;4;5;ja"
        ).encode(),
        AB,
        PAIR,
        KINDS,
        ";",
    ),
]
