/* Who pays whom: customers, owners and funders, labs, clouds, suppliers; dollars left to right, widths comparable throughout.
   Where it is narrow it stands upright: dollars run down, and names at top and bottom are turned (network_upright.js).
   Places follow the largest flows of the run so far, in steps, so that nothing floats while playing. */
import { colour, figure, FONT, plain, tip } from './charts.js'
import { EDGES, headsUpright, LEVELS, nodeUpright, NARROW } from './network_upright.js'

const THICK = 11, LAST = 3
/* Room before and after a column, between its nodes and groups, and the least height of a node. */
const WIDE = { TOP: [42, 60, 60, 42], BOTTOM: 8, GAP: [12, 19, 19, 9.5], GROUP: 20, LEAST: [4, 4, 4, 6] }
/* What dollars are for, as `presenters/network.py` has it. */
const SALE = 0, CAPITAL = 1, OWN = 2
const stepped = (value) => (value > 0 ? 1.4 ** Math.ceil(Math.log(value) / Math.log(1.4)) : 0)

function through(nodes, edges) {
  const sums = nodes.map(() => ({ paid: 0, got: 0, sold: 0, funded: 0, own: 0 }))
  edges.forEach(([a, b, v, , use]) => { sums[a].paid += v; sums[b].got += v; sums[b][{ [SALE]: 'sold', [CAPITAL]: 'funded', [OWN]: 'own' }[use]] += v })
  return sums
}

/* What a node pays, sells and is funded by, in words. */
export function words(nodes, edges, k) {
  const { paid, sold, funded, own } = through(nodes, edges)[k]
  return [`pays ${figure(paid)} bn $`, ...(nodes[k].column ? [`sells for ${figure(sold)}`, `is funded by ${figure(funded)}`] : []), ...(own > 0 ? [`gets ${figure(own)} from its own group`] : [])].join(', ')
}

/* The network in a sentence, for whoever does not see it: its table holds every payment. */
export function spoken(nodes, frame) {
  if (!frame) return 'Who pays whom: nothing has been paid yet'
  const most = [...frame.net].sort((a, b) => b[2] - a[2]).slice(0, 3).map(([a, b, v]) => `${nodes[a].label} to ${nodes[b].label} ${figure(v)}`)
  return `Who pays whom, bn $ in ${frame.date}: ${frame.net.length} flows, the largest: ${most.join(', ')}`
}

/* The place and largest height of every node, and pixels a dollar: decided by the largest quarter so far. */
export function layout(nodes, frames, width, height) {
  const turned = width < NARROW, long = turned ? width : height
  const { TOP, BOTTOM, GAP, GROUP, LEAST } = turned ? EDGES : WIDE
  const peak = nodes.map(() => 0)
  frames.forEach((f) => through(nodes, f.net).forEach((s, k) => { peak[k] = Math.max(peak[k], s.paid, s.got) }))
  const size = peak.map(stepped)
  const columns = [0, 1, 2, 3].map((c) => nodes.map((n, k) => ({ ...n, k })).filter((n) => n.column === c && (peak[n.k] > 0 || !/entrant/.test(n.name))))
  const gaps = (c, x) => c.slice(1).reduce((sum, n, j) => sum + GAP[x] + (n.kind !== c[j].kind ? GROUP : 0), 0)
  const scale = Math.min(30, ...columns.map((c, x) => (long - TOP[x] - BOTTOM - gaps(c, x)) / Math.max(1e-9, c.reduce((sum, n) => sum + size[n.k], 0))))
  const pad = [140, 150], at = turned ? LEVELS(height) : [0, 1, 2, 3].map((c) => pad[0] + (width - pad[0] - pad[1]) * c / LAST)
  const places = new Map()
  columns.forEach((c, x) => {
    const tall = (n) => Math.max(LEAST[x], size[n.k] * scale)
    const free = long - TOP[x] - BOTTOM - c.reduce((sum, n) => sum + tall(n), 0)
    const extra = Math.max(0, free - gaps(c, x)) / Math.max(1, c.length - 1)
    const squeeze = Math.min(1, free / Math.max(1, gaps(c, x)))
    let y = TOP[x]
    c.forEach((n, j) => {
      if (j) y += (GAP[x] + (n.kind !== c[j - 1].kind ? GROUP : 0)) * squeeze + extra
      places.set(n.k, { ...(turned ? { x: y + tall(n) / 2, y: at[x] } : { x: at[x], y: y + tall(n) / 2 }), tall: tall(n), place: j })
      y += tall(n)
    })
  })
  return { places, scale, at, turned }
}

/* The firm to which an arrow leads from another; nothing at an edge, undefined where the key is none. */
export function next(nodes, { places, turned }, name, key) {
  const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key], by = step && turned ? [step[1], step[0]] : step, way = turned ? 'x' : 'y', k = nodes.findIndex((n) => n.name === name)
  if (!by || !places.has(k)) return undefined
  const here = places.get(k), columns = [...new Set(nodes.map((n) => n.column))].sort(), column = columns[columns.indexOf(nodes[k].column) + by[0]]
  const there = [...places].filter(([j]) => j !== k && nodes[j].column === column && nodes[j].kind !== 'direct' && (by[0] || (places.get(j)[way] - here[way]) * by[1] > 0))
  const far = ([, p]) => Math.abs(p[way] - here[way])
  return there.length ? nodes[there.reduce((best, one) => (far(one) < far(best) ? one : best))[0]].name : ''
}

/* The option of the chart for one quarter. state: { nodes, frame, plan, focus (a firm's name) } */
export function picture({ nodes, frame, plan, focus, width, height }) {
  const { places, scale, at, turned } = plan, edges = frame ? frame.net.filter(([a, b]) => places.has(a) && places.has(b)) : []
  const sums = through(nodes, edges), tall = (k) => Math.max((turned ? EDGES : WIDE).LEAST[nodes[k].column], Math.max(sums[k].paid, sums[k].got) * scale)
  const chosen = focus ? nodes.findIndex((n) => n.name === focus) : -1
  const ends = stacks(edges, places, scale, turned ? 'x' : 'y')
  const lit = (k) => chosen < 0 || k === chosen || edges.some(([a, b]) => (a === chosen && b === k) || (b === chosen && a === k))
  const shade = (k) => colour[nodes[k].kind === 'direct' ? 'capital' : nodes[k].token]
  const dollars = (k) => (nodes[k].column >= 2 ? sums[k].sold : sums[k].paid)
  const kept = [...places.keys()]
  return {
    table: { heads: ['From', 'To', 'For', 'bn $ in the quarter'], rows: [...edges.map(([a, b, v, deal, use]) => [nodes[a].label, nodes[b].label, { [SALE]: 'sales', [CAPITAL]: 'funding', [OWN]: 'within a group' }[use] + (deal ? ', the deal' : ''), figure(v)]), ...sumsOf(frame)] },
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    xAxis: { min: 0, max: width, show: false }, yAxis: { min: 0, max: height, inverse: true, show: false },
    tooltip: tip({ trigger: 'item', formatter: (p) => {
      if (p.seriesName === 'flows') { const [a, b, v, deal] = edges[p.dataIndex]; return `${plain(nodes[a].label)} → ${plain(nodes[b].label)}<br><b>${figure(v)} bn $</b> in the quarter${deal ? ', the deal' : ''}` }
      const k = kept[p.dataIndex]
      return `<b>${plain(nodes[k].name)}</b><br>${plain(words(nodes, edges, k))}`
    } }),
    graphic: (turned ? headsUpright : heads)(nodes, places, at, width, frame),
    series: [
      { type: 'custom', name: 'flows', z: 1, data: edges.map((_, k) => [k]), renderItem: (p, api) => {
        const [a, b, v, deal] = edges[p.dataIndex], from = places.get(a), to = places.get(b)
        const [one, other] = turned ? ['y', 'x'] : ['x', 'y'], start = from[one] + THICK / 2, end = to[one] - THICK / 2, m = (end - start) / 2
        const line = { [one + 1]: start, [other + 1]: from[other] + ends.out[p.dataIndex], [one + 2]: end, [other + 2]: to[other] + ends.into[p.dataIndex] }
        const shape = { ...line, [`cp${one}1`]: start + m, [`cp${other}1`]: line[other + 1], [`cp${one}2`]: end - m, [`cp${other}2`]: line[other + 2] }
        const on = chosen < 0 || a === chosen || b === chosen
        const use = edges[p.dataIndex][4], stroke = deal ? colour.deal : use === CAPITAL ? colour.capital : use === OWN || nodes[a].token === 'ink3' ? colour.ink3 : colour[nodes[b].kind]
        const plainly = deal ? 0.95 : nodes[b].kind === 'power' ? 0.5 : 0.32
        return { type: 'bezierCurve', shape, style: { stroke, lineWidth: Math.max(0.75, v * scale), opacity: chosen < 0 ? plainly : on ? (deal ? 0.95 : 0.6) : 0.06, fill: 'none' }, emphasis: { style: { opacity: 0.95 } } }
      } },
      { type: 'custom', name: 'firms', z: 3, data: kept.map((k) => [k]), renderItem: (p) => (turned ? nodeUpright : node)(kept[p.dataIndex], { width, nodes, places, tall, shade, dollars, on: lit(kept[p.dataIndex]), chosen: kept[p.dataIndex] === chosen, empty: !frame }) },
    ],
  }
}

/* Ends of edges stack at a node in the order of where they lead, so that none cross there. */
function stacks(edges, places, scale, way) {
  const out = edges.map(() => 0), into = edges.map(() => 0)
  const stack = (me, you, offsets) => {
    const by = new Map()
    edges.forEach((e, k) => { if (!by.has(e[me])) by.set(e[me], []); by.get(e[me]).push(k) })
    by.forEach((list) => {
      list.sort((a, b) => places.get(edges[a][you])[way] - places.get(edges[b][you])[way] || edges[b][3] - edges[a][3])
      let y = -list.reduce((sum, k) => sum + edges[k][2] * scale, 0) / 2
      list.forEach((k) => { const thick = edges[k][2] * scale; offsets[k] = y + thick / 2; y += thick })
    })
  }
  stack(0, 1, out)
  stack(1, 0, into)
  return { out, into }
}

function node(k, o) {
  const n = o.nodes[k], { x, y } = o.places.get(k), h = o.tall(k), middle = n.column > 0 && n.column < LAST, own = n.kind !== 'direct'
  const kids = [{ type: 'rect', shape: { x: x - THICK / 2, y: y - h / 2, width: THICK, height: h, r: own ? 3 : 2 }, style: { fill: o.shade(k), opacity: o.on ? 1 : 0.25 } }]
  if (o.chosen) kids.push({ type: 'rect', shape: { x: x - THICK / 2 - 4, y: y - h / 2 - 4, width: THICK + 8, height: h + 8, r: 6 }, style: { fill: 'none', stroke: o.shade(k), lineWidth: 1.5 } })
  const value = o.empty ? '' : figure(o.dollars(k))
  const style = { opacity: o.on ? 1 : 0.4, rich: { n: { fill: colour.ink, font: `${middle && own ? 700 : 400} 12px ${FONT}` }, v: { fill: colour.ink2, font: `400 11px ${FONT}` } } }
  if (middle) {
    const lift = y - h / 2 - (o.chosen ? 6 : 3), wide = n.label.length * (own ? 6.8 : 5.6) + value.length * 5.8 + 8
    kids.push({ type: 'rect', shape: { x: x - wide / 2, y: lift - 14, width: wide, height: 15, r: 2 }, style: { fill: colour.card, opacity: 0.78 } })
    kids.push({ type: 'text', style: { ...style, x, y: lift, text: `{n|${n.label}} {v|${value}}`, textAlign: 'center', textVerticalAlign: 'bottom' } })
  } else {
    const side = n.column ? 1 : -1
    kids.push({ type: 'text', style: { ...style, x: x + side * (THICK / 2 + 6), y, text: n.column ? `{n|${n.label}} {v|${value}}` : `{v|${value}} {n|${n.label}}`, textAlign: n.column ? 'left' : 'right', textVerticalAlign: 'middle' } })
  }
  return { type: 'group', children: kids }
}

/* What groups sold and were funded by, as the books have it. */
const GROUPS = [['labs', 'Labs'], ['clouds', 'Clouds'], ['chips', 'Chips'], ['works', 'Building'], ['power', 'Power']]
function sumsOf(frame) {
  return frame ? GROUPS.flatMap(([kind, title]) => ['sales', 'funding', 'newcomers’ first capital'].map((what, k) => ['All', title, what, frame.totals[kind][k]]).filter((row) => row[3])) : []
}

/* Titles of the columns and groups: what they sold beside them, what they were funded by below, or beside between groups. */
function heads(nodes, places, at, width, frame) {
  const sold = (kind) => (frame ? `sales ${frame.totals[kind][0]}` : '')
  const funded = (kind) => { const [, sum, begun] = frame ? frame.totals[kind] : []; return frame ? `funding ${sum}${begun ? `, new ${begun}` : ''}` : '' }
  const text = (x, y, textAlign, title, fill, value) => ({ type: 'text', silent: true, x, y, style: { text: `{a|${title}}  ${value}`, rich: { a: { fill, font: `700 12px ${FONT}` } }, fill: colour.ink2, font: `400 12px ${FONT}`, textAlign, textVerticalAlign: 'middle' } })
  const below = (x, textAlign, words) => ({ type: 'text', silent: true, x, y: 25, style: { text: words, fill: colour.ink2, font: `400 12px ${FONT}`, textAlign, textVerticalAlign: 'middle' } })
  const above = (kind) => { const p = places.get([...places.keys()].find((k) => nodes[k].kind === kind)); return p.y - p.tall / 2 - 14 }
  const column = (x, align, title, kind, fill) => [text(x, 10, align, title, fill, sold(kind)), below(x, align, funded(kind))]
  const group = (title, kind, fill) => text(width, above(kind), 'right', title, fill, [sold(kind), funded(kind)].filter(Boolean).join(', '))
  return [
    text(0, 10, 'left', 'Capital', colour.capital, ''), below(0, 'left', frame ? `raised ${frame.totals.capital[0]}` : ''),
    ...column(at[1], 'center', 'Labs', 'labs', colour.ink), ...column(at[2], 'center', 'Clouds', 'clouds', colour['clouds-text']), ...column(width, 'right', 'Chips', 'chips', colour.chips),
    group('Building', 'works', colour.works), group('Power', 'power', colour['power-text']),
  ]
}
