/* The charts of the Watch page, six of the market and six of clouds. Each takes what the page knows and returns an option of ECharts.
   known: { setup, frames (all quarters that have run), quarter (shown) } */
import { colour, columns, dealMark, FONT, labelRoom, line, margin, quarters, roof, span, spread, timeTip, twin, values, wash } from './charts.js'

const shown = (known) => known.frames.slice(0, known.quarter)
const series = (frames, name, world, row) => frames.map((f) => [f.q - 1, row === undefined ? f[name][world] : f[name][world][row]])
/* Axes fit what is shown, in steps: the same link looks the same, however far the run has been. */
const most = (known, pick) => shown(known).reduce((top, f) => Math.max(top, pick(f)), 0)
const last = (known) => known.frames[known.quarter - 1]
const text = (pair) => (pair[1] ? `${pair[0]} {d|${pair[1]}}` : pair[0])
/* The colour in which a kind is written: some fill better than they can be read. */
const ink = (token) => colour[token + '-text'] || colour[token]
/* Margins for labels, by the width of the card. */
const right = (chart, wide) => Math.min(wide, Math.max(84, chart.width * 0.36))

function time(known, grid, o = {}) { return quarters(span(known.quarter, known.setup.horizon), known.setup.year, { grid, ...o }) }

/* What happened, as short marks on the time axis: those that the log shows, and where it shows all, the weighty ones.
   known.group is the log's filter, known.near the quarter that is pointed at in the log, drawn as a line. */
const WEIGHTY = ['Scenario', 'Defaults', 'Leases', 'Shortages', 'Chips', 'Clouds']
const events = (known, f) => f.log.filter((e) => (known.group === 'All' ? WEIGHTY.includes(e[0]) : e[0] === known.group))
export function marked(option, known) {
  const grid = [].concat(option.grid).length - 1, quarters = shown(known).filter((f) => events(known, f).length || f.q === known.near)
  const words = (at) => (known.frames[at] && at < known.quarter ? events(known, known.frames[at]).slice(0, 4).map((e) => e[3]) : [])
  const marks = {
    type: 'custom', name: 'events', z: 7, xAxisIndex: grid, yAxisIndex: grid, tooltip: { show: false }, data: quarters.map((f) => [f.q - 1, 0]),
    renderItem: (p, api) => {
      const f = quarters[p.dataIndex], near = f.q === known.near, box = p.coordSys, x = api.coord([f.q - 1, 0])[0], event = events(known, f)[0]
      const tall = near ? box.height : 7
      return { type: 'rect', cursor: 'pointer', shape: { x: x - 1, y: box.y + box.height - tall, width: 2, height: tall }, style: { fill: event ? colour[event[2]] : colour.ink3, opacity: near ? 0.55 : 0.9 } }
    },
  }
  return { ...option, tooltip: timeTip(known.setup.year, words, (p) => (option.series[p.seriesIndex] || {}).unit), series: [...option.series, marks] }
}

/* One line a lab, the lab in focus with its twin and the effect between. */
function labs(known, chart, name, label, o) {
  const { setup } = known, frames = shown(known), now = last(known)
  const each = !now ? [] : setup.labs.map((lab, row) => {
    if (!now.active[row] && !frames.some((f) => f.active[row])) return null
    const focus = row === setup.focus, stroke = colour[lab[1]]
    const ends = text(focus && setup.twin ? now.labels[label][row] : [now.labels[label][row][0], ''])
    return line(lab[0], series(frames, name, 0, row), stroke, { width: focus ? 2.6 : 1.5, z: focus ? 5 : 3, opacity: focus ? 1 : 0.9, bold: focus, step: o.step, unit: o.unit, label: `${lab[0]} ${ends}`, mark: focus ? dealMark(setup.deals, o.deal) : undefined })
  }).filter(Boolean)
  const extra = []
  if (now && setup.twin) {
    const lab = setup.labs[setup.focus], own = series(frames, name, 0, setup.focus), other = series(frames, name, 1, setup.focus)
    extra.push(wash(own, other, colour['deal-wash2'], { step: o.step }), twin(`${lab[0]}, twin`, other, colour[lab[1]], { step: o.step, unit: o.unit }))
  }
  const top = most(known, (f) => Math.max(...f[name][0], ...f[name][1]))
  const axis = roof(top || o.least, 4)
  const room = labelRoom(chart, each.map((s) => s.endLabel.formatter))
  return { grid: { left: 34, right: each.length ? room : right(chart, 122), top: 10, bottom: 20 }, tooltip: timeTip(setup.year), xAxis: time(known), yAxis: values({ ...axis, ...o.axis }), series: [...extra, ...each] }
}
export const share = (known, chart) => labs(known, chart, 'share', 'revenue_share', { deal: 'Deal', least: 40, unit: '%' })
export const compute = (known, chart) => labs(known, chart, 'compute', 'powered_compute', { least: 10 })
export const capability = (known, chart) => labs(known, chart, 'capability', 'capability', { unit: 'OOM', step: 'end', least: 2, axis: { min: -1, format: (v) => (v > 0 ? '+' + v : v < 0 ? '−' + -v : '0'), ...stepped(known) } })
function stepped(known) {
  const top = Math.max(1, most(known, (f) => Math.max(...f.capability[0].filter((_, k) => f.active[k]))))
  return { max: Math.ceil(top), interval: top > 4 ? 2 : 1, min: top > 4 ? -2 : -1 , ...(top > 4 ? { max: 2 * Math.ceil(top / 2) } : {}) }
}

/* Money raised, in columns by sector; the twin's sum is a dashed step. */
export function raised(known, chart) {
  const { setup } = known, frames = shown(known), now = last(known)
  const sectors = [['Labs', 'labs'], ['Clouds', 'clouds'], ['Chips', 'chips'], ['Building', 'works'], ['Power', 'power']]
  const top = roof(most(known, (f) => Math.max(f.raised[0].reduce((a, b) => a + b), f.raised[1].reduce((a, b) => a + b))) || 50, 4)
  const max = span(known.quarter, setup.horizon), room = right(chart, 66)
  const bars = sectors.map(([name, token], k) => ({ name, type: 'bar', stack: 'raised', barCategoryGap: '18%', data: frames.map((f) => f.raised[0][k]), itemStyle: { color: colour[token], opacity: token === 'labs' ? 0.7 : 1 }, emphasis: { disabled: true }, markLine: k ? undefined : dealMark(setup.deals) }))
  const names = []
  if (now) {
    let sum = 0
    const middles = now.raised[0].map((v) => { sum += v; return sum - v / 2 })
    const gap = top.max * 13 / Math.max(40, chart.height - 30)
    const there = sectors.map((s, k) => [s, middles[k], now.raised[0][k]]).filter(([, , v]) => v > top.max * 0.004)
    spread(there.map(([, middle]) => middle), gap).forEach((y, k) => names.push(margin(now.q - 1, y, there[k][0][0], ink(there[k][0][1]), { column: true })))
    if (setup.twin) names.push({ ...twin('All, twin', frames.map((f) => f.raised[1].reduce((a, b) => a + b)), colour.ink, { width: 1.4, dash: [3, 3], z: 6 }), step: 'middle' })
  }
  return { grid: { left: 34, right: room, top: 10, bottom: 20 }, tooltip: timeTip(setup.year), xAxis: columns(max, setup.year), yAxis: values({ ...top }), series: [...bars, ...names] }
}

/* Two small panels rather than two axes. */
function panels(known, chart, titles) {
  const height = Math.max(26, (chart.height - 20 - 24 - 20) / 2), room = right(chart, 92)
  const style = { fontSize: 11, fontWeight: 400, color: colour.ink2, fontFamily: FONT }
  return {
    tooltip: timeTip(known.setup.year),
    title: [{ text: titles[0], left: 0, top: 3, padding: 0, textStyle: style }, { text: titles[1], left: 0, top: chart.height - 20 - height - 16, padding: 0, textStyle: style }],
    grid: [{ left: 34, right: room, top: 20, height }, { left: 34, right: room, bottom: 20, height }],
    xAxis: [time(known, 0, { show: false }), time(known, 1)],
  }
}
function pair(known, name, label, stroke, title, grid, o = {}) {
  const frames = shown(known), now = last(known), own = series(frames, name, 0), other = series(frames, name, 1)
  if (!now) return []
  const ends = text(known.setup.twin ? now.labels[label][0] : [now.labels[label][0][0], ''])
  const found = [line(title, own, stroke, { grid, width: 2, bold: true, label: o.word ? `${o.word} ${ends}` : ends, mark: dealMark(known.setup.deals), area: o.area })]
  if (known.setup.twin) found.unshift(wash(own, other, colour['deal-wash2'], { grid }), twin(`${title}, twin`, other, stroke, { grid, width: 1.4, dash: [3, 3] }))
  return found
}
export function chips(known, chart) {
  const { setup } = known, frames = shown(known), now = last(known)
  const leader = 0, most_wait = roof(Math.max(2, most(known, (f) => Math.max(...f.wait[0], ...f.wait[1]))), 2)
  const lines = !now ? [] : setup.vendors.map((name, row) => {
    if (!frames.some((f) => f.wait[0][row] > 0)) return null
    const focus = row === leader
    return line(name, series(frames, 'wait', 0, row), colour.chips, { grid: 1, unit: 'quarters', width: focus ? 2.2 : 1.3, opacity: focus ? 1 : 0.5, z: focus ? 5 : 3, bold: focus, label: `${name.split(',')[0]} ${now.labels.wait[row][0]}`, mark: focus ? dealMark(setup.deals) : undefined })
  }).filter(Boolean)
  const price = roof(most(known, (f) => Math.max(...f.chip_price)) || 20, 2)
  const own = series(frames, 'wait', 0, leader), other = series(frames, 'wait', 1, leader)
  const effect = now && setup.twin ? [wash(own, other, colour['deal-wash2'], { grid: 1 }), twin(`${setup.vendors[leader]}, twin`, other, colour.chips, { grid: 1, unit: 'quarters', width: 1.4, dash: [3, 3] })] : []
  return { ...panels(known, chart, ['Price with clusters, thousand $ per H100e', 'Lead time, quarters']), yAxis: [values({ grid: 0, ...price }), values({ grid: 1, ...most_wait })], series: [...pair(known, 'chip_price', 'landed_price', colour.chips, 'Price', 0), ...effect, ...lines] }
}
export function power(known, chart) {
  const frames = shown(known), now = last(known)
  const price = roof(most(known, (f) => Math.max(...f.power_price)) || 100, 2), load = roof(most(known, (f) => Math.max(...f.load, ...f.unconnected)) || 50, 2)
  const waiting = !now ? [] : [line('Waiting for the grid', series(frames, 'unconnected', 0), colour.bad, { grid: 1, width: 1.5, label: `Waiting ${now.labels.unconnected_halls[0][0]}`, area: { color: colour.bad, opacity: 0.22 } })]
  return { ...panels(known, chart, ['Price, $ per MWh', 'AI load and halls waiting for the grid, GW']), yAxis: [values({ grid: 0, ...price }), values({ grid: 1, ...load })], series: [...pair(known, 'power_price', 'power_price', colour['power-text'], 'Price', 0), ...pair(known, 'load', 'ai_load', colour['power-text'], 'Load', 1, { word: 'Load', area: { color: colour.power, opacity: 0.16 } }), ...waiting] }
}

/* What a quarter of compute costs: labs' contracts in the colour of clouds, short lets in that of other customers. */
export function rents(known, chart) {
  const { setup } = known, frames = shown(known), now = last(known)
  const top = roof(most(known, (f) => Math.max(...f.rents[0], ...f.rents[1])) || 2, 4)
  const each = !now ? [] : [['Contracts', ink('clouds')], ['Spot', colour.ink3]].flatMap(([name, stroke], row) => {
    const own = series(frames, 'rents', 0, row), other = series(frames, 'rents', 1, row)
    const found = [line(name, own, stroke, { width: 2, bold: true, label: `${name} ${ends(known, 'rents', row)}`, mark: row ? undefined : dealMark(setup.deals, 'Deal') })]
    return setup.twin ? [wash(own, other, colour['deal-wash2']), twin(`${name}, twin`, other, stroke, { width: 1.4, dash: [3, 3] }), ...found] : found
  })
  const room = labelRoom(chart, each.map((s) => (s.endLabel || {}).formatter || ''))
  return { grid: { left: 34, right: each.length ? room : right(chart, 100), top: 10, bottom: 20 }, tooltip: timeTip(setup.year), xAxis: time(known), yAxis: values(top), series: each }
}
const ends = (known, name, row) => { const pair = last(known).labels[name][row]; return text(known.setup.twin ? pair : [pair[0], '']) }
/* How much of labs' compute is rented, and how much of clouds' is let to nobody. */
export function use(known, chart) {
  const titles = ['Rented, of labs’ compute, %', 'Idle, of clouds’ compute, %']
  const most_of = (row) => roof(most(known, (f) => Math.max(f.use[0][row], f.use[1][row])) || 10, 2)
  const drawn = !last(known) ? [] : [0, 1].flatMap((row) => part(known, 'use', row, ink('clouds'), titles[row].split(',')[0], row, '%'))
  return { ...panels(known, chart, titles), yAxis: [0, 1].map((row) => values({ grid: row, ...most_of(row) })), series: drawn }
}
function part(known, name, row, stroke, title, grid, unit) {
  const frames = shown(known), own = series(frames, name, 0, row), other = series(frames, name, 1, row)
  const found = [line(title, own, stroke, { grid, unit, width: 2, bold: true, label: ends(known, name, row), mark: dealMark(known.setup.deals) })]
  return known.setup.twin ? [wash(own, other, colour['deal-wash2'], { grid }), twin(`${title}, twin`, other, stroke, { grid, unit, width: 1.4, dash: [3, 3] }), ...found] : found
}
export function backlog(known, chart) {
  const top = roof(most(known, (f) => Math.max(...f.backlog)) || 500, 4)
  const found = pair(known, 'backlog', 'backlog', ink('clouds'), 'Backlog of rent', 0)
  const room = labelRoom(chart, found.map((s) => (s.endLabel || {}).formatter || ''))
  return { grid: { left: 42, right: last(known) ? room : right(chart, 92), top: 10, bottom: 20 }, tooltip: timeTip(known.setup.year), xAxis: time(known), yAxis: values(top), series: found }
}

/* All clouds together beside their twin, and each of them; labels stand one above the other, for the small lie close. */
function clouds(known, chart, name, least) {
  const { setup } = known, frames = shown(known), now = last(known), stroke = ink('clouds')
  const top = roof(most(known, (f) => Math.max(f[name][0][0], f[name][1][0])) || least, 4)
  const rows = !now ? [] : ['All', ...setup.clouds].map((title, row) => ({ title, row, value: now[name][0][row] })).filter(({ row }) => !row || frames.some((f) => f[name][0][row] > 0))
  const lines = rows.map(({ title, row }) => line(title, series(frames, name, 0, row), stroke, { width: row ? 1.3 : 2.2, opacity: row ? 0.55 : 1, z: row ? 3 : 5, mark: row ? undefined : dealMark(setup.deals) }))
  const own = series(frames, name, 0, 0), other = series(frames, name, 1, 0)
  const effect = now && setup.twin ? [wash(own, other, colour['deal-wash2']), twin('All, twin', other, stroke, { width: 1.4, dash: [3, 3] })] : []
  const gap = top.max * 13 / Math.max(40, chart.height - 30), there = rows.filter(({ row, value }) => !row || value > 0).sort((a, b) => a.value - b.value)
  const words = there.map(({ title, row }) => `${title} ${row ? now.labels[name][row][0] : ends(known, name, 0)}`)
  const labels = spread(there.map(({ value }) => Math.max(value, gap / 2)), gap).map((y, k) => margin(now.q - 1, y, words[k].replace(/\{d\||\}/g, ''), stroke, { dx: 5, bold: !there[k].row }))
  return { grid: { left: 42, right: now ? labelRoom(chart, words) : right(chart, 110), top: 10, bottom: 20 }, tooltip: timeTip(setup.year), xAxis: time(known), yAxis: values(top), series: [...effect, ...lines, ...labels] }
}
export const running = (known, chart) => clouds(known, chart, 'running', 20)
export const spent = (known, chart) => clouds(known, chart, 'spent', 100)
export const debt = (known, chart) => clouds(known, chart, 'debt', 400)
