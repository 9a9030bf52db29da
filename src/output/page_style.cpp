#include "output/page.h"

namespace reportedly::output {

const std::string_view kPageStyle = R"css(
:root{color-scheme:light dark;
 --paper:#fbfaf7;--card:#fff;--ink:#1d1c1a;--soft:#5d5a54;--line:#dcd8cf;--focus:#0b57d0;
 --tint1:#f1ecdf;--tint2:#e6dec9;--tint3:#d9cfb3;--trigger:#ffe08a;--trigger-on:#ffc93d;--party:#b9d6f2;
 --say:#2f6690;--deny:#a8323e;--press:#94610a;--think:#6c4a97;--mute:#6b6862;--yes:#2b6e45;--no:#a8323e;--open:#7a5c00}
@media (prefers-color-scheme:dark){:root{
 --paper:#171817;--card:#202120;--ink:#e9e6df;--soft:#a8a49b;--line:#3a3a37;--focus:#8ab4f8;
 --tint1:#292a22;--tint2:#363729;--tint3:#444632;--trigger:#6b5200;--trigger-on:#967400;--party:#24445f;
 --say:#84b6dd;--deny:#f0919b;--press:#e2b45c;--think:#c4a5ea;--mute:#a8a49b;--yes:#86cfa0;--no:#f0919b;--open:#dcc067}}
*{box-sizing:border-box}
html{scroll-padding:1rem 0 4rem}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;padding-bottom:4.5rem}
a{color:inherit}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:3px}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--card);padding:.5rem 1rem;border:1px solid var(--line);border-radius:6px;z-index:9}
.skip:focus{top:.5rem}
.top,.doc,.foot{max-width:82rem;margin:0 auto;padding:0 1.5rem}
.top{padding-top:2rem}
.top h1{font-size:1.6rem;line-height:1.2;margin:0;letter-spacing:-.01em}
.top .say{max-width:46rem;margin:.4rem 0 1rem;color:var(--soft)}
.key{display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;list-style:none;margin:0 0 .8rem;padding:.7rem 0;border-block:1px solid var(--line);font-size:.9rem;color:var(--soft)}
.key .t{font-family:Charter,Georgia,Cambria,"DejaVu Serif",serif;color:var(--ink);margin-right:.35rem}
kbd{font:600 .8em ui-monospace,monospace;border:1px solid var(--line);border-bottom-width:2px;border-radius:4px;padding:.05em .4em;background:var(--card)}
.own{display:inline-flex;gap:.5rem;align-items:center;font-size:.9rem;cursor:pointer;padding:.3rem 0}
.own input{width:1.1rem;height:1.1rem;accent-color:var(--focus)}
.list{margin:.6rem 0 0}
.list ol{margin:.3rem 0;padding-left:1.6rem}
.list h2{font-size:1rem;margin:.6rem 0 0}
.list li{margin:.2rem 0}
.list span{color:var(--soft);font-size:.88rem}
.doc{margin-top:2.2rem;padding-top:1.6rem}
.doc+.doc{border-top:1px solid var(--line)}
.doc>header{max-width:60rem;margin-left:11.5rem}
.doc h2{font:700 1.75rem/1.22 Charter,Georgia,Cambria,"DejaVu Serif",serif;margin:0 0 .3rem;text-wrap:balance}
.doc h2.from{font-style:italic;font-weight:400}
.facts{color:var(--soft);font-size:.9rem;margin:0 0 .4rem}
.note{font-size:.9rem;border-left:3px solid var(--press);padding:.1rem .7rem;margin:.5rem 0;color:var(--soft)}
.note.bad{border-color:var(--no)}
.para{display:grid;grid-template-columns:10.5rem minmax(0,37rem) minmax(0,1fr);column-gap:1rem;align-items:start;position:relative}
.text{font:1.09rem/1.68 Charter,Georgia,Cambria,"DejaVu Serif",serif;margin:0 0 1.1rem;padding-left:1.6rem;position:relative;overflow-wrap:break-word}
.part-title .text{font-weight:700;font-size:1.2rem}
.part-byline .text,.part-dateline .text,.part-footer .text,.left .text{color:var(--soft);font-size:.95rem}
.left .text,.skipped{text-decoration:line-through;text-decoration-color:var(--line);color:var(--soft)}
.plain{white-space:pre-wrap}
.voices{list-style:none;margin:0;padding:0;font-size:.8rem;line-height:1.3;text-align:right;position:relative}
.voices li{margin:.15rem 0 .5rem}
.voices a{display:block;text-decoration:none;border-radius:4px;padding:.1rem .3rem;color:var(--v)}
.voices b{display:block;font-weight:600;color:var(--ink);overflow-wrap:anywhere}
.voices i{font-style:normal;font-weight:600}
.voices a:hover,.voices .on>a{background:var(--tint2)}
.drawn .voices li{position:absolute;right:0;width:100%;margin:0}
.s-say{--v:var(--say)}.s-deny{--v:var(--deny)}.s-press{--v:var(--press)}.s-think{--v:var(--think)}.s-mute{--v:var(--mute)}
.bar{position:absolute;width:.42rem;border:2px solid var(--v);border-right:0;border-radius:4px 0 0 4px;pointer-events:none;opacity:.75}
.bar.cut-top{border-top:0;border-top-left-radius:0}.bar.cut-end{border-bottom:0;border-bottom-left-radius:0}
.bar.on{opacity:1;border-width:3px}
.c1{background:var(--tint1)}.c2{background:var(--tint2)}.c3{background:var(--tint3)}
.c1,.c2,.c3{-webkit-box-decoration-break:clone;box-decoration-break:clone;padding:.12em 0}
.src{font-weight:650;text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:.22em;text-decoration-color:var(--say)}
a.cue,.key .cue{font-style:italic;text-decoration:underline dotted 2px;text-underline-offset:.22em;text-decoration-color:var(--press)}
a.trg,.key .trg{background:var(--trigger);border-radius:3px;padding:.08em .18em;text-decoration:none;box-shadow:inset 0 -2px 0 var(--trigger-on)}
.on.trg{background:var(--trigger-on)}
.on.party{background:var(--party);border-radius:3px}
.on.cnt{box-shadow:inset 0 -2px 0 var(--focus)}
.own-only .cnt:not(.src):not(.cue),.own-only .bar,.own-only .voices{opacity:.22}
.own-only .ev.told{opacity:.35}
.events{display:grid;gap:.6rem;margin-bottom:1rem;align-content:start}
.ev{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--v);border-radius:6px;padding:.55rem .8rem .5rem;font-size:.88rem;line-height:1.42;scroll-margin:1rem}
.ev.on{border-color:var(--focus);box-shadow:0 0 0 1px var(--focus)}
.ev h3{display:flex;flex-wrap:wrap;gap:.1rem .6rem;align-items:baseline;font-size:.82rem;margin:0;letter-spacing:.02em}
.ev h3 a{text-decoration:none}.ev h3 a:hover{text-decoration:underline}
.ev .st{color:var(--v);font-weight:700}
.ev .id{margin-left:auto;color:var(--soft);font-weight:400}
.st-happened,.st-ongoing{--v:var(--yes)}.st-denied,.st-refused{--v:var(--no)}.st-planned,.st-possible,.st-hypothetical{--v:var(--open)}
.who{margin:.25rem 0;font-size:.98rem}
.who b{font-weight:650}
.who small,.code{color:var(--soft);font-size:.85em;letter-spacing:.02em}
.did{color:var(--soft);font-style:italic}
.ev dl{display:grid;grid-template-columns:auto 1fr;gap:.05rem .7rem;margin:.3rem 0}
.ev dt{color:var(--soft)}.ev dd{margin:0;overflow-wrap:anywhere}
.ev ul,.ev ol{margin:.15rem 0;padding-left:1.1rem}
.vs{list-style:none;padding:0!important}
.vs li{padding-left:1.35rem;text-indent:-1.35rem}
.g{display:inline-block;width:1.35rem;text-indent:0;font-weight:700}
.g.y{color:var(--yes)}.g.n{color:var(--no)}.g.o{color:var(--open)}
details>summary{cursor:pointer;color:var(--soft);border-radius:3px;padding:.1rem 0}
details[open]>summary{margin-bottom:.2rem}
.why{overflow-wrap:anywhere}
.disp,.cast{margin:1.2rem 0 0 11.5rem;max-width:70rem}
.disp h3,.cast summary{font-size:1rem}
.disp h3{margin:.2rem 0 .5rem}
.disp h4{font-size:.95rem;margin:.2rem 0 .4rem}
.dp{border:1px solid var(--line);border-radius:6px;background:var(--card);padding:.6rem .9rem;margin:.5rem 0}
.pos{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.7rem;margin:0}
.pos div{border-top:3px solid var(--soft);padding-top:.35rem}
.pos dt{font-weight:650}.pos dd{margin:.15rem 0;font-size:.92rem}
table{border-collapse:collapse;font-size:.88rem;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600}
.scroll{overflow-x:auto}
#voice{position:fixed;inset:auto 0 0 0;background:var(--ink);color:var(--paper);font-size:.92rem;padding:.65rem 1.5rem;min-height:2.7rem;z-index:5}
#voice:empty{display:none}
.foot{color:var(--soft);font-size:.82rem;margin-top:3rem;padding-top:1rem;padding-bottom:1rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
@media (max-width:70rem){
 .para{grid-template-columns:minmax(0,1fr);max-width:42rem;margin:0 auto}
 .doc>header,.disp,.cast{margin-left:auto;margin-right:auto;max-width:42rem}
 .top>*{max-width:42rem;margin-left:auto;margin-right:auto}
 .text{order:1;margin-bottom:.5rem}.voices{order:2}.events{order:3}
 .voices,.drawn .voices{text-align:left;padding-left:1.3rem;margin-bottom:.5rem;display:flex;flex-wrap:wrap;gap:.2rem .6rem}
 .drawn .voices li,.voices li{position:static;width:auto;margin:0}
 .voices b,.voices a{display:inline}
 .events{margin-left:1.6rem}
}
@media (max-width:40rem){.top,.doc,.foot{padding-left:1rem;padding-right:1rem}.text{padding-left:1.2rem}.events{margin-left:0}.doc h2{font-size:1.4rem}.keys{display:none}}
@media print{body{padding:0}#voice,.skip,.own,.keys{display:none}.ev,.dp{break-inside:avoid}}
)css";

}  // namespace reportedly::output
