/* The manual searches in a worker. Browsers start none for a page that is read from a folder: there it runs in a frame. */
if (location.protocol === 'file:') {
  window.Worker = class extends EventTarget {
    constructor (address) {
      super()
      this.frame = document.createElement('iframe')
      this.frame.hidden = true
      document.body.append(this.frame)
      const inside = this.frame.contentWindow, script = inside.document.createElement('script')
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent('message', { data }))
      this.ready = new Promise((resolve) => { script.onload = resolve })
      script.src = address
      inside.document.body.append(script)
    }

    postMessage (data) {
      this.ready.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent('message', { data })))
    }

    terminate () { this.frame.remove() }
  }
}
