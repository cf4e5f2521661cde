// Paper has no disclosure triangles: open everything for printing, and close it again after.
(function () {
  "use strict";
  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    for (const details of opened) {
      details.open = true;
    }
  });
  window.addEventListener("afterprint", function () {
    for (const details of opened) {
      details.open = false;
    }
  });
})();
// <print-page>: a button that prints. Without JavaScript what stands in it remains.
class PrintPage extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button")) {
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "as-link";
    button.textContent = "print";
    button.addEventListener("click", () => window.print());
    this.replaceChildren(button);
  }
}

customElements.define("print-page", PrintPage);
