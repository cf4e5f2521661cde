// Paper has no disclosure triangles: open everything for printing, and close it again after. Say where it came from.
(function () {
  "use strict";
  let opened = [];
  window.addEventListener("beforeprint", function () {
    for (const address of document.querySelectorAll(".paper-address")) {
      // A first visit has no settings in its address, so the build says its own.
      address.textContent = window.location.origin + window.location.pathname + "?" + address.dataset.query;
    }
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
