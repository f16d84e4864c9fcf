/** Entry: one training step to walk through. */
import { mounter } from "../../lib/mount.js";
import { StepView } from "./view.js";

/** What `mounter` keeps over Streamlit's repeated mounts. */
class Walk {
  /** @param {ShadowRoot|HTMLElement} place */
  constructor(place) {
    this.view = new StepView(place);
    this.trigger = (/** @type {string} */ _name, /** @type {unknown} */ _value) => {};
  }

  /** @param {{setTriggerValue: (name: string, value: unknown) => void}} component */
  use(component) {
    this.trigger = component.setTriggerValue;
  }

  /** @param {any} data */
  accept(data) {
    if (data) this.view.show(data, this.trigger);
  }

  destroy() {
    this.view.destroy();
  }
}

export const mount = mounter((place) => /** @type {any} */ (new Walk(place)));
