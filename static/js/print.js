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
