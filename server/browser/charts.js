/* The chart grammar in one place: every chart of every page is built from these pieces. Units stand in the titles. */
import { Table, plain, tableOf } from './table.js'

export { plain }

/* Single quotes inside: ECharts writes the font into an attribute of an SVG as it stands. */
export const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue','Liberation Sans',Arial,sans-serif"

/* Colours come from the tokens, so that a theme is a change of one attribute. Read once a theme: reading is slow. */
let read = {}
export const colour = new Proxy({}, { get: (_, name) => (read[name] ??= getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()) })
window.addEventListener('aimarket-theme', () => { read = {} })

/* The charts of the page, for whoever wants a picture of them. */
const living = new Set()
export const shownCharts = () => [...living].filter((chart) => chart.width && chart.option && chart.title).sort((a, b) => (a.element.compareDocumentPosition(b.element) & 4 ? -1 : 1))

const calm = window.matchMedia('(prefers-reduced-motion: reduce)'), REST = 1000

/* What links call a chart: `?embed=` shows it alone, with the card that it stands in. */
export const slug = (title) => title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60)
const embedded = new URLSearchParams(location.search).get('embed')

/* A chart that fits its element for as long as the element is there. */
export class Chart {
  constructor(element, label, unit = '') {
    this.element = element
    this.title = label || ''
    this.unit = unit
    element.setAttribute('role', 'figure')
    if (label) element.setAttribute('aria-label', label)
    this.inner = window.echarts.init(element, null, { renderer: 'canvas' })
    this.table = new Table(element, () => (this.option ? tableOf(this.option, shown, dateOf) : { heads: [], rows: [] }), () => this.title + (unit ? ', ' + unit : ''))
    this.measure()
    this.watcher = new ResizeObserver(() => { this.measure(); this.inner.resize(); if (this.again) this.again() })
    this.watcher.observe(element)
    living.add(this)
    if (embedded && slug(this.title) === embedded) (element.closest('.card') || element.parentElement).dataset.embedded = ''
  }
  /* While quarters follow one another and less motion is wanted, a chart changes once a second; the last one always comes. */
  draw(option) {
    clearTimeout(this.later)
    const rest = calm.matches && document.documentElement.classList.contains('playing') ? (this.drawn || 0) + REST - performance.now() : 0
    if (rest > 0) this.later = setTimeout(() => this.show(option), rest)
    else this.show(option)
  }
  show(option) {
    const first = !this.drawn
    this.drawn = performance.now()
    this.option = { animation: false, textStyle: { fontFamily: FONT, fontSize: 11, color: colour.ink2 }, ...option, series: [...option.series, ...shade(option)] }
    const { table, ends, ...drawn } = this.option
    this.table.fill()
    this.inner.setOption(drawn, { replaceMerge: ['series', 'graphic', 'grid', 'xAxis', 'yAxis', 'title'], silent: true })
    if (first) window.dispatchEvent(new Event('aimarket-chart'))
  }
  /* Asking an element for its size makes the browser lay out the page: it is asked when the size changes, not every frame. */
  measure() { this.width = this.element.clientWidth; this.height = this.element.clientHeight }
  dispose() { clearTimeout(this.later); living.delete(this); this.watcher.disconnect(); this.inner.dispose() }
}

/* A number with three digits or all those before the point: the same rule as `numeral` in experiments/formatting.py. */
export function figure(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '-'
  const size = Math.abs(value)
  if (size >= 1000) return value.toLocaleString('en-US', { maximumFractionDigits: 0 })
  if (size >= 100) return value.toFixed(0)
  if (size < 1e-9) return '0'
  return String(Number(value.toPrecision(3)))
}

/* A number as exactly as its unit allows, as `shown` in experiments/formatting.py has it; and the number that one then reads. */
const DECIMALS = { quarters: 1, OOM: 2, '%': 1, '−1 to 1': 2 }, SMALLEST = 0.001, TINY = 1e-9
export function shown(value, unit) {
  const digits = DECIMALS[unit]
  if (value === null || value === undefined || !Number.isFinite(value)) return figure(value)
  const small = digits === undefined ? Math.abs(value) < SMALLEST : Number(value.toFixed(digits)) === 0
  if (small) return value > TINY ? `<${digits === undefined ? SMALLEST : Number((10 ** -digits).toFixed(digits))}` : '0'
  return digits === undefined ? figure(value) : Number(value.toFixed(digits)).toLocaleString('en-US', { maximumFractionDigits: digits })
}
export function rounded(value, unit) { const text = shown(value, unit); return text.startsWith('<') ? 0 : Number(text.replace(/,/g, '')) }

/* A round number at or above a value, and the step of its grid lines. */
export function roof(value, lines = 4) {
  if (!(value > 0)) return { max: 1, interval: 0.5 }
  const power = 10 ** Math.floor(Math.log10(value / lines))
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n * lines >= value * 0.999)
  return { max: step * Math.ceil(value / step - 1e-9), interval: step }
}

/* The time axis: quarters from 0, the first of the run, so that years fall on its ticks and are written to the right of
   them. It grows in steps of two years. */
export function span(ran, horizon = 40) { return Math.min(horizon, Math.max(8, Math.ceil(ran / 8) * 8)) }
const years = (max) => (max > 24 ? 16 : max > 16 ? 8 : 4)
export function quarters(max, year, o = {}) {
  return {
    type: 'value', year, min: o.min || 0, max, interval: o.every || years(max), gridIndex: o.grid || 0,
    axisLine: { lineStyle: { color: colour.line2 }, onZero: false }, axisTick: { show: o.show !== false, length: 4, lineStyle: { color: colour.line2 } }, splitLine: { show: false },
    axisLabel: { show: o.show !== false, color: colour.ink3, fontSize: 11, margin: 7, hideOverlap: true, showMaxLabel: false, align: 'left', padding: [0, 0, 0, -2],
      formatter: (v) => (v % 4 || v >= max ? '' : o.short ? '’' + String(year + v / 4).slice(2) : String(year + v / 4)) },
  }
}
/* The same axis for columns, which stand between ticks. */
export function columns(max, year) {
  const every = years(max)
  return {
    type: 'category', year, data: Array.from({ length: max }, (_, k) => k), axisLine: { lineStyle: { color: colour.line2 } },
    axisTick: { interval: (k) => k % every === 0, alignWithLabel: true, length: 4, lineStyle: { color: colour.line2 } },
    axisLabel: { interval: (k) => k % every === 0, color: colour.ink3, fontSize: 11, margin: 7, align: 'left', padding: [0, 0, 0, -2], formatter: (v) => String(year + Number(v) / 4) },
  }
}
export function values(o = {}) {
  return {
    type: 'value', min: o.min ?? 0, max: o.max, interval: o.interval, gridIndex: o.grid || 0, axisLine: { show: false }, axisTick: { show: false },
    splitLine: { lineStyle: { color: colour.grid } }, axisLabel: { color: colour.ink3, fontSize: 11, margin: 6, formatter: o.format || ((v) => v.toLocaleString('en-US')) },
  }
}
/* An axis that holds all values: round steps, from nothing where nothing is near. */
export function fitting(all, height, always) {
  const low = Math.min(...all), high = Math.max(...all), lines = height < 150 ? 3 : 4
  const floor = always || low < 0 || low < 0.35 * high ? Math.min(0, low) : low
  const step = roof((high - floor) || 1, lines).interval
  const min = Math.floor(floor / step + 1e-9) * step, max = Math.ceil(high / step - 1e-9) * step
  return { min, max: max > min ? max : min + step, interval: step }
}
/* The same in steps of tenfold, from one round number to another; powers of ten are written. */
export function logarithmic(low, high, o = {}) {
  const round = (v, up) => { const power = 10 ** Math.floor(Math.log10(v) + 1e-9), all = [1, 2, 5, 10].map((n) => n * power); return up ? all.find((n) => n >= v * 0.999) : all.reverse().find((n) => n <= v * 1.001) }
  const format = (v) => (Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9 ? v.toLocaleString('en-US') : '')
  return { ...values({ min: round(low), max: round(high, true), grid: o.grid, format }), type: 'log', interval: undefined, minorSplitLine: { show: false } }
}
export const tip = (o = {}) => ({
  trigger: 'axis', confine: true, transitionDuration: 0, backgroundColor: colour.card, borderColor: colour.line2, padding: [6, 9],
  textStyle: { color: colour.ink, fontSize: 12, fontFamily: FONT }, axisPointer: { lineStyle: { color: colour.ink3 }, animation: false }, ...o,
})
/* The last year of which anything is claimed, as `LAST_TOLD` in model/dates.py has it; later ones lie in the shade. */
export const LAST_YEAR = 2032
function shade(option) {
  return [].concat(option.xAxis || []).flatMap((axis, k) => {
    const from = 4 * (LAST_YEAR + 1 - axis.year), bars = axis.type === 'category', end = bars ? axis.data.length : axis.max
    return from < end ? [{
      type: 'custom', name: 'later', silent: true, tooltip: { show: false }, xAxisIndex: k, yAxisIndex: k, z: 1, data: [[from, 0]],
      renderItem: (p, api) => {
        const box = p.coordSys, x = Math.max(box.x, api.coord([from, 0])[0] - (bars ? api.size([1, 0])[0] / 2 : 0)), width = box.x + box.width - x
        const words = { type: 'text', style: { x: x + 4, y: box.y + 3, text: width > 92 ? `after ${LAST_YEAR}: no claim` : '', fill: colour.ink3, font: `400 10px ${FONT}` } }
        return { type: 'group', children: [{ type: 'rect', shape: { x, y: box.y, width, height: box.height }, style: { fill: colour.later } }, ...(axis.show === false || width <= 92 ? [] : [words])] }
      },
    }] : []
  })
}
export const dateOf = (at, year) => `${year + Math.floor(at / 4)} Q${(at % 4) + 1}`
/* notes: returns lines of text that belong to a quarter; unit: returns the unit of a point. */
export function timeTip(year, notes = () => [], unit = () => '') {
  return tip({ formatter: (all) => {
    const seen = all.filter((p) => p.seriesType === 'line' || p.seriesType === 'bar')
    if (!seen.length) return ''
    const at = Array.isArray(seen[0].value) ? Number(seen[0].value[0]) : seen[0].dataIndex
    return `<b>${dateOf(at, year)}</b><br>` + seen.map((p) => `<span style="color:${p.color}">●</span> ${plain(p.seriesName)} <b>${plain(shown(Number(Array.isArray(p.value) ? p.value[1] : p.value), unit(p)))}</b>`).concat(notes(at).map(plain)).join('<br>')
  } })
}

/* points: [[quarter from 0, value], ...] */
export function line(name, points, stroke, o = {}) {
  const rich = { d: { color: colour.ink2, fontSize: 11, fontWeight: 400 } }
  return {
    name, unit: o.unit, type: 'line', data: points, symbol: points.length === 1 ? 'circle' : 'none', symbolSize: 4, step: o.step, xAxisIndex: o.grid || 0, yAxisIndex: o.grid || 0, z: o.z || 3,
    lineStyle: { width: o.width || 1.7, color: stroke, type: o.dash || 'solid', opacity: o.opacity ?? 1, cap: 'butt' }, itemStyle: { color: stroke }, emphasis: { disabled: true },
    endLabel: o.label ? { show: true, formatter: o.label, color: o.text || stroke, fontSize: 11, fontWeight: o.bold ? 700 : 500, distance: 5, lineHeight: 13, rich } : undefined,
    labelLayout: o.label ? { moveOverlap: 'shiftY' } : undefined, markLine: o.mark, areaStyle: o.area,
  }
}
export const twin = (name, points, stroke, o = {}) => line(name, points, stroke, { width: 1.5, dash: [4, 3], z: 4, ...o })

/* The area between a line and its twin, or a band of a fan: one polygon, which works with steps. */
export function wash(upper, lower, fill, o = {}) {
  const trace = (api, points, back) => {
    const out = []
    points.forEach((p, k) => { if (o.step && k) out.push(api.coord([p[0], points[k - 1][1]])); out.push(api.coord(p)) })
    return back ? out.reverse() : out
  }
  return {
    type: 'custom', silent: true, clip: true, tooltip: { show: false }, xAxisIndex: o.grid || 0, yAxisIndex: o.grid || 0, z: o.z || 2,
    data: upper.length > 1 ? [upper[0]] : [],
    renderItem: (_, api) => ({ type: 'polygon', shape: { points: [...trace(api, upper), ...trace(api, lower, true)] }, style: { fill } }),
  }
}
export function dealMark(deals, label) {
  return {
    silent: true, symbol: 'none', animation: false, lineStyle: { color: colour.deal, width: 1, type: 'solid', opacity: 0.75 },
    label: { show: !!label, formatter: label || '', position: 'end', color: colour.deal, fontSize: 11, fontWeight: 600, distance: 3, align: 'left', offset: [4, 14] },
    data: deals.map((at) => ({ xAxis: at - 1 })),
  }
}
/* A label in the margin, at a value. */
export function margin(x, y, text, fill, o = {}) {
  return {
    type: 'custom', silent: true, clip: false, tooltip: { show: false }, xAxisIndex: o.grid || 0, yAxisIndex: o.grid || 0, z: 8, data: [[x, y]],
    renderItem: (_, api) => { const at = api.coord([x, y]); return { type: 'text', style: { x: at[0] + (o.column ? api.size([1, 0])[0] * 0.41 + 6 : o.dx ?? 10), y: at[1] + (o.dy || 0), text, fill, font: `${o.bold ? 700 : 500} ${o.size || 11}px ${FONT}`, textAlign: o.align || 'left', textVerticalAlign: 'middle' } } },
  }
}
/* The margin that labels at the ends of lines need, by the longest of them, and never more than half the chart. */
export function labelRoom(chart, labels) {
  const longest = labels.reduce((most, text) => Math.max(most, text.replace(/\{d\||\}/g, '').length), 0)
  return Math.round(Math.min(chart.width * 0.5, Math.max(70, longest * 6.1 + 16)))
}
/* Options of charts that stand below one another, given the same margins, so that a quarter lies in one place in all. */
export function aligned(options) {
  const grids = options.flatMap((option) => option.grid), widest = (side) => Math.max(...grids.map((grid) => grid[side]))
  const margins = { left: widest('left'), right: widest('right') }, fit = (grid) => ({ ...grid, ...margins })
  return options.map((option) => ({ ...option, grid: Array.isArray(option.grid) ? option.grid.map(fit) : fit(option.grid) }))
}
/* Keep heights at least a gap apart, in their order from below. */
export function spread(heights, gap) {
  const out = [...heights]
  for (let k = 1; k < out.length; k++) out[k] = Math.max(out[k], out[k - 1] + gap)
  return out
}
