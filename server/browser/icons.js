/* Line icons, 24 by 24, drawn with the colour of their text. */
const line = (d, more = '') => `<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="${d}"/>${more}</svg>`
const fill = (inner) => `<svg class="i fill" viewBox="0 0 24 24" aria-hidden="true">${inner}</svg>`

export const icons = {
  play: fill('<path d="M8 5.2v13.6a.8.8 0 0 0 1.2.7l11-6.8a.8.8 0 0 0 0-1.4l-11-6.8A.8.8 0 0 0 8 5.200z"/>'),
  pause: fill('<rect x="6.500" y="5" width="4" height="14" rx="1"/><rect x="13.500" y="5" width="4" height="14" rx="1"/>'),
  step: line('M6 6l8 6-8 6zM18 6v12'),
  back: line('M18 6l-8 6 8 6zM6 6v12'),
  reset: line('M4 4v5h5M4.600 9A8 8 0 1 1 4 13'),
  link: line('M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1'),
  down: line('M12 4v11M7.500 11l4.500 4.500L16.500 11M5 20h14'),
  code: line('M9 7l-5 5 5 5M15 7l5 5-5 5'),
  moon: line('M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z'),
  sun: line('M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M18.400 5.600L17 7M7 17l-1.400 1.400', '<circle cx="12" cy="12" r="4"/>'),
  auto: line('M12 4a8 8 0 1 0 0 16z', '<circle cx="12" cy="12" r="8"/>'),
  tune: line('M4 7h9M17 7h3M4 17h3M11 17h9', '<circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>'),
  chev: line('M7 10l5 5 5-5'),
  close: line('M6 6l12 12M18 6L6 18'),
  check: line('M5 12.500l4.500 4.500L19 7.500'),
  half: line('M12 4a8 8 0 1 0 0 16z', '<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 0 0 16z" fill="currentColor"/>'),
  more: fill('<circle cx="6" cy="12" r="1.600"/><circle cx="12" cy="12" r="1.600"/><circle cx="18" cy="12" r="1.600"/>'),
  help: line('M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.300-1 .800-1 1.700M12 17v.010', '<circle cx="12" cy="12" r="9"/>'),
}
export const logo = '<svg viewBox="0 0 22 22" aria-hidden="true"><path d="M2 17C8 17 9 5 20 4" fill="none" stroke="var(--deal)" stroke-width="2.600" stroke-linecap="round"/><path d="M2 17C9 17 12 11.500 20 11" fill="none" stroke="var(--ink3)" stroke-width="2" stroke-dasharray="3 3" stroke-linecap="round"/></svg>'
