/* The Explore page's charts. Neutral inks: these are properties of the model, not of a firm. */
import { colour, figure as plainFigure, FONT, plain, tip } from './charts.js'

const figure = (value) => plainFigure(value).replace('-', '−')

const text = (x, y, words, o = {}) => ({ type: 'text', style: { x, y, text: words, fill: o.fill || colour.ink2, backgroundColor: o.ground, padding: o.ground ? [1, 2] : 0, font: `${o.bold ? 700 : 400} 11px ${FONT}`, textAlign: o.align || 'left', textVerticalAlign: 'middle' } })
const names = (rows, chart) => ({
  type: 'category', inverse: true, data: rows.map((r) => r[1]), axisLine: { show: false }, axisTick: { show: false },
  axisLabel: { color: colour.ink, fontSize: 12, margin: 8, width: room(chart) - 12, overflow: 'truncate', interval: 0 },
})
const ROOM = 46
const room = (chart) => Math.min(176, Math.max(150, chart.width * 0.42))
const plainAxis = (o) => ({ type: 'value', axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: colour.grid } }, axisLabel: { color: colour.ink3, fontSize: 11, hideOverlap: true }, ...o })

/* A bar for what a factor does alone, and a dot on its interval for all that it takes part in. */
export function rank(data, chart) {
  const { rows, sobol } = data, most = Math.max(...rows.map((r) => Math.max(r[2], r[4])), 1e-9)
  let gathered = 0
  const whole = rows.reduce((sum, r) => sum + Math.max(0, r[5]), 0)
  const bars = rows.map((r) => { const leads = gathered < whole / 2 || !gathered; gathered += Math.max(0, r[5]); return { value: Math.max(0, r[5]), itemStyle: { color: leads ? colour.ink2 : colour.line2 } } })
  return {
    table: { heads: ['Assumption', sobol ? 'alone' : 'net effect', sobol ? 'with interactions' : 'effect', '95 % from', 'to'], rows: rows.map((r) => [r[1], figure(r[5]), figure(r[2]), figure(r[3]), figure(r[4])]) },
    grid: { left: room(chart), right: 46, top: 6, bottom: 22 },
    tooltip: tip({ trigger: 'item', formatter: (p) => { const r = rows[p.dataIndex]; return `<b>${plain(r[1])}</b><br>${sobol ? 'alone' : 'net'} ${figure(r[5])}, ${sobol ? 'with interactions' : 'effect'} <b>${figure(r[2])}</b><br>95 %: ${figure(r[3])} to ${figure(r[4])}` } }),
    xAxis: plainAxis({ min: 0, max: Math.max(most * 1.02, 1e-9), splitNumber: 5, axisLabel: { color: colour.ink3, fontSize: 11, hideOverlap: true, showMaxLabel: false, formatter: figure } }), yAxis: names(rows, chart),
    series: [
      { type: 'bar', data: bars, barWidth: '46%', barMaxWidth: 24, emphasis: { disabled: true } },
      { type: 'custom', z: 5, data: rows.map((r, k) => [r[2], k, Math.max(0, r[3]), r[4]]), renderItem: (_, api) => {
        const [x, y] = api.coord([api.value(0), api.value(1)]), a = api.coord([api.value(2), 0])[0], b = api.coord([api.value(3), 0])[0]
        return { type: 'group', children: [
          { type: 'line', shape: { x1: a, y1: y, x2: b, y2: y }, style: { stroke: colour.card, lineWidth: 5 } },
          { type: 'line', shape: { x1: a, y1: y, x2: b, y2: y }, style: { stroke: colour.ink, lineWidth: 2 } },
          { type: 'circle', shape: { cx: x, cy: y, r: 4 }, style: { fill: colour.card, stroke: colour.ink, lineWidth: 2 } },
          text(Math.max(b, x + 4) + 6, y, rows[api.value(1)][6]),
        ] }
      } },
    ],
  }
}

/* From the default to both ends of a range: pale to the low end, dark to the high one; side by side where both go one way. */
export function swing(data, chart) {
  const { rows, base, bound } = data, all = rows.flatMap((r) => [r[2], r[3]]).concat(base)
  const low = Math.min(...all), high = Math.max(...all), wide = high - low || 1, shown = bound !== null && bound > low - wide / 3 && bound < high + wide / 3
  const lowest = Math.min(low, shown ? bound : low), highest = Math.max(high, shown ? bound : high), unit = (highest - lowest || 1) / Math.max(40, chart.width - room(chart) - 20 - 2 * ROOM)
  const from = lowest - ROOM * unit, to = highest + ROOM * unit
  const mark = (at, words, stroke, type, align) => ({ xAxis: at, lineStyle: { color: stroke, type, width: 1.2 }, label: { formatter: words, position: 'start', distance: 6, align, color: stroke, fontWeight: 700, fontSize: 11 } })
  const sides = !shown ? ['center'] : bound > base ? ['right', 'left'] : ['left', 'right']
  return {
    table: { heads: ['Assumption', 'at its low end', 'outcome', 'at its high end', 'outcome'], rows: rows.map((r) => [r[1], r[4], figure(r[2]), r[5], figure(r[3])]) },
    grid: { left: room(chart), right: 20, top: 20, bottom: 22 },
    tooltip: tip({ trigger: 'item', formatter: (p) => { const r = rows[p.dataIndex]; return r ? `<b>${plain(r[1])}</b><br>${plain(r[4])}: <b>${figure(r[2])}</b><br>${plain(r[5])}: <b>${figure(r[3])}</b>` : '' } }),
    xAxis: plainAxis({ min: from, max: to, splitNumber: 5, axisLabel: { color: colour.ink3, fontSize: 11, hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: figure } }), yAxis: names(rows, chart),
    series: [
      { type: 'custom', z: 6, data: rows.map((r, k) => [base, k]), renderItem: (p, api) => {
        const r = rows[p.dataIndex], y = api.coord([base, p.dataIndex])[1], tall = Math.min(26, api.size([0, 1])[1] * 0.5), middle = api.coord([base, 0])[0], a = api.coord([r[2], 0])[0], b = api.coord([r[3], 0])[0]
        const same = (r[2] - base) * (r[3] - base) > 0, half = same ? tall / 2 : tall
        const bar = (x, top, fill) => ({ type: 'rect', shape: { x: Math.min(x, middle), y: top, width: Math.max(0.5, Math.abs(x - middle)), height: half }, style: { fill } })
        const words = (x, own, mid) => { const left = x < middle || (x === middle && own === r[4]); return text(x + (left ? -5 : 5), mid, own, { align: left ? 'right' : 'left', ground: colour.card }) }
        const tops = [y - tall / 2, same ? y : y - tall / 2], mids = [y, y]
        const labels = same ? [text(Math.max(a, b, middle) + 5, y, r[4] + ' to ' + r[5], { ground: colour.card })] : [words(a, r[4], mids[0]), words(b, r[5], mids[1])]
        return { type: 'group', children: [bar(a, tops[0], colour.line2), bar(b, tops[1], colour.ink2), ...labels] }
      } },
      { type: 'line', data: [], markLine: { silent: true, symbol: 'none', data: [mark(base, 'as it is ' + data.base_text.split(',')[0], colour.ink, 'solid', sides[0]), ...(shown ? [mark(bound, 'bound ' + figure(bound), colour.ink3, [4, 3], sides[1])] : [])] } },
    ],
  }
}

/* Worlds as points; those where it holds are filled. The box is drawn where an axis limits it. */
export function worlds(data, chart) {
  const [across, up] = data.axes, limits = data.box ? data.box.limits : []
  const ends = (axis) => { const found = limits.find((l) => l.name === axis.name); return found ? [found.low, found.high] : null }
  const x = ends(across), y = ends(up), unit = (a) => a.label + (a.unit ? ', ' + a.unit : '')
  const area = x || y ? { silent: true, itemStyle: { color: colour['twin-wash'], borderColor: colour.ink, borderWidth: 1.5 }, label: { show: true, position: 'insideTopRight', formatter: 'the box', color: colour.ink, backgroundColor: colour.card, padding: [2, 4], fontWeight: 700, fontSize: 12, distance: 6 }, data: [[{ coord: [(x || [across.low])[0], (y || [up.low])[0]] }, { coord: [(x || [0, across.high])[1], (y || [0, up.high])[1]] }]] } : undefined
  const line = ['outcome'].flatMap((name) => [across.name === name ? [{ xAxis: data.bound }] : [], up.name === name ? [{ yAxis: data.bound }] : []]).flat()
  const axis = (a, o) => ({ ...plainAxis({ ...(a.name === 'outcome' ? { scale: true } : { min: a.low, max: a.high }), splitNumber: 5, axisLabel: { color: colour.ink3, fontSize: 11, hideOverlap: true, formatter: figure } }), nameTextStyle: { color: colour.ink2, fontSize: 11, ...o.style }, ...o })
  const small = data.dots.length > 800 ? 4 : 5.5
  return {
    table: { heads: [unit(across), unit(up), 'it holds'], rows: data.dots.map((d) => [figure(d[0]), figure(d[1]), d[2] ? 'yes' : 'no']) },
    grid: { left: 38, right: 14, top: 26, bottom: 38 },
    tooltip: tip({ trigger: 'item', formatter: (p) => (p.value ? `${plain(unit(across))} <b>${figure(p.value[0])}</b><br>${plain(unit(up))} <b>${figure(p.value[1])}</b><br>${p.value[2] ? 'it holds' : 'it does not hold'}` : '') }),
    xAxis: axis(across, { name: unit(across), nameLocation: 'middle', nameGap: 22, axisLine: { show: true, lineStyle: { color: colour.line2 } } }),
    yAxis: axis(up, { name: unit(up), nameLocation: 'end', nameGap: 10, style: { align: 'left', padding: [0, 0, 0, -30] } }),
    series: [
      { type: 'scatter', data: data.dots.filter((d) => !d[2]), symbolSize: small, itemStyle: { color: 'transparent', borderColor: colour.ink3, borderWidth: 1, opacity: 0.6 } },
      { type: 'scatter', data: data.dots.filter((d) => d[2]), symbolSize: small + 1, itemStyle: { color: colour.ink, opacity: 0.75 }, markArea: area, markLine: line.length ? { silent: true, symbol: 'none', lineStyle: { color: colour.ink, type: [4, 3] }, label: { show: false }, data: line } : undefined },
    ],
  }
}
