"""Bytes to text: Unicode by its marks and rules, older encodings by which letters would come out."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from playground.errors import PlaygroundError, unknown_choice
from playground.language import mark

SAMPLED_BYTES = 2**16
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHINESE = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起"
    "看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体"
    "政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打"
    "女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权"
    "思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运男姓龄值码号京州广深圳温湿价额率否编季类型省县区职称"
)
CHINESE_OLD = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起"
    "看定天分還進好小部其些主樣理心她本前開但因只從想實日者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體美相見"
    "利二等產或新己制身果加西月話合回特代內信表化老給世位次度門任常先海通教原東聲提立及比員解水名真論處走義各入口認條平系氣題活更別打女變四神總何電數安少報"
    "結反受目太量再感建務做接必場件計管期市直德資命山金指許統區保至形社便空決治展馬科司五基眼書非則聽白卻界達光放強難權思王象完設式色路記南品住告類求據程北"
    "邊姓齡值號臺灣雄竹園溫濕價額率否編季型縣職稱性別縣台"
)
JAPANESE = (
    "日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選立開手米力学問高代明実円関決子動京全目"
    "表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公野協取都和統以機平総加山思家話世受区領多県続進正安設保改数記院女初北"
    "午指権心界支第産結百派点教報済書府活原先共得解名交資予川向際査勝面委告軍文反元重近千考判認画海参売利組知案道信策集在件団別物側任引使求所次水半品昨論計"
    "死官増係感特情投示変打男基私各始島直両朝革価式確村提運終挙果西勢減台広容必応演電歳住争談能無再位置企真流格有疑口過局少放税検藤町常校料沢裁状工建語球営空"
    "職証土与急止送援供可役構木割聞身費付施切由説転食比難防補車優夫研収断井何南石足違消境神番規術護展態導鮮備宅害配副算視条幹独警宮究育席輸訪楽起万着乗店述残"
    "想線率病農州武声質念待試族象銀域助労例衛然早張映限親額監環験追審商葉義伝働形景落欧担好退準賞訴辺造英被株頭技低毎医復仕去姿味負閣韓渡失移差衆個門写評課末"
    "守若脳極種美岡影命含福蔵量望松非撃佐核観察整段横融型白深字答夜製票況音申様財港識注呼渉達阪氷屋駅春夏秋冬値温湿齢"
)


@dataclass(frozen=True)
class Legacy:
    """An encoding from before Unicode: its Python ``name``, how much rarer it is than Windows-1252 (``rarity``, in
    nats), the ``letters`` that its languages use; ``script``: its words are of these letters alone, without a to z
    among them; ``blocks``: code points that are usual though not among the letters; ``unlikely``: what its words do not
    have."""

    name: str
    rarity: float
    letters: str = ""
    script: bool = False
    blocks: tuple[tuple[int, int], ...] = ()
    unlikely: str = ""

    @cached_property
    def common(self) -> frozenset[str]:
        """The letters as a set."""
        return frozenset(self.letters)


WESTERN = "äöüßÄÖÜéèêëàâçùûüôîïœæøåÅØÆñóíáúìòÉÈÀÇÊÑãõ"
CENTRAL = "ąćęłńóśźżŁŚŻŹĆĄĘŃÓáčďéěíňřšťúůýžČŘŠŽÁÉÍŮöüőűÖÜŐŰôäăâîșțşţđ"
SIGNS = "°²³µ§«»–—‘’‚“”„…·±\u00a0€£×"
KANA = ((0x3040, 0x30FF), (0xFF61, 0xFF9F))
WIDE = ((0x3000, 0x303F), (0xFF01, 0xFF5E))
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯіїєґІЇЄ"
GREEK = "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώςϊΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ"
LEGACY = (
    Legacy("cp1252", 0.0, WESTERN + SIGNS, unlikely=r"œ(?![ui])|[²³¹](?=[^\W\d_])|[^\W\d_]£(?=[^\W\d_])"),
    Legacy("cp932", 2.0, JAPANESE, True, KANA + WIDE),
    Legacy("gb18030", 2.0, CHINESE, True, WIDE),
    Legacy("cp1250", 2.0, CENTRAL + SIGNS),
    Legacy("iso8859-2", 2.5, CENTRAL + "°§"),
    Legacy("cp1251", 2.0, CYRILLIC + SIGNS + "№", True),
    Legacy("cp1254", 5.0, "çğıöşüÇĞİÖŞÜâî" + SIGNS),
    Legacy("cp1253", 3.0, GREEK + SIGNS, True),
    Legacy("big5", 3.0, CHINESE_OLD, True, WIDE),
    Legacy("cp949", 3.0, "", True, ((0xAC00, 0xD7A3), *WIDE)),
    Legacy("euc_jp", 3.0, JAPANESE, True, KANA + WIDE),
    Legacy("koi8-r", 4.0, CYRILLIC, True),
    Legacy("cp850", 5.0, WESTERN + "°²³"),
    Legacy("cp852", 6.0, CENTRAL),
    Legacy("cp866", 5.0, CYRILLIC, True),
    Legacy("mac_roman", 5.0, WESTERN + SIGNS),
    Legacy("cp1255", 4.0, "אבגדהוזחטיךכלםמןנסעףפץצקרשת", True),
    Legacy("cp1256", 4.0, "ابةتثجحخدذرزسشصضطظعغفقكلمنهويىءآأؤإئ", True),
    Legacy("cp874", 4.0, "", True, ((0x0E01, 0x0E5B),)),
    Legacy("cp1257", 5.0, "āčēģīķļņšūžąėęįųõäöüĀČĒĢĪĶĻŅŠŪŽ" + SIGNS),
)
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", *(legacy.name for legacy in LEGACY))
"""What may be chosen."""
TITLES = {"gb18030": "GB18030", "cp932": "Shift-JIS", "iso8859-2": "ISO-8859-2", "euc_jp": "EUC-JP", "big5": "Big5"}


@dataclass(frozen=True)
class Decoded:
    """A file's ``text``; ``encoding``: its Python name; ``others``: encodings that are nearly as likely."""

    text: str
    encoding: str
    others: tuple[str, ...] = ()

    @property
    def is_guess(self) -> bool:
        """Whether nothing in the file proves its encoding."""
        return not self.encoding.startswith("utf")


def title_of(encoding: str) -> str:
    """What people call an encoding."""
    if encoding.startswith("cp") and not encoding.startswith("cp12") and encoding not in TITLES:
        return mark("code page {number}", number=encoding.removeprefix("cp"))
    return TITLES.get(encoding, encoding.replace("cp12", "Windows-12").replace("_", " "))


def decode_bytes(content: bytes, encoding: str | None = None) -> Decoded:
    """Text from the bytes of a file, in the ``encoding`` chosen or found. Raises ``PlaygroundError`` for what is no
    text."""
    if encoding is not None and encoding not in ENCODINGS:
        raise unknown_choice(mark("encoding"), encoding, ENCODINGS)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise PlaygroundError(
            mark("the file is a workbook or an archive, not a table of text; save it as CSV in UTF-8.")
        )
    others: tuple[str, ...] = ()
    if encoding is None:
        encoding, others = _find_encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        row = _row_at(content[: error.start].decode(encoding, "replace"))
        raise PlaygroundError(
            mark(
                "row {row:,} holds characters that cannot be read as {encoding}; save the file as CSV in UTF-8.",
                row=row,
                encoding=title_of(encoding),
            )
        ) from None
    if "\0" in text:
        raise PlaygroundError(mark("the file holds zero bytes, so it is no text table; export it as CSV in UTF-8."))
    return Decoded(text.removeprefix("\ufeff"), encoding, others)


def _row_at(text: str) -> int:
    """The row, as a spreadsheet counts, that follows a text: line ends within quotes begin none."""
    return 1 + sum(len(re.findall(r"\r\n|\r|\n", part)) for part in text.split('"')[::2])


def _find_encoding(content: bytes) -> tuple[str, tuple[str, ...]]:
    for beginning, encoding in MARKS:
        if content.startswith(beginning):
            return encoding, ()
    sample = content[:SAMPLED_BYTES]
    if b"\0" in sample:
        return _wide_encoding(sample), ()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _likeliest(content)
    return "utf-8", ()


def _wide_encoding(sample: bytes) -> str:
    """UTF-16 without a mark: delimiters, digits and line ends have their zero byte on one side."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
    ends = re.search(r"[,;\t| ].*[\r\n]", text)
    if ends and max(even, odd) > 10 * min(even, odd) and 20 * max(even, odd) > len(sample):
        return encoding
    raise PlaygroundError(mark("the file holds zero bytes, so it is no text table; export it as CSV in UTF-8."))


def _likeliest(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The legacy encoding whose letters are the likeliest, and those nearly as likely that read the file
    otherwise."""
    # Lines without a byte above 127 are the same in all of them.
    lines = [line for line in content[: 16 * SAMPLED_BYTES].split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)[:SAMPLED_BYTES].rpartition(b"\n")[0] or b"\n".join(lines)[:SAMPLED_BYTES]
    candidates: list[tuple[float, str, str]] = []
    for legacy in LEGACY:
        try:
            text = sample.decode(legacy.name)
            content.decode(legacy.name)
        except UnicodeDecodeError:
            continue
        candidates.append((_surprise(text, legacy) + legacy.rarity, legacy.name, text))
    if not candidates:
        raise PlaygroundError(mark("the file's characters cannot be read; save it as CSV in UTF-8."))
    candidates.sort()
    least, encoding, text = candidates[0]
    others = tuple(name for surprise, name, other in candidates[1:] if surprise < least + 4 and other != text)
    return encoding, others[:2]


WORD = re.compile(r"[^\W\d_]+")
SIGN_IN_WORD = re.compile(r"(?<=[^\W\d_])[°²³µ§«»“”„…·±€£×](?=[^\W\d_])")


def _surprise(text: str, legacy: Legacy) -> float:
    """How unlikely the text's characters beyond ASCII are in this encoding's languages, in nats."""
    total = 0.0
    for character in text:
        if character.isascii():
            continue
        if character in legacy.common:
            total += 5.0 if ord(character) > 0x2E80 else 3.0
        elif any(first <= ord(character) <= last for first, last in legacy.blocks):
            total += 5.5 if legacy.name != "cp949" or _is_frequent(character, "cp949") else 12.0
        elif 0x4E00 <= ord(character) <= 0x9FFF:
            total += 9.0 + 3.0 * (not _is_frequent(character, legacy.name))
        else:
            total += 14.0 if unicodedata.category(character) in ("Cc", "Co", "Cn", "So", "Sm", "Sk", "Lm") else 8.0
    for word in WORD.findall(text):
        if word.isascii():
            continue
        if legacy.script:
            total += 4.0 * any(character.isascii() for character in word)
        else:
            total += 2.0 * sum(not a.isascii() and not b.isascii() for a, b in pairwise(word))
        total += 4.0 * sum(a.islower() and b.isupper() for a, b in pairwise(word))
    total += 4.0 * len(SIGN_IN_WORD.findall(text))
    return total + 5.0 * len(re.findall(legacy.unlikely, text)) if legacy.unlikely else total


LEVEL_ONE = {
    "gb18030": (0xB0, 0xD7),
    "big5": (0xA4, 0xC6),
    "euc_jp": (0xB0, 0xCF),
    "cp932": (0x88, 0x97),
    "cp949": (0xB0, 0xC8),
}
"""The lead bytes of each standard's first level, which holds the frequent characters."""


def _is_frequent(character: str, encoding: str) -> bool:
    first, last = LEVEL_ONE.get(encoding, (1, 0))
    try:
        lead, *trail = character.encode(encoding)
        return first <= lead <= last and (encoding != "cp949" or trail[0] >= 0xA1)
    except UnicodeEncodeError:
        return False
