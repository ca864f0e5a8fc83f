// Hides the notice of an incident once it has ended, in case the page was not published again.
(function () {
  "use strict";

  var notice = document.querySelector("[data-until]");
  var nothing = document.getElementById("aucun-incident");

  if (Date.parse(notice.getAttribute("data-until")) < Date.now()) {
    notice.hidden = true;
    if (nothing) { nothing.hidden = false; }
  }
})();
