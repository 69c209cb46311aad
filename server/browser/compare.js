/* The small multiples of the Compare page: a panel a scenario, all on the same axes.
   known: { look (setup), worlds (by scenario: percentiles by quarter, or null), at (the quarter of the table), unit, first (whether it is the first chart) } */
import { colour, dateOf, dealMark, fitting, line, logarithmic, plain, quarters, shown, tip, values, wash } from './charts.js'

const STEEP = 50, NARROW = 640, TITLE = 18, YEARS = 8
const along = (list) => list.map((v, k) => [k, v])
const tint = (column) => (column.deals.length ? 'deal' : 'twin')

/* Where what is drawn grows fiftyfold or more, steps of tenfold; a band that falls to nothing leaves such an axis below. */
function scale(worlds, height) {
  const there = worlds.filter(Boolean), all = there.flatMap((w) => [...w[0], ...w[2]]), low = Math.min(...there.flatMap((w) => w[1])), high = Math.max(...all)
  if (!all.length) return (grid) => ({ ...values({ max: 4, interval: 1, grid }), axisLabel: { show: false } })
  if (low > 0 && high > STEEP * low) return (grid) => logarithmic(low, high, { grid })
  return (grid) => values({ ...fitting(all, height), grid })
}

/* Panels beside one another, two abreast where it is narrow; left room for the values of the axis in the first only. */
function places(count, board) {
  const across = board.width < NARROW ? Math.min(2, count) : count, down = Math.ceil(count / across)
  const left = 100 * 40 / board.width, gap = 100 * 16 / board.width, wide = (100 - left - gap * across) / across, tall = 100 / down
  return Array.from({ length: count }, (_, k) => ({
    first: k % across === 0, x: left + (k % across) * (wide + gap), y: Math.floor(k / across) * tall, wide, tall, top: 100 * TITLE / board.height, bottom: 100 * 20 / board.height,
  }))
}

export function panels(known, board) {
  const { columns, year, horizon } = known.look, worlds = columns.map((_, k) => (known.worlds && known.worlds[k]) || null)
  const spots = places(columns.length, board), axis = scale(worlds, spots[0].tall * board.height / 100 - TITLE - 20)
  const marked = (k) => {
    const mark = dealMark(columns[k].deals, known.first ? 'Deal' : '')
    if (known.at > 0) mark.data.push({ xAxis: known.at - 1, lineStyle: { color: colour.ink3, type: 'dotted' }, label: { show: false } })
    return mark
  }
  const series = columns.flatMap((c, k) => {
    const w = worlds[k], stroke = tint(c), first = k && worlds[0]
    if (!w) return []
    return [
      wash(along(w[2]), along(w[0]), colour[stroke + '-wash2'], { z: 1, grid: k }),
      ...(first ? [line('', along(first[1]), colour.ink3, { width: 1.3, dash: [4, 3], grid: k })] : []),
      line(c.label, along(w[1]), colour[stroke], { width: 2.2, z: 5, grid: k, unit: known.unit, mark: marked(k) }),
    ]
  })
  return {
    title: columns.map((c, k) => ({ text: c.label, left: spots[k].x + '%', top: spots[k].y * board.height / 100 + 3, padding: 0, textStyle: { fontSize: 12, fontWeight: 600, color: colour.ink2, width: spots[k].wide * board.width / 100, overflow: 'truncate' } })),
    grid: spots.map((s) => ({ left: s.x + '%', width: s.wide + '%', top: s.y + s.top + '%', height: s.tall - s.top - s.bottom + '%' })),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: tip({ formatter: (all) => words(known, all.length ? Number(all[0].axisValue) : 0, '<br>', plain) }),
    xAxis: columns.map((_, k) => quarters(horizon, year, { every: YEARS, grid: k })),
    yAxis: columns.map((_, k) => { const one = axis(k); return spots[k].first ? one : { ...one, axisLabel: { show: false } } }),
    table: quantiles(known, worlds), series,
  }
}

function quantiles(known, worlds) {
  const { columns, year } = known.look, there = worlds.find(Boolean) || [[]], ends = ['5 %', 'median', '95 %']
  return {
    heads: ['Quarter', ...columns.flatMap((c) => ends.map((end) => `${c.label}, ${end}`))],
    rows: there[0].map((_, t) => [dateOf(t, year), ...worlds.flatMap((w) => ends.map((_, q) => (w ? shown(w[q][t], known.unit) : '–')))]),
  }
}

/* What all panels say of a quarter, counted from 0: for a tooltip, and for those who do not see the chart. */
export function words(known, at = known.at - 1, between = ' ', text = (v) => v) {
  const { columns, year } = known.look
  if (!known.worlds || at < 0) return 'Not known yet.'
  const said = columns.map((c, k) => { const w = known.worlds[k]; return w && `${text(c.label)}: median ${shown(w[1][at], known.unit)}, 90 % from ${shown(w[0][at], known.unit)} to ${shown(w[2][at], known.unit)}.` })
  return [`${dateOf(at, year)}:`, ...said.filter(Boolean)].join(between)
}
