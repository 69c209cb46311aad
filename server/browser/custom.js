/* The theme of the link, or the system's, before anything is drawn: Solara puts this into the page itself. */
(() => {
  const wanted = new URLSearchParams(location.search).get('theme')
  const dark = wanted === 'dark' || (wanted !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
/* Scripts of our own, by name: below the prefix under which a proxy shows the pages, wherever a component stands. */
window.aimarket = { load: (name) => import(`${solara.rootPath}/browser/${name}`) }
