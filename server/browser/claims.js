/* How a claim's statistic responds to an assumption, on the scale of the slider below it. */
import { colour, figure, line, plain, tip, wash } from './charts.js'

const signed = (v) => figure(v).replace('-', '−')
function frame(item, y) {
  return {
    grid: { left: 8, right: 8, top: 2, bottom: 2, show: true, backgroundColor: colour.raise, borderWidth: 0 },
    xAxis: { type: 'value', min: item.low, max: item.high, show: false },
    yAxis: { type: 'value', min: y[0], max: y[1], show: false },
  }
}
/* The value between two points that were tried. */
function between(points, at) {
  const k = points.findIndex((p) => p[0] >= at)
  if (k < 0) return points[points.length - 1][1]
  if (k === 0) return points[0][1]
  const [a, b] = [points[k - 1], points[k]]
  return a[1] + (b[1] - a[1]) * (at - a[0]) / (b[0] - a[0] || 1)
}

export function response(card, board) {
  const { curve, lever } = card, item = lever.item, points = curve.points.filter((p) => p[1] !== null)
  const all = points.flatMap((p) => p.slice(1)).filter((v) => v !== null).concat(curve.bound)
  const low = Math.min(...all), high = Math.max(...all), pad = (high - low || 1) * 0.1, y = [low - pad, high + pad]
  const now = between(points, item.value), words = `${signed(curve.bound)}${curve.unit ? ' ' + curve.unit : ''}`
  const good = curve.mirrored ? [{ yAxis: y[0] }, { yAxis: curve.bound }] : [{ yAxis: curve.bound }, { yAxis: y[1] }]
  const bands = points.filter((p) => p[2] !== null)
  return {
    ...frame(item, y),
    table: { heads: [item.label, curve.unit || 'statistic', '95 % from', 'to'], rows: points.map((p) => [signed(p[0] * item.scale), ...p.slice(1).map(signed)]) },
    tooltip: tip({ formatter: (found) => { const p = points[found[0].dataIndex]; return p ? `${plain(item.label)} ${signed(p[0] * item.scale)}<br><b>${signed(p[1])}</b> ${plain(curve.unit)}, 95 %: ${signed(p[2])} to ${signed(p[3])}` : '' } }),
    series: [
      { type: 'line', data: [], silent: true, markArea: { silent: true, animation: false, itemStyle: { color: colour.ok, opacity: 0.11 }, data: [good] }, markLine: { silent: true, symbol: 'none', animation: false, lineStyle: { color: colour.ink2, type: [3, 3], width: 1 }, label: { formatter: words, position: 'insideEndTop', color: colour.ink3, fontSize: 11, distance: 2 }, data: [{ yAxis: curve.bound }] } },
      wash(bands.map((p) => [p[0], p[3]]), bands.map((p) => [p[0], p[2]]), colour['twin-wash2'], { z: 2 }),
      { ...line('curve', points.map((p) => [p[0], p[1]]), colour.ink, { width: 2, z: 4 }), ...(curve.tips === null ? {} : { markLine: { silent: true, symbol: 'none', animation: false, lineStyle: { color: colour.bad, type: 'solid', width: 1.5 }, label: { show: false }, data: [{ xAxis: curve.tips }] } }) },
      { type: 'scatter', silent: true, clip: false, z: 6, symbolSize: 11, data: [[item.value, now]], itemStyle: { color: colour.ink, borderColor: colour.card, borderWidth: 2 } },
    ],
  }
}

/* The same box before anything is known. */
export function empty(card) { return { ...frame(card.lever.item, [0, 1]), series: [] } }
