/* Sliders of declared parameters, for every page: see docs/pages.md. An item is what `presenters.sliders.slider` returns. */
import { figure } from './charts.js'

/* Milliseconds that a slider has to rest before anything is computed anew. */
const REST = 160
let made = 0

export const AmSlider = {
  name: 'am-slider',
  props: { item: { type: Object, required: true } },
  data() { return { held: null, id: 'slider-' + (made += 1) } },
  computed: {
    value() { return this.held === null ? this.item.value : this.held },
    shown() { return figure(this.value * this.item.scale) },
    moved() { return Math.abs(this.value - this.item.default) > this.item.step / 1000 },
    tip() { return `${this.item.doc}. Range ${figure(this.item.low * this.item.scale)} to ${figure(this.item.high * this.item.scale)}${this.unit}, default ${figure(this.item.default * this.item.scale)}. Source: ${this.item.source}.` },
    unit() { return this.item.unit ? ' ' + this.item.unit : '' },
    zones() { return this.item.zones || [] },
  },
  watch: { 'item.value'() { if (!this.pressed && !this.resting) this.held = null } },
  beforeDestroy() { clearTimeout(this.resting); clearTimeout(this.doubting) },
  methods: {
    x(value) { return (100 * (value - this.item.low) / (this.item.high - this.item.low)).toFixed(2) + '%' },
    round(value) {
      const { low, high, step } = this.item, digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))
      const near = Math.abs(value - this.item.default) < step / 2 ? this.item.default : Number((Math.round(value / step) * step).toFixed(digits))
      return Math.min(high, Math.max(low, near))
    },
    slide(event) {
      this.held = this.round(Number(event.target.value))
      clearTimeout(this.resting)
      this.resting = setTimeout(() => this.send(this.held), REST)
    },
    send(value) {
      clearTimeout(this.resting)
      this.resting = null
      if (value !== this.sent || value !== this.item.value) this.$emit('set', this.item.name, value === this.item.default ? null : value)
      this.sent = value
      clearTimeout(this.doubting)
      this.doubting = setTimeout(() => { if (!this.pressed) this.held = null }, 6000)
    },
    key(event) {
      const { low, high, step } = this.item
      const by = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, PageDown: -10 * step, PageUp: 10 * step }[event.key]
      const to = by ? this.value + by : { Home: low, End: high }[event.key]
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      this.slide({ target: { value: Math.min(high, Math.max(low, to)) } })
    },
    press() { this.pressed = true },
    release() { this.pressed = false; if (this.held !== null && this.held !== this.item.value) this.send(this.held) },
    undo() { this.held = this.item.default; this.send(this.held) },
  },
  template: `
    <div class="sl" :class="{ moved }">
      <label class="n" :for="id" :title="tip">{{ item.label }}</label>
      <span class="x">{{ shown }}<small>{{ unit }}</small><button v-if="moved" class="undo" @click="undo" :aria-label="'Reset ' + item.label" :title="'Reset to ' + item.default * item.scale">↺</button></span>
      <span class="trk">
        <span class="r"></span><span v-if="!zones.length" class="f" :style="{ width: x(value) }"></span>
        <span v-for="(z, k) in zones" :key="k" class="zone" :style="{ left: x(z[0]), right: 'calc(100% - ' + x(z[1]) + ')' }"></span>
        <span class="def" :style="{ left: x(item.default) }"></span>
        <span v-if="item.tips !== undefined && item.tips !== null" class="tips" :style="{ left: x(item.tips) }"></span>
        <input type="range" :id="id" :min="item.low" :max="item.high" step="any" :value="value" :title="tip" :aria-valuetext="shown + unit" :data-parameter="item.name"
               @input="slide" @change="release" @pointerdown="press" @pointerup="release" @pointercancel="release" @keydown.delete.prevent="undo" @keydown="key">
        <span class="h" :style="{ left: x(value) }"></span>
      </span>
      <slot></slot>
    </div>`,
}

export const AmSliders = {
  name: 'am-sliders',
  components: { AmSlider },
  props: { groups: { type: Array, required: true }, title: { type: String, default: 'Steer' }, note: { type: String, default: '' } },
  computed: { changed() { return this.groups.some((g) => g.items.some((i) => i.value !== i.default)) } },
  template: `
    <section class="card steer" :aria-label="title">
      <header><div><h2>{{ title }}</h2><div class="sub" v-if="note">{{ note }}</div></div><div class="tools"><button class="btn sm ghost" :disabled="!changed" @click="$emit('reset')">Reset all</button></div></header>
      <div class="groups" tabindex="-1"><div class="group" v-for="g in groups" :key="g.title"><h3 class="grp">{{ g.title }}</h3>
        <am-slider v-for="i in g.items" :key="i.name" :item="i" @set="(name, value) => $emit('set', name, value)"></am-slider></div></div>
    </section>`,
}

/* Make the sliders known to a component that is about to be drawn. */
export function teach(component) { Object.assign(component.$options.components, { AmSlider, AmSliders }) }
