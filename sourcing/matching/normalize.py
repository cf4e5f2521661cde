"""A title as bounded, folded text in tokens: what a marketplace lets people type, made comparable. Linear in time."""

import re
import unicodedata
from enum import IntEnum
from typing import NamedTuple

LONGEST_TITLE = 400  # eBay allows 80 characters and Taobao 60; what is longer is no title and is never accepted

# Traditional characters, and variants, of the words the vocabulary has.
_TRADITIONAL = str.maketrans(
    "顯裝轉雙單張個條塊隻臺機櫃業務維護線電風熱導體記憶內無帶壞與為銅鋁鍍鎳殼說書冊紙價優現貨賣買購測試過實際擴閹點開識別報錯畫閃損燒廢僅專適於連鏈對圓鋼軌釘絲膠墊頭嗎們這從來準備標號訂詢議網雲遠調環賃時節"
    "約億萬兩組總餘庫幾補郵費運險員獨顆級館術廠進聯橋橫豎讓給質淨輕會後還預據處絕歷檢壓縮應訊製訓練學習圖儀麗麼觀視頻驅動週贈顏彎鎖緊採舊換殘擋檔屬溫塵發陣隨夠結見壽鏡當請並齊鬥嚴關麵鐵樣該錢幣綫彈鎢寬歸倉"
    "貼鍵驗證壯構緩協顧問層軟陸灣園輸營養龍",
    "显装转双单张个条块只台机柜业务维护线电风热导体记忆内无带坏与为铜铝镀镍壳说书册纸价优现货卖买购测试过实际扩阉点开识别报错画闪损烧废仅专适于连链对圆钢轨钉丝胶垫头吗们这从来准备标号订询议网云远调环赁时节"
    "约亿万两组总余库几补邮费运险员独颗级馆术厂进联桥横竖让给质净轻会后还预据处绝历检压缩应讯制训练学习图仪丽么观视频驱动周赠颜弯锁紧采旧换残挡档属温尘发阵随够结见寿镜当请并齐斗严关面铁样该钱币线弹钨宽归仓"
    "贴键验证壮构缓协顾问层软陆湾园输营养龙",
)
_LOOK_ALIKE = str.maketrans(
    {
        **dict.fromkeys("х×✕✖╳", "x"),
        **dict.fromkeys("–—‐‑−", "-"),
        **dict.fromkeys("’‘`´", "'"),
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("→⇒➔➡", " to "),
        "、": ",",
        "ł": "l",
        "ø": "o",
        "№": " number ",
        "祇": "只",
        "裏": "里",
    }
)
_REWRITES = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"\bw\s?/\s?o(?:ut)?\b", " without "),
        (r"\bc\s?/\s?w\b", " with "),
        (r"\bw\s?/(?!\w\d?/)", " with "),
        (r"\bp\s?/\s?n\b", " partnumber "),
        (r"\bs\s?/\s?n\b", " serialnumber "),
        (r"\bn\s?/\s?a\b", " "),
        (r"\bc\s?/\s?u\b", " each "),
        (r"\bb\s?/\s?b\b", " barebone "),
        (r"->|=>|>>", " to "),
        (r"[/]\s?(hr|hour|h|month|mo|day|stunde|小时|天|月)\b", r" per \1 "),
        (r"[/]\s?(ea|each|pc|pcs|unit|piece|card|gpu|stk|stuck|szt|ud|张|片|个|根|条|块|只|台)\b", " each "),
        (r"(\d)\s?gib?(?:bytes?)?\b", r"\1 gb "),
        (r"\bpc[l1i]e", "pcie"),
        (r"v\s?[1l]\s?[0o]\s?[0o](?=[^a-z0-9]|s?\b|sxm|x|nv)", "v100"),
        (r"(\d{1,3})x(?=[a-z\u4e00-\u9fff])", r"\1 x "),
        (r"(v100s?|sxm[234]|\d{2}g|gb|pcie|hbm2|nvlink)[x*](\d)", r"\1 x\2"),
        (r"(\d{1,3})(gb?)(?=(?:sxm|smx|pci|hbm|nvlink|v100|tesla|volta|x\d))", r"\1 gb "),
        (r"(v100)(\d{2}g)", r"\1 \2"),
        (r"(pci-?e)(v100|\d{2}g)", r"\1 \2"),
        (r"\*\s?(\d{1,3})(?![\d*])", r" x\1 "),
        (r"(?<![\d*])(\d{1,3})\s?\*(?=\s?\w)", r"\1 x "),
    )
)
_WORDS = re.compile(r"[a-z]+|[0-9]+(?:[.,][0-9]+)*|[^\W0-9a-z_]")
_ADDS = re.compile(r"[+&]")
_HARD = re.compile(r"[^\s\w.,/\-'\"#@*%$£€¥=~^:]|\s-+\s|--|\s[-:=~]\s|:\s|~|=")
_SENTENCE_END = re.compile(r"\.(?:\s|$)|\.\.")
_ABBREVIATIONS = frozenset({
    "incl", "inc", "excl", "qty", "approx", "no", "pcs", "pc", "ca", "ea", "w", "vs", "stk", "st", "szt", "uds", "ud",
    "mit", "bzw", "z", "gb", "rev", "ver", "v", "unid", "pz", "pzs", "qte", "art", "nr", "kl", "kpl", "max", "min",
    "cond",
})  # fmt: skip


class Gap(IntEnum):
    """What stands between two words, from nothing to the end of a clause."""

    GLUED = 0
    SOFT = 1
    SLASH = 2
    LIST = 3
    ADD = 4
    HARD = 5


class Token(NamedTuple):
    """A run of Latin letters, a number, or one character of another script."""

    text: str
    start: int
    end: int
    gap: Gap  # what stands before it
    before: str  # the same as written


class Text(NamedTuple):
    text: str
    tokens: tuple[Token, ...]
    too_long: bool


def fold(title: str) -> str:
    """Compatibility forms, case, accents, look-alikes and traditional characters folded; controls taken out."""
    text = unicodedata.normalize("NFKC", title).casefold().translate(_LOOK_ALIKE).translate(_TRADITIONAL)
    kept: list[str] = []
    for character in unicodedata.normalize("NFKD", text):
        if character < "\x7f":
            kept.append(character if character >= " " else " ")
            continue
        category = unicodedata.category(character)
        if category in ("Cf", "Mn", "Cs", "Co", "Cn"):
            continue  # direction marks, joiners, variation selectors, accents
        kept.append(" " if category[0] in "CZ" else character)
    text = "".join(kept)
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    return text


def read(title: str) -> Text:
    """The title in tokens. Of an overlong one only the beginning is read, and ``too_long`` says so."""
    text = fold(title[: LONGEST_TITLE * 2])
    too_long = len(title) > LONGEST_TITLE or len(text) > LONGEST_TITLE * 2
    return Text(text, tuple(tokens(text[: LONGEST_TITLE * 2])), too_long)


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    end = 0
    for word in _WORDS.finditer(text):
        before = text[end : word.start()]
        if word.group()[0].isalnum() or "\u3040" <= word.group() <= "\u9fff":
            found.append(Token(word.group(), word.start(), word.end(), _gap(before, found), before))
            end = word.end()
    return found


def _gap(before: str, earlier: list[Token]) -> Gap:
    if not before:
        return Gap.GLUED
    if before.isspace() or before in "-_'\"" or before == ".":
        return Gap.SOFT
    if _HARD.search(before.replace("+", "").replace("&", "")):
        return Gap.HARD
    if _SENTENCE_END.search(before) and not (earlier and (earlier[-1].text in _ABBREVIATIONS)):
        return Gap.HARD
    if _ADDS.search(before):
        return Gap.ADD
    if "," in before:
        return Gap.LIST
    return Gap.SLASH if "/" in before else Gap.SOFT
