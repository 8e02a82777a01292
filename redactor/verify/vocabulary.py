"""Words that every PDF holds as its own grammar, so that one of them alone tells nothing about anybody."""

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
xpacket xref xstep ystep
"""
GRAMMAR = frozenset(_GRAMMAR.split())
