"""Words that every Office file may hold whoever wrote it: built-in style names, common fonts, values of the schema.

What is not listed here is somebody's own wording and is treated as content.
"""

from __future__ import annotations

import re

_STYLE = re.compile(
    r"(normal|default paragraph font|table normal|no list|normal \(web\)|normal table|normal indent|title|subtitle|"
    r"strong|emphasis|quote|intense quote|intense emphasis|intense reference|subtle emphasis|subtle reference|"
    r"book title|caption|header|footer|hyperlink|followed ?hyperlink|no spacing|list paragraph|placeholder text|"
    r"plain text|body text( first indent)?( indent)?( \d)?|block text|date|salutation|closing|signature|e-mail signature|"
    r"footnote (text|reference)|endnote (text|reference)|annotation (text|reference|subject)|balloon text|page number|"
    r"line number|message header|document map|macro( text)?|table of (figures|authorities)|toa heading|toc ?(heading|\d)|"
    r"index( \d| heading)|envelope (address|return)|revision|bibliography|comment (text|reference|subject)|mention|"
    r"unresolved mention|smart (hyperlink|link)|hashtag|outline list \d|note heading|article / section|"
    r"heading \d|list( bullet| number| continue)?( \d)?|html [a-z]+|"
    r"table (grid|theme|simple|classic|colorful|columns|list|web|contemporary|elegant|professional|subtle|3d effects|"
    r"grid light)( \d)?|plain table \d|grid table .{0,40}accent \d|list table .{0,40}accent \d|"
    r"(grid|list) table \d( light| dark| colorful)?|"
    r"(light|medium|dark|colorful) (shading|list|grid)( \d)?( accent \d)?)( char\d*)?",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<=[a-z])(?=[A-Z0-9])")

FONTS = frozenset(
    """
    agency fb|aharoni|albertus|aldhabi|algerian|andalus|angsana new|aparajita|aptos|aptos display|arabic typesetting|arial
    arial black|arial narrow|arial rounded mt bold|arial unicode ms|bahnschrift|baskerville old face|batang|bell mt
    berlin sans fb|bernard mt condensed|bitstream vera sans|blackadder itc|bodoni mt|book antiqua|bookman old style
    bookshelf symbol 7|bradley hand itc|britannic bold|broadway|brush script mt|caladea|calibri|calibri light|californian fb
    cambria|cambria math|candara|carlito|castellar|centaur|century|century gothic|century schoolbook|chiller|cmu serif
    colonna mt|comic sans ms|consolas|constantia|cooper black|copperplate gothic bold|copperplate gothic light|corbel
    cordia new|courier|courier new|curlz mt|daunpenh|david|dejavu sans|dejavu sans mono|dejavu serif|dengxian|dotum|ebrima
    edwardian script itc|elephant|engravers mt|eras medium itc|fangsong|felix titling|footlight mt light|forte
    franklin gothic book|franklin gothic demi|franklin gothic medium|freestyle script|frutiger|futura|gabriola|garamond
    gautami|georgia|gill sans|gill sans mt|gisha|goudy old style|gulim|haettenschweiler|harrington|helvetica|helvetica neue
    impact|imprint mt shadow|informal roman|ink free|iskoola pota|javanese text|jokerman|kaiti|kalinga|kartika|khmer ui
    kristen itc|lao ui|latha|leelawadee|leelawadee ui|liberation mono|liberation sans|liberation sans narrow|liberation serif
    linux libertine g|lohit devanagari|lohit hindi|lucida bright|lucida console|lucida handwriting|lucida sans
    lucida sans typewriter|lucida sans unicode|malgun gothic|mangal|marlett|meiryo|microsoft himalaya|microsoft jhenghei
    microsoft sans serif|microsoft yahei|mingliu|mistral|mongolian baiti|monotype corsiva|ms gothic|ms mincho|ms pgothic
    ms pmincho|ms sans serif|ms serif|mt extra|mv boli|myriad pro|nirmala ui|noto sans|noto sans cjk sc|noto serif|nsimsun
    nyala|old english text mt|onyx|open sans|opensymbol|palatino|palatino linotype|papyrus|perpetua|pmingliu|poor richard
    raavi|roboto|rockwell|sakkal majalla|script mt bold|segoe print|segoe script|segoe ui|segoe ui emoji|segoe ui symbol
    shruti|simhei|simplified arabic|simsun|source han sans|stencil|sylfaen|symbol|tahoma|tempus sans itc|times|times new roman
    traditional arabic|trebuchet ms|tunga|tw cen mt|univers|utsaah|verdana|vrinda|webdings|wingdings|wingdings 2|wingdings 3
    yu gothic|yu mincho|zapf dingbats|zapfdingbats|宋体|黑体|ＭＳ 明朝|ＭＳ ゴシック|新細明體|바탕|맑은 고딕
    """.strip().replace("\n", "|").replace("    ", "").split("|")
)  # fmt: skip

# Values of simple types of the schemas (ECMA-376 part 1) that carry layout and nothing else.
VALUES = frozenset(
    """
    none nil auto single double thick dotted dash dashed dotDash dotDotDash triple wave wavy words clear solid pct5 pct10
    pct12 pct15 pct20 pct25 pct30 pct35 pct37 pct40 pct45 pct50 pct55 pct60 pct62 pct65 pct70 pct75 pct80 pct85 pct87 pct90
    pct95 horzStripe vertStripe diagStripe reverseDiagStripe horzCross diagCross thinHorzStripe thinVertStripe
    thinDiagStripe thinReverseDiagStripe thinHorzCross thinDiagCross thinThickSmallGap thickThinSmallGap
    thinThickThinSmallGap thinThickMediumGap thickThinMediumGap thinThickLargeGap thickThinLargeGap dashSmallGap doubleWave
    dashDotStroked threeDEmboss threeDEngrave outset inset left right center both start end distribute lowKashida
    mediumKashida highKashida numTab thaiDistribute top bottom middle inside outside baseline superscript subscript
    black blue cyan green magenta red yellow white darkBlue darkCyan darkGreen darkMagenta darkRed darkYellow darkGray
    lightGray exact atLeast dxa pct character page column margin text paragraph line textWrapping all decimal upperRoman
    lowerRoman upperLetter lowerLetter ordinal cardinalText ordinalText hex chicago bullet decimalZero numberInDash
    decimalEnclosedCircle ideographDigital japaneseCounting tab space nothing nextPage oddPage evenPage nextColumn
    continuous portrait landscape default first even odd lrTb tbRl btLr lrTbV tbRlV tbLrV lr tb rl btlr hanging pageBottom
    sectEnd docEnd beneathText eachSect eachPage restart continue num bar overlap never around notBeside through tight
    square autofit fixed lines linesAndChars snapToChars separator continuationSeparator continuationNotice dot hyphen
    underscore heavy middleDot both eastAsia cs hAnsi ascii firstRow lastRow firstCol lastCol band1Vert band2Vert
    band1Horz band2Horz neCell nwCell seCell swCell wholeTable singleLevel multilevel hybridMultilevel table numbering
    true false on off textOnly topAndBottom absolute relative tx1 bg1 tx2 bg2 dk1 lt1 dk2 lt2 accent1 accent2 accent3
    accent4 accent5 accent6 hlink folHlink rect roundRect ellipse straightConnector1 rtTri triangle diamond parallelogram
    trapezoid hexagon octagon plus chevron homePlate rightArrow leftArrow upArrow downArrow leftRightArrow bentConnector3
    curvedConnector3 flowChartProcess flowChartDecision flowChartTerminator wedgeRectCallout wedgeRoundRectCallout
    cloudCallout star5 line bracketPair leftBracket rightBracket leftBrace rightBrace foldedCorner can cube frame
    horz vert vert270 wordArtVert eaVert ctr t b l r just dist overflow clip sm med lg flat rnd sq miter bevel round
    sysDot sysDash lgDash lgDashDot lgDashDotDot dashDot sysDashDot sysDashDotDot bothSides largest leftMargin rightMargin
    topMargin bottomMargin insideMargin outsideMargin inMargin outMargin preserve bar skw lin noBar undOvr subSup
    centerGroup p roman script fraktur double-struck sans-serif monospace bi i inline before after repeat drop
    """.split()
)


def is_builtin(style: str) -> bool:
    """Say whether a style's name or id is one that Word ships."""
    text = style.strip()
    spaced = " ".join(_SPACED.sub(" ", text).replace("-", " ").split())
    return bool(_STYLE.fullmatch(text) or _STYLE.fullmatch(spaced))


def is_font(font: str) -> bool:
    """Say whether a font's name is a common one."""
    return font.strip().lstrip("@").lower() in FONTS
