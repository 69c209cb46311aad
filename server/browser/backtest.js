/* The charts of the Back-test page: what was observed, and what was said before. */
import { colour, dateOf, figure, line, plain, quarters, roof, tip, twin, values, wash } from './charts.js'

const dots = (name, points, hollow) => ({
  name, type: 'scatter', data: points, symbolSize: 5, z: 6, emphasis: { disabled: true },
  itemStyle: { color: hollow ? colour.card : colour.ink, borderColor: colour.ink, borderWidth: 1.2 },
})
/* A band at one place alone is a bar. */
const bar = (row, low, high, fill, width) => ({
  type: 'custom', silent: true, clip: true, tooltip: { show: false }, z: 2, data: [[row[0], row[low]]],
  renderItem: (_, api) => { const a = api.coord([row[0], row[low]]), b = api.coord([row[0], row[high]]); return { type: 'rect', shape: { x: a[0] - width / 2, y: b[1], width, height: a[1] - b[1] }, style: { fill } } },
})
const band = (rows, low, high, fill) => (rows.length === 1 ? bar(rows[0], low, high, fill, 12) : wash(rows.map((r) => [r[0], r[high]]), rows.map((r) => [r[0], r[low]]), fill))

/* One series: p5 p25 median p75 p95 stand in places 1 to 5 of a row of the model. */
export function panel(series, at) {
  const all = [...series.past, ...series.seen, ...series.naive].map((p) => p[1]).concat(series.model.map((r) => r[5]))
  const top = roof(Math.max(...all)), last = at.scored ? 16 : 24
  const median = series.model.map((r) => [r[0], r[3]])
  const rows = new Map(series.model.map((r) => [r[0], r]))
  return {
    grid: { left: 44, right: 12, top: 8, bottom: 22 },
    xAxis: quarters(last, at.first, { every: 4 }), yAxis: values({ ...top, format: (v) => figure(v) }),
    tooltip: tip({ formatter: (shown) => {
      const where = Number(shown[0].value[0]), row = rows.get(where)
      const said = shown.filter((p) => p.seriesName && p.seriesType !== 'custom').map((p) => `${plain(p.seriesName)} <b>${figure(Number(p.value[1]))}</b>`)
      if (row) said.push(`90 % band ${figure(row[1])} to ${figure(row[5])}`)
      return `<b>${dateOf(where, at.first)}</b><br>` + said.join('<br>')
    } }),
    series: [
      band(series.model, 1, 5, colour.line), band(series.model, 2, 4, colour.line2), line('model', median, colour.ink3, { width: 2 }),
      ...(series.naive.length ? [twin('best naive', series.naive, colour.ink2, {})] : []),
      dots('observed', series.past), dots('observed', series.seen, true),
    ],
  }
}
