/* A chart as a file that stands alone: what it shows, of which run, by what it was made and when, and where it is found. */
import { FONT, colour } from './charts.js'
import { plain, tableOf } from './table.js'

const HEAD = 46, FOOT = 42, EDGE = 12, LEAST = { width: 640, height: 340 }

/* The lines around a chart: title and run above, maker, day and link below; the same in every kind of file. */
/* The link to the page as it is read, without the drawer in front of it. */
export const link = () => location.href.replace(/([?&])drawer=[^&#]*(&|$|(?=#))/, (_, before, after) => (after === '&' ? before : ''))
const around = (chart, about) => ({ Title: [chart.title, ...(chart.unit && !chart.title.includes(chart.unit) ? [chart.unit] : [])].join(', '), Run: `${about.scenario}; ${about.run}`, Source: `${about.source}, ${about.date}`, Link: link() })
const short = (text, width) => (text.length * 5.6 > width ? text.slice(0, Math.max(8, Math.floor(width / 5.6) - 1)) + '…' : text)

/* A chart drawn anew on paper of its own, larger than small cards are. In vectors a label has one style: the width of its
   first part, by which a second would be placed, hangs on the fonts of whoever looks at it. */
function drawnAnew(chart, renderer) {
  const width = Math.max(chart.width, LEAST.width), height = Math.max(chart.height, LEAST.height), { table, ends, ...drawn } = chart.option
  const paper = window.echarts.init(renderer === 'svg' ? null : document.createElement('div'), null, { renderer, ssr: renderer === 'svg', width, height })
  paper.setOption({ ...drawn, backgroundColor: colour.card, series: renderer === 'svg' ? drawn.series.map(oneStyle) : drawn.series })
  return { paper, width, height: height + HEAD + FOOT }
}
const bare = (text) => String(text).replace(/\{\w+\|([^}]*)\}/g, '$1')
const oneStyle = (one) => (one.endLabel ? { ...one, endLabel: { ...one.endLabel, formatter: typeof one.endLabel.formatter === 'function' ? (p) => bare(one.endLabel.formatter(p)) : bare(one.endLabel.formatter) } } : one)
function placed(words, width, height) {
  return [
    [words.Title, 20, `600 13px ${FONT}`, colour.ink], [words.Run, 37, `400 11px ${FONT}`, colour.ink2],
    [words.Source, height - FOOT + 16, `400 11px ${FONT}`, colour.ink3], [words.Link, height - FOOT + 32, `400 11px ${FONT}`, colour.ink3],
  ].map(([text, y, font, fill]) => ({ text: short(text, width - 2 * EDGE), y, font, fill }))
}

/* SVG, drawn anew as vectors; the whole link is behind the short one, and all words in title and description. */
function svg(chart, about) {
  const { paper, width, height } = drawnAnew(chart, 'svg'), words = around(chart, about)
  const inner = paper.renderToSVGString().replace(/^[^]*?<svg /, `<svg y="${HEAD}" `)
  paper.dispose()
  const lines = placed(words, width, height).map((line) => `<text x="${EDGE}" y="${line.y}" fill="${line.fill}" style="font:${plain(line.font)}">${plain(line.text)}</text>`)
  lines[3] = `<a href="${plain(words.Link)}">${lines[3]}</a>`
  const said = Object.entries(words).map(([name, text]) => `${name}: ${text}`).join('\n')
  return new Blob([`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>${plain(words.Title)}</title><desc>${plain(said)}</desc><rect width="100%" height="100%" fill="${colour.card}"/>${lines.slice(0, 2).join('')}${inner}${lines.slice(2).join('')}</svg>`], { type: 'image/svg+xml' })
}

/* PNG at twice its size; the words stand in its text chunks, too. */
async function png(chart, about) {
  const { paper, width, height } = drawnAnew(chart, 'canvas'), words = around(chart, about), image = new Image(), header = 33
  image.src = paper.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: colour.card })
  await image.decode()
  paper.dispose()
  const sheet = Object.assign(document.createElement('canvas'), { width: 2 * width, height: 2 * height }), pen = sheet.getContext('2d')
  pen.scale(2, 2)
  pen.fillStyle = colour.card
  pen.fillRect(0, 0, width, height)
  pen.drawImage(image, 0, HEAD, width, height - HEAD - FOOT)
  for (const line of placed(words, width, height)) { Object.assign(pen, { font: line.font, fillStyle: line.fill }); pen.fillText(line.text, EDGE, line.y) }
  const bytes = new Uint8Array(await (await new Promise((give) => sheet.toBlob(give, 'image/png'))).arrayBuffer())
  return new Blob([bytes.slice(0, header), ...Object.entries(words).map(([name, text]) => chunk(name, text)), bytes.slice(header)], { type: 'image/png' })
}

/* A chunk of international text (PNG specification, third edition, 11.3.3.4): length, type, contents, check sum. */
function chunk(name, text) {
  const body = new TextEncoder().encode(`iTXt${name}\0\0\0\0\0${text}`), whole = new Uint8Array(body.length + 8), view = new DataView(whole.buffer)
  view.setUint32(0, body.length - 4)
  whole.set(body, 4)
  view.setUint32(body.length + 4, sum(body))
  return whole
}
function sum(bytes) {
  let rest = 0xffffffff
  for (const byte of bytes) { rest ^= byte; for (let k = 0; k < 8; k++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0) }
  return (rest ^ 0xffffffff) >>> 0
}

/* CSV: what is around the chart as comments, and its numbers as exactly as the page has them. */
function csv(chart, about) {
  const words = { ...around(chart, about), Unit: chart.unit || chart.title.split(', ').slice(1).pop() || 'as the heads say' }
  const exact = (value) => (Number.isFinite(value) ? String(value) : ''), quarter = (at, year) => `${year + Math.floor(at / 4)}Q${(at % 4) + 1}`
  const { heads, rows } = tableOf(chart.option, exact, quarter)
  const cell = (text) => { const inside = text === '–' ? '' : String(text); return /[",\n#]/.test(inside) ? `"${inside.replace(/"/g, '""')}"` : inside }
  const comments = Object.entries(words).map(([name, text]) => `# ${name}: ${text}`)
  return new Blob([[...comments, heads.map(cell).join(','), ...rows.map((row) => row.map(cell).join(','))].join('\n') + '\n'], { type: 'text/csv' })
}

/* PDF by the browser's own print: the vectors on a sheet of their size, and below them how lines and bands are to be read.
   Returns the window that holds the sheet; nothing where the browser opens none. */
export function print(chart, about) {
  const sheet = window.open('', '_blank', 'width=820,height=620')
  if (!sheet) return null
  const words = { ...around(chart, about), Reading: reading(chart) }
  svg(chart, about).text().then((drawing) => {
    const [, wide, tall] = drawing.match(/width="(\d+)" height="(\d+)"/), note = 44
    sheet.document.write(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${plain(words.Title)}</title><meta name="description" content="${plain(Object.entries(words).map(([name, text]) => `${name}: ${text}`).join('; '))}"><style>@page{size:${wide}px ${Number(tall) + note}px;margin:0}html,body{margin:0;background:${colour.card};-webkit-print-color-adjust:exact;print-color-adjust:exact}svg{display:block}p{margin:0;padding:4px ${EDGE}px;box-sizing:border-box;width:${wide}px;height:${note}px;overflow:hidden;font:400 11px/1.4 ${FONT};color:${colour.ink2}}</style></head><body>${drawing}<p>${plain(words.Reading)}</p></body></html>`)
    sheet.document.close()
    sheet.setTimeout(() => sheet.print(), 100)
  })
  return sheet
}
/* What is said beside a chart of its lines and bands: below its title, above the page, and at the page's foot. */
function reading(chart) {
  const card = chart.element.closest('.card'), said = [card && card.querySelector('.sub'), document.querySelector('main .story .d, main .d'), document.querySelector('.foot span')]
  return said.filter(Boolean).map((one) => one.innerText.trim().replace(/[.]?$/, '.')).filter((text) => /interval|band|median|luck|one run/i.test(text)).join(' ')
}

export const KINDS = { png, svg, csv }
