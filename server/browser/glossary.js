/* The glossary behind headings: a mark beside each that uses a word or unit of it, and what these mean, on hover, focus or touch.
   Headings are the components' own; the mark is added after what they hold, and again where they are drawn anew. */
const HOSTS = 'main h2, .panel h2, .kpi, main thead th, .sums th[scope=row], .sumt td:first-child, .painted figcaption'
const REST = 400, WAIT = 250, EDGE = 8
const finePointer = window.matchMedia('(hover: hover)')
let terms = [], box = null, over = null, timer = null, later = null

/* words: [name, meaning, [regular expressions]] by term, as `presenters/glossary.py` sends them. */
export function begin(words) {
  if (terms.length) return
  terms = words.flatMap(([name, meaning, spelled], place) => spelled.map((one) => ({ place, name, meaning, length: one.length, find: new RegExp(one, one === one.toLowerCase() ? 'gi' : 'g') }))).sort((a, b) => b.length - a.length)
  box = document.body.appendChild(Object.assign(document.createElement('div'), { className: 'am gloss', id: 'gloss', hidden: true }))
  box.setAttribute('role', 'tooltip')
  new MutationObserver(() => { later ??= setTimeout(scan, REST) }).observe(document.body, { subtree: true, childList: true, characterData: true })
  document.addEventListener('pointerover', hover)
  document.addEventListener('pointerdown', (event) => { if (!event.target.closest('.glb, .gloss')) hide() })
  document.addEventListener('focusin', (event) => { if (event.target.matches('.glb')) show(event.target) })
  document.addEventListener('focusout', (event) => { if (event.target.matches('.glb')) hide() })
  document.addEventListener('click', (event) => { const mark = event.target.closest('.glb'); if (mark) { event.stopPropagation(); show(mark) } }, true)
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && over) { event.stopPropagation(); hide() } }, true)
  document.addEventListener('scroll', (event) => { if (over && !box.contains(event.target)) place() }, true)
  window.addEventListener('resize', hide)
  scan()
}

/* The terms that a text uses, longer spellings first taken. */
export function explained(text) {
  const found = new Map()
  for (const term of terms) {
    const rest = text.replace(term.find, ' ')
    if (rest !== text) found.set(term.place, term)
    text = rest
  }
  return [...found].sort(([a], [b]) => a - b).map(([, term]) => term)
}

const textOf = (host) => (host.matches('.kpi') ? ['.l', '.v small'].map((one) => host.querySelector(one)?.textContent || '').join(' ') : [host.textContent, host.dataset.words, host.parentElement.querySelector(':scope > .sub')?.textContent].filter(Boolean).join('; '))
const seatOf = (host) => (host.matches('.kpi') ? host.querySelector('.v') : host)

/* Put marks where they are missing, and take them away where nothing is to be explained any more. */
export function scan() {
  later = null
  for (const host of document.querySelectorAll(HOSTS)) {
    const seat = seatOf(host), text = textOf(host)
    if (!seat) continue
    const mark = seat.querySelector(':scope > .glb')
    if (mark && mark.said === text && seat.lastElementChild === mark) continue
    const found = explained(text)
    if (mark && !found.length) mark.remove()
    else if (found.length) {
      const one = mark || Object.assign(document.createElement('button'), { className: 'glb' })
      Object.assign(one, { said: text, terms: found, type: 'button' })
      one.setAttribute('aria-label', 'What this means')
      host.classList.add('glh')
      if (seat.lastElementChild !== one) seat.append(one)
    }
  }
  if (over && !over.isConnected) hide()
}

function hover(event) {
  if (!finePointer.matches) return
  const host = event.target.closest?.('.glh'), mark = host && seatOf(host)?.querySelector(':scope > .glb')
  if (event.target.closest?.('.gloss') || (mark && mark === over)) return clearTimeout(timer)
  clearTimeout(timer)
  if (mark) timer = setTimeout(() => show(mark), WAIT)
  else if (over && over !== document.activeElement) timer = setTimeout(hide, WAIT)
}

function show(mark) {
  clearTimeout(timer)
  over = mark
  const list = document.createElement('dl')
  for (const { name, meaning } of mark.terms) list.append(Object.assign(document.createElement('dt'), { textContent: name }), Object.assign(document.createElement('dd'), { textContent: meaning }))
  box.replaceChildren(list)
  box.hidden = false
  mark.setAttribute('aria-describedby', 'gloss')
  place()
}

/* Below the mark, or above it where there is no room, and never out of the window; gone with a mark that is rolled out of it. */
function place() {
  const from = over.getBoundingClientRect(), { offsetWidth: wide, offsetHeight: tall } = box
  if (from.bottom < 0 || from.top > innerHeight) return hide()
  const below = from.bottom + 6, fits = below + tall <= innerHeight - EDGE
  box.style.left = Math.max(EDGE, Math.min(innerWidth - wide - EDGE, from.left - 24)) + 'px'
  box.style.top = Math.max(EDGE, fits ? below : Math.min(from.top - tall - 6, innerHeight - tall - EDGE)) + 'px'
}

function hide() {
  clearTimeout(timer)
  if (over) over.removeAttribute('aria-describedby')
  over = null
  if (box) box.hidden = true
}
