/** The style sheet of the HTML pages. */
import { themeStyle } from '../draw/theme.ts'

const ink = (colour: string) => `var(--chainrule-${colour})`

export const htmlStyle = `${themeStyle(':root')}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:${ink('background')};color:${ink('ink')};font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:break-word}
main{max-width:58rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1,h2,h3,h4{line-height:1.25;margin:1.8em 0 .5em}
h1{font-size:1.75rem;margin-top:0}
h2{font-size:1.3rem;padding-bottom:.25em;border-bottom:1px solid ${ink('rule')}}
h3{font-size:1.1rem}
h4{font-size:1rem}
p,ul,pre,.scroll{margin:.9em 0}
ul{padding-left:1.3em}
math{font-size:1.12em}td math{font-size:1em}
p,ul{overflow-x:auto;overflow-y:hidden;padding-bottom:.3em}
.scroll{overflow-x:auto;max-width:100%;background:linear-gradient(to right,${ink('background')} 40%,transparent) 0 0/2.5rem 100% local no-repeat,linear-gradient(to left,${ink('background')} 40%,transparent) 100% 0/2.5rem 100% local no-repeat,linear-gradient(to right,${ink('rule')},transparent) 0 0/.8rem 100% no-repeat,linear-gradient(to left,${ink('rule')},transparent) 100% 0/.8rem 100% no-repeat}
.scroll:focus-visible,pre:focus-visible{outline:2px solid ${ink('accent')};outline-offset:2px}
.formula{padding:.3em 0}
.formula math{font-size:1.15em;min-width:max-content;text-align:left;margin:0}
mtd.end{text-align:right;text-align:-webkit-right;padding-right:.1em}
mtd.start{text-align:left;padding-left:.1em}
table{border-collapse:collapse;font-size:.95em}
caption{text-align:left;color:${ink('muted')};padding-bottom:.4em}
th,td{padding:.35em .8em;border-bottom:1px solid ${ink('rule')};vertical-align:baseline;min-width:4em}
th{border-bottom:2px solid ${ink('outline')};font-weight:600}
.left{text-align:left}.right{text-align:right}.center{text-align:center}
.number{font-variant-numeric:tabular-nums;white-space:nowrap}
.plus{color:${ink('positive')}}.minus{color:${ink('negative')}}.zero{color:${ink('muted')}}
pre{background:${ink('scope')};padding:.8em 1em;border-radius:6px;overflow-x:auto}
code{font:.9em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;tab-size:4}
.note{display:flex;gap:.7em;padding:.6em .9em;border-left:4px solid;border-radius:0 6px 6px 0;background:${ink('surface')}}
.note .mark{font-weight:700}
.note>span:last-child{color:${ink('ink')};min-width:0}
.good{color:${ink('good')}}.warning{color:${ink('warning')}}.bad{color:${ink('bad')}}
.picture img{display:block}
@media print{body{font-size:11pt}main{max-width:none;padding:0}.scroll,pre{overflow:visible}tr,.note,.formula,.picture{break-inside:avoid}h2,h3,h4{break-after:avoid}}`
