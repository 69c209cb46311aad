/* Painted pages: charts that move, and steps that keys and fingers turn. Without this script everything is there, at rest. */
import { begin } from './glossary.js'

begin(JSON.parse(document.getElementById('words').textContent))

const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
const LASTS = 2600
const FAR = 56

/* A chart fills up quarter by quarter; a slider below it goes to any. What it says is read off the chart's own table. */
function moving(plot) {
  const pane = plot.querySelector('.pane'), rows = [...plot.querySelectorAll('tbody tr')], last = rows.length - 1
  const heads = [...plot.querySelectorAll('thead th')].map((cell) => cell.textContent)
  const box = document.createElement('div')
  box.className = 'scrub'
  box.innerHTML = `<button class="btn sm" type="button">${still ? 'Play' : 'Play again'}</button><input type="range" min="0" max="${last}" value="${last}" aria-label="Quarter"><output></output>`
  plot.querySelector('details').before(box)
  const [button, range, output] = box.children
  let begun = null
  const show = (at) => {
    pane.style.setProperty('--seen', (100 * at / last).toFixed(2) + '%')
    pane.classList.toggle('whole', at >= last)
    const place = Math.round(at), [date, ...cells] = [...rows[place].cells].map((cell) => cell.textContent)
    range.value = place
    range.setAttribute('aria-valuetext', `${date}: ${heads[1]} ${cells[0]}`)
    output.textContent = `${date}: ${cells[0]}`
  }
  const run = (now) => {
    if (begun === null) return
    const part = Math.min(1, (now - begun) / LASTS)
    show(part * last)
    if (part < 1) requestAnimationFrame(run)
    else begun = null
  }
  const play = () => { begun = performance.now(); show(0); requestAnimationFrame(run) }
  button.addEventListener('click', play)
  range.addEventListener('input', () => { begun = null; show(Number(range.value)) })
  if (still) show(last)
  else play()
}

/* Keys and swipes follow the very links that are there to be clicked. */
const turn = (way) => { const link = document.querySelector(`a[rel=${way}]`); if (link) link.click() }
const busy = (target) => target instanceof Element && target.closest('input,select,textarea,.roll,[contenteditable]')

function turning() {
  window.addEventListener('keydown', (event) => {
    if (busy(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const way = { ArrowRight: 'next', ArrowLeft: 'prev' }[event.key]
    if (way) turn(way)
  })
  let from = null
  window.addEventListener('touchstart', (event) => { from = event.touches.length === 1 && !busy(event.target) ? event.touches[0] : null }, { passive: true })
  window.addEventListener('touchend', (event) => {
    if (!from) return
    const to = event.changedTouches[0], along = to.clientX - from.clientX, down = to.clientY - from.clientY
    from = null
    if (Math.abs(along) > FAR && Math.abs(along) > 2 * Math.abs(down)) turn(along < 0 ? 'next' : 'prev')
  }, { passive: true })
}

document.querySelectorAll('figure.plot').forEach(moving)
if (document.body.classList.contains('told')) turning()
