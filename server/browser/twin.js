/* The charts of the Twin page. Each takes what the page knows and returns an option of ECharts.
   known: { base (setup), frames (of the visitor's own pair, so far), at (the quarter of the effect), fans, effect } */
import { colour, dateOf, dealMark, figure, fitting, labelRoom, line, plain, quarters, roof, rounded, shown, span, timeTip, tip, twin, values, wash } from './charts.js'

const signed = (v, unit) => (v > 0 ? '+' : v < 0 ? '−' : '') + shown(Math.abs(v), unit)
/* The unit of a chart; where a difference in per cent is drawn, per cent. */
const isRelative = (known, name) => name === known.base.relative
const unitOf = (known, name) => (isRelative(known, name) ? '%' : (known.base.charts.find((c) => c[0] === name) || [])[2])
const along = (list) => list.map((v, k) => [k, v])

const number = (v) => String(Number(v.toPrecision(6))).replace('-', '−')
const plus = (v) => (v > 0 ? '+' : '') + number(v)

/* The deal, and the quarter that the figures beside the charts tell of. */
function marks(known, name) {
  const mark = dealMark(known.base.deals, name === known.base.share ? 'Deal' : '')
  if (known.at > 0) mark.data.push({ xAxis: known.at - 1, lineStyle: { color: colour.ink3, type: 'dotted' }, label: { show: false } })
  return mark
}
function frameOf(known, board, axisOf, unit, labels, x) {
  const left = Math.max(30, ...axisOf.ticks.map((t) => 8 + 6.4 * t.length))
  return { grid: { left, right: labelRoom(board, labels), top: 12, bottom: 20 }, tooltip: timeTip(known.base.year, undefined, () => unit), xAxis: quarters(x, known.base.year, { every: 8 }), yAxis: values(axisOf) }
}
function scaled(all, board, always, format) {
  const found = { ...fitting(all, board.height, always), format }
  found.ticks = [found.min, found.max].map((v) => (format || String)(v))
  return found
}

/* Two fans, or the fan of the difference where levels hide it: bands of 90 and 50 %, and medians. */
export function fan(known, board, name) {
  const worlds = known.fans && known.fans[name]
  if (!worlds) return blank(known, board)
  const relative = isRelative(known, name), unit = unitOf(known, name), last = worlds[0][2].length - 1
  const bands = (w, token) => [wash(along(w[4]), along(w[0]), colour[token], { z: 1 }), wash(along(w[3]), along(w[1]), colour[token + '2'], { z: 1 })]
  const y = scaled(worlds.flatMap((w) => [...w[0], ...w[4]]), board, relative, relative ? plus : number)
  const ends = relative ? [`median ${signed(worlds[0][2][last], unit)} %`] : [`with ${shown(worlds[0][2][last], unit)}`, `without ${shown(worlds[1][2][last], unit)}`]
  const series = relative ? [] : [...bands(worlds[1], 'twin-wash'), twin('without, median', along(worlds[1][2]), colour.twin, { width: 1.8, unit, label: ends[1] })]
  series.push(...bands(worlds[0], 'deal-wash'), line(relative ? 'median effect, %' : 'with, median', along(worlds[0][2]), colour.deal, { width: 2.2, bold: true, z: 5, unit, label: ends[0], mark: marks(known, name) }))
  return { ...frameOf(known, board, y, unit, ends, known.base.horizon), table: quantiles(worlds, relative, unit, known.base.year), series }
}

/* Fans as a table: a row a quarter, five quantiles a world. */
function quantiles(worlds, relative, unit, year) {
  const names = relative ? ['effect, %'] : ['with', 'without'], ends = ['5 %', '25 %', 'median', '75 %', '95 %']
  const rows = worlds[0][2].map((_, k) => [dateOf(k, year), ...names.flatMap((_, w) => worlds[w].map((q) => shown(q[k], unit)))])
  return { heads: ['Quarter', ...names.flatMap((name) => ends.map((end) => `${name}, ${end}`))], rows }
}

/* The visitor's own pair: both worlds and the effect between them. */
export function pair(known, board, name) {
  const frames = known.frames
  if (!frames.length) return blank(known, board)
  const relative = isRelative(known, name), unit = unitOf(known, name)
  const own = frames.map((f) => (relative ? 100 * (f.values[name][0] / f.values[name][1] - 1) : f.values[name][0]))
  const other = relative ? own.map(() => 0) : frames.map((f) => f.values[name][1])
  const y = scaled(known.base.twin ? [...own, ...other] : own, board, relative, relative ? plus : number)
  const end = own[own.length - 1], twinEnd = other[other.length - 1]
  const ends = relative ? [`${signed(end, unit)} %`] : [`with ${shown(end, unit)}`, `without ${shown(twinEnd, unit)}`]
  const stroke = colour.deal
  const twins = known.base.twin ? [wash(along(own), along(other), colour['deal-wash2']), ...(relative ? [] : [twin('without', along(other), colour.twin, { width: 1.8, unit, label: ends[1] })])] : []
  return { ...frameOf(known, board, y, unit, ends, span(frames.length, known.base.horizon)), series: [...twins, line(relative ? 'effect, %' : 'with', along(own), stroke, { width: 2.2, bold: true, z: 5, unit, label: ends[0], mark: marks(known, name) })] }
}

/* The effect on the share in the visitor's own pair, quarter by quarter. */
export function course(known, board) {
  const frames = known.frames
  if (!frames.length || !known.base.twin) return blank(known, board)
  /* The difference of what is shown, as the table and the sentence have it. */
  const change = frames.map((f) => f.values[known.base.share].map((v) => rounded(v, '%'))).map(([own, other]) => own - other)
  const y = scaled(change, board, true, plus)
  const label = signed(change[change.length - 1], '%')
  return { ...frameOf(known, board, y, '%', [label], span(frames.length, known.base.horizon)), series: [wash(along(change), along(change.map(() => 0)), colour['deal-wash2']), line('effect, points', along(change), colour.deal, { width: 2.2, bold: true, z: 5, unit: '%', label, mark: marks(known, '') })] }
}

/* Many pairs: a column of dots for every stretch of the effect. */
export function dots(known, board) {
  if (!known.effect) return blank(known, board)
  const { points, step } = known.effect.dots, xs = points.map((p) => p[0])
  const low = Math.min(0, ...xs) - step * 1.5, high = Math.max(0, ...xs) + step * 1.5
  const tick = roof(high - low, 6).interval, min = Math.floor(low / tick) * tick, max = Math.ceil(high / tick) * tick
  const tall = Math.max(...points.map((p) => p[1])), room = board.height - 26 - 24
  const size = Math.max(3, Math.min(11, (room / (tall + 1)) * 0.92, ((board.width - 26) * step / (max - min)) * 0.86))
  const rows = Math.max(tall + 1, room / (size * 1.14))
  const near = Math.abs(known.effect.mean) < 0.22 * (max - min)
  return {
    table: { heads: ['', 'effect, points'], rows: points.map((p, k) => [k + 1, signed(Number(p[2].toPrecision(3)))]) },
    grid: { left: 10, right: 16, top: 28, bottom: 22 },
    tooltip: tip({ trigger: 'item', formatter: (p) => (p.seriesType === 'scatter' ? plain(signed(Number(p.data.points.toPrecision(3))) + ' points') : '') }),
    xAxis: { type: 'value', min, max, interval: tick, axisLine: { lineStyle: { color: colour.line2 }, onZero: false }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { color: colour.ink3, fontSize: 11, formatter: plus } },
    yAxis: { type: 'value', min: 0, max: rows, show: false },
    series: [{
      type: 'scatter', symbolSize: size, data: points.map((p) => ({ value: [p[0], p[1] - 0.5], points: p[2], itemStyle: { color: p[2] * known.effect.mean > 0 ? colour.deal : colour.twin } })), itemStyle: { opacity: 0.92 }, emphasis: { disabled: true },
      markLine: { silent: true, symbol: 'none', animation: false, label: { fontSize: 11, distance: 7, color: colour.ink2 }, data: [
        { xAxis: 0, lineStyle: { color: colour.ink2, type: 'solid', width: 1 }, label: { formatter: 'no effect', align: near && known.effect.mean > 0 ? 'right' : near ? 'left' : 'center', offset: [near ? (known.effect.mean > 0 ? 4 : -4) : 0, 0] } },
        { xAxis: known.effect.mean, lineStyle: { color: colour.deal, type: 'solid', width: 1.5 }, label: { formatter: 'mean ' + known.effect.change, color: colour.deal, fontWeight: 700, align: near && known.effect.mean > 0 ? 'left' : near ? 'right' : 'center', offset: [near ? (known.effect.mean > 0 ? -4 : 4) : 0, 0] } },
      ] },
    }],
  }
}

/* Axes without lines: nothing is known yet, and the card keeps its size. */
function blank(known) {
  return { grid: { left: 34, right: 74, top: 12, bottom: 20 }, xAxis: quarters(known.base.horizon || 40, known.base.year || 2026, { every: 8 }), yAxis: { ...values({ max: 4, interval: 1 }), axisLabel: { show: false } }, series: [] }
}

/* What a chart shows, for those who do not see it. */
export function words(known, many, name) {
  if (!many) {
    const last = known.frames[known.frames.length - 1]
    if (!last) return 'Nothing has happened yet.'
    const key = name === 'effect' ? known.base.share : name, [own, other] = last.values[key], unit = (known.base.charts.find((c) => c[0] === key) || [])[2]
    return `${last.date}: with ${isRelative(known, key) ? figure(own) : shown(own, unit)}, without ${isRelative(known, key) ? figure(other) : shown(other, unit)}.`
  }
  if (name === 'effect') return known.effect ? `Mean ${known.effect.change} points in ${known.effect.date}, ${known.effect.count} pairs.` : 'Not known yet.'
  const worlds = known.fans && known.fans[name]
  if (!worlds || !known.effect) return 'Not known yet.'
  const k = known.effect.q - 1, unit = unitOf(known, name), one = (w) => `${shown(w[2][k], unit)}, 90 % from ${shown(w[0][k], unit)} to ${shown(w[4][k], unit)}`
  return `${known.effect.date}: ` + (isRelative(known, name) ? `effect in per cent, median ${one(worlds[0])}.` : `with, median ${one(worlds[0])}; without, median ${one(worlds[1])}.`)
}
