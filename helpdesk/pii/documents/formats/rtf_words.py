"""The control words of RTF 1.9.1 that the reader knows, by what they mean to it."""

#: Destinations that are said apart from the body, by the name they get.
APART = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "footer"),
    **dict.fromkeys(("footnote", "annotation", "atnauthor", "atnid"), "note"),
    **dict.fromkeys(
        (
            "title",
            "subject",
            "author",
            "manager",
            "company",
            "operator",
            "category",
            "keywords",
            "comment",
            "doccomm",
        ),
        "info",
    ),
    "hlinkbase": "info",
    "userprops": "info",
    "staticval": "info",
    "propname": "info",
    "docvar": "info",
    "fldinst": "fields",
    "ffdeftext": "fields",
    "ffname": "fields",
    "ffl": "fields",
    "sv": "shape properties",
}
#: Destinations with nothing that a person wrote.
MUTE = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "listtable",
        "listoverridetable",
        "rsidtbl",
        "generator",
        "themedata",
        "colorschememapping",
        "latentstyles",
        "datastore",
        "xmlnstbl",
        "filetbl",
        "revtbl",
        "pntext",
        "pntxta",
        "pntxtb",
        "sn",
        "htmltag",
        "mhtmltag",
        "blipuid",
        "wgrffmtfilter",
        "panose",
        "falt",
        "bkmkstart",
        "bkmkend",
        "listname",
        "listpicture",
        "fontemb",
        "objclass",
        "objname",
        "objtime",
        "fchars",
        "lchars",
        "template",
        "passwordhash",
        "password",
        "mmathPr",
        "pgptbl",
        "nonshppict",
        "background",
        "factoidname",
    ]
)
#: Starred destinations whose text stands in the body for those who know them.
SEEN = frozenset(
    [
        "shptxt",
        "dptxbxtext",
        "shpinst",
        "shppict",
        "objdata",
        "object",
        "result",
        "shp",
        "do",
        "shprslt",
        "shpgrp",
        "picprop",
        "sp",
        "cs",
        "ds",
        "ts",
    ]
)
HEX = {"pict": "picture", "objdata": "object"}
BREAKS = {
    "par": "\n",
    "line": "\n",
    "sect": "\n",
    "page": "\n",
    "row": "\n",
    "nestrow": "\n",
    "tab": "\t",
    "cell": "\t",
}
BREAKS |= {"nestcell": "\t", "emdash": "\u2014", "endash": "\u2013", "lquote": "\u2018", "rquote": "\u2019"}
BREAKS |= {
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "bullet": "\u2022",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
SYMBOLS = {
    b"~": "\xa0",
    b"_": "\u2011",
    b"-": "\xad",
    b"\n": "\n",
    b"\r": "\n",
    b"\\": "\\",
    b"{": "{",
    b"}": "}",
}
CODEPAGES = {128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254", 177: "cp1255"}
CODEPAGES |= {178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}
