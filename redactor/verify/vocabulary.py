"""Words that PDF and Office files hold as their own grammar, so that one of them alone tells nothing about anybody."""

from __future__ import annotations

_GRAMMAR = """
about adobe aiim alt annot art artifact arial ascent avgwidth bag base basefont bbox bdc begin beginbfchar beginbfrange
begincmap begincodespacerange bibentry bitspercomponent block blockquote bmc body bold bullet bullets caladea capheight
caption carlito catalog ccittfaxdecode chapter char charprocs cidinit cidset cidsysteminfo cidtogidmap cmap cmapname
cmaptype code colorspace column columns com contents copy count courier createdate creationdate cropbox currentdict data
date dctdecode decimal decode decodeparms def default defineresource dejavu descendantfonts descent description
devicecmyk devicegray devicergb dict differences disc displaydoctitle div document elements emc encoding end endbfchar
endbfrange endcmap endcodespacerange endnote example extgstate false figure filter findresource first firstchar flags
flate flatedecode font fontbbox fontdescriptor fontfamily fontfile fontmatrix fontname footer footnote form formula
gmark fmark group hanging header heading headings height helvetica html http https icc iccbased identity image imagemask
index indexed info inline interpolate italic italicangle kids lab lang language last lastchar layout lbl lbody length
liberation liberationmono liberationsans liberationserif line link list lower lowerroman loweralpha macroman marked
markinfo mask matrix mcid mcr mediabox meta metadata missingwidth modifydate mono multiply name nonstruct none note null
nums object objstm opensymbol ordered ordering org page pages painttype para paragraph parent parenttree
parenttreenextkey part pattern pdf pdfua pdfuaid picture placement pop predictor private procset producer purl quotation
quote rdf reading redact redacted redactor reference registry regular resources rolemap roman root rotate row rows ruby
rolemap sans scope sect section serif shading shape simple size smask span square standard start stemh stemv stream
strong struct structelem structparent structparents structtreeroot style subtype supplement syntax tabs table tbody text
textbody tfoot thead times title toc toci tounicode trapped true truetype type unicode upper upperalpha upperroman value
version viewer viewerpreferences warichu width widths winansi winansiencoding www xap xml xmlns xmp xmpmeta xobject
xpacket xref xstep ystep ucs gb1 cns1 japan1 japan2 korea1
"""
GRAMMAR = frozenset(_GRAMMAR.split())

# Values of the schema (ECMA-376 part 1), built-in style names and fonts that come with Office.
_OFFICE_GRAMMAR = """
3d absolute accent accent1 accent2 accent3 accent4 accent5 accent6 address after agency aharoni albertus aldhabi
algerian all andalus angsana annotation antiqua aparajita aptos arabic arial around article ascii atleast authorities
auto autofit b bahnschrift baiti balloon band1horz band1vert band2horz band2vert bar baseline baskerville batang
before bell beneathtext bentconnector3 berlin bernard bevel bg1 bg2 bi bibliography bitstream black blackadder block
blue bodoni body bold boli book bookman bookshelf both bothsides bottom bottommargin bracketpair bradley bright
britannic broadway brush btlr bullet caladea calibri californian cambria can candara caption cardinaltext carlito
castellar cen centaur center centergroup century character chevron chicago chiller cjk classic clear clip closing
cloudcallout cmu colonna colorful column columns comic comment condensed consolas console constantia contemporary
continuationnotice continuationseparator continue continuous cooper copperplate copy corbel cordia corsiva courier cs
ctr cube curlz curvedconnector3 cyan dark darkblue darkcyan darkgray darkgreen darkmagenta darkred darkyellow dash
dashdot dashdotstroked dashed dashsmallgap date daunpenh david decimal decimalenclosedcircle decimalzero default
dejavu demi dengxian devanagari diagcross diagstripe diamond dingbats display dist distribute dk1 dk2 docend document
dot dotdash dotdotdash dotted dotum double doublewave downarrow drawingml drop dxa eachpage eachsect eastasia eavert
ebrima edwardian effects elegant elephant ellipse emoji emphasis en end endnote english engravers envelope eras even
evenpage exact extra face false fangsong fb felix figures first firstcol firstrow fixed flat flowchartdecision
flowchartprocess flowchartterminator foldedcorner folhlink followed followedhyperlink font footer footlight footnote
forte fraktur frame franklin free freestyle frutiger futura g gabriola garamond gautami gb georgia gill gisha gothic
goudy green grid gulim haettenschweiler han hand handwriting hanging hansi harrington hashtag header heading heavy
helvetica hex hexagon highkashida himalaya hindi hlink homeplate horz horzcross horzstripe html http hybridmultilevel
hyperlink hyphen i ideographdigital impact imprint indent index informal ink inline inmargin inset inside insidemargin
intense iskoola itc japanesecounting javanese jhenghei jokerman just kaiti kalinga kartika khmer kristen l landscape
lao largest lastcol lastrow latha leelawadee left leftarrow leftbrace leftbracket leftmargin leftrightarrow lg lgdash
lgdashdot lgdashdotdot liberation libertine light lightgray lin line lines linesandchars link linotype linux list
lohit lowerletter lowerroman lowkashida lr lrtb lrtbv lt1 lt2 lucida macro magenta mail main majalla malgun mangal map
margin marlett math med medium mediumkashida meiryo mention message microsoft middle middledot mincho mingliu mistral
miter mongolian mono monospace monotype ms mt multilevel mv myriad narrow necell neue never new nextcolumn nextpage
nil nirmala no nobar none normal notbeside note nothing noto nsimsun num number numberindash numbering numtab nwcell
nyala octagon odd oddpage of off officedocument old on onyx open opensymbol openxmlformats ordinal ordinaltext org
outline outmargin outset outside outsidemargin overflow overlap p page pagebottom palatino papyrus paragraph
parallelogram pct pct10 pct12 pct15 pct20 pct25 pct30 pct35 pct37 pct40 pct45 pct5 pct50 pct55 pct60 pct62 pct65 pct70
pct75 pct80 pct85 pct87 pct90 pct95 perpetua pgothic picture placeholder plain plus pmincho pmingliu poor portrait
pota preserve print pro professional quote r raavi rect red reference relationships relative repeat restart return
reversediagstripe revision richard rid right rightarrow rightbrace rightbracket rightmargin rl rnd roboto rockwell
roman round rounded roundrect rttri s sakkal salutation sans sc schemas schoolbook script secell sectend section segoe
separator serif shading shadow shruti signature simhei simple simplified simsun single singlelevel skw sm smart
snaptochars solid source space spacing sq square star5 start stencil straightconnector1 strong struck style subject
subscript subsup subtitle subtle superscript swcell sylfaen symbol sysdash sysdashdot sysdashdotdot sysdot t tab table
tahoma tb tblrv tbrl tbrlv tempus text textonly textwrapping thaidistribute theme thick thickthinlargegap
thickthinmediumgap thickthinsmallgap thindiagcross thindiagstripe thinhorzcross thinhorzstripe thinreversediagstripe
thinthicklargegap thinthickmediumgap thinthicksmallgap thinthickthinsmallgap thinvertstripe threedemboss threedengrave
through tight times title titling toa toc top topandbottom topmargin traditional trapezoid trebuchet triangle triple
true tunga tw tx1 tx2 typesetting typewriter ui underscore undovr unicode univers unresolved uparrow upperletter
upperroman utsaah vera verdana vert vert270 vertstripe vrinda wave wavy web webdings wedgerectcallout
wedgeroundrectcallout white wholetable wingdings wordartvert wordprocessing wordprocessingml words yahei yellow yu
zapf zapfdingbats 고딕 맑은 바탕 コシック 宋体 新細明體 明朝 黑体
"""
OFFICE_GRAMMAR = frozenset(_OFFICE_GRAMMAR.split())
