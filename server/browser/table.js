/* A chart as a table, for those who do not see it and those who want the numbers: a button in every chart, reached by
   the keyboard, and the table in its place. An option of a chart may say its own `table`, { heads, rows }; else it is
   read off its lines and columns: a row a quarter. */
/* Text from the model or a link goes into HTML as text. */
export const plain = (text) => String(text).replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }[c]))
const listed = (one) => (Array.isArray(one) ? one : one ? [one] : [])
const other = (line) => / twin$/.test(line.name)
const number = (text) => /^[-−+<]?[\d.,]+$|^–$/.test(text)

/* Heads and rows of an option: one column a line, its unit from the title of its panel. */
export function tableOf(option, shown, dateOf) {
  if (option.table) return option.table
  const axis = listed(option.xAxis)[0] || {}, panels = listed(option.title), year = axis.year, rows = new Map()
  const lines = listed(option.series).filter((s) => (s.type === 'line' || s.type === 'bar') && s.name && s.data.length).sort((a, b) => other(a) - other(b))
  lines.forEach((s, column) => s.data.forEach((point, k) => {
    const [at, value] = Array.isArray(point) ? point : [k, point]
    if (!rows.has(at)) rows.set(at, lines.map(() => '–'))
    rows.get(at)[column] = shown(Number(value), s.unit)
  }))
  const unit = (s) => panels[s.xAxisIndex || 0].text.split(', ').pop()
  const head = (s) => (panels.length > 1 ? `${s.name}, ${unit(s)}` : s.name)
  const named = (at) => (year === undefined ? shown(at) : dateOf(at - (option.ends ? 1 : 0), year))
  const sorted = [...rows].sort((a, b) => a[0] - b[0]).filter(([at]) => at >= (option.ends ? (axis.min || 0) + 1 : 0))
  return { heads: [year === undefined ? '' : 'Quarter', ...lines.map(head)], rows: sorted.map(([at, cells]) => [named(at), ...cells]) }
}

/* The button and the table of one chart; `read` returns what the table holds now, `title` what it is called. */
export class Table {
  constructor(element, read, title) {
    Object.assign(this, { element, read, title, open: false })
    this.button = Object.assign(document.createElement('button'), { type: 'button', className: 'tblb', textContent: 'Table' })
    this.button.addEventListener('click', () => this.toggle())
    this.board = Object.assign(document.createElement('div'), { className: 'tbl', hidden: true, tabIndex: 0 })
    this.board.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') { event.stopPropagation(); this.toggle(); this.button.focus() }
      if (/^(Arrow|Home|End|Page)/.test(event.key)) event.stopPropagation()
    })
    element.append(this.button, this.board)
    this.name()
  }
  name() {
    this.button.textContent = this.open ? 'Chart' : 'Table'
    this.button.setAttribute('aria-pressed', String(this.open))
    this.button.setAttribute('aria-label', `${this.title()}: show as ${this.open ? 'chart' : 'table'}`)
  }
  toggle() {
    this.open = !this.open
    this.board.hidden = !this.open
    this.element.classList.toggle('tabled', this.open)
    this.name()
    this.fill()
  }
  fill() {
    if (!this.open) return
    const { heads, rows } = this.read(), top = this.board.scrollTop
    const wordy = heads.map((_, k) => !rows.every((r) => number(r[k])))
    const cell = (text, tag, k, o = '') => `<${tag}${o}${wordy[k] ? ' class="t"' : ''}>${plain(String(text).replace(/^-(?=\d)/, '−'))}</${tag}>`
    this.board.innerHTML = `<table><caption>${plain(this.title())}</caption><thead><tr>${heads.map((h, k) => cell(h, 'th', k, ' scope="col"')).join('')}</tr></thead><tbody>`
      + (rows.map((r) => `<tr>${r.map((v, k) => (k ? cell(v, 'td', k) : cell(v, 'th', k, ' scope="row"'))).join('')}</tr>`).join('') || `<tr><td colspan="${heads.length}">Nothing is drawn yet.</td></tr>`) + '</tbody></table>'
    this.board.scrollTop = top
  }
}
