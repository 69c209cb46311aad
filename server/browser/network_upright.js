/* The network where it is narrow: dollars run down. Names of capital and of suppliers are turned, those of labs and clouds
   stand above and below their level in turn, apart from one another. */
import { colour, figure, FONT } from './charts.js'

export const NARROW = 560
const THICK = 11, HEAD = 20, TURNED = 162, FOOT = 156, SUMS = 46, LINE = 13
export const EDGES = { TOP: [8, 24, 24, 8], BOTTOM: 8, GAP: [12.5, 16, 16, 11.5], GROUP: 9, LEAST: [4, 6, 6, 4] }

/* The heights at which the four levels stand. */
export function LEVELS(height) {
  const first = HEAD + TURNED, last = height - FOOT, step = (last - SUMS - first) / 3
  return [first, first + step, first + 2 * step, last]
}

/* Where labels of one side of a level stand: as near their nodes as they can without touching, and none outside. */
function apart(labels, width) {
  const out = labels.map((one) => Math.max(one.wide / 2, one.x))
  for (let k = 1; k < out.length; k++) out[k] = Math.max(out[k], out[k - 1] + (labels[k - 1].wide + labels[k].wide) / 2 + 4)
  for (let k = out.length - 1; k >= 0; k--) {
    const most = k === out.length - 1 ? width - labels[k].wide / 2 : out[k + 1] - (labels[k].wide + labels[k + 1].wide) / 2 - 4
    out[k] = Math.min(out[k], most)
  }
  return out
}

const isOwn = (node) => node.kind !== 'direct'
const wide = (node, value) => Math.max(node.label.length * (isOwn(node) ? 6.6 : 5.8), value.length * 6) + 4

export function nodeUpright(k, o) {
  const n = o.nodes[k], { x, y, place } = o.places.get(k), h = o.tall(k), value = (j) => (o.empty ? '' : figure(o.dollars(j)))
  const kids = [{ type: 'rect', shape: { x: x - h / 2, y: y - THICK / 2, width: h, height: THICK, r: isOwn(n) ? 3 : 2 }, style: { fill: o.shade(k), opacity: o.on ? 1 : 0.25 } }]
  if (o.chosen) kids.push({ type: 'rect', shape: { x: x - h / 2 - 4, y: y - THICK / 2 - 4, width: h + 8, height: THICK + 8, r: 6 }, style: { fill: 'none', stroke: o.shade(k), lineWidth: 1.5 } })
  const rich = { n: { fill: colour.ink, font: `${n.column % 3 && isOwn(n) ? 700 : 400} 12px ${FONT}` }, v: { fill: colour.ink2, font: `400 11px ${FONT}` } }, opacity = o.on ? 1 : 0.4
  if (n.column % 3) {
    const same = [...o.places].filter(([j, p]) => o.nodes[j].column === n.column && p.place % 2 === place % 2).sort(([, a], [, b]) => a.x - b.x)
    const at = apart(same.map(([j, p]) => ({ x: p.x, wide: wide(o.nodes[j], value(j)) })), o.width)[same.findIndex(([j]) => j === k)], room = wide(n, value(k))
    const top = place % 2 ? y + THICK / 2 + 3 : y - THICK / 2 - 3 - 2 * LINE
    kids.push({ type: 'rect', silent: true, shape: { x: at - room / 2, y: top, width: room, height: 2 * LINE, r: 2 }, style: { fill: colour.card, opacity: 0.82 } })
    ;[`{n|${n.label}}`, `{v|${value(k)}}`].forEach((text, line) => kids.push({ type: 'text', style: { rich, opacity, x: at, y: top + (line + 0.5) * LINE, text, textAlign: 'center', textVerticalAlign: 'middle' } }))
  } else {
    const below = n.column > 0
    kids.push({ type: 'text', x, y: y + (below ? 1 : -1) * (THICK / 2 + 5), rotation: Math.PI / 2, style: { rich, opacity, text: below ? `{v|${value(k)}} {n|${n.label}}` : `{n|${n.label}} {v|${value(k)}}`, textAlign: below ? 'right' : 'left', textVerticalAlign: 'middle' } })
  }
  return { type: 'group', children: kids }
}

/* Titles of the levels at their left, and of the suppliers' groups above them. */
export function headsUpright(nodes, places, at, width, frame) {
  const sums = (kind) => (frame ? [`sales ${frame.totals[kind][0]}`, `funding ${frame.totals[kind][1]}`] : ['', ''])
  const text = (x, y, textAlign, words, fill, bold) => ({ type: 'text', silent: true, z: 4, x, y, style: { text: words, fill, font: `${bold ? 700 : 400} ${bold ? 12 : 11}px ${FONT}`, textAlign, textVerticalAlign: 'middle' } })
  const plate = (x, y, wide, high) => ({ type: 'rect', silent: true, z: 4, shape: { x, y, width: wide, height: high }, style: { fill: colour.card, opacity: 0.82 } })
  const level = (title, kind, fill, y) => [plate(0, y - 8, 190, 16), text(0, y, 'left', title, fill, true), text(52, y, 'left', sums(kind).join(', '), colour.ink2)]
  const group = (title, kind, fill, end) => {
    const mine = [...places].filter(([k]) => nodes[k].kind === kind).map(([, p]) => p), left = Math.min(...mine.map((p) => p.x - p.tall / 2)), right = Math.max(...mine.map((p) => p.x + p.tall / 2))
    const x = end < 0 ? Math.max(0, left - 4) : end > 0 ? Math.min(width, right + 4) : (left + right) / 2, side = end < 0 ? 'left' : end > 0 ? 'right' : 'center', from = x - (end < 0 ? 0 : end > 0 ? 78 : 39)
    return [plate(from, at[3] - THICK / 2 - 44, 78, 41), ...[title, ...sums(kind)].map((words, line) => text(x, at[3] - THICK / 2 - 37 + line * LINE, side, words, line ? colour.ink2 : fill, !line))]
  }
  return [
    text(0, 9, 'left', 'Capital', colour.capital, true), text(52, 9, 'left', frame ? `raised ${frame.totals.capital[0]}` : '', colour.ink2),
    ...level('Labs', 'labs', colour.ink, at[1] - THICK / 2 - 2 * LINE - 14), ...level('Clouds', 'clouds', colour['clouds-text'], at[2] - THICK / 2 - 2 * LINE - 14),
    ...group('Chips', 'chips', colour.chips, -1), ...group('Building', 'works', colour.works, 0), ...group('Power', 'power', colour['power-text'], 1),
  ]
}
