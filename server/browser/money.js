/* The charts of the Money page: the Sankey of a deal's dollars, and the staircase of draws over the line of spending. */
import { colour, dateOf, dealMark, figure, FONT, labelRoom, line, plain, quarters, roof, tip, values } from './charts.js'

const SMALLEST = 0.0005
const COLUMNS = ['Funders', 'Facility', 'Tied to', 'Paid to']

/* Nodes and links of all dollars so far, or, given the quarter before, of those that a quarter moved. */
export function streams(setup, frame, before) {
  const links = [], astray = [], nodes = new Map()
  const node = (name, label, token, depth, about) => { if (!nodes.has(name)) nodes.set(name, { name, label, token, depth, about }); return name }
  const flow = (source, target, value, token) => { if (value >= SMALLEST) links.push({ source, target, value, token }) }
  const through = (row, k) => 'drawn:' + k + row[0], earlier = (k) => (before ? before.rows[k] : [])
  frame.funders.forEach((f) => {
    const name = node(f[0], f[0], 'capital', 0, before ? 'funder' : 'funder, promised in all')
    frame.rows.forEach((row, k) => flow(name, node(through(row, k), row[0], 'deal', 1), (row[1][f[0]] || 0) - ((earlier(k)[1] || {})[f[0]] || 0), 'deal'))
    if (!before) flow(name, node('undrawn', 'Not drawn', 'line2', 1), f[1] - f[2], 'line2')
  })
  if (before) node('before', 'Waited before', 'line2', 1)
  setup.uses.forEach(([word, token], k) => {
    const now = frame.uses[k], old = before ? before.uses[k] : [0, 0, 0, 0, 0]
    const use = node('use:' + word, word, token, 2, 'tied to this use')
    frame.rows.forEach((row, n) => flow(through(row, n), use, row[2][k] - (before ? earlier(n)[2][k] : 0), token))
    if (before) flow('before', use, old[1], 'line2')
    frame.paid.filter((p) => p[0] === k).forEach(([, name, amount]) => {
      const past = before && before.paid.find((p) => p[0] === k && p[1] === name)
      flow(use, node('paid:' + name, name, token, 3, 'paid for ' + word.toLowerCase()), amount - (past ? past[2] : 0), token)
    })
    flow(use, node('waits:' + word, word + ', waiting', 'line2', 3), now[1], 'line2')
    astray.push([use, now[3] - old[3], now[4] - old[4]])
  })
  astray.forEach(([use, freed, strayed]) => {
    flow(use, node('freed', 'Set free by a default', 'warn', 3), freed, 'warn')
    flow(use, node('strayed', 'Strayed from its use', 'bad', 3), strayed, 'bad')
  })
  frame.rows.forEach((row, n) => flow(through(row, n), node('free', 'Tied to no use', 'capital', 2), row[3] - (before ? earlier(n)[3] : 0), 'capital'))
  const seen = new Set(links.flatMap((l) => [l.source, l.target]))
  return { links, nodes: [...nodes.values()].filter((n) => seen.has(n.name)) }
}

export function sankey(plan, chart) {
  const sums = {}, wide = chart.width > 560, right = wide ? 168 : 146
  plan.links.forEach((l) => { [['out', l.source], ['in', l.target]].forEach(([side, name]) => { sums[name] ??= { in: 0, out: 0 }; sums[name][side] += l.value }) })
  const through = (name) => Math.max(sums[name].in, sums[name].out)
  const of = Object.fromEntries(plan.nodes.map((n) => [n.name, n]))
  const there = new Set(plan.nodes.map((n) => n.depth))
  /* Columns keep their places, also where nothing stands in the outer ones. */
  const posts = [0, COLUMNS.length - 1].filter((depth) => !there.has(depth)).map((depth) => ({ name: 'post:' + depth, depth, value: 0, itemStyle: { opacity: 0 }, label: { show: false }, tooltip: { show: false }, emphasis: { disabled: true } }))
  return {
    table: { heads: ['From', 'To', 'bn $'], rows: plan.links.map((l) => [of[l.source].label, of[l.target].label, figure(l.value)]) },
    tooltip: tip({ trigger: 'item', formatter: (p) => p.dataType === 'edge'
      ? `${plain(of[p.data.source].label)} → ${plain(of[p.data.target].label)} <b>${figure(p.data.value)} bn $</b>`
      : `${plain(of[p.name].label)} <b>${figure(through(p.name))} bn $</b>${of[p.name].about ? '<br>' + plain(of[p.name].about) : ''}` }),
    graphic: COLUMNS.map((text, k) => ({ type: 'text', silent: true, x: 2 + k * (chart.width - 2 - right - 12) / (COLUMNS.length - 1), y: 4, style: { text, fill: colour.ink2, font: `600 12px ${FONT}`, textVerticalAlign: 'top' } })),
    series: [{
      type: 'sankey', left: 2, right, top: 28, bottom: 8, nodeWidth: 12, nodeGap: 14, layoutIterations: 0, draggable: false, emphasis: { focus: 'adjacency', lineStyle: { opacity: 0.75 } }, blur: { lineStyle: { opacity: 0.08 } },
      data: plan.nodes.map((n) => ({ name: n.name, depth: n.depth, itemStyle: { color: colour[n.token], borderWidth: 0 }, cursor: n.depth ? 'default' : 'pointer' })).concat(posts),
      links: plan.links.map((l) => ({ source: l.source, target: l.target, value: l.value, lineStyle: { color: colour[l.token], opacity: l.token === 'line2' ? 0.5 : 0.34, curveness: 0.5 } })),
      label: { position: 'right', distance: 7, color: colour.ink, fontSize: 12, fontFamily: FONT, formatter: (p) => `{n|${of[p.name].label}}${wide || of[p.name].depth === COLUMNS.length - 1 ? '  ' : '\n'}{v|${figure(through(p.name))}}`, rich: { n: { fontSize: 12, lineHeight: 15, fontWeight: 600, color: colour.ink }, v: { fontSize: 12, lineHeight: 15, color: colour.ink2 } } },
    }],
  }
}

/* A draw comes at the beginning of its quarter and is spent until its end: so the steps stand over the line. */
export function stairs(known, chart) {
  const { setup, frames, quarter } = known, shown = frames.slice(0, quarter), now = shown[shown.length - 1]
  const from = Math.max(0, Math.floor((setup.deals[0] - 1) / 4) * 4), until = Math.max(from + 8, Math.ceil(quarter / 8) * 8)
  const points = (pick) => [[from, pick(frames[from - 1] || setup.start)], ...shown.filter((f) => f.q > from).map((f) => [f.q, pick(f)])]
  const ends = now && quarter > from ? [`drawn ${figure(now.drawn)}`, `spent ${figure(now.spent)}`] : ['', '']
  const describe = (all) => {
    const seen = all.filter((p) => p.seriesType === 'line' && p.value[0] > from)
    return seen.length ? `<b>${dateOf(seen[0].value[0] - 1, setup.year)}</b><br>` + seen.map((p) => `<span style="color:${p.color}">●</span> ${plain(p.seriesName)} <b>${figure(p.value[1])} bn $</b>`).join('<br>') : ''
  }
  return {
    ends: true, grid: { left: 28, right: labelRoom(chart, ends), top: 12, bottom: 22 }, tooltip: tip({ formatter: describe }),
    xAxis: quarters(until, setup.year, { min: from, every: until - from > 16 ? 8 : 4 }), yAxis: values(roof(setup.agreed, 4)),
    series: [
      line('Drawn', points((f) => f.drawn), colour.deal, { step: 'start', width: 2, bold: true, label: ends[0], area: { color: colour['deal-wash'] }, z: 4, mark: dealMark(setup.deals, '') }),
      line('Spent', points((f) => f.spent), colour.ink, { width: 2, bold: true, label: ends[1], area: { color: colour['twin-wash'] }, z: 5 }),
      { type: 'line', silent: true, data: [], markLine: { silent: true, symbol: 'none', animation: false, label: { show: !now || now.drawn < 0.9 * setup.agreed, formatter: `agreed ${setup.sum}`, position: 'insideEndTop', color: colour.ink2, fontSize: 11 }, lineStyle: { color: colour.ink3, type: [3, 3], width: 1 }, data: now && now.drawn >= 0.9 * setup.agreed ? [] : [{ yAxis: setup.agreed }] } },
    ],
  }
}
