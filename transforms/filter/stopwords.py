"""Words that hardly any page of prose goes without, for the languages where a list is at hand.

Gopher asks for two of eight English words (Rae et al. 2021, appendix A.1.1); FineWeb-2 for two of a language's
commonest words (Penedo et al. 2025). A language without a list is not asked.
"""

from __future__ import annotations

STOP_WORDS: dict[str, tuple[str, ...]] = {
    "en": ("the", "be", "to", "of", "and", "that", "have", "with"),
    "ar": ("في", "من", "على", "إلى", "أن", "عن", "مع", "هذا", "ما", "لا", "التي"),
    "bg": ("на", "и", "в", "за", "от", "да", "се", "с", "не", "по"),
    "cs": ("a", "v", "se", "na", "je", "že", "to", "s", "z", "do", "o"),
    "da": ("og", "i", "at", "er", "det", "en", "til", "som", "på", "af", "de"),
    "de": ("der", "die", "und", "in", "den", "von", "zu", "das", "mit", "ist", "nicht", "ein", "eine", "für"),
    "el": ("και", "το", "να", "του", "η", "της", "με", "για", "που", "την"),
    "es": ("de", "la", "que", "el", "en", "y", "a", "los", "se", "del", "un", "por", "con"),
    "fa": ("و", "در", "به", "از", "که", "این", "را", "با", "است", "برای", "آن"),
    "fi": ("ja", "on", "ei", "se", "että", "oli", "hän", "mutta", "myös", "kun", "ovat"),
    "fr": ("de", "la", "le", "et", "les", "des", "en", "un", "une", "du", "est", "que", "pour", "dans"),
    "he": ("של", "את", "על", "לא", "זה", "עם", "הוא", "כי", "גם", "או"),
    "hi": ("के", "में", "है", "की", "और", "से", "का", "को", "पर", "हैं", "एक"),
    "hu": ("a", "az", "és", "hogy", "nem", "is", "egy", "meg", "de", "ez"),
    "id": ("yang", "dan", "di", "dengan", "untuk", "dari", "ini", "dalam", "pada", "itu"),
    "it": ("di", "e", "che", "la", "il", "in", "un", "per", "a", "è", "non", "una", "con", "del"),
    "ja": ("の", "に", "は", "を", "た", "が", "で", "て", "と", "し", "れ"),
    "nl": ("de", "het", "een", "van", "en", "in", "is", "dat", "op", "te", "met", "voor"),
    "no": ("og", "i", "er", "det", "på", "som", "en", "til", "av", "for", "med"),
    "pl": ("i", "w", "na", "z", "do", "się", "nie", "to", "że", "jest", "o"),
    "pt": ("de", "a", "o", "que", "e", "do", "da", "em", "um", "para", "com", "não"),
    "ro": ("și", "şi", "de", "în", "a", "la", "cu", "pe", "nu", "o", "că", "din"),
    "ru": ("в", "и", "на", "с", "не", "что", "по", "к", "из", "для", "от", "как", "это"),
    "sv": ("och", "i", "att", "det", "som", "en", "på", "är", "av", "för", "med", "till"),
    "tr": ("ve", "bir", "bu", "da", "de", "için", "ile", "çok", "olarak", "daha"),
    "uk": ("в", "у", "і", "й", "та", "на", "з", "не", "що", "до", "за", "як"),
    "vi": ("và", "của", "là", "có", "các", "cho", "được", "trong", "không", "một", "những"),
    "zh": ("的", "是", "在", "了", "不", "有", "和", "一", "我", "这", "這", "他"),
}
"""Lower-case words by ISO 639-1 code. For Chinese and Japanese single characters."""
