/* Everything a component needs before it can draw: styles, ECharts, the theme. Loaded once a page. */
const base = new URL('.', import.meta.url)

const styles = new Map()

/* A sheet of styles is loaded once, and stays: those of a page begin with its class, and touch no other page. */
export function style(name) {
  if (!styles.has(name)) styles.set(name, new Promise((done) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: new URL(name, base).href })
    link.onload = link.onerror = done
    document.head.appendChild(link)
  }))
  return styles.get(name)
}

/* ECharts comes with solara-assets. While it loads, `define` has to hide: requirejs would catch the bundle. */
function echarts() {
  return new Promise((done, failed) => {
    const hidden = window.define
    window.define = undefined
    const script = document.createElement('script')
    script.src = new URL('../_solara/cdn/echarts@5.4.0/dist/echarts.min.js', base).href
    script.onload = () => { window.define = hidden; done() }
    script.onerror = () => { window.define = hidden; failed(new Error('ECharts did not load')) }
    document.head.appendChild(script)
  })
}

export const ready = Promise.all([style('tokens.css'), style('app.css'), style('share.css'), style('explore.css'), echarts()])

const dark = window.matchMedia('(prefers-color-scheme: dark)')
let chosen = 'auto'

export function currentTheme() {
  return chosen === 'auto' ? (dark.matches ? 'dark' : 'light') : chosen
}

export function setTheme(theme) {
  chosen = theme
  if (document.documentElement.dataset.theme === currentTheme()) return
  document.documentElement.dataset.theme = currentTheme()
  window.dispatchEvent(new CustomEvent('aimarket-theme', { detail: currentTheme() }))
}

dark.addEventListener('change', () => setTheme(chosen))
setTheme('auto')
